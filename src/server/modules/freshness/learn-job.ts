import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { inPortions } from '../../platform/queue/pace.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { someWorkspace } from '../edge.ts';
import { collectFindings, LEARNER } from './collect-findings.ts';
import { fitRates } from './fit-rates.ts';
import { drawnBy, foldRates, segmentKeys } from './fold-rates.ts';
import { followFrailty } from './follow-frailty.ts';
import { learnReliability } from './learn-reliability.ts';
import { outboxWaits } from './outbox.ts';
import type { Plans } from './plans.ts';
import { beginReplan, readReplan } from './policy-store.ts';

export interface LearnDeps {
  db: Db;
  catalogs: CatalogStore;
  plans: Plans;
  now: () => Date;
  replanSoon: (tx: Tx, workspace: string) => Promise<void>;
}

/**
 * Learns from what was verified, corrected and signalled since the last time: observations, records' own factors, people's reliability, sums, rates;
 * and has records planned anew when a rate in force moved. Everything is incremental and each step commits with how far it is, so that it may stop or run twice.
 */
export async function learn(deps: LearnDeps, workspace: string, signal: AbortSignal): Promise<{ moved: boolean }> {
  const { db, plans } = deps;
  await plans.ready(workspace);
  const catalog = await deps.catalogs.get(workspace);
  await inPortions(signal, () => collectFindings({ db, plans, workspace, catalog }));
  await inPortions(signal, () => followFrailty({ db, plans, workspace, catalog, now: deps.now }));
  if (await learnReliability(db, workspace, deps.now())) plans.invalidate(workspace);
  // While records move to other segments nobody can say whose an observation is.
  if ((await readReplan(db, workspace)).running) return { moved: false };
  const keys = segmentKeys(plans, workspace, catalog);
  const fields = new Set<number>();
  for (let more = true; more && !signal.aborted; ) {
    const folded = await foldRates(db, workspace, keys);
    for (const field of folded.fields) fields.add(field);
    more = folded.more;
  }
  const moved = fields.size > 0 && (await fitRates(db, workspace, catalog, fields, deps.now()));
  if (moved) {
    await db.tx(async (tx) => {
      await beginReplan(tx, workspace);
      await deps.replanSoon(tx, workspace);
    });
    plans.invalidate(workspace);
  }
  return { moved };
}

/** Whether anything is new since the last time: sets, observations, other segments. */
async function learningWaits({ db, plans, catalogs }: LearnDeps, workspace: string): Promise<boolean> {
  await plans.ready(workspace);
  const drawn = drawnBy(segmentKeys(plans, workspace, await catalogs.get(workspace)));
  const [state] = await db.query<{ behind: boolean }>(sql`
    select s.segments <> ${drawn} or exists (select from ${tableOf(workspace, 'observation')} where seq > least(s.seq, s.frailty_seq))
      or exists (select from ${tableOf(workspace, 'soft_observation')} where seq > least(s.soft_seq, s.frailty_soft_seq)) as behind
    from ${tableOf(workspace, 'rate_state')} s`);
  return !state || state.behind || outboxWaits(db, workspace, LEARNER);
}

/** Every five minutes. */
export function learnJob(deps: LearnDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'freshness.learn',
    apart: true,
    payload: z.object({}),
    schedule: { cron: '*/5 * * * *' },
    due: () => someWorkspace(deps, (workspace) => learningWaits(deps, workspace)),
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) if (!signal.aborted) await learn(deps, workspace, signal);
    },
  });
}
