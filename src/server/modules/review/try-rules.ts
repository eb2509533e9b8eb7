import sql from 'sql-template-tag';
import { type DecideRule, NO_TRIAL, type Trial, tried, type Verdict } from '../../../domain/review/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { StoredProposal } from '../proposals/index.ts';
import { matchingRecords, ruleOf } from './candidates.ts';

/** Proposals looked at, newest first; about a second of work. */
const MOST = 20_000;
const PORTION = 2000;
const DAY_MS = 86_400_000;

interface Row extends StoredProposal {
  /** {field: decision}, of people only. */
  verdicts: Record<string, Verdict> | null;
}

export interface RuleTrial {
  days: number;
  fields: number;
  capped: boolean;
  total: Trial;
  rules: Record<string, Trial>;
}

/**
 * What rules would have done to the proposals of the last days, against what people decided. Emptiness and what was past due are as they were when each
 * proposal came; conditions on the record are judged as it is now.
 */
export async function tryRules(
  deps: { db: Db; read: ReadDoor },
  ctx: Ctx,
  rules: DecideRule[],
  days: number,
): Promise<RuleTrial> {
  const since = new Date(ctx.at.getTime() - days * DAY_MS);
  const trial: RuleTrial = { days, fields: 0, capped: false, total: NO_TRIAL, rules: {} };
  for (const { id } of rules) trial.rules[id] = NO_TRIAL;
  let before: string | null = null;
  for (let seen = 0; seen < MOST; seen += PORTION) {
    const rows: Row[] = await deps.db.query<Row>(sql`
      select p.*, (select jsonb_object_agg(d.field, d.decision) from ${tableOf(ctx.workspace, 'proposal_decision')} d
          where d.proposal = p.id and d.undone_at is null and d.rule is null) as verdicts
      from ${tableOf(ctx.workspace, 'proposal')} p
      where p.at >= ${since}::timestamptz and (${before}::uuid is null or p.id < ${before}::uuid) order by p.id desc limit ${PORTION}`);
    const matching = await matchingRecords(deps.read, ctx, rules, rows);
    for (const row of rows)
      for (const field of Object.keys(row.wanted)) {
        const rule = ruleOf(rules, row, field, row.stale.includes(field), matching);
        const verdict = row.verdicts?.[field] ?? null;
        trial.fields += 1;
        trial.total = tried(trial.total, rule?.action ?? null, verdict);
        if (rule) trial.rules[rule.id] = tried(trial.rules[rule.id] ?? NO_TRIAL, rule.action, verdict);
      }
    if (rows.length < PORTION) return trial;
    before = rows.at(-1)?.id ?? null;
    // Others get their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ...trial, capped: true };
}
