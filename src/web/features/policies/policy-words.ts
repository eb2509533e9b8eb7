import type { z } from 'zod';
import type { advice } from '../../../contract/advice.ts';
import type { freshness, policySchema } from '../../../contract/freshness.ts';
import { segmentKey as filterKey } from '../../../domain/freshness/policy.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';

export type Policy = z.infer<typeof policySchema>;
export type Policies = z.infer<NonNullable<typeof freshness.policies.response>>;
export type Preset = z.infer<NonNullable<typeof freshness.presets.response>>['presets'][number];

export type Rate = z.infer<NonNullable<typeof advice.rates.response>>['rates'][number];

/** How often, as people say it. */
export type Often =
  | { text: 'daily' | 'weekly' | 'fortnightly' | 'monthly' | 'quarterly' | 'halfYearly' | 'yearly' }
  | { text: 'days' | 'months' | 'years'; n: number };

const named: [number, number, Exclude<Often['text'], 'days' | 'months' | 'years'>][] = [
  [1, 1, 'daily'],
  [7, 7, 'weekly'],
  [14, 14, 'fortnightly'],
  [30, 31, 'monthly'],
  [90, 92, 'quarterly'],
  [180, 183, 'halfYearly'],
  [360, 366, 'yearly'],
];

export function often(days: number): Often {
  const found = named.find(([from, to]) => days >= from && days <= to);
  return found ? { text: found[2] } : { text: 'days', n: Math.round(days) };
}

const daysPerMonth = 30.44;

/** The same for an interval that is an estimate: “every 213 days” would pretend to know. */
export function roughlyOften(days: number): Often {
  if (days < 60) return often(days);
  const months = days / daysPerMonth;
  return months < 24 ? { text: 'months', n: Math.round(months) } : { text: 'years', n: Math.round(months / 12) };
}

const daysPerYear = 365.25;

/** Belief right after a check by phone: where the way down to the threshold begins. */
const afterCheck = 0.99;
/** Changes a year below which nobody plans: a value that lasts a century. */
const slowest = 0.01;

/** Days between checks: fixed, or until confidence falls to the threshold, −ln(ρ/p₀)/λ (freshness-model.md 3). Null when nothing is known. */
export function intervalDays(policy: Policy): number | null {
  if (policy.everyDays !== undefined) return policy.everyDays;
  if (policy.rate === undefined || policy.rate <= 0) return null;
  return daysAtRate(policy.rate, policy.threshold);
}

const daysAtRate = (rate: number, threshold: number): number =>
  (Math.log(afterCheck / Math.min(afterCheck, threshold)) / Math.max(slowest, rate)) * daysPerYear;

/** A span with its ends in one unit, as exact as it is known: “4.2 (3.6–5.1) months”. */
export interface Span {
  unit: 'days' | 'months' | 'years';
  n: string;
  low: string;
  high: string;
}

export function spanOf(days: number, low: number, high: number): Span {
  const unit = days < 60 ? 'days' : days < 24 * daysPerMonth ? 'months' : 'years';
  const size = unit === 'days' ? 1 : unit === 'months' ? daysPerMonth : daysPerYear;
  // Two figures: more would pretend to know.
  const say = (value: number) => (value / size < 10 ? (value / size).toFixed(1) : String(Math.round(value / size)));
  return { unit, n: say(days), low: say(low), high: say(high) };
}

/** What verifications say of a rule's interval: at its threshold, from the learned rate and the ends of its interval. Null before anything is learned. */
export function learnedSpan(policy: Policy, rate: Rate | undefined): Span | null {
  if (!rate?.learned) return null;
  const { rate: mean, low, high } = rate.learned;
  const days = (one: number) => daysAtRate(one, policy.threshold);
  return spanOf(days(mean), days(high), days(low));
}

/** Rates by field and segment, to find the one of a rule; a segment without its own follows the field. */
export function rateFinder(rates: Rate[]): (policy: Policy) => Rate | undefined {
  const byKey = new Map(rates.map((rate) => [`${rate.object}.${rate.field}|${rate.segment?.key ?? ''}`, rate]));
  return (policy) => {
    const field = `${policy.object}.${policy.field}`;
    const key = policy.segment ? filterKey(policy.segment.filter) : '';
    return byKey.get(`${field}|${key}`) ?? byKey.get(`${field}|`);
  };
}

export interface PresetLine {
  days: number | null;
  /** Segment the line is about; null = everyone. */
  segment: Label | null;
  fields: Label[];
}

/** A preset in a few lines: how often which fields, most often first. */
export function presetLines(policies: Policy[], catalog: Catalog): PresetLine[] {
  const lines = new Map<string, PresetLine>();
  for (const policy of policies) {
    const field = catalog.objects
      .find((object) => object.name === policy.object)
      ?.fields.find((one) => one.name === policy.field);
    if (!field) continue;
    const days = policy.everyDays ?? null;
    const segment = policy.segment?.name ?? null;
    const key = `${days ?? 'learned'}|${segment?.zh ?? ''}`;
    const line = lines.get(key) ?? { days, segment, fields: [] };
    if (!line.fields.some((one) => one.zh === field.label.zh)) line.fields.push(field.label);
    lines.set(key, line);
  }
  return [...lines.values()].sort((a, b) => (a.days ?? 1e9) - (b.days ?? 1e9));
}

const segmentKey = (policy: Policy): string => (policy.segment ? JSON.stringify(policy.segment.filter) : '');

export const policyKey = (policy: Policy): string => `${policy.object}.${policy.field}|${segmentKey(policy)}`;

export interface RuleChange {
  everyDays?: number | null;
  priority?: Policy['priority'];
  threshold?: number;
  after?: string[];
  hard?: boolean;
  /** '': the record's owner. */
  responsible?: string;
}

/** A rule as it is saved: what is known of the rate is the server's to say. */
export const stated = ({ rate: _rate, rateSource: _source, ...policy }: Policy): Policy => policy;

/** Changes one policy; `everyDays: null` lets the learned rate decide. */
export function withPolicy(policies: Policy[], key: string, change: RuleChange): Policy[] {
  return policies.map((policy) => {
    if (policyKey(policy) !== key) return policy;
    const { everyDays, after, hard, responsible, ...rest } = change;
    const next: Policy = { ...policy, ...rest };
    if (after !== undefined) next.after = after;
    if (next.after?.length === 0) delete next.after;
    if (responsible !== undefined) next.responsible = responsible;
    if (!next.responsible) delete next.responsible;
    if (hard !== undefined) next.hard = hard;
    if (!next.hard || everyDays === null) delete next.hard;
    if (everyDays === null) delete next.everyDays;
    else if (everyDays !== undefined) next.everyDays = everyDays;
    return next;
  });
}

export const isChanged = (before: Policy[], after: Policy[]): boolean =>
  JSON.stringify(before) !== JSON.stringify(after);

/** Policies of one field together, in the order of the fields; the general one before those of segments. */
export function inOrder(policies: Policy[], catalog: Catalog): Policy[] {
  const place = new Map<string, number>();
  let at = 0;
  for (const object of catalog.objects)
    for (const field of [...object.fields].sort((a, b) => a.position - b.position))
      place.set(`${object.name}.${field.name}`, at++);
  const where = (policy: Policy) => place.get(`${policy.object}.${policy.field}`) ?? 1e6;
  return [...policies].sort((a, b) => where(a) - where(b) || segmentKey(a).localeCompare(segmentKey(b)));
}
