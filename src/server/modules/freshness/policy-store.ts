import sql from 'sql-template-tag';
import type { Policy } from '../../../domain/freshness/policy.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export interface PolicyVersion {
  version: number;
  scenario: string | null;
  policies: Policy[];
}

/** The policy in force; version 0 with no rules before the first. */
export async function readPolicy(on: Queryable, workspace: string): Promise<PolicyVersion> {
  const [row] = await on.query<PolicyVersion & Record<string, unknown>>(
    sql`select version, scenario, policies from ${tableOf(workspace, 'policy_version')} order by version desc limit 1`,
  );
  return row
    ? { version: row.version, scenario: row.scenario, policies: row.policies }
    : { version: 0, scenario: null, policies: [] };
}

/** Adds a version; older ones stay readable. Returns its number. */
export async function savePolicy(
  tx: Tx,
  workspace: string,
  author: string,
  entry: { policies: Policy[]; scenario: string | null; reason?: string | undefined },
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(sql`
    insert into ${tableOf(workspace, 'policy_version')} (author, reason, scenario, policies)
    values (${author}, ${entry.reason ?? null}, ${entry.scenario}, ${JSON.stringify(entry.policies)}) returning version`);
  return row?.version ?? 0;
}

export interface ReplanState {
  running: boolean;
  done: number;
  total: number;
}

export async function readReplan(on: Queryable, workspace: string): Promise<ReplanState> {
  const [row] = await on.query<{ done: number; total: number; finished: boolean }>(
    sql`select done::int as done, total::int as total, finished_at is not null as finished from ${tableOf(workspace, 'replan_state')}`,
  );
  return row ? { running: !row.finished, done: row.done, total: row.total } : { running: false, done: 0, total: 0 };
}

/** From this commit on the page says that planning goes on, though the job has yet to begin. */
export async function beginReplan(tx: Tx, workspace: string): Promise<void> {
  await tx.query(sql`
    insert into ${tableOf(workspace, 'replan_state')} as r (version, done, total) values (0, 0, 0)
    on conflict (one) do update set done = 0, finished_at = null`);
}

export async function writeReplan(
  on: Queryable,
  workspace: string,
  state: { version: number; done: number; total: number; finished: boolean },
): Promise<void> {
  await on.query(sql`
    insert into ${tableOf(workspace, 'replan_state')} as r (version, done, total, finished_at)
    values (${state.version}, ${state.done}, ${state.total}, case when ${state.finished}::boolean then now() end)
    on conflict (one) do update set version = excluded.version, done = excluded.done, total = excluded.total, finished_at = excluded.finished_at`);
}
