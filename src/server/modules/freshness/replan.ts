import sql, { join, raw } from 'sql-template-tag';
import type { Filter } from '../../../domain/filter/types.ts';
import { recordFreshness } from '../../../domain/freshness/plan.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { valuesOf } from '../../records/catalog/columns.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { FreshnessState } from '../../records/read/freshness-lens.ts';
import type { Plans } from './plans.ts';
import { writeReplan } from './policy-store.ts';

/** Records per round trip: large enough for set-based SQL, small enough to hold row locks, and this process, only for a blink. */
const CHUNK = 1000;
/** Records planned before others get their turn: some milliseconds. */
const TURN = 100;
/** Chunks between two words on how far it is. */
const REPORT = 10;

type StateRow = FreshnessState & { due_value: number } & Record<string, unknown>;

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

async function planChunk(run: ReplanRun, object: ObjectDef, after: string): Promise<Chunk | null> {
  const { db, workspace, plans } = run;
  const { plan, segments } = plans.objectPlan(workspace, object);
  const source = plans.of(workspace, object);
  const freshness = tableOf(workspace, 'freshness');
  const rows = await db.query<StateRow>(sql`
    select record, segment, base_at, base_confidence, cells, missing, frailty, score, scored_at, due_at, due_value
    from ${freshness} where object = ${object.id} and record > ${after}::uuid and plan_version <> ${plan.version}
    order by record limit ${CHUNK}`);
  const last = rows.at(-1);
  if (!last) return null;
  const values = await readForPlan(
    db,
    workspace,
    object,
    segments.map((segment) => segment.filter),
    rows.map((row) => row.record),
  );
  const now = run.now();
  const planned: Planned[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve));
    const record = values.get(row.record);
    if (!record) continue;
    const { missing } = record;
    const segment = segments.length > 0 ? source.segment(record.values) : 0;
    const { base_at: baseAt, base_confidence: baseConfidence, cells, frailty } = row;
    const state = { baseAt, baseConfidence, cells, missing, segment, frailty };
    const result = recordFreshness(plan, state, now);
    const due = record.deleted ? null : result.dueAt;
    planned.push({
      record: row.record,
      segment,
      missing: missing.length > 0 ? missing : null,
      score: result.score,
      due_at: due === null ? null : new Date(due).toISOString(),
      due_value: due === null ? 0 : result.dueValue,
    });
  }
  return { version: plan.version, at: now, last: last.record, rows: rows.length, planned };
}

/** A row that was written since we read it was planned by the policy in force: plan_version tells. */
async function writeChunk({ db, workspace }: ReplanRun, { version, at, planned }: Chunk): Promise<void> {
  await db.query(sql`
    update ${tableOf(workspace, 'freshness')} f set segment = x.segment, missing = x.missing, score = x.score, scored_at = ${at},
      due_at = x.due_at, due_value = x.due_value, plan_version = ${version}
    from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
      as x(record uuid, segment int, missing int[], score real, due_at timestamptz, due_value real)
    where f.record = x.record and f.plan_version <> ${version}`);
}

interface ForPlan {
  /** Only those that the segments look at. */
  values: Record<string, FieldValue>;
  /** Ids of tracked fields that are empty. */
  missing: number[];
  deleted: boolean;
}

/** What planning asks of records: which tracked cells are empty, and the values that tell segments apart. A million whole rows would cost minutes. */
async function readForPlan(
  db: Db,
  workspace: string,
  object: ObjectDef,
  filters: readonly Filter[],
  ids: string[],
): Promise<Map<string, ForPlan>> {
  const tracked = object.fields.filter((field) => field.tracked && !field.retired);
  const asked = new Set(filters.flatMap(fieldsIn));
  const columns = object.fields.filter((field) => asked.has(field.name) && !field.retired);
  const empty = tracked.map((field) => sql`case when ${ident(field.name)} is null then ${raw(String(field.id))} end`);
  const rows = await db.query<{ id: string; version: number; deleted_at: Date | null; $missing: number[] }>(sql`
    select ${join([raw('id, version, deleted_at'), ...columns.map((field) => ident(field.name))], ', ')},
      array_remove(array[${join(empty, ', ')}]::int[], null) as "$missing"
    from ${tableOf(workspace, object.name)} where id = any(${ids}::uuid[])`);
  const only = { ...object, fields: columns };
  return new Map(
    rows.map((row) => [
      row.id,
      { values: valuesOf(only, row), missing: row.$missing, deleted: row.deleted_at !== null },
    ]),
  );
}

/** Names of the fields a filter looks at. */
function fieldsIn(filter: Filter): string[] {
  if ('all' in filter) return filter.all.flatMap(fieldsIn);
  if ('any' in filter) return filter.any.flatMap(fieldsIn);
  return 'not' in filter ? fieldsIn(filter.not) : [filter.field];
}
