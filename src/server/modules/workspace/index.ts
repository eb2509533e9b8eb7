export { installTemplate } from './install-template.ts';
export {
  createWorkspace,
  DEFAULT_TIME_ZONE,
  listWorkspaces,
  migrateWorkspaces,
  type Workspace,
  type WorkspaceSettings,
} from './workspace.ts';
