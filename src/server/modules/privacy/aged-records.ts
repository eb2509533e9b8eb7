import sql, { empty, raw, type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { contactSource, lastContactSql } from '../reminders/index.ts';
import type { Rule } from './retention-store.ts';

export interface AgeDeps {
  read: ReadDoor;
}

/**
 * Relation `a(id, title, owner, last)` of the records that a rule is about, with what their age counts from, in SQL to begin a statement with. Records that
 * are younger than the term can't be older by any clock, so they are not looked at. Who was made anonymous is nobody any more.
 */
export async function agedSql(
  { read }: AgeDeps,
  ctx: Ctx,
  catalog: Catalog,
  rule: Pick<Rule, 'object' | 'filter' | 'clock' | 'days'>,
): Promise<{ aged: Sql; before: Sql; of: Sql }> {
  const object = objectOf(catalog, rule.object);
  const { table, where } = await read.select(ctx, {
    object: object.name,
    ...(rule.filter !== null && { filter: rule.filter }),
  });
  const before = sql`${ctx.at}::timestamptz - make_interval(days => ${rule.days})`;
  const up = object.parent === undefined ? raw('null::uuid') : sql`t.${ident(object.parent)}`;
  const owner = object.owner === undefined ? raw('null::text') : sql`t.${ident(object.owner)}::text`;
  // Who was spoken with lately, by the customer's own field, needs no look at notes and checks.
  const source = rule.clock === 'contact' ? contactSource(catalog) : null;
  const lately =
    source?.lastField && source.customer.name === object.name
      ? sql`and coalesce(t.${ident(source.lastField)} < ${before}, true)`
      : empty;
  const aged = sql`with o as (
      select t.id, t.created_at, t.updated_at, t.${ident(object.title)}::text as title, ${owner} as owner, ${up} as up
      from ${table} t where ${where} and t.created_at < ${before} ${lately}
        and not exists (select from ${tableOf(ctx.workspace, 'tombstone')} s where s.record = t.id)
    ), a as (select o.id, o.title, o.owner, greatest(${clockSql(ctx.workspace, catalog, object, rule.clock)}, o.created_at) as last from o)`;
  return { aged, before, of: sql`select count(*)::int as n from ${table} t where ${where}` };
}

/** When it last happened, over `o`. */
function clockSql(workspace: string, catalog: Catalog, object: ObjectDef, clock: Rule['clock']): Sql {
  const freshness = tableOf(workspace, 'freshness');
  switch (clock) {
    case 'created':
      return sql`o.created_at`;
    case 'changed':
      return sql`o.updated_at`;
    case 'confirmed':
      // A cell is [confidence, epoch seconds, …]; a record without cells was last known right when it was written.
      return sql`coalesce((select greatest(max(to_timestamp((cell.value ->> 1)::double precision)), max(f.base_at))
        from ${freshness} f left join lateral jsonb_each(f.cells) cell on true where f.record = o.id), o.updated_at)`;
    case 'contact': {
      const source = contactSource(catalog);
      if (!source) throw new AppError('retention-no-contact');
      const last = lastContactSql(workspace, source);
      const customers = tableOf(workspace, source.customer.name);
      if (object.name === source.customer.name) return sql`(select ${last} from ${customers} t where t.id = o.id)`;
      const parent = object.parent === undefined ? undefined : fieldOf(object, object.parent);
      if (parent?.target !== source.customer.name) throw new AppError('retention-no-contact');
      return sql`(select ${last} from ${customers} t where t.id = o.up)`;
    }
  }
}
