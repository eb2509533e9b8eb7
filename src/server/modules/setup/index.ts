export { makeWorkspace, setUpWorkspace, WORKSPACE } from './set-up-workspace.ts';
