import sql, { type Sql } from 'sql-template-tag';
import { modeOf } from '../../../domain/access/reach.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { fieldOf, objectById } from '../catalog/lookup.ts';
import { tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import type { Tally } from '../write/tally.ts';
import { count } from '../write/tally.ts';
import type { WriteDeps } from '../write/types.ts';
import { bringBack, removeRestored } from '../write/undo.ts';
import { undoUpdates } from '../write/undo-updates.ts';
import { type Taking, undoStatement } from './undo-sql.ts';

/** What the deltas of a portion did, per object. */
interface Done {
  object: number;
  kinds: string[];
  names: string[];
  /** A record with more than one delta in the set: its first one counts, and that is the door's to find. */
  several: boolean;
}

/**
 * Takes back what a change set did to these records, in the open transaction: in one statement where nobody touched them since, by the door's own rules,
 * field by field, where somebody did or where more hangs on a field (search entries, a parent).
 */
export async function undoPortion(
  tx: Tx,
  deps: WriteDeps,
  ctx: Ctx,
  catalog: Catalog,
  of: string,
  into: string,
  records: readonly string[],
  tally: Tally,
): Promise<void> {
  const done = await tx.query<Done & Record<string, unknown>>(sql`
    with mine as (select record, object, kind, before from ${tableOf(ctx.workspace, 'delta')}
      where change_set = ${of}::uuid and record = any(${records}::uuid[]))
    select object, array_agg(distinct kind::text) as kinds, count(*) > count(distinct record) as several,
      coalesce((select array_agg(distinct k) from mine m, jsonb_object_keys(m.before) k where m.object = mine.object and left(k, 1) <> '$'), '{}') as names
    from mine group by object`);
  for (const one of done) {
    const object = objectById(catalog, one.object);
    if (!object) continue;
    const access = ctx.access.objects[object.name];
    if (!access?.actions.includes('undo')) continue;
    const inScope = deps.scope(ctx, object) ?? sql`true`;
    if (one.kinds.includes('d')) await bringBack(tx, ctx, object, inScope, of, into, tally, records);
    if (one.kinds.includes('r')) await removeRestored(tx, ctx, object, inScope, of, into, tally, records);
    const fields = one.names.flatMap((name) => fieldOf(object, name) ?? []);
    const alike = !access.grants && fields.every(({ name }) => modeOf(access, name) === 'edit');
    // What is protected may have to wait for a second person: that is the door's to find.
    const guarded = fields.some((field) => field.protected && deps.guard.approvals?.(ctx)?.(object, field));
    if (!one.several && alike && !guarded && isPlainly(deps, object, fields)) {
      const taking: Taking = {
        object,
        of,
        into,
        records,
        fields,
        inScope,
        replans: asksForPlan(deps, ctx, object, fields),
      };
      const back = await tx.query<{ id: string }>(undoStatement(ctx, taking));
      count(tally, object.name, 'updated', back.length);
    }
  }
  if (done.some(({ kinds }) => kinds.some((kind) => 'uve'.includes(kind)))) {
    const [left] = await tx.query<{ ids: string[] | null }>(sql`
      select array_agg(distinct d.record) as ids from ${tableOf(ctx.workspace, 'delta')} d
      where d.change_set = ${of}::uuid and d.record = any(${records}::uuid[]) and d.kind in ('u', 'v', 'e')
        and not exists (select from ${tableOf(ctx.workspace, 'delta')} x where x.record = d.record and x.change_set = ${into}::uuid)`);
    if (left?.ids) await undoUpdates(tx, deps, ctx, catalog, of, into, tally, left.ids);
  }
}

function isPlainly(deps: WriteDeps, object: ObjectDef, fields: FieldDef[]): boolean {
  const searched = deps.indexer.fields(object);
  const beyond = (field: FieldDef) =>
    searched.has(field.name) ||
    field.unique ||
    field.name === object.parent ||
    (object.parent !== undefined && field.name === object.owner);
  return !fields.some(beyond);
}

function asksForPlan(deps: WriteDeps, ctx: Ctx, object: ObjectDef, fields: FieldDef[]): boolean {
  const asked = deps.plans.fieldsAsked?.(ctx.workspace, object);
  return fields.some((field) => field.tracked || (asked?.has(field.name) ?? true));
}

/** Records that a change set touched, cut into portions: rows of n, records, versions. */
export function touchedPortions(workspace: string, changeSet: string, size: number): Sql {
  return sql`select ((row_number - 1) / ${size}::int)::int as n, array_agg(record order by record) as records, array_agg(0) as versions
    from (select record, row_number() over (order by record) from (select distinct record from ${tableOf(workspace, 'delta')} where change_set = ${changeSet}::uuid) t) r
    group by 1`;
}
