import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { canonicalJson, quoted } from './classes-sql.ts';

/** What takes back one change set's updates and verifications of records that nobody touched since. */
export interface Taking {
  object: ObjectDef;
  /** Change set that is undone, and the undo. */
  of: string;
  into: string;
  records: readonly string[];
  /** Fields that deltas of these records name. */
  fields: FieldDef[];
  /** Rows that the actor sees, over alias `t`. */
  inScope: Sql;
  /** Due dates follow from them, or from cells that are given back. */
  replans: boolean;
}

/** One statement for a portion; gives the ids of the records taken back. Records with a later version are left to the door's own undo, field by field. */
export function undoStatement(ctx: Ctx, { object, of, into, records, fields, inScope, replans }: Taking): Sql {
  const { workspace } = ctx;
  const delta = tableOf(workspace, 'delta');
  const now = fields.map(
    (field) =>
      sql`case when x.before ? ${raw(quoted(field.name))} then jsonb_build_object(${raw(quoted(field.name))}, ${canonicalJson(field, sql`t.${ident(field.name)}`)}) else '{}'::jsonb end`,
  );
  const set = fields.map(
    (field) =>
      sql`${ident(field.name)} = case when c.before ? ${raw(quoted(field.name))} then ${fromDelta(field, sql`c.before`)} else t.${ident(field.name)} end,`,
  );
  const names = fields.map(({ name }) => name);
  // Looking at a value did not change the record, nor does taking the look back.
  const stamp =
    fields.length > 0
      ? sql`, updated_at = case when c.valued then ${ctx.at}::timestamptz else t.updated_at end, updated_by = case when c.valued then ${ctx.actor} else t.updated_by end`
      : empty;
  return sql`
    with c as materialized (
      select t.id, t.version, x.before, x.before ?| ${names}::text[] as valued,
        ${now.length > 0 ? join(now, ' || ') : raw(`'{}'::jsonb`)} || case when f.record is null or not x.before ? '$c' then '{}'::jsonb else
          jsonb_build_object('$c', (select coalesce(jsonb_object_agg(k, f.cells -> k), '{}'::jsonb) from jsonb_object_keys(x.before -> '$c') k)) end as now
      from ${delta} x join ${tableOf(workspace, object.name)} t on t.id = x.record and t.version = x.version and t.deleted_at is null
      left join ${tableOf(workspace, 'freshness')} f on f.record = t.id
      where x.change_set = ${of}::uuid and x.object = ${object.id}::int and x.kind in ('u', 'v', 'e') and x.record = any(${records}::uuid[])
        and ${inScope}
    ), u as (
      update ${tableOf(workspace, object.name)} t set ${join(set.length > 0 ? set : [empty], ' ')} version = t.version + 1${stamp}
      from c where t.id = c.id and t.version = c.version returning t.id, t.version, c.before, c.now, c.valued
    ), d as (
      insert into ${delta} (record, version, object, change_set, at, actor, source, kind, before)
      select u.id, u.version, ${object.id}::int, ${into}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}, ${ctx.source},
        (case when u.valued then 'u' else 'v' end)::"char", u.now from u
    ), f as (${cellsBack(workspace, object, fields, replans)})
    select id from u`;
}

/** Cells as the undone set found them; a null there stood for the record's default. Tuples are arrays: their nulls stay. */
const GIVEN_BACK = sql`case when u.before ? '$c' then nullif((coalesce(f.cells, '{}'::jsonb) - array(select jsonb_object_keys(u.before -> '$c')))
  || jsonb_strip_nulls(u.before -> '$c'), '{}'::jsonb) else f.cells end`;

function cellsBack(workspace: string, object: ObjectDef, fields: FieldDef[], replans: boolean): Sql {
  const table = tableOf(workspace, 'freshness');
  const planned = replans ? raw('0') : sql`case when u.before ? '$c' then 0 else f.plan_version end`;
  const owner = fields.find((field) => field.name === object.owner);
  if (!owner)
    return sql`update ${table} f set cells = ${GIVEN_BACK}, plan_version = ${planned}, snoozed_until = null from u where f.record = u.id`;
  const given = sql`case when u.before ? ${raw(quoted(owner.name))} then ${fromDelta(owner, sql`u.before`)} else f.owner end`;
  // Contacts follow the owner back; their own cells are theirs.
  return sql`update ${table} f set owner = ${given}, cells = case when f.record = u.id then ${GIVEN_BACK} else f.cells end,
      plan_version = case when f.record = u.id then ${planned} else f.plan_version end,
      snoozed_until = case when f.record = u.id then null else f.snoozed_until end from u where f.bundle = u.id`;
}

/** A value as a delta keeps it, back in its column. */
function fromDelta(field: FieldDef, before: Sql): Sql {
  const name = raw(quoted(field.name));
  const { column } = fieldType(field.type);
  if (column === 'text[]')
    return sql`case when jsonb_typeof(${before} -> ${name}) = 'array' then array(select jsonb_array_elements_text(${before} -> ${name})) end`;
  if (column === 'jsonb') return sql`nullif(${before} -> ${name}, 'null'::jsonb)`;
  return sql`(${before} ->> ${name})::${raw(column)}`;
}
