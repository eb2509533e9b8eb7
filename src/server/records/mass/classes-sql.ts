import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { modeOfGrant } from '../../../domain/access/reach.ts';
import type { Action, FieldMode, Grant } from '../../../domain/access/types.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { rolesOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import type { RowScopes } from './row-changes.ts';
import type { SetPlan } from './types.ts';

/**
 * The records of `items` (a relation of id and seen) with what becomes of each, by the rules of the write door (write/decide.ts): columns id, version, title,
 * old, new, class. `class` is `change`, `same`, or the code of the issue that refuses it. Records out of scope are as if they were not there.
 */
export function classesSql(ctx: Ctx, plan: SetPlan, items: Sql, rows: RowScopes, more: Sql = empty): Sql {
  const { object } = plan;
  const scope = rows.scope(ctx, object);
  return sql`
    select i.id as item, t.id, t.version, ${oldValue(plan)} as old, ${newValue(plan)} as new, ${classOf(ctx, plan, rows)} as class${more}
    from ${items} i
    left join ${tableOf(ctx.workspace, object.name)} t on t.id = i.id ${scope ? sql`and ${scope}` : empty}
    ${looksAtCells(plan) ? sql`left join ${tableOf(ctx.workspace, 'freshness')} f on f.record = t.id` : empty}`;
}

const looksAtCells = (plan: SetPlan): boolean =>
  plan.kind === 'verify' || (plan.kind === 'value' && plan.field.tracked === true);

export const columnOf = (field: FieldDef): Sql => sql`t.${ident(field.name)}`;

function oldValue(plan: SetPlan): Sql {
  return plan.kind === 'value' ? columnOf(plan.field) : raw('null::text');
}

function newValue(plan: SetPlan): Sql {
  if (plan.kind !== 'value') return raw('null::text');
  const column = columnOf(plan.field);
  const value = parameter(plan.field, plan.value);
  if (plan.action.kind === 'set') return value;
  if (plan.action.kind === 'append')
    return sql`coalesce(${column}, '{}') || array(select x from unnest(${value}) with ordinality as a(x, n) where not x = any(coalesce(${column}, '{}')) order by n)`;
  return sql`nullif(array(select x from unnest(${column}) with ordinality as a(x, n) where not x = any(${value}) order by n), '{}')`;
}

/** A canonical value as a parameter of its column's type. */
export function parameter(field: FieldDef, value: FieldValue): Sql {
  const { column } = fieldType(field.type);
  const stored = column === 'jsonb' && value !== null ? JSON.stringify(value) : value;
  return sql`${stored}::${raw(column)}`;
}

function classOf(ctx: Ctx, plan: SetPlan, rows: RowScopes): Sql {
  if (plan.kind === 'life') return lifeClass(ctx, plan, rows);
  const forbidden = forbiddenSql(ctx, plan, rows);
  const gone = raw(`when t.id is null or t.deleted_at is not null then 'record-unknown'`);
  if (plan.kind === 'verify') {
    const filled = plan.fields.map((field) => sql`${columnOf(field)} is not null`);
    const said = plan.fields.map(
      (field) => sql`(${columnOf(field)} is not null and d.before ? ${raw(quoted(field.name))})`,
    );
    return sql`case ${gone} ${forbidden} when not (${join(filled, ' or ')}) then 'verify-empty'
      when ${later(ctx, join(said, ' or '))} then 'conflict' else 'change' end`;
  }
  const { field } = plan;
  const reason = field.protected && !ctx.reason?.trim();
  return sql`case ${gone} ${forbidden} when ${same(plan)} then 'same'
    when ${later(ctx, sql`d.before ? ${raw(quoted(field.name))}`)} then 'conflict'
    ${reason ? sql`when ${columnOf(field)} is not null then 'reason-needed'` : empty} else 'change' end`;
}

/** Where rows differ in what may be done with them: the grants that reach a row must give the action and the mode (write/permitted.ts). */
function forbiddenSql(ctx: Ctx, plan: SetPlan, rows: RowScopes): Sql {
  const grants = ctx.access.objects[plan.object.name]?.grants;
  const reach = rows.reach(ctx, plan.object);
  if (!grants || !reach) return empty;
  const maskOf = (gives: (grant: Grant) => boolean) =>
    raw(String(grants.reduce((mask, grant, place) => mask + (gives(grant) ? 2 ** place : 0), 0)));
  const none = (gives: (grant: Grant) => boolean) => sql`(${reach} & ${maskOf(gives)}) = 0`;
  const action: Action = plan.kind === 'life' ? plan.action.kind : plan.kind === 'verify' ? 'verify' : 'update';
  const fields = plan.kind === 'value' ? [plan.field] : plan.kind === 'verify' ? plan.fields : [];
  const wanted = (mode: FieldMode) => (plan.kind === 'value' ? mode === 'edit' : mode !== 'hidden');
  const closed = fields.map(({ name }) => none((grant) => wanted(modeOfGrant(grant, name))));
  return sql`when ${none(({ actions }) => actions.includes(action))} then 'action-forbidden'
    ${closed.length > 0 ? sql`when ${join(closed, ' or ')} then 'field-forbidden'` : empty}`;
}

function same({ action, field, value }: Extract<SetPlan, { kind: 'value' }>): Sql {
  const column = columnOf(field);
  const wanted = parameter(field, value);
  if (action.kind === 'append') return sql`coalesce(${column}, '{}') @> ${wanted}`;
  if (action.kind === 'remove') return sql`not coalesce(${column} && ${wanted}, false)`;
  if (value === null) return sql`${column} is null`;
  // Order of a set does not count.
  if (fieldType(field.type).kind === 'set')
    return sql`coalesce(${column} @> ${wanted} and ${column} <@ ${wanted} and cardinality(${column}) = cardinality(${wanted}), false)`;
  return sql`${column} is not distinct from ${wanted}`;
}

/** Somebody else changed what this is about since it was seen. */
function later(ctx: Ctx, about: Sql): Sql {
  return sql`(t.version > i.seen and exists (select from ${tableOf(ctx.workspace, 'delta')} d
    where d.record = t.id and d.version > i.seen and d.actor <> ${ctx.actor} and (${about})))`;
}

function lifeClass(ctx: Ctx, plan: Extract<SetPlan, { kind: 'life' }>, rows: RowScopes): Sql {
  const forbidden = forbiddenSql(ctx, plan, rows);
  if (plan.action.kind === 'delete')
    return sql`case when t.id is null or t.deleted_at is not null then 'record-unknown' ${forbidden}
      when ${later(ctx, sql`exists (select from jsonb_object_keys(d.before) k where left(k, 1) <> '$')`)} then 'conflict' else 'change' end`;
  const taken = rolesOf(plan.object).unique.map((field) => takenSql(ctx, plan.object, field));
  return sql`case when t.id is null then 'record-unknown' when t.deleted_at is null then 'not-deleted' ${forbidden}
    ${taken.length > 0 ? sql`when ${join(taken, ' or ')} then 'not-unique'` : empty} else 'change' end`;
}

/** Its number or name may have been given to others meanwhile; of two in the bin with the same the first comes back. */
function takenSql(ctx: Ctx, object: ObjectDef, field: FieldDef): Sql {
  const column = columnOf(field);
  return sql`(${column} is not null and (row_number() over (partition by ${column} order by t.deleted_at is null desc, t.id) > 1
    or exists (select from ${tableOf(ctx.workspace, object.name)} o where o.${ident(field.name)} = ${column} and o.deleted_at is null and o.id <> t.id)))`;
}

/** A name of the catalog as a literal; the pattern of names allows no quote. */
export function quoted(name: string): string {
  ident(name);
  return `'${name}'`;
}

/** A column's value in the form that a delta keeps it in: the canonical value as JSON. */
export function canonicalJson(field: FieldDef, column: Sql): Sql {
  switch (fieldType(field.type).column) {
    case 'numeric':
      return sql`to_jsonb(${column}::text)`;
    case 'timestamptz':
      return sql`to_jsonb(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
    default:
      return sql`to_jsonb(${column})`;
  }
}
