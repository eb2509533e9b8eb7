import { ageAt, DAY_MS, type Hazard, meanFreshness, YEAR_MS } from './hazard.ts';
import { type FreshnessPlan, type RecordState, segmentOf } from './plan.ts';

/** Belief right after a verification by phone: where every interval starts. */
const VERIFIED = 0.99;

/** What a plan asks of people for one customer, once it runs, and what it buys. */
export interface Load {
  /** Minutes a year: making contact, and the fields verified in it. */
  minutes: number;
  /** Contacts a year that have to be tried. */
  contacts: number;
  /** Fields verified a year. */
  verifications: number;
  /** Σ w·F over the non-empty tracked fields, and Σ w: their time-average freshness when all that is asked is done. */
  fresh: number;
  weight: number;
}

/** How often the plan verifies a value with this hazard, in years between; Infinity: never. */
export function restingInterval(rule: { hazard: Hazard; threshold?: number; intervalDays?: number }): number {
  if (rule.intervalDays) return (rule.intervalDays * DAY_MS) / YEAR_MS;
  if (!rule.threshold) return Number.POSITIVE_INFINITY;
  return ageAt(rule.hazard, Math.min(1, rule.threshold / VERIFIED));
}

/**
 * Steady load of a customer and what is verified with him (contacts, contracts): the field that is due most often sets the rhythm of contacts, and
 * every other one joins the first contact after it is due.
 */
export function loadOf(members: readonly { plan: FreshnessPlan; state: RecordState }[]): Load {
  const load: Load = { minutes: 0, contacts: 0, verifications: 0, fresh: 0, weight: 0 };
  const fields = members.flatMap(({ plan, state }) =>
    segmentOf(plan, state)
      .fields.filter((field) => !state.missing?.includes(field.fieldId))
      .map((field) => ({ field, interval: restingInterval(field) })),
  );
  const rhythm = Math.min(Number.POSITIVE_INFINITY, ...fields.map(({ interval }) => interval));
  const [first] = members;
  if (first && rhythm < Number.POSITIVE_INFINITY) {
    const { contactMinutes, contactSuccess } = segmentOf(first.plan, first.state);
    load.contacts = 1 / (rhythm * contactSuccess);
    load.minutes = load.contacts * contactMinutes;
  }
  for (const { field, interval } of fields) {
    // A hair of slack: 91 days three times is 273 days.
    const joined = interval < Number.POSITIVE_INFINITY ? Math.ceil(interval / rhythm - 1e-6) * rhythm : interval;
    load.weight += field.weight;
    load.fresh += field.weight * VERIFIED * meanFreshness(field.hazard, joined);
    if (joined === Number.POSITIVE_INFINITY) continue;
    load.verifications += 1 / joined;
    load.minutes += field.minutes / joined;
  }
  return load;
}

/** An estimate from a sample of clusters (pages of a table), with the half width of its 90 % interval. */
export interface Estimate {
  value: number;
  /** ± at 90 %. */
  error: number;
}

/**
 * Mean of a figure over a cluster sample, Σ y / Σ n, by the ratio estimator, whose error counts clusters: rows that came in together are alike
 * (Cochran, Sampling Techniques, §9A). @param whole whether the sample is everything: no error then
 */
export function clusterMean(clusters: readonly { sum: number; count: number }[], whole = false): Estimate {
  const n = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
  if (n === 0) return { value: 0, error: 0 };
  const value = clusters.reduce((sum, cluster) => sum + cluster.sum, 0) / n;
  if (whole) return { value, error: 0 };
  const k = clusters.length;
  if (k < 2) return { value, error: Number.POSITIVE_INFINITY };
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.sum - value * cluster.count) ** 2, 0);
  return { value, error: (1.645 * Math.sqrt((squares * k) / (k - 1))) / n };
}
