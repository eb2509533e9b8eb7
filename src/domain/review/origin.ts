import type { Suspicion } from '../anomaly/index.ts';
import type { Source } from '../change/types.ts';
import type { Origin, RuleHold } from './types.ts';

/** Why a value waits, when it is not for its source alone. */
export type HoldReason = Suspicion | RuleHold;

export const isRuleHold = (reason: HoldReason): reason is RuleHold => reason.code === 'rule';

const BY_SOURCE: Record<Source, Origin> = {
  customer: 'customer',
  import: 'import',
  api: 'outside',
  sync: 'outside',
  form: 'form',
  page: 'colleague',
  cli: 'colleague',
  rule: 'outside',
  system: 'outside',
};

export const originOfSource = (source: Source): Origin => BY_SOURCE[source];

/** All the origins of a proposal, that of its source first. */
export function originsOf(source: Source, reasons: readonly HoldReason[] = []): Origin[] {
  const origins = [originOfSource(source)];
  if (reasons.some((reason) => !isRuleHold(reason))) origins.push('odd');
  if (reasons.some(isRuleHold)) origins.push('rule');
  return origins;
}
