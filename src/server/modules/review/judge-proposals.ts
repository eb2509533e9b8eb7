import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Access } from '../../../domain/access/types.ts';
import type { DecideRule } from '../../../domain/review/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import {
  type DecideDeps,
  decideProposals,
  type FieldVerdict,
  loadCurrent,
  newBatch,
  type StoredProposal,
  type Wish,
} from '../proposals/index.ts';
import { matchingRecords, ruleOf } from './candidates.ts';
import type { RuleStore } from './rule-store.ts';

export interface JudgeDeps extends DecideDeps {
  rules: RuleStore;
  accessFor: (role: 'admin', catalog: Catalog) => Access;
  now: () => Date;
  /** Some were decided: open pages count anew. */
  moved: () => void;
}

const PORTION = 200;

const THEN: Record<Exclude<DecideRule['action'], 'hold'>, FieldVerdict> = {
  accept: 'accept',
  meant: 'meant',
  reject: 'reject',
};

/**
 * Lets the rules look at the next proposals nobody and nothing has looked at; each once. A rule never overwrites what the record says by now: such a
 * proposal stays for people.
 * @returns how many it looked at; fewer than a portion: there are no more
 */
export async function judgeProposals(deps: JudgeDeps, workspace: string): Promise<number> {
  await deps.rules.ready(workspace);
  const { version, rules } = deps.rules.of(workspace);
  const catalog = await deps.catalog.get(workspace);
  const proposals = tableOf(workspace, 'proposal');
  const rows = await deps.db.query<StoredProposal>(
    sql`select * from ${proposals} where state = 'held' and judged_at is null order by id limit ${PORTION}`,
  );
  if (rows.length === 0) return 0;
  const ctx: Ctx = {
    workspace,
    actor: 'system',
    source: 'rule',
    access: deps.accessFor('admin', catalog),
    at: deps.now(),
    lang: 'zh',
  };
  const records = await loadCurrent(deps.read, ctx, catalog, rows, { freshness: true });
  const staleOf = (row: StoredProposal): string[] =>
    row.open.filter((name) => records.get(row.record)?.freshness?.cells[name]?.state === 'stale');
  const matching = await matchingRecords(deps.read, ctx, rules.decide, rows);
  const byRule = new Map<DecideRule, Wish[]>();
  for (const row of rows) {
    const stale = new Set(staleOf(row));
    for (const name of row.open) {
      const rule = ruleOf(rules.decide, row, name, stale.has(name), matching);
      if (!rule || rule.action === 'hold') continue;
      const wishes = byRule.get(rule) ?? [];
      byRule.set(rule, wishes);
      const wish = wishes.find(({ id }) => id === row.id);
      if (wish) wish.fields[name] = THEN[rule.action];
      else wishes.push({ id: row.id, fields: { [name]: THEN[rule.action] } });
    }
  }
  // One stroke each, so that one decision can be taken back without the others.
  for (const [{ id, name }, wishes] of byRule)
    for (const wish of wishes)
      await decideProposals(deps, { ...ctx, actor: `rule:${id}` }, [wish], {
        batch: newBatch(),
        rule: { id, version, name },
      });
  if (byRule.size > 0) deps.moved();
  const judged = JSON.stringify(rows.map((row) => ({ id: row.id, stale: staleOf(row) })));
  await deps.db.query(sql`update ${proposals} p set judged_at = ${ctx.at}::timestamptz, stale = r.stale
    from jsonb_to_recordset(${judged}::jsonb) as r(id uuid, stale text[]) where p.id = r.id`);
  return rows.length;
}

/** Rules look at proposals: woken when some come, every minute for those that other processes made. */
export function judgeProposalsJob(deps: JudgeDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'review.judge',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        while (!signal.aborted && (await judgeProposals(deps, workspace)) === PORTION);
    },
  });
}
