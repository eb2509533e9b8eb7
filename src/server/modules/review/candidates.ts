import type { Filter } from '../../../domain/filter/types.ts';
import { type Candidate, type DecideRule, isEmpty, ruleFor } from '../../../domain/review/index.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { meantOf, type StoredProposal } from '../proposals/index.ts';

/** The most that a page of the read door holds. */
const MOST = 500;

/** Records of which a rule's condition is true now: rule id → record ids. Rules whose condition can't be read fit nothing. */
export async function matchingRecords(
  read: ReadDoor,
  ctx: Ctx,
  rules: readonly DecideRule[],
  rows: readonly StoredProposal[],
): Promise<Map<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const rule of rules) {
    const { filter, object } = rule;
    if (rule.off || filter === undefined || object === undefined) continue;
    const ids = [...new Set(rows.flatMap((row) => (row.object === object ? [row.record] : [])))];
    const matching = new Set<string>();
    try {
      for (let at = 0; at < ids.length; at += MOST) {
        const here: Filter = { all: [{ field: '$id', op: 'in', value: ids.slice(at, at + MOST) }, filter] };
        const { rows: page } = await read.list(ctx, {
          object,
          fields: [],
          filter: here,
          page: { limit: MOST },
          count: 'none',
        });
        for (const { id } of page) matching.add(id);
      }
    } catch (error) {
      // A field of the condition was retired.
      if (!(error instanceof Error)) throw error;
      matching.clear();
    }
    found.set(rule.id, matching);
  }
  return found;
}

/** The rule that counts for one field of a proposal; null: none. @param stale the field's value was past due when the proposal came */
export function ruleOf(
  rules: readonly DecideRule[],
  row: StoredProposal,
  field: string,
  stale: boolean,
  matching: ReadonlyMap<string, ReadonlySet<string>>,
): DecideRule | null {
  const candidate: Candidate = {
    origins: row.origins as Candidate['origins'],
    object: row.object,
    field,
    confidence: row.confidence[field] ?? 0,
    empty: isEmpty(row.before[field]),
    stale,
    meant: meantOf(row, field) !== null,
  };
  return ruleFor(rules, candidate, (rule) => matching.get(rule.id)?.has(row.record) === true);
}
