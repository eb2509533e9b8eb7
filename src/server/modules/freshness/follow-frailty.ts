import sql, { type Sql } from 'sql-template-tag';
import { type FoundOfRecord, frailtyOf } from '../../../domain/freshness/frailty.ts';
import { recordFreshness } from '../../../domain/freshness/plan.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { objectById } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type BeliefColumns, recordStateOf } from '../../records/read/freshness-lens.ts';
import type { Plans } from './plans.ts';

/** Observations followed in one transaction. */
const PORTION = 500;
/** A factor follows when it is this far off (ln). */
const MOVE = 0.03;
/** Rows that edits write at the same moment are read again so often. */
const TRIES = 3;

export interface Following {
  db: Db;
  plans: Plans;
  workspace: string;
  catalog: Catalog;
  now: () => Date;
}

/**
 * What was found at one field of a record tells of the record: found changed, all its fields are due sooner; found right, later
 * (freshness-model §2a). Follows the observations after the fact, set by set, so that edits wait for nothing. Returns whether there may be more.
 */
export async function followFrailty(run: Following): Promise<boolean> {
  const { db, workspace } = run;
  const state = tableOf(workspace, 'rate_state');
  await db.query(sql`insert into ${state} (one) values (true) on conflict do nothing`);
  return db.tx(async (tx) => {
    const [from] = await tx.query<{ hard: string; soft: string }>(
      sql`select frailty_seq::text as hard, frailty_soft_seq::text as soft from ${state} for update skip locked`,
    );
    if (!from) return false;
    const hard = await nextRecords(tx, tableOf(workspace, 'observation'), from.hard);
    const soft = await nextRecords(tx, tableOf(workspace, 'soft_observation'), from.soft);
    const records = [...new Set([...hard.records, ...soft.records])];
    if (records.length === 0) return false;
    await planRecords(run, tx, records);
    await tx.query(
      sql`update ${state} set frailty_seq = ${hard.last}::bigint, frailty_soft_seq = ${soft.last}::bigint`,
    );
    return hard.full || soft.full;
  });
}

async function nextRecords(
  on: Queryable,
  table: Sql,
  after: string,
): Promise<{ records: string[]; last: string; full: boolean }> {
  const rows = await on.query<{ seq: string; record: string }>(
    sql`select seq::text as seq, record from ${table} o where seq > ${after}::bigint order by o.seq limit ${PORTION}`,
  );
  return { records: rows.map((row) => row.record), last: rows.at(-1)?.seq ?? after, full: rows.length === PORTION };
}

interface StateRow extends BeliefColumns, Record<string, unknown> {
  record: string;
  object: number;
  /** Which write the row is from. */
  version: string;
}

interface Planned {
  record: string;
  version: string;
  frailty: number;
  score: number;
  due_at: string | null;
  due_value: number;
}

async function planRecords(run: Following, tx: Tx, records: string[]): Promise<void> {
  const found = await readFound(tx, run.workspace, records);
  let left = records;
  for (let tries = 0; left.length > 0 && tries < TRIES; tries++) {
    const rows = await tx.query<StateRow>(sql`
      select record, object, segment, base_at, base_confidence, cells, missing, frailty, xmin::text as version
      from ${tableOf(run.workspace, 'freshness')} where record = any(${left}::uuid[]) order by record`);
    const planned = rows.flatMap((row) => planRow(run, row, found.get(row.record) ?? []));
    left = await writePlanned(run, tx, planned);
  }
}

function planRow(run: Following, row: StateRow, found: (FoundOfRecord & { field: number })[]): Planned[] {
  const object: ObjectDef | undefined = objectById(run.catalog, row.object);
  if (!object || object.retired) return [];
  const { plan } = run.plans.objectPlan(run.workspace, object);
  const rules = new Map((plan.segments.get(row.segment) ?? plan.fallback).fields.map((rule) => [rule.fieldId, rule]));
  const frailty = frailtyOf(found.map((one) => ({ ...one, hazard: rules.get(one.field)?.hazard })));
  if (Math.abs(Math.log(frailty / row.frailty)) < MOVE) return [];
  const result = recordFreshness(plan, recordStateOf({ ...row, frailty }), run.now());
  return [
    {
      record: row.record,
      version: row.version,
      frailty,
      score: result.score,
      due_at: result.dueAt === null ? null : new Date(result.dueAt).toISOString(),
      due_value: result.dueValue,
    },
  ];
}

/** Writes what nobody wrote meanwhile; returns the records that somebody did. Nothing is due of what lies in the bin. */
async function writePlanned(run: Following, tx: Tx, planned: Planned[]): Promise<string[]> {
  if (planned.length === 0) return [];
  const written = await tx.query<{ record: string }>(sql`
    update ${tableOf(run.workspace, 'freshness')} f set frailty = x.frailty, score = x.score, scored_at = ${run.now()},
      due_at = case when f.due_at is not null then x.due_at end, due_value = case when f.due_at is not null then x.due_value else 0 end
    from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
      as x(record uuid, version text, frailty real, score real, due_at timestamptz, due_value real)
    where f.record = x.record and f.xmin::text = x.version returning f.record`);
  const done = new Set(written.map((row) => row.record));
  return planned.map((one) => one.record).filter((record) => !done.has(record));
}

async function readFound(
  on: Queryable,
  workspace: string,
  records: string[],
): Promise<Map<string, (FoundOfRecord & { field: number })[]>> {
  const rows = await on.query<FoundOfRecord & { record: string; field: number } & Record<string, unknown>>(sql`
    select record, field, age, outcome <> 'r' as changed, weight * share::float8 as weight
    from ${tableOf(workspace, 'observation')} where record = any(${records}::uuid[])
    union all
    select record, field, age, outcome <> 'r', weight * share::float8
    from ${tableOf(workspace, 'soft_observation')} where record = any(${records}::uuid[])`);
  const found = new Map<string, (FoundOfRecord & { field: number })[]>();
  for (const { record, ...one } of rows) {
    const list = found.get(record);
    if (list) list.push(one);
    else found.set(record, [one]);
  }
  return found;
}
