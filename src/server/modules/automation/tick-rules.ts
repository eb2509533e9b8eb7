import sql from 'sql-template-tag';
import { isTimed, type Rule } from '../../../domain/automation/index.ts';
import { findObject } from '../../../domain/filter/subject.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { ctxOfRule, type FindDeps } from './deps.ts';
import { dueWithin } from './due-records.ts';
import type { Firing } from './find-firings.ts';
import { keepFirings } from './keep-firings.ts';

/** Records found in one transaction, so that it stays short. */
const PORTION = 500;
/** Pairs found by a transaction that took this long to commit are not missed. */
const OVERLAP_MS = 10 * 60_000;

interface Clock {
  at: Date;
  until: Date | null;
  after: string | null;
  [column: string]: unknown;
}

/**
 * Fires the rules that the clock wakes, for all occasions since they were last looked at: after a stop those that were missed too, after a clock that was put
 * back none twice. Returns whether there may be more.
 */
export async function tickRules(deps: FindDeps, workspace: string): Promise<boolean> {
  const { rules, version } = await deps.automation.latest(deps.db, workspace);
  const catalog = await deps.catalog.get(workspace);
  let more = false;
  for (const rule of rules) {
    if (rule.off) continue;
    const { when } = rule;
    if (isTimed(when)) more = (await tickRule(deps, workspace, rule, version, catalog)) || more;
    else if (when.on === 'event' && when.event === 'duplicate')
      await tickDuplicates(deps, workspace, rule, version, catalog);
  }
  return more;
}

async function tickRule(
  deps: FindDeps,
  workspace: string,
  rule: Rule,
  version: number,
  catalog: Catalog,
): Promise<boolean> {
  const now = deps.now();
  const ctx = await ctxOfRule(deps, workspace, rule, now);
  if (!ctx) return false;
  return deps.db.tx(async (tx) => {
    const clock = await takeClock(tx, workspace, rule.id);
    if (!clock) return false;
    const until = clock.until ?? now;
    if (until <= clock.at) return false;
    // A condition that can't be read any more: a field was retired. The rule waits until somebody mends it.
    const portion = await dueWithin(deps, ctx, rule, catalog, { after: clock.at, until }).catch(() => null);
    if (!portion) return false;
    const due = await portion(clock.after, PORTION);
    const last = due.length < PORTION ? null : (due.at(-1)?.id ?? null);
    const firings = due.map(
      ({ id, cause, day }): Firing => ({
        rule,
        cause,
        object: rule.when.object,
        record: id,
        change: null,
        facts: { day },
      }),
    );
    if ((await keepFirings(deps, tx, workspace, firings, { now, version })) > 0) await deps.performSoon(tx, workspace);
    await tx.query(sql`update ${tableOf(workspace, 'automation_clock')} set at = ${last === null ? until : clock.at},
      until = ${last === null ? null : until}, after = ${last}::uuid where rule = ${rule.id}`);
    return last !== null;
  });
}

async function takeClock(tx: Tx, workspace: string, rule: string): Promise<Clock | null> {
  const [row] = await tx.query<Clock>(
    sql`select at, until, after from ${tableOf(workspace, 'automation_clock')} where rule = ${rule} for update skip locked`,
  );
  return row ?? null;
}

/** Pairs of records that look alike, each once: told of the younger. */
async function tickDuplicates(
  deps: FindDeps,
  workspace: string,
  rule: Rule,
  version: number,
  catalog: Catalog,
): Promise<void> {
  const object = findObject(catalog, rule.when.object);
  if (!object) return;
  const now = deps.now();
  await deps.db.tx(async (tx) => {
    const clock = await takeClock(tx, workspace, rule.id);
    if (!clock) return;
    const pairs = await tx.query<{ a: string; b: string }>(sql`select a, b from ${tableOf(workspace, 'duplicate_pair')}
      where object = ${object.id} and state = 'open' and found_at > ${new Date(clock.at.getTime() - OVERLAP_MS)} order by found_at limit ${PORTION}`);
    if (pairs.length === 0) return;
    const firings = pairs.map(
      ({ a, b }): Firing => ({
        rule,
        cause: `${b}:pair:${a}`,
        object: object.name,
        record: b,
        change: null,
        facts: { other: a },
      }),
    );
    if ((await keepFirings(deps, tx, workspace, firings, { now, version })) > 0) await deps.performSoon(tx, workspace);
    if (pairs.length < PORTION)
      await tx.query(sql`update ${tableOf(workspace, 'automation_clock')} set at = ${now} where rule = ${rule.id}`);
  });
}
