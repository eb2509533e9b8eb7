import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import type { importSchema, importSettings } from '../../../contract/imports.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export type ImportView = z.infer<typeof importSchema>;
export type Settings = z.infer<typeof importSettings>;
export type Counts = NonNullable<ImportView['result']>;
export type RunState = ImportView['state'];

/** A sheet exported for editing that came back. */
export interface RoundTrip {
  /** The export. */
  export: string;
  at: string;
  by: string;
  /** Column of the file that holds the row keys. */
  key: number;
  /** Cells that both sides changed to the same value. */
  agreed?: number;
  /** Cells that a program spoilt; left as they were. */
  spoilt?: number;
  rows?: number;
}

export interface Run {
  id: string;
  file: string;
  file_name: string;
  bytes: number;
  created_at: Date;
  created_by: string;
  role: 'admin' | 'member';
  lang: 'zh' | 'en';
  state: RunState;
  error: { code: string; text: Label } | null;
  format: string | null;
  encoding: string | null;
  sheets: ImportView['sheets'];
  notices: { code: string; text: Label }[];
  settings: Settings | null;
  preview: ImportView['preview'];
  next_row: number;
  rows_done: number;
  total_rows: number | null;
  counts: Partial<Counts>;
  change_set: string | null;
  cancel: boolean;
  round_trip: RoundTrip | null;
  started_at: Date | null;
  finished_at: Date | null;
  [column: string]: unknown;
}

export const NO_COUNTS: Counts = {
  rows: 0,
  create: 0,
  update: 0,
  unchanged: 0,
  skip: 0,
  duplicate: 0,
  reject: 0,
  warn: 0,
};

export async function readRun(on: Queryable, workspace: string, id: string): Promise<Run> {
  const [run] = await on.query<Run>(sql`select * from ${tableOf(workspace, 'import_run')} where id = ${id}`);
  if (!run) throw new AppError('not-found');
  return { ...run, bytes: Number(run.bytes) };
}

export async function listRuns(on: Queryable, workspace: string): Promise<Run[]> {
  const rows = await on.query<Run>(
    sql`select * from ${tableOf(workspace, 'import_run')} order by created_at desc limit 100`,
  );
  return rows.map((run) => ({ ...run, bytes: Number(run.bytes) }));
}

/** A new run over an uploaded file, waiting to be read. */
export async function newImport(
  on: Queryable,
  workspace: string,
  run: {
    file: string;
    name: string;
    bytes: number;
    by: string;
    role: 'admin' | 'member';
    lang: 'zh' | 'en';
    object: string;
  },
): Promise<string> {
  const id = uuidv7();
  const settings: Settings = { object: run.object, columns: [], matchKeys: {}, onMatch: 'update' };
  await on.query(sql`insert into ${tableOf(workspace, 'import_run')} (id, file, file_name, bytes, created_by, role, lang, state, settings)
    values (${id}, ${run.file}, ${run.name}, ${run.bytes}, ${run.by}, ${run.role}, ${run.lang}, 'reading', ${JSON.stringify(settings)})`);
  return id;
}

/** A run as the contract shows it. */
export async function findImport(
  on: Queryable,
  workspace: string,
  id: string,
  lang: 'zh' | 'en' = 'zh',
): Promise<ImportView> {
  return viewOf(await readRun(on, workspace, id), lang, new Date());
}

/** Lets a previewed run write, with other rules if given. False when it is not ready. */
export async function startImport(
  on: Queryable,
  workspace: string,
  id: string,
  rules: { onMatch?: Settings['onMatch']; match?: string[] } = {},
): Promise<boolean> {
  const run = await readRun(on, workspace, id);
  if (!run.settings) return false;
  const { onMatch = run.settings.onMatch, match } = rules;
  const matchKeys = match ? { ...run.settings.matchKeys, [run.settings.object]: match } : run.settings.matchKeys;
  return updateRun(
    on,
    workspace,
    id,
    { settings: { ...run.settings, onMatch, matchKeys }, state: 'running', cancel: false },
    ['ready'],
  );
}

/** Working states that nobody may be working on: after a crash they are taken up again. */
export async function waitingRuns(on: Queryable, workspace: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(sql`
    select id from ${tableOf(workspace, 'import_run')} where state in ('reading', 'previewing', 'running', 'undoing') order by created_at`);
  return rows.map((row) => row.id);
}

/** Sets columns of a run; with `from` only if its state is one of these. False when it wasn't. */
export async function updateRun(
  on: Queryable,
  workspace: string,
  id: string,
  set: Partial<
    Pick<
      Run,
      | 'state'
      | 'error'
      | 'format'
      | 'encoding'
      | 'sheets'
      | 'notices'
      | 'settings'
      | 'preview'
      | 'next_row'
      | 'rows_done'
      | 'total_rows'
      | 'counts'
      | 'change_set'
      | 'cancel'
      | 'started_at'
      | 'finished_at'
      | 'round_trip'
    >
  >,
  from?: RunState[],
): Promise<boolean> {
  const parts: Sql[] = Object.entries(set).map(([column, value]) => {
    const json = value !== null && typeof value === 'object' && !(value instanceof Date);
    return assign(column, json ? JSON.stringify(value) : value);
  });
  const assignments = parts.reduce((all, part) => sql`${all}, ${part}`);
  const rows = await on.query(sql`update ${tableOf(workspace, 'import_run')} set ${assignments}
    where id = ${id} and (${from ?? null}::text[] is null or state = any(${from ?? null}::text[])) returning id`);
  return rows.length > 0;
}

const COLUMNS: Record<string, (value: unknown) => Sql> = {
  state: (v) => sql`state = ${v}`,
  error: (v) => sql`error = ${v}::jsonb`,
  format: (v) => sql`format = ${v}`,
  encoding: (v) => sql`encoding = ${v}`,
  sheets: (v) => sql`sheets = ${v}::jsonb`,
  notices: (v) => sql`notices = ${v}::jsonb`,
  settings: (v) => sql`settings = ${v}::jsonb`,
  preview: (v) => sql`preview = ${v}::jsonb`,
  next_row: (v) => sql`next_row = ${v}`,
  rows_done: (v) => sql`rows_done = ${v}`,
  total_rows: (v) => sql`total_rows = ${v}`,
  counts: (v) => sql`counts = ${v}::jsonb`,
  change_set: (v) => sql`change_set = ${v}`,
  cancel: (v) => sql`cancel = ${v}`,
  started_at: (v) => sql`started_at = ${v}`,
  finished_at: (v) => sql`finished_at = ${v}`,
  round_trip: (v) => sql`round_trip = ${v}::jsonb`,
};

function assign(column: string, value: unknown): Sql {
  const make = COLUMNS[column];
  if (!make) throw new Error(`no column ${column}`);
  return make(value);
}

/** A run as the contract shows it. */
export function viewOf(run: Run, lang: 'zh' | 'en', now: Date): ImportView {
  return {
    id: run.id,
    fileName: run.file_name,
    bytes: run.bytes,
    createdAt: run.created_at.toISOString(),
    createdBy: run.created_by,
    state: run.state,
    error: run.error && { code: run.error.code, message: run.error.text[lang] },
    format: run.format,
    encoding: run.encoding,
    sheets: run.sheets,
    notices: run.notices.map((notice) => ({ code: notice.code, message: notice.text[lang] })),
    settings: run.settings,
    preview: run.preview,
    roundTrip: run.round_trip && {
      exportedAt: run.round_trip.at,
      exportedBy: run.round_trip.by,
      agreed: run.round_trip.agreed ?? 0,
      spoilt: run.round_trip.spoilt ?? 0,
    },
    progress: run.started_at && (run.state === 'running' || run.state === 'previewing') ? progressOf(run, now) : null,
    result: run.finished_at ? { ...NO_COUNTS, ...run.counts } : null,
    changeSet: run.change_set,
  };
}

function progressOf(run: Run, now: Date) {
  const seconds = Math.max(0.1, (now.getTime() - (run.started_at?.getTime() ?? 0)) / 1000);
  const rate = run.rows_done / seconds;
  const left = run.total_rows !== null && rate > 0 ? (run.total_rows - run.rows_done) / rate : null;
  return { rows: run.rows_done, total: run.total_rows, rate, secondsLeft: left === null ? null : Math.max(0, left) };
}
