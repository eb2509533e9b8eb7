import { accuracyOf } from '../freshness/spot-check.ts';
import type { Stage } from '../schema/stages.ts';
import type { Interval } from '../statistics/table.ts';
import { cameFinished, endOf, type Journey, orderOf, type StageOrder } from './journey.ts';
import { type MedianStay, medianStay, type Stay } from './median-stay.ts';

const DAY_MS = 86_400_000;

export interface FunnelStep {
  stage: Stage;
  /** Deals that came to this stage or beyond. */
  reached: string[];
  /** Of those, still in it. */
  here: string[];
  /** Went on to a later stage, of those that left it; null when none has left. */
  onward: (Interval & { n: number }) | null;
  stay: MedianStay;
}

export interface Funnel {
  /** Deals that began in the period. */
  deals: number;
  /** Of the period too, but over when they came into the system: not counted in anything. */
  cameFinished: number;
  steps: FunnelStep[];
  won: string[];
  lost: string[];
  /** Won, of those that are decided; null when none is. 95 % interval. */
  winRate: (Interval & { n: number }) | null;
}

/**
 * How deals that began in a period went through the stages up to `now`. What is still open is counted as open, never as failed: shares are of those
 * that left a stage.
 */
export function funnelOf(
  journeys: readonly Journey[],
  stages: readonly Stage[],
  period: { from: number; to: number; now: number },
): Funnel {
  const order = orderOf(stages);
  const begun = journeys.filter(({ stages: [first] }) => first && first.at >= period.from && first.at < period.to);
  const finished = begun.filter((journey) => cameFinished(journey, order));
  const deals = begun.filter((journey) => !cameFinished(journey, order));
  const ways = deals.map((journey) => wayOf(journey, order, period.now));
  const steps = stages
    .filter((stage) => stage.kind === 'open')
    .map((stage): FunnelStep => {
      const place = order.of(stage.value)?.place ?? 0;
      const reached = ways.filter((way) => way.furthest >= place);
      const here = reached.filter((way) => way.now === stage.value);
      const onward = reached.filter((way) => way.furthest > place).length;
      const stopped = reached.filter((way) => way.furthest === place && way.end === 'lost').length;
      return {
        stage,
        reached: reached.map(({ id }) => id),
        here: here.map(({ id }) => id),
        onward: share(onward, onward + stopped),
        stay: medianStay(ways.flatMap((way) => way.stays.get(stage.value) ?? [])),
      };
    });
  const ended = (kind: 'won' | 'lost') => ways.filter((way) => way.end === kind).map(({ id }) => id);
  const [won, lost] = [ended('won'), ended('lost')];
  return {
    deals: deals.length,
    cameFinished: finished.length,
    steps,
    won,
    lost,
    winRate: share(won.length, won.length + lost.length),
  };
}

function share(hits: number, n: number): (Interval & { n: number }) | null {
  const found = accuracyOf(hits, n);
  return found && { value: found.share, low: found.low, high: found.high, n };
}

interface Way {
  id: string;
  now: string | null;
  /** Place of the furthest stage it came to; a lost deal stays where it was before. */
  furthest: number;
  end: 'won' | 'lost' | null;
  stays: Map<string, Stay[]>;
}

function wayOf(journey: Journey, order: StageOrder, now: number): Way {
  const steps = journey.stages.filter((step) => step.at <= now);
  const stays = new Map<string, Stay[]>();
  let furthest = -1;
  steps.forEach((step, i) => {
    const stage = order.of(step.value);
    if (!stage) return;
    if (stage.kind !== 'lost') furthest = Math.max(furthest, stage.place);
    const next = steps[i + 1];
    const stay = { days: ((next?.at ?? now) - step.at) / DAY_MS, over: next !== undefined };
    if (stage.kind === 'open') stays.set(stage.value, [...(stays.get(stage.value) ?? []), stay]);
  });
  const last = steps.at(-1)?.value ?? null;
  return { id: journey.id, now: last, furthest, end: endOf(journey, order, now)?.kind ?? null, stays };
}
