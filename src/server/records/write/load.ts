import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { CellTuple } from '../../../domain/freshness/plan.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { type TableRow, valuesOf } from '../catalog/columns.ts';
import { liveFields, rolesOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { REACH_COLUMN, reachOf } from '../read/row.ts';
import { distinctSql, equalSealed, lookupsOf } from '../sealed/lookup-sql.ts';
import type { Sealing } from '../sealed/sealing.ts';
import type { Ctx } from '../types.ts';
import type { Draft, FreshnessRow, ScopeSql, Stored, Surroundings } from './types.ts';

/** Current rows of the records that the drafts change. Records out of scope are as if they were not there. */
export async function loadStored(
  on: Queryable,
  ctx: Ctx,
  drafts: Draft[],
  rows: { scope: ScopeSql; reach?: ScopeSql },
  lock: boolean,
): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>();
  for (const [object, group] of byObject(drafts)) {
    const ids = group.filter((draft) => draft.change.op !== 'create').map((draft) => draft.id);
    if (ids.length === 0) continue;
    const inScope = rows.scope(ctx, object);
    const reach = rows.reach?.(ctx, object) ?? null;
    // Sorted ids: two batches over the same records lock them in the same order.
    const statement = sql`select ${columnsOf(object)}, ${freshnessColumns} ${reach ? sql`, ${reach} as ${REACH_COLUMN}` : raw('')}
        from ${tableOf(ctx.workspace, object.name)} t
        left join ${tableOf(ctx.workspace, 'freshness')} f on f.record = t.id
        where ${idsIn(ids)} ${inScope ? sql`and ${inScope}` : raw('')}
        ${lock ? raw('order by t.id for update of t') : raw('')}`;
    // The text names the object and the scope only.
    const found = await queryHot<TableRow & FreshnessColumns>(on, statement);
    for (const row of found)
      stored.set(row.id, {
        row,
        values: valuesOf(object, row),
        deleted: row.deleted_at !== null,
        reach: reachOf(row),
        freshness: freshnessOf(row),
      });
  }
  return stored;
}

/** One id as an equation, several as a set of unknown size: PostgreSQL plans these once; an array it would plan anew for each length. */
function idsIn(ids: string[]): Sql {
  if (ids.length === 1) return sql`t.id = ${ids[0]}::uuid`;
  const payload = JSON.stringify(ids.map((id) => ({ id })));
  return sql`t.id in (select k.id from jsonb_to_recordset(${payload}::jsonb) as k(id uuid))`;
}

/** Each by name: a statement that is kept must not change its columns when the object gets a field. */
function columnsOf(object: ObjectDef): Sql {
  const names = ['id', 'version', 'deleted_at', 'deleted_in', ...liveFields(object).map((field) => field.name)];
  return join(
    names.map((name) => sql`t.${ident(name)}`),
    ', ',
  );
}

interface FreshnessColumns {
  $object: number | null;
  $owner: string | null;
  $bundle: string | null;
  $segment: number;
  $base_at: Date;
  $base_confidence: number;
  $cells: Record<string, CellTuple> | null;
  $missing: number[] | null;
  $frailty: number;
  $score: number;
  $scored_at: Date;
  $due_at: Date | null;
  $due_value: number;
  $plan_version: number;
}

const freshnessColumns = raw(
  [
    'object',
    'owner',
    'bundle',
    'segment',
    'base_at',
    'base_confidence',
    'cells',
    'missing',
    'frailty',
    'score',
    'scored_at',
    'due_at',
    'due_value',
    'plan_version',
  ]
    .map((column) => `f.${column} as "$${column}"`)
    .join(', '),
);

function freshnessOf(row: TableRow & FreshnessColumns): FreshnessRow | null {
  if (row.$object === null) return null;
  return {
    record: row.id,
    object: row.$object,
    owner: row.$owner,
    bundle: row.$bundle,
    segment: row.$segment,
    baseAt: row.$base_at,
    baseConfidence: row.$base_confidence,
    cells: row.$cells,
    missing: row.$missing,
    frailty: row.$frailty,
    score: row.$score,
    scoredAt: row.$scored_at,
    dueAt: row.$due_at,
    dueValue: row.$due_value,
    planVersion: row.$plan_version,
  };
}

/** Looks up, in one query per object, the records that relations point to, and values that must be unique. */
export async function loadSurroundings(
  on: Queryable,
  ctx: Ctx,
  drafts: Draft[],
  stored: Map<string, Stored>,
  objects: Map<string, ObjectDef>,
  sealing?: Sealing,
): Promise<Surroundings> {
  const related: Surroundings['related'] = new Map();
  const taken: Surroundings['taken'] = new Map();
  const wanted = new Map<string, Set<string>>();
  const unique = new Map<string, { object: ObjectDef; field: FieldDef; values: Set<string> }>();
  for (const draft of drafts) {
    // What is restored claims its unique values again.
    const back = draft.change.op === 'restore' ? stored.get(draft.id)?.values : undefined;
    const set = back ?? draft.set;
    const { relations, unique: uniques } = rolesOf(draft.object);
    for (const { name, target } of relations) {
      const value = set[name];
      if (target && typeof value === 'string') add(wanted, target, value);
    }
    for (const field of uniques) {
      const value = set[field.name] ?? null;
      if (value === null) continue;
      const key = `${draft.object.name}.${field.name}`;
      const entry = unique.get(key) ?? { object: draft.object, field, values: new Set() };
      entry.values.add(String(value));
      unique.set(key, entry);
    }
  }
  for (const [target, ids] of wanted) {
    const object = objects.get(target);
    if (!object) continue;
    const owner = object.owner ? sql`t.${ident(object.owner)}` : raw('null::text');
    const rows = await on.query<{ id: string; owner: string | null }>(
      sql`select t.id, ${owner} as owner from ${tableOf(ctx.workspace, target)} t
        where t.id = any(${[...ids]}::uuid[]) and t.deleted_at is null`,
    );
    for (const row of rows) related.set(row.id, { owner: row.owner });
  }
  for (const [key, { object, field, values }] of unique) {
    const column = ident(field.name);
    const sealed = sealing && mayBeSealed(field) ? await takenSealed(sealing, on, ctx, field, [...values]) : null;
    if (sealed) taken.set(key, sealed);
    if (sealed) continue;
    const rows = await on.query<{ id: string; value: string }>(
      sql`select id, ${column}::text as value from ${tableOf(ctx.workspace, object.name)}
        where ${column} = any(${[...values]}) and deleted_at is null`,
    );
    taken.set(key, new Map(rows.map((row) => [row.value, row.id])));
  }
  return { related, taken };
}

/** Which of the values living records have in an encrypted field: by what equal values are found by. */
async function takenSealed(
  sealing: Sealing,
  on: Queryable,
  ctx: Ctx,
  field: FieldDef,
  values: string[],
): Promise<Map<string, string>> {
  const { lookups, plain } = lookupsOf(await sealing.lookup(ctx.workspace), field, values, null);
  const column = ident(field.name);
  const rows = await on.query<{ id: string; value: string }>(
    sql`select id, ${distinctSql(column)} as value from ${tableOf(ctx.workspace, field.object)}
      where ${equalSealed(column, lookups, plain)} and deleted_at is null`,
  );
  const meant = new Map(lookups.map((lookup, place) => [lookup, values[place] ?? '']));
  return new Map(rows.map(({ id, value }) => [meant.get(value) ?? value, id]));
}

/** Fields that others changed after the version an author saw, with who and when (conflict check). */
export async function loadLaterChanges(
  on: Queryable,
  ctx: Ctx,
  seen: { id: string; version: number }[],
): Promise<Map<string, Map<string, { by: string; at: Date }>>> {
  const later = new Map<string, Map<string, { by: string; at: Date }>>();
  if (seen.length === 0) return later;
  const rows = await on.query<{ record: string; actor: string; at: Date; fields: string[] }>(
    sql`select d.record, d.actor, d.at, array(select jsonb_object_keys(d.before)) as fields
      from unnest(${seen.map((s) => s.id)}::uuid[], ${seen.map((s) => s.version)}::int[]) as s(id, version)
      join ${tableOf(ctx.workspace, 'delta')} d on d.record = s.id and d.version > s.version
      where d.actor <> ${ctx.actor} order by d.version`,
  );
  for (const row of rows) {
    const fields = later.get(row.record) ?? new Map();
    for (const field of row.fields) if (!field.startsWith('$')) fields.set(field, { by: row.actor, at: row.at });
    later.set(row.record, fields);
  }
  return later;
}

export function byObject(drafts: Draft[]): Map<ObjectDef, Draft[]> {
  const groups = new Map<ObjectDef, Draft[]>();
  for (const draft of drafts) {
    const group = groups.get(draft.object);
    if (group) group.push(draft);
    else groups.set(draft.object, [draft]);
  }
  return groups;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

/** Of the records that get another owner, those that somebody else has claimed. Administrators, approvals and the system are free to. */
export async function loadClaimed(on: Queryable, ctx: Ctx, drafts: Draft[]): Promise<ReadonlySet<string>> {
  if (ctx.access.admin || ctx.approved !== undefined) return new Set();
  const ids = drafts
    .filter(({ object, set, change, part }) => change.op === 'update' && !part && object.owner && object.owner in set)
    .map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const rows = await on.query<{ record: string }>(sql`select record from ${tableOf(ctx.workspace, 'claim')}
    where record = any(${ids}::uuid[]) and ended_at is null and until > ${ctx.at} and account <> ${ctx.actor.replace(/^user:/, '')}`);
  return new Set(rows.map(({ record }) => record));
}
