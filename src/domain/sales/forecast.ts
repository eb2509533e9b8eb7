import { gamma, normal, type Random, seededRandom } from '../freshness/random.ts';
import type { Stage } from '../schema/stages.ts';
import { FEWEST } from '../statistics/table.ts';
import { type Course, courseOf, openAt, wonBetween } from './course.ts';
import { type Journey, orderOf, valueAt } from './journey.ts';

const DAY_MS = 86_400_000;
/** Days in a stage from which on a deal counts as of the next age. */
const AGES = [0, 14, 30, 60, 120, 240];
/** Days between two looks at a deal of the past. */
const WEEK = 7;
/** What the level above counts for, in deals: with fewer of its own a stage or age leans on it. */
const LEAN = 5;
const DRAWS = 2000;

/** Deals of the past that chances are learned from, at most: more would say the same. */
const MOST_LEARNED = 20_000;
/** Deals of one cell that are drawn one by one; the sum of more is as good as normal. */
const FEW = 50;

/** An open deal at a moment: its cell (stage and age), and what it is worth. */
interface Situation {
  course: Course;
  cell: number;
  amount: number;
}

export interface Forecast {
  /** Sum of amounts won within the horizon, of deals open now; with the ends of an 80 % interval. */
  value: number;
  low: number;
  high: number;
  /** Deals expected to be won, same interval. */
  deals: { value: number; low: number; high: number };
  open: number;
  /** Deals of the past that the chances were learned from. */
  learned: number;
}

/** What a forecast of then said, and what came of the deals open then. */
export interface BackTest {
  at: number;
  forecast: Forecast;
  came: number;
  cameDeals: number;
  within: boolean;
}

/** What is known of a cell: the share of weeks after which deals were won in time, and of how many deals. */
interface Chance {
  mean: number;
  n: number;
}

interface Chances {
  cells: Chance[];
  learned: number;
}

const ageOf = (days: number): number => AGES.findLastIndex((from) => days >= from);

/** What is won within `days` of the deals that are open at `now`, by how such deals went before; null when too few went before (fewer than 20). */
export function forecastOf(
  journeys: readonly Journey[],
  stages: readonly Stage[],
  { now, days }: { now: number; days: number },
): Forecast | null {
  const order = orderOf(stages);
  return forecastAt(
    journeys.map((journey) => courseOf(journey, order)),
    stages.length,
    now,
    days,
  );
}

/** The same forecast at moments of the past, knowing only what was known then, against what came. Newest first. */
export function backTests(
  journeys: readonly Journey[],
  stages: readonly Stage[],
  { now, days, most = 6 }: { now: number; days: number; most?: number },
): BackTest[] {
  const order = orderOf(stages);
  const courses = journeys.map((journey) => courseOf(journey, order));
  const found: BackTest[] = [];
  for (let back = 0; back < most; back++) {
    const at = now - (days + back * 30) * DAY_MS;
    const until = at + days * DAY_MS;
    const forecast = forecastAt(courses, stages.length, at, days);
    if (!forecast || forecast.open === 0) continue;
    const wins = situationsAt(courses, at).filter(({ course }) => wonBetween(course, at, until));
    const came = wins.reduce((sum, { course }) => sum + (valueAt(course.amounts, until)?.value ?? 0), 0);
    const within = came >= forecast.low && came <= forecast.high;
    found.push({ at, forecast, came, cameDeals: wins.length, within });
  }
  return found;
}

/** Sum of amount × chance of the stage as the firm set it, over open deals expected by a day. */
export function weightedOf(
  open: readonly { stage: string | null; amount: number; expected: number | null }[],
  stages: readonly Stage[],
  until: number,
): { value: number; counted: number; undated: number } {
  const order = orderOf(stages);
  const counted = open.filter(({ expected }) => expected !== null && expected <= until);
  const value = counted.reduce((sum, deal) => sum + deal.amount * (order.of(deal.stage)?.probability ?? 0), 0);
  return { value, counted: counted.length, undated: open.filter(({ expected }) => expected === null).length };
}

/** Nothing after `now` is looked at: steps that came later, and wins of a horizon that was not over. */
function forecastAt(courses: readonly Course[], stages: number, now: number, days: number): Forecast | null {
  const chances = learn(courses, stages, now, days);
  if (chances.learned < FEWEST) return null;
  return drawn(situationsAt(courses, now), chances, seededRandom(Math.floor(now / DAY_MS)));
}

function situationsAt(courses: readonly Course[], at: number): Situation[] {
  const found: Situation[] = [];
  for (const course of courses) {
    const step = openAt(course, at);
    if (!step) continue;
    const cell = step.place * AGES.length + ageOf((at - step.at) / DAY_MS);
    found.push({ course, cell, amount: valueAt(course.amounts, at)?.value ?? 0 });
  }
  return found;
}

/**
 * Deals of the past are looked at week by week, as they would have been found open, and only where the whole horizon after that week is over: so slow wins
 * are not missed, and deals that lie about for long weigh as much as they do among those open now. What a cell knows it knows from so many
 * deals, however many weeks of theirs it saw. An age leans on the age before, the first on its stage, stages on all, as a beta prior would:
 * nobody has seen the oldest for long, and they are more like the old than like the new.
 */
function learn(all: readonly Course[], stages: number, now: number, days: number): Chances {
  const horizon = days * DAY_MS;
  const every = Math.max(1, Math.ceil(all.length / MOST_LEARNED));
  // Counts by cell, then by stage, then of everything.
  const size = stages * AGES.length;
  const whole = size + stages;
  const [hits, weeks, deals, last] = [0, 1, 2, 3].map(() => new Int32Array(whole + 1)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let i = 0; i < all.length; i += every) {
    const course = all[i];
    if (!course || course.cameFinished) continue;
    for (const step of course.open) {
      if (step.at > now) break;
      const left = Math.min(step.until, now);
      const latest = Math.min(left, now - horizon);
      for (let age = Math.min(WEEK / 2, (left - step.at) / DAY_MS / 2); ; age += WEEK) {
        const at = step.at + age * DAY_MS;
        if (at > latest) break;
        const hit = wonBetween(course, at, at + horizon) ? 1 : 0;
        for (const key of [step.place * AGES.length + ageOf(age), size + step.place, whole]) {
          hits[key] = (hits[key] ?? 0) + hit;
          weeks[key] = (weeks[key] ?? 0) + 1;
          if (last[key] !== i + 1) deals[key] = (deals[key] ?? 0) + 1;
          last[key] = i + 1;
        }
      }
    }
  }
  const leaning = (key: number, on: number): Chance => {
    const n = deals[key] ?? 0;
    const share = (hits[key] ?? 0) / Math.max(1, weeks[key] ?? 0);
    return { n, mean: (share * n + LEAN * on) / (n + LEAN) };
  };
  const fallback = ((hits[whole] ?? 0) + 0.5) / ((weeks[whole] ?? 0) + 1);
  const cells: Chance[] = [];
  for (let place = 0; place < stages; place++) {
    let on = leaning(size + place, fallback).mean;
    for (let age = 0; age < AGES.length; age++) {
      const cell = leaning(place * AGES.length + age, on);
      on = cell.mean;
      cells.push(cell);
    }
  }
  return { cells, learned: (deals[whole] ?? 0) * every };
}

interface Pile {
  chance: Chance;
  amounts: number[];
  sum: number;
  squares: number;
}

/** Deals won or not by chance, chances uncertain themselves: a Bernoulli per deal, a beta per cell. */
function drawn(open: readonly Situation[], { cells, learned }: Chances, random: Random): Forecast {
  const piles = new Map<number, Pile>();
  for (const { cell, amount } of open) {
    const pile = piles.get(cell) ?? { chance: cells[cell] ?? { mean: 0, n: 0 }, amounts: [], sum: 0, squares: 0 };
    piles.set(cell, pile);
    pile.amounts.push(amount);
    pile.sum += amount;
    pile.squares += amount * amount;
  }
  const [sums, counts]: [number[], number[]] = [[], []];
  for (let draw = 0; draw < DRAWS; draw++) {
    let [sum, won] = [0, 0];
    for (const { chance, amounts, ...pile } of piles.values()) {
      const rate = beta(random, chance.mean * (chance.n + LEAN), (1 - chance.mean) * (chance.n + LEAN));
      if (amounts.length > FEW) {
        const z = normal(random);
        sum += rate * pile.sum + z * Math.sqrt(rate * (1 - rate) * pile.squares);
        won += rate * amounts.length + z * Math.sqrt(rate * (1 - rate) * amounts.length);
      } else
        for (const amount of amounts)
          if (random() < rate) {
            sum += amount;
            won += 1;
          }
    }
    sums.push(sum);
    counts.push(won);
  }
  const all = [...piles.values()];
  return {
    value: all.reduce((sum, pile) => sum + pile.sum * pile.chance.mean, 0),
    ...ends(sums),
    deals: { value: all.reduce((sum, pile) => sum + pile.amounts.length * pile.chance.mean, 0), ...ends(counts) },
    open: open.length,
    learned,
  };
}

function beta(random: Random, a: number, b: number): number {
  const x = gamma(random, Math.max(a, 1e-3));
  const y = gamma(random, Math.max(b, 1e-3));
  return x + y > 0 ? x / (x + y) : 0;
}

/** Middle 80 %. */
function ends(values: number[]): { low: number; high: number } {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { low: at(0.1), high: at(0.9) };
}
