import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { firesTooOften, hindranceOf } from '../../../domain/automation/index.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { RULE_ACTOR } from './deps.ts';
import type { Firing, LastFired } from './find-firings.ts';
import type { AutomationRuleStore } from './rule-store.ts';

/** Rules that led to changes: by `CHANGE SET RECORD`, oldest first, the one that wrote it last. */
export async function chainsOf(
  on: Queryable,
  workspace: string,
  sets: readonly string[],
): Promise<Map<string, string[]>> {
  if (sets.length === 0) return new Map();
  const rows = await on.query<{ wrote: string; rule: string; chain: string[]; touched: string[] }>(
    sql`select wrote, rule, chain, touched from ${tableOf(workspace, 'automation_firing')} where wrote = any(${[...new Set(sets)]}::uuid[])`,
  );
  const chains = new Map<string, string[]>();
  for (const { wrote, rule, chain, touched } of rows)
    for (const record of touched) {
      const key = `${wrote} ${record}`;
      // Two firings may have written one record: what followed from either follows from both.
      chains.set(key, [...new Set([...(chains.get(key) ?? []), ...chain, rule])]);
    }
  return chains;
}

/**
 * Writes down what fires, each cause once; what would follow from itself is written down as blocked, and a rule that fires too often on one record is
 * stopped. @returns how many wait to be done
 */
export async function keepFirings(
  deps: { automation: AutomationRuleStore },
  tx: Tx,
  workspace: string,
  firings: readonly Firing[],
  { now, version }: { now: Date; version: number },
): Promise<number> {
  if (firings.length === 0) return 0;
  const own = firings.flatMap(({ change }) => (change?.actor.startsWith(RULE_ACTOR) ? [change.set] : []));
  const chains = await chainsOf(tx, workspace, own);
  const often = await recentFirings(tx, workspace, firings, now);
  const stopped = await deps.automation.stopped(tx, workspace);
  const since = await switchedOn(tx, workspace);
  const rows = [];
  for (const { rule, cause, object, record, change, facts } of firings) {
    // What was written before a rule was switched on does not wake it, however far behind the reader is.
    const start = since.get(rule.id);
    if (stopped.has(rule.id) || (change && start && change.at < start)) continue;
    const chain = change
      ? (chains.get(`${change.set} ${record}`) ?? chains.get(`${change.set} ${cause.split(':')[1]}`) ?? [])
      : [];
    const hindrance = hindranceOf(rule.id, chain);
    if (hindrance === null) {
      const key = `${rule.id} ${record}`;
      const count = often.get(key) ?? 0;
      if (firesTooOften(count)) {
        await deps.automation.stop(tx, workspace, rule.id, now, { code: 'too-often', object, record, count });
        stopped.set(rule.id, { at: now, reason: { code: 'too-often', object, record, count } });
        continue;
      }
      often.set(key, count + 1);
    }
    rows.push({
      ...{ id: uuidv7(), rule: rule.id, cause, object, record, chain, facts, set: change?.set ?? null },
      state: hindrance === null ? 'waiting' : 'blocked',
      error: hindrance === null ? null : { code: hindrance },
    });
  }
  if (rows.length === 0) return 0;
  const kept = await tx.query<{ state: string }>(sql`insert into ${tableOf(workspace, 'automation_firing')}
      (id, rule, rules_version, cause, object, record, at, change_set, chain, facts, state, next_try_at, error)
    select id, rule, ${version}, cause, object, record, ${now}::timestamptz, set, array(select jsonb_array_elements_text(chain)::uuid), facts, state,
      ${now}::timestamptz, nullif(error, 'null'::jsonb)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, rule uuid, cause text, object text, record uuid, chain jsonb, facts jsonb,
      set uuid, state text, error jsonb)
    on conflict (rule, cause) do nothing returning state`);
  return kept.filter(({ state }) => state === 'waiting').length;
}

/** For rules that changes wake the clock stands where they were switched on. */
async function switchedOn(on: Queryable, workspace: string): Promise<Map<string, Date>> {
  const rows = await on.query<{ rule: string; at: Date }>(
    sql`select rule, at from ${tableOf(workspace, 'automation_clock')}`,
  );
  return new Map(rows.map(({ rule, at }) => [rule, at]));
}

async function recentFirings(
  on: Queryable,
  workspace: string,
  firings: readonly Firing[],
  now: Date,
): Promise<Map<string, number>> {
  const records = [...new Set(firings.map(({ record }) => record))];
  const rows = await on.query<{ rule: string; record: string; n: number }>(sql`
    select rule, record, count(*)::int as n from ${tableOf(workspace, 'automation_firing')}
    where record = any(${records}::uuid[]) and at > ${now}::timestamptz - interval '1 minute' and state <> 'blocked' group by 1, 2`);
  return new Map(rows.map(({ rule, record, n }) => [`${rule} ${record}`, n]));
}

/** From the log of firings. */
export const lastFiredIn =
  (on: Queryable, workspace: string): LastFired =>
  async (rule, records) => {
    const rows = await on.query<{ record: string; at: Date }>(sql`
      select record, max(at) as at from ${tableOf(workspace, 'automation_firing')}
      where rule = ${rule} and record = any(${[...records]}::uuid[]) and state <> 'blocked' group by record`);
    return new Map(rows.map(({ record, at }) => [record, at]));
  };
