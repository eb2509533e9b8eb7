import sql from 'sql-template-tag';
import { chanceOfSoFew, patternsOf } from '../../../domain/freshness/verifier.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { readReliability } from './learn-reliability.ts';

interface Row extends Record<string, unknown> {
  actor: string;
  verifications: number;
  burst: number;
  burst_at: Date | null;
  changed: number;
  expected: number;
}

/**
 * Verifications of each person in the last `days`, with patterns that deserve a second look (B14). A correction made on the way is a change found
 * too; a burst counts contacts, not cells: one call settles several fields.
 */
export async function watchVerifiers(
  deps: { db: Db; names: (workspace: string, ids: string[]) => Promise<Record<string, string>> },
  workspace: string,
  days: number,
  now: Date,
) {
  const rows = await deps.db.query<Row>(sql`
    with seen as (
      select actor, record, at, outcome, predicted, how from ${tableOf(workspace, 'observation')}
      where at > ${now}::timestamptz - make_interval(days => ${days}::int) and how in ('v', 'w') and weight = 1
    ), paced as (
      select actor, at, count(*) over (partition by actor order by at range between current row and interval '1 minute' following) as n
      from (select distinct actor, record, at from seen where how = 'v') contacts
    ), fastest as (
      select distinct on (actor) actor, n, at from paced order by actor, n desc, at
    )
    select s.actor, count(*) filter (where s.how = 'v')::int as verifications, coalesce(max(f.n), 0)::int as burst, max(f.at) as burst_at,
      count(*) filter (where s.outcome <> 'r')::int as changed, coalesce(sum(1 - s.predicted), 0)::float8 as expected
    from seen s left join fastest f on f.actor = s.actor group by s.actor order by verifications desc limit 200`);
  const known = new Map((await readReliability(deps.db, workspace)).map((one) => [one.actor, one]));
  const names = await deps.names(
    workspace,
    rows.map((row) => row.actor),
  );
  return rows.map(({ actor, verifications, burst, burst_at, changed, expected }) => ({
    actor,
    name: names[actor] ?? actor,
    verifications,
    burst,
    burstAt: burst_at?.toISOString() ?? null,
    changed,
    expected,
    chance: chanceOfSoFew(changed, expected),
    reliability: known.get(actor)?.reliability ?? 1,
    rechecked: known.get(actor)?.rechecked ?? 0,
    held: known.get(actor)?.held ?? 0,
    patterns: patternsOf({ verifications, burst, changed, expected }),
  }));
}
