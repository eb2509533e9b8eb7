import type { Filter } from '../filter/types.ts';
import type { Label } from '../issue.ts';
import type { FieldDef, ObjectDef, Priority } from '../schema/types.ts';
import { compilePlan, defaultFieldPlan, type FieldPlan, type FreshnessPlan, type SegmentPlan } from './plan.ts';
import { PRIORITY_WEIGHT } from './priors.ts';

/** One rule of a policy: how a field is kept fresh for all records, or for those of a segment. */
export interface Policy {
  object: string;
  field: string;
  segment?: { name: Label; filter: Filter };
  /** Fixed interval in days; absent means by rate and threshold. */
  everyDays?: number;
  priority: Priority;
  /** Verify when confidence falls to this, 0..1. */
  threshold: number;
  /** Changes per year, set by hand; absent: learned, and before that the field's prior. */
  rate?: number;
  rateSource?: string;
  /** Account that checks it, instead of the record's owner. */
  responsible?: string;
  /** `everyDays` is a deadline (by law, by contract): the advisor keeps it and pays it first. */
  hard?: boolean;
  /** Kinds of event after which it is checked at once: `after-visit`, `contract-signed`, … */
  after?: string[];
}

/** Policies of one object made ready: the plan, and the filters that choose a record's segment (first that matches; none = 0). */
export interface ObjectPlan {
  plan: FreshnessPlan;
  segments: { id: number; key: string; name: Label; filter: Filter }[];
}

/** What verifications have taught of one field in one segment. */
export interface LearnedRate {
  /** Changes per year, the one in force. */
  rate: number;
  /** Weibull shape; 1 = memoryless. */
  shape: number;
}

/** By field id and key of the segment ('' = no segment); undefined where nothing was learned yet. */
export type LearnedRates = (field: number, segment: string) => LearnedRate | undefined;

/** Names a segment by its filter, whatever its place among the others and whatever it is called: FNV-1a, 13 digits of base 36. */
export function segmentKey(filter: Filter): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of JSON.stringify(filter))
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  return hash.toString(36);
}

/**
 * Compiles the policies of one object. Fields without a policy follow their prior; a segment's policy overrides the general one field by field.
 * Policies of unknown, retired or untracked fields have no effect.
 */
export function compilePolicies(
  object: ObjectDef,
  policies: readonly Policy[],
  version: number,
  learned: LearnedRates = () => undefined,
): ObjectPlan {
  const tracked = object.fields.filter((field) => field.tracked && !field.retired);
  const mine = policies.filter((policy) => policy.object === object.name);
  const general = new Map(mine.filter((policy) => !policy.segment).map((policy) => [policy.field, policy]));
  const bySegment = new Map<string, { name: Label; filter: Filter; policies: Map<string, Policy> }>();
  for (const policy of mine) {
    if (!policy.segment) continue;
    const key = JSON.stringify(policy.segment.filter);
    const segment = bySegment.get(key) ?? { ...policy.segment, policies: new Map<string, Policy>() };
    segment.policies.set(policy.field, policy);
    bySegment.set(key, segment);
  }
  const plans: SegmentPlan[] = [
    { id: 0, fields: tracked.map((field) => fieldPlan(field, general.get(field.name), learned(field.id, ''))) },
  ];
  const segments: ObjectPlan['segments'] = [];
  for (const segment of bySegment.values()) {
    const id = segments.length + 1;
    const key = segmentKey(segment.filter);
    segments.push({ id, key, name: segment.name, filter: segment.filter });
    plans.push({
      id,
      fields: tracked.map((field) =>
        fieldPlan(
          field,
          segment.policies.get(field.name) ?? general.get(field.name),
          learned(field.id, key) ?? learned(field.id, ''),
        ),
      ),
    });
  }
  return { plan: compilePlan(version, plans), segments };
}

function fieldPlan(field: FieldDef, policy: Policy | undefined, learned: LearnedRate | undefined): FieldPlan {
  const assumed = defaultFieldPlan(field);
  const prior = learned ? { ...assumed, hazard: { rate: learned.rate, shape: learned.shape } } : assumed;
  if (!policy) return prior;
  return {
    ...prior,
    weight: PRIORITY_WEIGHT[policy.priority],
    threshold: policy.threshold,
    ...(policy.everyDays === undefined ? {} : { intervalDays: policy.everyDays }),
    ...(policy.hard && { hard: true }),
    ...(policy.responsible !== undefined && { responsible: policy.responsible }),
    ...(policy.rate === undefined ? {} : { hazard: { rate: policy.rate, shape: 1 } }),
  };
}
