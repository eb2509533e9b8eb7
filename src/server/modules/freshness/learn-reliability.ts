import sql from 'sql-template-tag';
import { reliabilityOf } from '../../../domain/freshness/reliability.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Finds of this many days tell how somebody works now. */
const DAYS = 365;
/** How often it is looked at. */
const HOURS = 6;

interface Row extends Record<string, unknown> {
  actor: string;
  changed: number;
  expected: number;
  rechecked: number;
  held: number;
  expected_held: number;
}

/**
 * How far each person's “still right” holds: from blind re-checks (somebody else looked at what he had found right) and from how many changes he
 * finds where some were to be found. At most every few hours. Returns whether anybody's changed.
 */
export async function learnReliability(db: Db, workspace: string, now: Date): Promise<boolean> {
  const state = tableOf(workspace, 'rate_state');
  const claimed = await db.query(sql`update ${state} set reliability_at = ${now}::timestamptz
    where reliability_at is null or reliability_at < ${now}::timestamptz - make_interval(hours => ${HOURS}::int)
      or reliability_at > ${now}::timestamptz returning 1`);
  return claimed.length > 0 && refreshReliability(db, workspace, now);
}

/** Computes everybody's figures anew. */
export async function refreshReliability(db: Db, workspace: string, now: Date): Promise<boolean> {
  const rows = await db.query<Row>(sql`
    with seen as (
      select record, field, actor, at, outcome, how, predicted from ${tableOf(workspace, 'observation')}
      where at > ${now}::timestamptz - make_interval(days => ${DAYS}::int) and weight = 1 and how in ('v', 'w') and predicted is not null
    ), own as (
      select actor, count(*) filter (where outcome <> 'r')::int as changed, sum(1 - predicted)::float8 as expected
      from seen group by actor
    ), looks as (
      -- the first look of somebody else after the re-check began
      select distinct on (i.campaign, s.record, s.field) i.before as actor, s.outcome, s.predicted
      from ${tableOf(workspace, 'check_campaign')} c join ${tableOf(workspace, 'check_item')} i on i.campaign = c.id
      join seen s on s.record = i.record and s.at > c.at and (c.closed_at is null or s.at <= c.closed_at) and s.actor <> i.before
      join ${tableOf(workspace, 'field_def')} d on d.id = s.field and d.name = any(c.fields)
      where c.kind = 'recheck' order by i.campaign, s.record, s.field, s.at
    ), again as (
      select actor, count(*)::int as rechecked, count(*) filter (where outcome = 'r')::int as held, sum(predicted)::float8 as expected_held
      from looks group by actor
    )
    select o.actor, o.changed, o.expected, coalesce(a.rechecked, 0) as rechecked, coalesce(a.held, 0) as held,
      coalesce(a.expected_held, 0) as expected_held
    from own o left join again a on a.actor = o.actor where o.actor like 'user:%'`);
  const found = rows
    .map((row) => ({ ...row, reliability: reliabilityOf({ ...row, expectedHeld: row.expected_held }) }))
    // Most people are believed: nothing to keep.
    .filter(({ reliability, rechecked }) => reliability < 0.995 || rechecked > 0);
  const table = tableOf(workspace, 'verifier_reliability');
  return db.tx(async (tx) => {
    const gone = await tx.query(
      sql`delete from ${table} where actor <> all(${found.map(({ actor }) => actor)}) returning 1`,
    );
    const moved = await tx.query(sql`
      insert into ${table} as v (actor, reliability, rechecked, held, at)
      select actor, reliability, rechecked, held, ${now}::timestamptz from jsonb_to_recordset(${JSON.stringify(found)}::jsonb)
        as x(actor text, reliability real, rechecked int, held int)
      on conflict (actor) do update set reliability = excluded.reliability, rechecked = excluded.rechecked, held = excluded.held, at = excluded.at
      where (v.reliability, v.rechecked, v.held) is distinct from (excluded.reliability, excluded.rechecked, excluded.held) returning 1`);
    return gone.length + moved.length > 0;
  });
}

/** A person whose word was looked into. */
export interface Reliability {
  actor: string;
  reliability: number;
  rechecked: number;
  held: number;
}

export async function readReliability(on: Queryable, workspace: string): Promise<Reliability[]> {
  return on.query<Reliability & Record<string, unknown>>(
    sql`select actor, reliability, rechecked, held from ${tableOf(workspace, 'verifier_reliability')}`,
  );
}
