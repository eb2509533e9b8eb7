import sql, { empty, type Sql } from 'sql-template-tag';
import type { z } from 'zod';
import type { outcomeSchema } from '../../../contract/evaluation.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { meanDifference } from '../../../domain/statistics/means.ts';
import { compareShares, type Group } from '../../../domain/statistics/table.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Plans } from '../freshness/index.ts';
import { type BoundOutcome, bindOutcome, type OutcomeKind } from './outcome-kinds.ts';
import { pastStaleness } from './past-staleness.ts';

export interface OutcomeDeps {
  db: Db;
  plans: Plans;
  outcomes: readonly OutcomeKind[];
}

type Outcome = z.input<typeof outcomeSchema>;

/** A customer counts as stale when at least so much of what is known of him was past due. Fixed beforehand, so that nobody looks for the line that shows most. */
const STALE = 0.5;
/** Customers looked at; of more, so many at random. */
const MOST = 4000;

/** What went wrong between two moments, beside how stale the customers' data was just before. Says what goes together, never why. */
export async function compareOutcomes(
  deps: OutcomeDeps,
  workspace: string,
  catalog: Catalog,
  from: Date,
  to: Date,
): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const kind of deps.outcomes) {
    const { id, label, among } = kind;
    const bound = bindOutcome(catalog, kind);
    const told = { id, label, among, object: kind.object, field: kind.field };
    if (bound) found.push({ ...told, ...(await compare(deps, workspace, catalog, bound, from, to)) });
    else if (catalog.objects.some((one) => one.name === kind.object && !one.retired))
      found.push({ ...told, bad: [], figures: null });
  }
  return found;
}

async function compare(
  deps: OutcomeDeps,
  workspace: string,
  catalog: Catalog,
  outcome: BoundOutcome,
  from: Date,
  to: Date,
): Promise<Pick<Outcome, 'bad' | 'figures'>> {
  const { bad } = outcome;
  const units = await deps.db.query<{ customer: string; at: Date; bad: boolean; customers: number }>(
    unitsSql(workspace, outcome, from, to),
  );
  const stale = await pastStaleness(deps, workspace, catalog, units, outcome.object);
  const known = units.flatMap((unit) => {
    const share = stale.get(unit.customer);
    return share === undefined ? [] : [{ ...unit, share }];
  });
  const group = (wanted: boolean): Group => {
    const mine = known.filter((unit) => unit.share >= STALE === wanted);
    return { n: mine.length, hits: mine.filter((unit) => unit.bad).length };
  };
  const [first, second] = [group(true), group(false)];
  const { a, b, difference, exact, verdict } = compareShares(first, second);
  const shares = (wanted: boolean) =>
    known.filter((unit) => unit.bad === wanted).map((unit) => ({ value: unit.share, weight: 1 }));
  const mean = (list: { value: number }[]) =>
    list.length > 0 ? list.reduce((sum, one) => sum + one.value, 0) / list.length : null;
  const [ofBad, ofRest] = [shares(true), shares(false)];
  return {
    bad,
    figures: {
      customers: units[0]?.customers ?? 0,
      known: known.length,
      line: STALE,
      stale: { ...first, share: a },
      fresh: { ...second, share: b },
      difference,
      exact,
      verdict,
      overdue: {
        bad: mean(ofBad),
        rest: mean(ofRest),
        difference: ofBad.length > 0 && ofRest.length > 0 ? meanDifference(ofBad, ofRest) : null,
      },
    },
  };
}

/** Each customer once: by the first thing that went wrong, else by the first that did not. What was imported as it ended has no moment and is left out. */
function unitsSql(
  workspace: string,
  { kind, object, field, parent, bad, rest }: BoundOutcome,
  from: Date,
  to: Date,
): Sql {
  const column = ident(field.name);
  const values = [...bad, ...rest];
  const at = kind.at ? sql`t.${ident(kind.at)}` : sql`coalesce(c.at, t.created_at)`;
  const change = kind.at
    ? empty
    : sql`left join lateral (
        select d.at from ${tableOf(workspace, 'delta')} d where d.record = t.id and d.kind = 'u' and d.before ? ${field.name}::text
        order by d.version desc limit 1) c on true
      left join ${tableOf(workspace, 'change_set')} s on s.id = t.created_in`;
  const timed = kind.at
    ? empty
    : sql`and t.updated_at >= ${from} and (c.at is not null or s.kind is distinct from 'import')`;
  return sql`
    select customer, at, bad, count(*) over ()::int as customers from (
      select distinct on (customer) customer, at, bad from (
        select t.${ident(parent.name)} as customer, ${at} as at, t.${column} = any(${bad}) as bad
        from ${tableOf(workspace, object.name)} t ${change}
        where t.deleted_at is null and t.${column} = any(${values}) and t.${ident(parent.name)} is not null ${timed}
      ) unit where at >= ${from} and at < ${to} order by customer, bad desc, at
    ) customers order by md5(customer::text) limit ${MOST}`;
}
