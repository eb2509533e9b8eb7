import { setTimeout as delay } from 'node:timers/promises';
import sql, { join, raw } from 'sql-template-tag';
import { fieldsIn } from '../../../domain/filter/fields-in.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { recordFreshness } from '../../../domain/freshness/plan.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { FreshnessState } from '../../records/read/freshness-lens.ts';
import type { Plans } from './plans.ts';
import { writeReplan } from './policy-store.ts';

/** Records per round trip: large enough for set-based SQL, small enough to hold row locks, and this process, only for a blink. */
const CHUNK = 1000;
/** Records planned before others get their turn: some milliseconds. */
const TURN = 100;
/** After each chunk in ms: a third of what it takes, in which the processors are there for people. */
const REST = 12;
/** Chunks between two words on how far it is. */
const REPORT = 10;

export interface ReplanRun {
  db: Db;
  catalogs: CatalogStore;
  plans: Plans;
  workspace: string;
  now: () => Date;
  signal: AbortSignal;
  progress: (done: number, total: number) => Promise<void>;
}

/**
 * Brings every freshness row that was planned by an older policy to the one in force. Idempotent and resumable: what is done
 * carries the new plan version. Old due dates serve until then; edits go on (rows are locked a chunk at a time).
 */
export async function replan(run: ReplanRun): Promise<void> {
  const { db, workspace, plans } = run;
  const catalog = await run.catalogs.get(workspace);
  await plans.ready(workspace);
  const policy = plans.policy(workspace).version;
  const freshness = tableOf(workspace, 'freshness');
  const [all] = await db.query<{ n: number }>(sql`select count(*)::int as n from ${freshness}`);
  const total = all?.n ?? 0;
  let done = 0;
  await writeReplan(db, workspace, { version: policy, done, total, finished: false });
  for (const object of catalog.objects) {
    if (!object.fields.some((field) => field.tracked && !field.retired)) continue;
    let after = '00000000-0000-0000-0000-000000000000';
    // The next records are read and thought over while the last ones are written.
    let writing: Promise<unknown> = Promise.resolve();
    for (;;) {
      const next = run.signal.aborted ? null : await planChunk(run, object, after);
      await writing;
      if (run.signal.aborted) return;
      if (next === null) break;
      after = next.last;
      done += next.rows;
      writing = writeChunk(run, next);
      // Awaited above; until then a failure must not count as nobody's.
      writing.catch(() => undefined);
      await delay(REST);
      if (done % (CHUNK * REPORT) < next.rows) {
        await writeReplan(db, workspace, { version: policy, done, total, finished: false });
        await run.progress(done, total);
      }
    }
  }
  await writeReplan(db, workspace, { version: policy, done: total, total, finished: true });
}

interface Planned {
  record: string;
  segment: number;
  missing: number[] | null;
  score: number;
  due_at: string | null;
  due_value: number;
}

interface Chunk {
  version: number;
  at: Date;
  last: string;
  rows: number;
  planned: Planned[];
}

/** Plans those of these records anew whose row is of another plan (0: something was written past the planner). Takes turns with other work. */
export async function planRecords(run: Planning, object: ObjectDef, records: readonly string[]): Promise<void> {
  if (!object.fields.some((field) => field.tracked && !field.retired)) return;
  await run.plans.ready(run.workspace);
  let after = '00000000-0000-0000-0000-000000000000';
  let writing: Promise<unknown> = Promise.resolve();
  for (;;) {
    const next = await planChunk(run, object, after, records);
    await writing;
    if (next === null) return;
    after = next.last;
    writing = writeChunk(run, next);
    writing.catch(() => undefined);
  }
}

type Planning = Pick<ReplanRun, 'db' | 'plans' | 'workspace' | 'now'>;

async function planChunk(
  run: Planning,
  object: ObjectDef,
  after: string,
  only?: readonly string[],
): Promise<Chunk | null> {
  const { workspace, plans } = run;
  const { plan, segments } = plans.objectPlan(workspace, object);
  const source = plans.of(workspace, object);
  const columns = columnsAsked(
    object,
    segments.map((segment) => segment.filter),
  );
  const rows = await readChunk(run, object, columns, plan.version, after, only);
  const last = rows.at(-1);
  if (!last) return null;
  const looked = { ...object, fields: columns };
  const now = run.now();
  const planned: Planned[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve));
    const segment = segments.length > 0 ? source.segment(valuesOf(looked, row)) : 0;
    const {
      $base_at: baseAt,
      $base_confidence: baseConfidence,
      $cells: cells,
      $missing: missing,
      $frailty: frailty,
    } = row;
    const result = recordFreshness(plan, { baseAt, baseConfidence, cells, missing, segment, frailty }, now);
    const due = row.deleted_at === null ? result.dueAt : null;
    planned.push({
      record: row.id,
      segment,
      missing: missing.length > 0 ? missing : null,
      score: result.score,
      due_at: due === null ? null : new Date(due).toISOString(),
      due_value: due === null ? 0 : result.dueValue,
    });
  }
  return { version: plan.version, at: now, last: last.id, rows: rows.length, planned };
}

interface ChunkRow extends TableRow {
  $base_at: Date;
  $base_confidence: number;
  $cells: FreshnessState['cells'];
  $frailty: FreshnessState['frailty'];
  /** Ids of tracked fields that are empty. */
  $missing: number[];
}

/** The next records of an older plan: their state, which tracked cells are empty, and the values that tell segments apart. A million whole rows would cost minutes. */
function readChunk(
  { db, workspace }: Planning,
  object: ObjectDef,
  columns: FieldDef[],
  version: number,
  after: string,
  only: readonly string[] | undefined,
): Promise<ChunkRow[]> {
  const tracked = object.fields.filter((field) => field.tracked && !field.retired);
  const empty = tracked.map((field) => sql`case when t.${ident(field.name)} is null then ${raw(String(field.id))} end`);
  const asked = columns.map((field) => sql`, t.${ident(field.name)}`);
  return queryHot<ChunkRow>(
    db,
    sql`select t.id, t.version, t.deleted_at${asked.length > 0 ? join(asked, '') : raw('')},
      f.base_at as "$base_at", f.base_confidence as "$base_confidence", f.cells as "$cells", f.frailty as "$frailty",
      array_remove(array[${join(empty, ', ')}]::int[], null) as "$missing"
    from ${tableOf(workspace, 'freshness')} f join ${tableOf(workspace, object.name)} t on t.id = f.record
    where f.object = ${object.id} and f.record > ${after}::uuid and f.plan_version <> ${version}
      ${only ? sql`and f.record = any(${only}::uuid[])` : raw('')}
    order by f.record limit ${raw(String(CHUNK))}`,
  );
}

/** Fields that the segments look at. */
function columnsAsked(object: ObjectDef, filters: readonly Filter[]): FieldDef[] {
  const asked = new Set(filters.flatMap(fieldsIn));
  return object.fields.filter((field) => asked.has(field.name) && !field.retired);
}

/** A row that was written since we read it was planned by the policy in force: plan_version tells. */
async function writeChunk({ db, workspace }: Planning, { version, at, planned }: Chunk): Promise<void> {
  await db.query(sql`
    update ${tableOf(workspace, 'freshness')} f set segment = x.segment, missing = x.missing, score = x.score, scored_at = ${at},
      due_at = x.due_at, due_value = x.due_value, plan_version = ${version}
    from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
      as x(record uuid, segment int, missing int[], score real, due_at timestamptz, due_value real)
    where f.record = x.record and f.plan_version <> ${version}`);
}
