import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { migrateWorkspace } from '../../platform/postgres/migrate.ts';

/** Settings of a workspace that everyone in it shares. */
export interface WorkspaceSettings {
  /** IANA zone in which days begin and end. */
  timeZone?: string;
}

export interface Workspace {
  id: string;
  name: string;
  settings: WorkspaceSettings;
}

export const DEFAULT_TIME_ZONE = 'Asia/Shanghai';

/** Brings every workspace's schema up to date; at boot. */
export async function migrateWorkspaces(db: Db): Promise<Workspace[]> {
  const workspaces = await listWorkspaces(db);
  for (const workspace of workspaces) await migrateWorkspace(db, `w_${workspace.id}`);
  return workspaces;
}

export function listWorkspaces(db: Db): Promise<Workspace[]> {
  return db.query<Workspace & Record<string, unknown>>(
    sql`select id, name, settings from xianke.workspace order by created_at`,
  );
}

/** Makes a workspace: row, schema, tables. What it holds (a template) is installed by the caller. Safe to repeat. */
export async function createWorkspace(db: Db, workspace: Workspace): Promise<void> {
  await migrateWorkspace(db, `w_${workspace.id}`);
  await db.query(sql`insert into xianke.workspace (id, name, schema_name, settings)
    values (${workspace.id}, ${workspace.name}, ${`w_${workspace.id}`}, ${JSON.stringify(workspace.settings)})
    on conflict (id) do update set name = excluded.name`);
}
