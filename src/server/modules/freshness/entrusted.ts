import sql, { join, raw } from 'sql-template-tag';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { createLens } from './lens.ts';
import type { Plans } from './plans.ts';

/** Records looked at, longest due first: a policy that entrusts a field of a million customers to one person must not read them all. */
const LOOK = 3000;

/** A customer with something to check for somebody whom a policy names. */
export interface Entrusted {
  bundle: string;
  owner: string | null;
  /** Accounts and duties, of those asked for, that have a value of his past due. */
  names: string[];
}

/**
 * Customers with a value past due that a policy entrusts to one of these names (accounts, duties), whoever looks after the customer; longest due first.
 */
export async function entrustedBundles(
  deps: { db: Db; plans: Plans },
  ctx: Ctx,
  catalog: Catalog,
  names: ReadonlySet<string>,
  limit: number,
): Promise<Entrusted[]> {
  const lens = createLens(deps.plans, ctx.workspace);
  const found: Entrusted[] = [];
  for (const object of catalog.objects) {
    if (object.retired) continue;
    const { plan } = deps.plans.objectPlan(ctx.workspace, object);
    const stale = [...plan.segments.values()].flatMap((segment) =>
      segment.fields.flatMap((rule) => {
        const name = rule.responsible;
        const field = object.fields.find((one) => one.id === rule.fieldId);
        if (name === undefined || !names.has(name) || !field) return [];
        const held = sql`f.segment = ${segment.id}::int and ${lens.stale(object, field, sql`f`, ctx.at)}`;
        return [sql`case when ${held} then ${name}::text end`];
      }),
    );
    if (stale.length === 0) continue;
    const rows = await deps.db.query<Entrusted & Record<string, unknown>>(sql`
      select bundle, owner, names from (
        select f.bundle, f.owner, array_remove(array[${join(stale, ', ')}], null) as names from (
          select * from ${tableOf(ctx.workspace, 'freshness')} where object = ${object.id} and due_at <= ${ctx.at}::timestamptz
            and (snoozed_until is null or snoozed_until <= ${ctx.at}::timestamptz)
          order by due_at limit ${raw(String(LOOK))}) f) x
      where cardinality(names) > 0 limit ${limit}`);
    found.push(...rows);
  }
  return found.slice(0, limit);
}
