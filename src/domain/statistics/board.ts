import { accuracyOf } from '../freshness/spot-check.ts';

/** What is known of a person (or of his team) over the days of the board. */
export interface BoardInput {
  id: string;
  /** Days with kept figures. */
  days: number;
  /** Customers who are his, mean of the days. */
  customers: number;
  /** Minutes a day he has for verifying. */
  minutes: number;
  /** Share of his customers' values past due, and ± of it at 90 %. */
  expired: { value: number; error: number };
  /** Looks at his values by others in random checks, and how many were right. */
  looks: { checked: number; right: number };
}

export type Standing = 'ahead' | 'as-expected' | 'behind' | 'few';

export interface BoardLine {
  id: string;
  /** Customers for each daily minute. */
  load: number;
  /** Share past due that colleagues with this workload have; null where there are too few of them. */
  expected: number | null;
  /** By workload, or against the middle one of the colleagues where workloads tell nothing: one star makes nobody else look behind. */
  by: 'workload' | 'middle';
  standing: Standing;
  /** From the looks of others, with its 95 % interval; null: too few. */
  accuracy: { share: number; low: number; high: number; checked: number } | null;
  /** Surely less often right than the rest of the team. */
  inaccurate: boolean;
  /** On which list he stands. Nobody gets on the red one by ticking boxes: whose values are found wrong stands on the other. */
  list: 'red' | 'black' | null;
}

/** Below these there is nothing to tell. */
const LEAST = { days: 5, customers: 20, looks: 20, colleagues: 3, forWorkload: 5 };
/** Differences that are smaller mean nothing to anybody, however sure they are. */
const MATTERS = 0.03;

/**
 * A fair board of people: each is compared with what his colleagues reach with a workload like his (customers for each daily minute), left out himself, and
 * stands on a list only when the difference is larger than its error and large enough to matter. Accuracy comes from others' looks at values
 * drawn at random, never from how much is filled in or ticked off.
 */
export function boardOf(people: readonly BoardInput[]): BoardLine[] {
  const enough = people.filter(
    ({ days, customers, minutes }) => days >= LEAST.days && customers >= LEAST.customers && minutes > 0,
  );
  return people.map((person) => {
    const colleagues = enough.filter(({ id }) => id !== person.id);
    const { value: expected, by } = expectedOf(person, colleagues);
    const standing = enough.includes(person) && expected !== null ? standingOf(person, expected) : 'few';
    const accuracy = accuracyIn(person);
    const inaccurate = accuracy !== null && isLower(person, people);
    const list = standing === 'behind' || inaccurate ? 'black' : standing === 'ahead' ? 'red' : null;
    return { id: person.id, load: loadOf(person), expected, by, standing, accuracy, inaccurate, list };
  });
}

const loadOf = ({ customers, minutes }: BoardInput): number => (minutes > 0 ? customers / minutes : 0);

function standingOf({ expired }: BoardInput, expected: number): Standing {
  const better = expected - expired.value;
  const margin = Math.max(expired.error, MATTERS);
  if (better > margin) return 'ahead';
  return better < -margin ? 'behind' : 'as-expected';
}

/** A straight line through the colleagues, share past due over the logarithm of the workload, each with the weight of his customers. */
function expectedOf(
  person: BoardInput,
  colleagues: readonly BoardInput[],
): { value: number | null; by: 'workload' | 'middle' } {
  if (colleagues.length < LEAST.colleagues) return { value: null, by: 'middle' };
  const points = colleagues.map((one) => ({ x: Math.log(loadOf(one)), y: one.expired.value, w: one.customers }));
  const total = points.reduce((sum, { w }) => sum + w, 0);
  const mean = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + point.w * of(point), 0) / total;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = mean((point) => (point.x - x) ** 2);
  // Workloads all alike, or few of them: a line through them would be drawn by chance.
  if (points.length < LEAST.forWorkload || spread < 0.01 || loadOf(person) <= 0)
    return { value: middleOf(points.map((point) => point.y)), by: 'middle' };
  const slope = mean((point) => (point.x - x) * (point.y - y)) / spread;
  // More work never explains fewer values past due; and nobody is compared with a workload that no colleague has.
  const at = Math.log(loadOf(person));
  const reach = Math.min(Math.max(at, Math.min(...points.map((p) => p.x))), Math.max(...points.map((p) => p.x)));
  return { value: Math.min(1, Math.max(0, y + Math.max(0, slope) * (reach - x))), by: 'workload' };
}

function middleOf(shares: readonly number[]): number {
  const sorted = [...shares].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2;
}

function accuracyIn({ looks }: BoardInput): BoardLine['accuracy'] {
  if (looks.checked < LEAST.looks) return null;
  const found = accuracyOf(looks.right, looks.checked);
  return found && { share: found.share, low: found.low, high: found.high, checked: looks.checked };
}

/** Both intervals, his and the rest's, are apart, and his is the lower one. */
function isLower(person: BoardInput, people: readonly BoardInput[]): boolean {
  const rest = people.filter(({ id }) => id !== person.id).map(({ looks }) => looks);
  const checked = rest.reduce((sum, one) => sum + one.checked, 0);
  const right = rest.reduce((sum, one) => sum + one.right, 0);
  const [his, theirs] = [accuracyOf(person.looks.right, person.looks.checked), accuracyOf(right, checked)];
  return his !== null && theirs !== null && checked >= LEAST.looks && his.high < theirs.low;
}
