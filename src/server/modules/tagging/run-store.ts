import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { TagCount } from '../../../contract/tagging.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export type RunState = 'looking' | 'ready' | 'running' | 'done' | 'cancelled' | 'failed';

/** Row of table tag_run. */
export interface TagRun {
  id: string;
  at: Date;
  by: string;
  version: number;
  state: RunState;
  reached: { source: number; after: string } | null;
  done: number;
  total: number;
  counts: TagCount[] | null;
  change_set: string | null;
  cancel: boolean;
  error: string | null;
  finished_at: Date | null;
  [column: string]: unknown;
}

const runs = (workspace: string): Sql => tableOf(workspace, 'tag_run');
const SHOWN = 20;

/** Throws `tag-run-going` while another is under way or waits for an answer. */
export async function newRun(
  on: Queryable,
  workspace: string,
  run: { at: Date; by: string; version: number },
): Promise<string> {
  const id = uuidv7();
  const made = await on.query(sql`insert into ${runs(workspace)} (id, at, by, version, state)
    select ${id}::uuid, ${run.at}, ${run.by}, ${run.version}, 'looking'
    where not exists (select from ${runs(workspace)} where state in ('looking', 'ready', 'running')) returning id`);
  if (made.length === 0) throw new AppError('tag-run-going');
  return id;
}

export function listRuns(on: Queryable, workspace: string): Promise<TagRun[]> {
  return on.query<TagRun>(sql`select * from ${runs(workspace)} order by id desc limit ${SHOWN}`);
}

export async function readRun(on: Queryable, workspace: string, id: string): Promise<TagRun> {
  const [run] = await on.query<TagRun>(sql`select * from ${runs(workspace)} where id = ${id}`);
  if (!run) throw new AppError('not-found');
  return run;
}

/** Runs that nobody may be working on: after a crash they are taken up again. */
export async function openRuns(on: Queryable, workspace: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id from ${runs(workspace)} where state in ('looking', 'running') order by id`,
  );
  return rows.map(({ id }) => id);
}

/** Sets columns, only from these states. false: it was in none of them. */
export async function moveRun(
  on: Queryable,
  workspace: string,
  id: string,
  set: Sql,
  from: RunState[],
): Promise<boolean> {
  const rows = await on.query(
    sql`update ${runs(workspace)} set ${set} where id = ${id} and state = any(${from}::text[]) returning id`,
  );
  return rows.length > 0;
}
