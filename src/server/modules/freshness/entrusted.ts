import sql, { join, raw } from 'sql-template-tag';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { createLens } from './lens.ts';
import type { Plans } from './plans.ts';

/** Records looked at, longest due first: a policy that entrusts a field of a million customers to one person must not read them all. */
const LOOK = 5000;

/**
 * Customers with a value past due that a policy entrusts to one of these names (accounts, duties), whoever looks after the customer; longest due first.
 */
export async function entrustedBundles(
  deps: { db: Db; plans: Plans },
  ctx: Ctx,
  catalog: Catalog,
  names: ReadonlySet<string>,
  limit: number,
): Promise<string[]> {
  const lens = createLens(deps.plans, ctx.workspace);
  const bundles: string[] = [];
  for (const object of catalog.objects) {
    if (object.retired) continue;
    const { plan } = deps.plans.objectPlan(ctx.workspace, object);
    const stale = [...plan.segments.values()].flatMap((segment) =>
      segment.fields.flatMap((rule) => {
        const field =
          rule.responsible !== undefined &&
          names.has(rule.responsible) &&
          object.fields.find((one) => one.id === rule.fieldId);
        return field ? [sql`(f.segment = ${segment.id}::int and ${lens.stale(object, field, sql`f`, ctx.at)})`] : [];
      }),
    );
    if (stale.length === 0) continue;
    const rows = await deps.db.query<{ bundle: string }>(sql`
      select bundle from (
        select * from ${tableOf(ctx.workspace, 'freshness')} where object = ${object.id} and due_at <= ${ctx.at}::timestamptz
          and (snoozed_until is null or snoozed_until <= ${ctx.at}::timestamptz)
        order by due_at limit ${raw(String(LOOK))}) f
      where ${join(stale, ' or ')} limit ${limit}`);
    for (const row of rows) bundles.push(row.bundle);
  }
  return [...new Set(bundles)].slice(0, limit);
}
