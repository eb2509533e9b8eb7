import type { z } from 'zod';
import type { duplicates } from '../../../contract/duplicates.ts';
import type { Filter } from '../../../domain/filter/types.ts';

type Step = z.output<NonNullable<typeof duplicates.compare.response>>;
export type Match = Step['matches'][number];

/** One of two lists: an object, narrowed by a saved view where one is chosen. */
export interface ListChoice {
  object: string;
  /** Id of a saved view; '' for all records. */
  view: string;
}

export interface Comparison {
  running: boolean;
  looked: number;
  total: number;
  matches: Match[];
  /** Records of the left list that have one like them. */
  alike: ReadonlySet<string>;
}

export const nothingYet: Comparison = { running: false, looked: 0, total: 0, matches: [], alike: new Set() };

const pairOf = ({ left, right }: Match): string => [left.id, right.id].sort().join();

/** What a step adds. Two lists of one object may name a pair from either side: it is one. */
export function withStep(before: Comparison, step: Step): Comparison {
  const known = new Set(before.matches.map(pairOf));
  const matches = [...before.matches];
  for (const match of step.matches) {
    if (known.has(pairOf(match))) continue;
    known.add(pairOf(match));
    matches.push(match);
  }
  const looked = before.looked + step.looked;
  return {
    running: step.next !== undefined,
    looked,
    // The count is capped: it is never less than what was seen.
    total: Math.max(step.total ?? before.total, looked),
    matches,
    alike: new Set([...before.alike, ...step.matches.map(({ left }) => left.id)]),
  };
}

/** Records of the left list that have none like them at the right. */
export const without = ({ looked, alike }: Comparison): number => looked - alike.size;

/** The body's part for a list. */
export const listOf = ({ object }: ListChoice, filter: Filter | undefined): { object: string; filter?: Filter } => ({
  object,
  ...(filter && { filter }),
});
