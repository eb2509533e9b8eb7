import sql, { join, type Sql } from 'sql-template-tag';
import { fieldsRead, type RollupField, rollupsBySource, whyNotRollup } from '../../../domain/schema/rollups.ts';
import type { Catalog, FieldDef, ObjectDef, Rollup } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { all, filterSql, type SqlEnv } from '../read/filter-sql.ts';

/** Conditions are read as the system's own: figures are of all records, whoever looks. */
export type RollupEnv = Omit<SqlEnv, 'access'>;

/** Records whose figures became others: by object, with the fields. */
export type Moved = Map<string, { ids: Set<string>; fields: Set<string> }>;

const bySource = new WeakMap<Catalog, Map<string, RollupField[]>>();

/** Roll-ups in use by the object they look at; made once per catalog version. One that can't be read any more stands still. */
export function sourcesOf(catalog: Catalog): Map<string, RollupField[]> {
  const known = bySource.get(catalog);
  if (known) return known;
  const made = new Map<string, RollupField[]>();
  for (const [source, fields] of rollupsBySource(catalog.objects)) {
    const readable = fields.filter(
      ({ object, field }) => whyNotRollup(catalog.objects, object.name, field.name, field.rollup) === null,
    );
    if (readable.length > 0) made.set(source, readable);
  }
  bySource.set(catalog, made);
  return made;
}

/** One after the other per workspace, whoever works figures out: what is older must not be written over what is newer. Ends with the transaction. */
export async function inTurn(tx: Tx, workspace: string): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`xianke rollups ${workspace}`}, 0))`);
}

/**
 * Works out figures of records anew from what points to them now, and writes those that differ, past version, history and the clock of changes; then
 * figures that are made of these. Call under `inTurn`.
 */
export async function recompute(
  tx: Tx,
  env: RollupEnv,
  object: ObjectDef,
  fields: readonly RollupField['field'][],
  ids: readonly string[],
  moved: Moved = new Map(),
): Promise<Moved> {
  if (fields.length === 0 || ids.length === 0) return moved;
  const rows = await tx.query<{ id: string }>(statement(env, object, fields, ids));
  if (rows.length === 0) return moved;
  const changed = rows.map(({ id }) => id);
  const entry = moved.get(object.name) ?? { ids: new Set<string>(), fields: new Set<string>() };
  for (const id of changed) entry.ids.add(id);
  for (const { name } of fields) entry.fields.add(name);
  moved.set(object.name, entry);
  const names = fields.map(({ name }) => name);
  for (const [upper, group] of groupsOf(sourcesOf(env.catalog).get(object.name) ?? [])) {
    const reading = group.filter(({ rollup }) => names.some((name) => fieldsRead(rollup).has(name)));
    for (const via of new Set(reading.map(({ rollup }) => rollup.via))) {
      const parents = await tx.query<{ id: string }>(sql`select distinct ${ident(via)} as id
        from ${tableOf(env.workspace, object.name)} where id = any(${changed}::uuid[]) and ${ident(via)} is not null`);
      const upwards = reading.filter(({ rollup }) => rollup.via === via);
      await recompute(
        tx,
        env,
        upper,
        upwards,
        parents.map(({ id }) => id),
        moved,
      );
    }
  }
  return moved;
}

/** By the object that has them. */
export function groupsOf(rollups: readonly RollupField[]): Map<ObjectDef, RollupField['field'][]> {
  const groups = new Map<ObjectDef, RollupField['field'][]>();
  for (const { object, field } of rollups) groups.set(object, [...(groups.get(object) ?? []), field]);
  return groups;
}

function statement(
  env: RollupEnv,
  object: ObjectDef,
  fields: readonly RollupField['field'][],
  ids: readonly string[],
): Sql {
  const tables = [...new Set(fields.map(({ rollup }) => `${rollup.of} ${rollup.via}`))];
  const placed = fields.map((field) => ({
    field,
    place: ident(`a${tables.indexOf(`${field.rollup.of} ${field.rollup.via}`)}`),
  }));
  const parts = tables.map((key, n) => {
    const [of = '', via = ''] = key.split(' ');
    const source = objectOf(env.catalog, of);
    const figures = fields
      .filter(({ rollup }) => rollup.of === of && rollup.via === via)
      .map((field) => sql`${figureSql(env, source, field.rollup)} as ${ident(field.name)}`);
    return sql`${ident(`a${n}`)} as materialized (select t.${ident(via)} as id, ${join(figures, ', ')}
      from ${tableOf(env.workspace, of)} t where t.${ident(via)} = any(${ids}::uuid[]) and t.deleted_at is null group by 1)`;
  });
  const value = ({ field, place }: (typeof placed)[number]): Sql => {
    const figure = sql`${place}.${ident(field.name)}`;
    return ['count', 'sum'].includes(field.rollup.fn) ? sql`coalesce(${figure}, 0)` : figure;
  };
  const joins = tables.map((_, n) => sql`left join ${ident(`a${n}`)} on ${ident(`a${n}`)}.id = p.id`);
  // Rows in the order of their ids, as every writer of many locks them.
  return sql`with p as materialized (
      select id from ${tableOf(env.workspace, object.name)} where id = any(${ids}::uuid[]) order by id for update
    ), ${join(parts, ', ')}
    update ${tableOf(env.workspace, object.name)} x set ${join(
      placed.map((one) => sql`${ident(one.field.name)} = ${value(one)}`),
      ', ',
    )} from p ${join(joins, ' ')} where x.id = p.id and (${join(
      placed.map((one) => sql`x.${ident(one.field.name)} is distinct from ${value(one)}`),
      ' or ',
    )}) returning x.id`;
}

/** One figure over records `t` that point to the same one; empty where none counts. */
function figureSql(env: RollupEnv, source: ObjectDef, { fn, field: name, by, filter }: Rollup): Sql {
  const counts = filter ? [filterSql(filter, source, 't', env)] : [];
  const where = (...more: Sql[]): Sql => {
    const conditions = [...counts, ...more];
    return conditions.length > 0 ? sql`filter (where ${all(conditions)})` : sql``;
  };
  const field = name === undefined ? undefined : fieldOf(source, name);
  if (fn === 'count' || !field) return sql`count(*) ${where()}`;
  const column = sql`t.${ident(field.name)}`;
  if (fn === 'sum') return sumSql(field, column, where());
  if (fn === 'min') return sql`min(${column}) ${where()}`;
  if (fn === 'max') return sql`max(${column}) ${where()}`;
  const at = sql`t.${ident(by ?? field.name)}`;
  return sql`(array_agg(${column} order by ${at} desc, t.id desc) ${where(sql`${at} is not null`, sql`${column} is not null`)})[1]`;
}

/** Fractions are added as decimals: the sum of doubles depends on their order. */
function sumSql({ type }: FieldDef, column: Sql, where: Sql): Sql {
  return type === 'money' ? sql`sum(${column}) ${where}` : sql`(sum(${column}::numeric) ${where})::float8`;
}
