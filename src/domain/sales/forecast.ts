import { gamma, type Random, seededRandom } from '../freshness/random.ts';
import type { Stage } from '../schema/stages.ts';
import { FEWEST } from '../statistics/table.ts';
import { cameFinished, endOf, type Journey, orderOf, type StageOrder, valueAt } from './journey.ts';

const DAY_MS = 86_400_000;
/** Days in a stage from which on a deal counts as of the next age. */
const AGES = [0, 14, 30, 60, 120, 240];
/** Days between two looks at a deal of the past. */
const WEEK = 7;
/** What the level above counts for, in deals: with fewer of its own a stage or age leans on it. */
const LEAN = 5;

/** An open deal at a moment: where it stands, for how long, and what it is worth. */
interface Situation {
  id: string;
  stage: string;
  age: number;
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

/** Weeks in which deals were seen open, and after how many of them they were won in time. */
interface Seen {
  hits: number;
  weeks: number;
  deals: Set<string>;
}

/** Chances to be won within the horizon by stage and age, with how many deals they are known from. */
interface Chances {
  cells: Map<string, { n: number; mean: number }>;
  fallback: number;
  learned: number;
}

const ageOf = (days: number): number => AGES.findLastIndex((from) => days >= from);
const cellOf = (stage: string, age: number): string => `${stage} ${age}`;

/** What is won within `days` of the deals that are open at `now`, by how such deals went before; null when too few went before (fewer than 20). */
export function forecastOf(
  journeys: readonly Journey[],
  stages: readonly Stage[],
  { now, days }: { now: number; days: number },
): Forecast | null {
  const order = orderOf(stages);
  const chances = learn(journeys, order, now, days);
  if (chances.learned < FEWEST) return null;
  return drawn(situationsAt(journeys, order, now), chances, seededRandom(Math.floor(now / DAY_MS)));
}

/** The same forecast at moments of the past, knowing only what was known then, against what came. Newest first. */
export function backTests(
  journeys: readonly Journey[],
  stages: readonly Stage[],
  { now, days, most = 6 }: { now: number; days: number; most?: number },
): BackTest[] {
  const order = orderOf(stages);
  const found: BackTest[] = [];
  for (let back = 0; back < most; back++) {
    const at = now - (days + back * 30) * DAY_MS;
    // What was known then: steps up to that day. Deals that began later were not there.
    const forecast = forecastOf(
      journeys.flatMap((one) => knownAt(one, at) ?? []),
      stages,
      { now: at, days },
    );
    if (!forecast || forecast.open === 0) continue;
    const open = new Set(situationsAt(journeys, order, at).map(({ id }) => id));
    const wins = journeys.filter((one) => open.has(one.id) && wonBetween(one, order, at, at + days * DAY_MS));
    const came = wins.reduce((sum, one) => sum + (valueAt(one.amounts, at + days * DAY_MS)?.value ?? 0), 0);
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

function knownAt(journey: Journey, at: number): Journey | null {
  const stages = journey.stages.filter((step) => step.at <= at);
  return stages.length === 0 ? null : { ...journey, stages, amounts: journey.amounts.filter((step) => step.at <= at) };
}

function situationsAt(journeys: readonly Journey[], order: StageOrder, at: number): Situation[] {
  return journeys.flatMap((journey): Situation[] => {
    const step = valueAt(journey.stages, at);
    if (!step || step.value === null || order.of(step.value)?.kind !== 'open') return [];
    const amount = valueAt(journey.amounts, at)?.value ?? 0;
    return [{ id: journey.id, stage: step.value, age: ageOf((at - step.at) / DAY_MS), amount }];
  });
}

function wonBetween(journey: Journey, order: StageOrder, from: number, until: number): boolean {
  const end = endOf(journey, order, until);
  return end?.kind === 'won' && end.at > from;
}

/**
 * Deals of the past are looked at week by week, as they would have been found open, and only where the whole horizon after that week is over: so slow wins
 * are not missed, and deals that lie about for long weigh as much as they do among those open now. What a cell knows it knows from so many
 * deals, however many weeks of theirs it saw. An age leans on the age before, the first on its stage, stages on all, as a beta prior would:
 * nobody has seen the oldest for long, and they are more like the old than like the new.
 */
function learn(journeys: readonly Journey[], order: StageOrder, now: number, days: number): Chances {
  const horizon = days * DAY_MS;
  const counts = new Map<string, Seen>();
  const learned = new Set<string>();
  const count = (key: string, hit: boolean, id: string) => {
    const seen = counts.get(key) ?? { hits: 0, weeks: 0, deals: new Set<string>() };
    seen.weeks += 1;
    if (hit) seen.hits += 1;
    seen.deals.add(id);
    counts.set(key, seen);
  };
  for (const journey of journeys) {
    if (cameFinished(journey, order)) continue;
    journey.stages.forEach((step, i) => {
      const { value } = step;
      if (value === null || order.of(value)?.kind !== 'open') return;
      const until = Math.min(journey.stages[i + 1]?.at ?? now, now - horizon);
      const first = Math.min(WEEK / 2, ((journey.stages[i + 1]?.at ?? now) - step.at) / DAY_MS / 2);
      for (let age = first; step.at + age * DAY_MS <= until; age += WEEK) {
        const at = step.at + age * DAY_MS;
        learned.add(journey.id);
        const hit = wonBetween(journey, order, at, at + horizon);
        for (const key of [cellOf(value, ageOf(age)), value, '']) count(key, hit, journey.id);
      }
    });
  }
  const all = counts.get('');
  const fallback = all ? (all.hits + 0.5) / (all.weeks + 1) : 0;
  const leaning = (key: string, on: number) => {
    const seen = counts.get(key);
    const n = seen?.deals.size ?? 0;
    const share = seen ? seen.hits / seen.weeks : 0;
    return { n, mean: (share * n + LEAN * on) / (n + LEAN) };
  };
  const cells = new Map(
    order.stages
      .filter((stage) => stage.kind === 'open')
      .flatMap((stage) => {
        let on = leaning(stage.value, fallback).mean;
        return AGES.map((_, age) => {
          const cell = leaning(cellOf(stage.value, age), on);
          on = cell.mean;
          return [cellOf(stage.value, age), cell] as const;
        });
      }),
  );
  return { cells, fallback, learned: learned.size };
}

/** Deals won or not by chance, chances uncertain themselves: a Bernoulli per deal, a beta per cell. */
function drawn(open: readonly Situation[], chances: Chances, random: Random): Forecast {
  const draws = Math.max(200, Math.min(2000, Math.floor(4_000_000 / Math.max(1, open.length))));
  const cellKeys = [...new Set(open.map(({ stage, age }) => cellOf(stage, age)))];
  const at = new Map(cellKeys.map((key, i) => [key, i]));
  const cells = cellKeys.map((key) => chances.cells.get(key) ?? { n: 0, mean: chances.fallback });
  const deals = open.map(({ stage, age, amount }) => ({ cell: at.get(cellOf(stage, age)) ?? 0, amount }));
  const [sums, counts]: [number[], number[]] = [[], []];
  for (let draw = 0; draw < draws; draw++) {
    const rates = cells.map(({ n, mean }) => beta(random, mean * (n + LEAN), (1 - mean) * (n + LEAN)));
    let [sum, won] = [0, 0];
    for (const { cell, amount } of deals)
      if (random() < (rates[cell] ?? 0)) {
        sum += amount;
        won += 1;
      }
    sums.push(sum);
    counts.push(won);
  }
  const mean = deals.reduce(
    ({ sum, won }, { cell, amount }) => {
      const chance = cells[cell]?.mean ?? 0;
      return { sum: sum + amount * chance, won: won + chance };
    },
    { sum: 0, won: 0 },
  );
  return {
    value: mean.sum,
    ...ends(sums),
    deals: { value: mean.won, ...ends(counts) },
    open: open.length,
    learned: chances.learned,
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
