import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { HealthReport } from '../../../contract/freshness.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { cellState } from '../../../domain/freshness/plan.ts';
import { PRIORITY_WEIGHT } from '../../../domain/freshness/priors.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fromColumn } from '../../records/catalog/columns.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { type BeliefColumns, recordStateOf } from '../../records/read/freshness-lens.ts';
import { healthActions } from './health-actions.ts';
import type { Plans } from './plans.ts';

export interface HealthDeps {
  db: Db;
  plans: Plans;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Weights of the four figures in `health` (freshness-model §1); shown with it, never without. */
const WEIGHTS = { completeness: 0.25, validity: 0.2, freshness: 0.35, uniqueness: 0.2 };
/** Share of records below which an optional field counts as not in use. */
const UNUSED = 0.02;
/** Rows read for figures that need each value parsed or each cell aged: ±0.7 points at 20,000. */
const SAMPLE = 20_000;

/** Whose figures: his rows (over alias `t`) and the fields that are plain to him in all of them. */
export interface HealthReader {
  rows: Sql;
  reads: (field: FieldDef) => boolean;
}

const EVERYBODY: HealthReader = { rows: sql`true`, reads: () => true };

/** Completeness, validity, freshness, uniqueness of one object, over what is alive. Counting is exact, ageing and validity from a sample. */
export async function healthReport(
  deps: HealthDeps,
  workspace: string,
  object: ObjectDef,
  env: ParseEnv,
  reader: HealthReader = EVERYBODY,
): Promise<HealthReport> {
  const { db } = deps;
  await deps.plans.ready(workspace);
  const living = sql`t.deleted_at is null and ${reader.rows}`;
  const fields = liveFields(object).filter(
    (field) => field.type !== 'autonumber' && !field.rollup && reader.reads(field),
  );
  const asked = fields.filter((field) => field.required || field.tracked);
  const filled = await countFilled(db, workspace, object, living, asked);
  const validity = await measureValidity(db, workspace, object, living, fields, env);
  const freshness = await measureFreshness(deps, workspace, object, living, fields, env.now);
  const uniqueness = await measureUniqueness(db, workspace, object, living, fields, filled.records);
  // A field that next to nobody fills is not in use here; counting it would only drown what is.
  const used = asked.filter((field) => field.required || (filled.counts[field.name] ?? 0) > filled.records * UNUSED);
  const completeness = figure(
    used.map((field) => ({
      field,
      value: ratio(filled.counts[field.name] ?? 0, filled.records),
      count: filled.records - (filled.counts[field.name] ?? 0),
    })),
  );
  const due = await countDue(db, workspace, object, reader.rows.sql === 'true' ? null : living, env.now);
  const health =
    WEIGHTS.completeness * completeness.value +
    WEIGHTS.validity * validity.value +
    WEIGHTS.freshness * freshness.value +
    WEIGHTS.uniqueness * uniqueness.value;
  const owner = fields.find((field) => field.name === object.owner);
  const byOwner = owner ? await measureOwners(deps, workspace, object, living, used) : [];
  const report = {
    object: object.name,
    at: env.now.toISOString(),
    records: filled.records,
    health,
    completeness,
    validity,
    freshness,
    uniqueness,
    due,
    byOwner,
  };
  return { ...report, actions: healthActions(object, report) };
}

interface Part {
  field: FieldDef;
  value: number;
  /** Cells that are missing, wrong or stale. */
  count: number;
}

/** Weighted by the fields' priorities; worst first. */
function figure(parts: Part[]) {
  const weight = (field: FieldDef) => PRIORITY_WEIGHT[field.priority ?? 'middle'];
  const total = parts.reduce((sum, { field }) => sum + weight(field), 0);
  const value = total > 0 ? parts.reduce((sum, part) => sum + weight(part.field) * part.value, 0) / total : 1;
  return {
    value,
    parts: [...parts]
      .sort((a, b) => a.value - b.value)
      .map(({ field, value: share, count }) => ({ field: field.name, label: field.label, value: share, count })),
  };
}

async function countFilled(db: Db, workspace: string, object: ObjectDef, living: Sql, fields: FieldDef[]) {
  const columns = fields.map((field) => sql`count(t.${ident(field.name)})::int as ${ident(field.name)}`);
  const [row] = await db.query<Record<string, number>>(
    sql`select ${join([raw('count(*)::int as "$n"'), ...columns], ', ')} from ${tableOf(workspace, object.name)} t where ${living}`,
  );
  const { $n: records = 0, ...counts } = row ?? {};
  return { records, counts };
}

/** About SAMPLE living rows. A share of blocks, not of the newest: an import's rows lie together. */
function sampled(workspace: string, object: ObjectDef, estimated: number): Sql {
  const percent = estimated > SAMPLE * 2 ? Math.min(100, (100 * SAMPLE) / estimated) : 100;
  const how = percent < 100 ? raw(`tablesample system (${percent.toFixed(4)}) repeatable (1)`) : raw('');
  return sql`${tableOf(workspace, object.name)} t ${how}`;
}

async function estimateRows(db: Db, workspace: string, object: ObjectDef): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select greatest(reltuples, 0)::int as n from pg_class where oid = ${tableOf(workspace, object.name).sql}::regclass`,
  );
  return row?.n ?? 0;
}

/** Share of non-empty values that pass today's rules: rules may be stricter than on the day the value came. */
async function measureValidity(
  db: Db,
  workspace: string,
  object: ObjectDef,
  living: Sql,
  fields: FieldDef[],
  env: ParseEnv,
) {
  const readable = fields.filter((field) => !mayBeSealed(field));
  if (readable.length === 0) return figure([]);
  const from = sampled(workspace, object, await estimateRows(db, workspace, object));
  const rows = await db.query<Record<string, unknown>>(
    sql`select ${join(
      readable.map((field) => sql`t.${ident(field.name)}`),
      ', ',
    )} from ${from} where ${living} limit ${SAMPLE}`,
  );
  const parts = readable.map((field) => {
    let present = 0;
    let wrong = 0;
    for (const row of rows) {
      const value = fromColumn(field, row[field.name]);
      if (value === null) continue;
      present += 1;
      if (!parseField(value, field, env).ok) wrong += 1;
    }
    return { field, value: present > 0 ? 1 - wrong / present : 1, count: wrong };
  });
  return figure(parts.filter((part) => part.field.tracked || part.count > 0));
}

/** Mean confidence per tracked field, aged to now. */
async function measureFreshness(
  deps: HealthDeps,
  workspace: string,
  object: ObjectDef,
  living: Sql,
  fields: FieldDef[],
  now: Date,
) {
  const { plan } = deps.plans.objectPlan(workspace, object);
  const tracked = fields.filter((field) => field.tracked);
  if (tracked.length === 0) return figure([]);
  const from = sampled(workspace, object, await estimateRows(deps.db, workspace, object));
  const rows = await deps.db.query<BeliefColumns>(
    sql`select f.segment, f.base_at, f.base_confidence, f.cells, f.missing, f.frailty from ${from}
      join ${tableOf(workspace, 'freshness')} f on f.record = t.id where ${living} limit ${SAMPLE}`,
  );
  const states = rows.map(recordStateOf);
  const parts = tracked.map((field) => {
    let sum = 0;
    let stale = 0;
    for (const state of states) {
      const cell = cellState(plan, state, field.id, now);
      sum += cell?.confidence ?? 0;
      if (cell?.state === 'stale') stale += 1;
    }
    return { field, value: rows.length > 0 ? sum / rows.length : 1, count: stale };
  });
  return figure(parts);
}

/** Groups of living records with the same value in a field that names one customer. */
async function measureUniqueness(
  db: Db,
  workspace: string,
  object: ObjectDef,
  living: Sql,
  fields: FieldDef[],
  records: number,
) {
  const keys = fields.filter((field) => ['company', 'exact', 'phone', 'email'].includes(field.match ?? 'none'));
  const byKey = await Promise.all(
    keys.map(async (field) => {
      const column = sql`t.${ident(field.name)}`;
      const [row] = await db.query<{ groups: number; records: number }>(sql`
        select count(*)::int as groups, coalesce(sum(n), 0)::int as records from (
          select count(*) as n from ${tableOf(workspace, object.name)} t
          where ${living} and ${column} is not null group by ${column} having count(*) > 1) g`);
      return { key: field.name, label: field.label, groups: row?.groups ?? 0, records: row?.records ?? 0 };
    }),
  );
  const found = byKey.filter((key) => key.groups > 0).sort((a, b) => b.records - a.records);
  // The strongest single key: adding keys up would count one pair of twins three times.
  const worst = found[0] ?? { groups: 0, records: 0 };
  return {
    value: 1 - ratio(worst.records - worst.groups, records, 0),
    groups: worst.groups,
    records: worst.records,
    byKey: found,
  };
}

/** @param living null: everybody's, which one index answers */
async function countDue(db: Db, workspace: string, object: ObjectDef, living: Sql | null, now: Date) {
  const own = living ? sql`join ${tableOf(workspace, object.name)} t on t.id = f.record and ${living}` : sql``;
  const [row] = await db.query<{ now: number; in30: number; in90: number }>(sql`
    select count(*) filter (where due_at <= ${now}::timestamptz)::int as now,
      count(*) filter (where due_at <= ${now}::timestamptz + interval '30 days')::int as in30, count(*)::int as in90
    from ${tableOf(workspace, 'freshness')} f ${own} where f.object = ${object.id} and f.due_at <= ${now}::timestamptz + interval '90 days'`);
  return { now: row?.now ?? 0, in30: row?.in30 ?? 0, in90: row?.in90 ?? 0 };
}

async function measureOwners(deps: HealthDeps, workspace: string, object: ObjectDef, living: Sql, asked: FieldDef[]) {
  const owner = sql`t.${ident(object.owner ?? '')}`;
  const filled = asked.map((field) => sql`(t.${ident(field.name)} is not null)::int`);
  const rows = await deps.db.query<{
    owner: string | null;
    records: number;
    freshness: number;
    completeness: number;
  }>(sql`
    select ${owner} as owner, count(*)::int as records, coalesce(avg(f.score), 0)::float8 as freshness,
      coalesce(avg((${filled.length ? join(filled, ' + ') : raw('1')})::float8 / ${Math.max(1, filled.length)}::float8), 1)::float8 as completeness
    from ${tableOf(workspace, object.name)} t left join ${tableOf(workspace, 'freshness')} f on f.record = t.id
    where ${living} group by 1 order by records desc limit 200`);
  const names = await deps.names(
    workspace,
    rows.flatMap((row) => row.owner ?? []),
  );
  return rows.map((row) => ({ ...row, name: row.owner ? (names[row.owner] ?? row.owner) : '' }));
}

function ratio(part: number, whole: number, ifNone = 1): number {
  return whole > 0 ? part / whole : ifNone;
}
