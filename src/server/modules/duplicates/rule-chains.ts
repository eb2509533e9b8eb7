import { type Row as MatchRow, type RuleSet, ruleKeys } from '../../../domain/matching/index.ts';

/** Earlier records that a record is linked to under one key: enough to join what is one, never quadratic. */
const LINKED = 3;

/**
 * Pairs that share a key of a rule, while records go by: a thousand with one switchboard are a chain of a few thousand pairs instead of half a million.
 * Whether the rule holds for a pair is for the rule to say.
 */
export function ruleChains(rules: RuleSet) {
  const last = new Map<string, number[]>();
  const linked: [a: number, b: number][] = [];
  return {
    linked,
    /** @param place number of the record, rising */
    add(place: number, row: MatchRow): void {
      if (rules.groups.length === 0) return;
      for (const key of ruleKeys(rules, row, 'near')) {
        const before = last.get(key);
        if (!before) {
          last.set(key, [place]);
          continue;
        }
        for (const one of before) linked.push([one, place]);
        before.push(place);
        if (before.length > LINKED) before.shift();
      }
    },
  };
}
