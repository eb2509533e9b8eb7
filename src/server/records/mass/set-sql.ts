import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { applyEvidence, initialConfidence } from '../../../domain/freshness/cell.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { canonicalJson, classesSql, quoted } from './classes-sql.ts';
import type { RowScopes } from './row-changes.ts';
import type { Portion, SetPlan } from './types.ts';

/**
 * One portion in one statement: rows, deltas, freshness cells. Gives a row per class with its count, and one with class `done` for the rows written: fewer
 * than `change` when others were faster. Means the same as the door's edits of these records one by one (a property test compares them);
 * due dates are planned anew behind it where `plan.replans`.
 */
export function setStatement(ctx: Ctx, plan: SetPlan, changeSet: string, portion: Portion, rows: RowScopes): Sql {
  const { workspace } = ctx;
  const { object } = plan;
  const items = sql`(select * from unnest(${portion.records}::uuid[], ${portion.versions}::int[]) as i(id, seen))`;
  const kind = plan.kind === 'verify' ? 'v' : plan.kind === 'value' ? 'u' : plan.action.kind === 'delete' ? 'd' : 'r';
  const bin = plan.kind === 'life' && plan.action.kind === 'restore' ? raw('is not null') : raw('is null');
  return sql`
    with c as materialized (${classesSql(ctx, plan, items, rows, sql`, ${beforeSql(plan)} as before${filledSql(plan)}`)}),
    u as (
      update ${tableOf(workspace, object.name)} t set ${assignment(ctx, plan, changeSet)} version = t.version + 1${
        // Looking at a value does not change the record: the clock of changes stands.
        plan.kind === 'verify' ? empty : sql`, updated_at = ${ctx.at}, updated_by = ${ctx.actor}`
      }
      from c where c.class = 'change' and t.id = c.id and t.version = c.version and t.deleted_at ${bin}
      returning t.id, t.version, c.before, c.new${plan.kind === 'verify' ? sql`, c.filled` : empty}
    ), d as (
      insert into ${tableOf(workspace, 'delta')} (record, version, object, change_set, at, actor, source, kind, before)
      select u.id, u.version, ${object.id}::int, ${changeSet}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}, ${ctx.source}, ${kind}, u.before from u
    ), f as (${freshnessSql(ctx, plan)})
    select class, count(*)::int as n from c group by class union all select 'done', count(*)::int from u`;
}

function assignment(ctx: Ctx, plan: SetPlan, changeSet: string): Sql {
  if (plan.kind === 'value') return sql`${ident(plan.field.name)} = c.new,`;
  if (plan.kind === 'verify') return empty;
  return plan.action.kind === 'delete'
    ? sql`deleted_at = ${ctx.at}, deleted_in = ${changeSet}::uuid,`
    : sql`deleted_at = null, deleted_in = null,`;
}

/** What the delta keeps: values replaced, fields looked at, cells as they were. */
function beforeSql(plan: SetPlan): Sql {
  if (plan.kind === 'life')
    return plan.action.kind === 'delete'
      ? raw(`'{}'::jsonb`)
      : sql`jsonb_build_object('$deleted_at', to_char(t.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '$deleted_in', t.deleted_in)`;
  if (plan.kind === 'value') {
    const { field } = plan;
    const value = sql`jsonb_build_object(${raw(quoted(field.name))}, ${canonicalJson(field, sql`t.${ident(field.name)}`)})`;
    return field.tracked ? sql`${value} || ${cellsBefore([field], false)}` : value;
  }
  const names = plan.fields.map(
    (field) => sql`case when t.${ident(field.name)} is not null then ${raw(quoted(field.name))} end`,
  );
  const tracked = plan.fields.filter((field) => field.tracked);
  const looked = sql`jsonb_build_object('$v', to_jsonb(array_remove(array[${join(names, ', ')}], null)))`;
  return tracked.length > 0 ? sql`${looked} || ${cellsBefore(tracked, true)}` : looked;
}

/** `$c`: cells of the fields as they are, null where the record's default stands. Nothing where the record has no freshness, or none of them is filled. */
function cellsBefore(fields: FieldDef[], filledOnly: boolean): Sql {
  const cells = fields.map((field) => {
    const cell = sql`jsonb_build_object(${raw(`'${field.id}'`)}, f.cells -> ${raw(`'${field.id}'`)})`;
    return filledOnly ? sql`case when t.${ident(field.name)} is not null then ${cell} else '{}'::jsonb end` : cell;
  });
  const all = join(cells, ' || ');
  return sql`case when f.record is null or (${all}) = '{}'::jsonb then '{}'::jsonb else jsonb_build_object('$c', ${all}) end`;
}

/** Which tracked fields of a verification are filled, for the statement's part that writes cells. */
function filledSql(plan: SetPlan): Sql {
  if (plan.kind !== 'verify') return empty;
  const tracked = plan.fields.filter((field) => field.tracked);
  const ids = tracked.map(
    (field) => sql`case when t.${ident(field.name)} is not null then ${raw(`'${field.id}'`)} end`,
  );
  return tracked.length > 0
    ? sql`, array_remove(array[${join(ids, ', ')}], null) as filled`
    : sql`, '{}'::text[] as filled`;
}

/** A snooze ends with the write; version 0 of the plan marks what is to be planned anew. */
function freshnessSql(ctx: Ctx, plan: SetPlan): Sql {
  const table = tableOf(ctx.workspace, 'freshness');
  if (plan.kind === 'life')
    return plan.action.kind === 'delete'
      ? sql`update ${table} f set due_at = null, due_value = 0, snoozed_until = null from u where f.record = u.id`
      : sql`update ${table} f set plan_version = 0, snoozed_until = null from u where f.record = u.id`;
  if (plan.kind === 'verify')
    return sql`update ${table} f set cells = ${verifiedCells(ctx, plan)}, plan_version = 0, snoozed_until = null from u where f.record = u.id`;
  const { field, object } = plan;
  const planned = plan.replans ? raw('0') : raw('f.plan_version');
  if (field.name === object.owner)
    // What is verified with the record (its contacts) follows its new owner.
    return sql`update ${table} f set owner = u.new, plan_version = case when f.record = u.id then ${planned} else f.plan_version end,
        snoozed_until = case when f.record = u.id then null else f.snoozed_until end${
          field.tracked
            ? sql`, cells = case when f.record = u.id then ${writtenCells(ctx, field)} else f.cells end`
            : empty
        } from u where f.bundle = u.id`;
  if (field.tracked)
    return sql`update ${table} f set cells = ${writtenCells(ctx, field)}, plan_version = 0, snoozed_until = null from u where f.record = u.id`;
  if (plan.replans)
    return sql`update ${table} f set plan_version = 0, snoozed_until = null from u where f.record = u.id`;
  // Nothing of belief follows from it: what was put off comes back once, at the end (endSnoozes).
  return raw('select 1');
}

/** After the last portion of a plan that left freshness alone: a snooze ends with the write. */
export function endSnoozes(workspace: string, changeSet: string): Sql {
  return sql`update ${tableOf(workspace, 'freshness')} f set snoozed_until = null from ${tableOf(workspace, 'delta')} d
    where d.change_set = ${changeSet}::uuid and f.record = d.record and f.snoozed_until is not null`;
}

const secondsOf = (ctx: Ctx): number => Math.floor(ctx.at.getTime() / 1000);

/** A new value starts anew with the confidence of its source; an emptied cell has none. */
function writtenCells(ctx: Ctx, field: FieldDef): Sql {
  const id = raw(`'${field.id}'`);
  const seconds = secondsOf(ctx);
  const cell = JSON.stringify([initialConfidence(ctx.source), seconds, ctx.source, ctx.actor, seconds]);
  return sql`case when u.new is null then nullif(f.cells - ${id}::text, '{}'::jsonb) else coalesce(f.cells, '{}'::jsonb) || jsonb_build_object(${id}, ${cell}::jsonb) end`;
}

/** A verification raises belief to what its method is worth, never lowers it, and leaves the clock of changes (write/freshness-row.ts). */
function verifiedCells(ctx: Ctx, plan: Extract<SetPlan, { kind: 'verify' }>): Sql {
  const worth = applyEvidence(0, plan.action.method);
  const cells = plan.fields
    .filter((field) => field.tracked)
    .map((field) => {
      const id = raw(`'${field.id}'`);
      // The base is kept as real: its shortest text is the number that was meant.
      return sql`case when ${id} = any(u.filled) then jsonb_build_object(${id}, jsonb_build_array(
          greatest(coalesce((f.cells -> ${id} ->> 0)::float8, f.base_confidence::text::float8), ${worth}::float8),
          greatest(${secondsOf(ctx)}::bigint, coalesce((f.cells -> ${id} ->> 1)::bigint, 0)),
          ${plan.action.method}::text, ${ctx.actor}::text, f.cells -> ${id} -> 4)) else '{}'::jsonb end`;
    });
  return cells.length > 0
    ? sql`nullif(coalesce(f.cells, '{}'::jsonb) || ${join(cells, ' || ')}, '{}'::jsonb)`
    : raw('f.cells');
}
