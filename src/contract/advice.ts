import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { policySchema } from './freshness.ts';

const words = z.object({ zh: z.string(), en: z.string() });
/** A figure from a sample; ± `error` holds the truth in 9 of 10 samples. 0: nothing was estimated. */
const estimate = z.object({ value: z.number(), error: z.number() });
/** How many customers were looked at, of how many; `whole`: all of them. */
const sample = z.object({ customers: z.number(), of: z.number(), whole: z.boolean() });

const rateSchema = z.object({
  object: z.string(),
  field: z.string(),
  label: words,
  /** null: the records in no segment of the policy. */
  segment: z.object({ key: z.string(), name: words }).nullable(),
  priority: z.enum(['high', 'middle', 'low']),
  threshold: z.number(),
  /** Fixed interval of the policy; null: by rate and threshold. */
  everyDays: z.number().nullable(),
  /** Changes per year that stand in until something is learned, and where they are from. */
  prior: z.object({ rate: z.number(), source: z.string() }),
  /** From the team's own verifications: changes per year with the ends of the 90 % interval. */
  learned: z
    .object({
      rate: z.number(),
      low: z.number(),
      high: z.number(),
      observations: z.number(),
      changes: z.number(),
      at: z.string(),
    })
    .nullable(),
  /** Changes per year that plans use now. */
  used: z.number(),
  /** Days between verifications that keep belief above the threshold, with the ends of the interval; null: never needed. */
  advice: z.object({ days: z.number(), low: z.number(), high: z.number() }).nullable(),
});

const figures = z.object({
  hoursPerWeek: estimate,
  contactsPerWeek: estimate,
  verificationsPerWeek: estimate,
  /** 0..1: time-average freshness of what is filled, weighted, once all that is asked is done. */
  freshness: estimate,
  /** Customers with something due: now, and in so many days if nothing is done. */
  due: z.object({ now: estimate, in7: estimate, in30: estimate, in90: estimate }),
});

export const triedSchema = z.object({
  sample,
  /** Under the policy in force, and under the one tried. */
  before: figures,
  after: figures,
  people: z.array(
    z.object({
      owner: z.string().nullable(),
      name: z.string(),
      customers: z.number(),
      /** Hours a week. */
      before: estimate,
      after: estimate,
      /** Hours a week he has. */
      hoursPerWeek: z.number(),
    }),
  ),
  /** Values due now under either policy, most first. */
  fields: z.array(z.object({ object: z.string(), field: z.string(), before: z.number(), after: z.number() })),
  capacity: z.object({ hoursPerWeek: z.number() }),
  tookMs: z.number(),
});

export const curveSchema = z.object({
  sample,
  /** Hours a week of the whole team ↦ freshness 0..1 at the best frequencies for them. */
  points: z.array(z.object({ hours: z.number(), freshness: z.number() })),
  /** Where the policy in force stands. */
  inForce: z.object({ hours: z.number(), freshness: z.number() }),
  /** The hours asked for, and what one more hour a week would add. */
  asked: z.object({ hours: z.number(), freshness: z.number(), perHour: z.number() }),
  needed: z.array(z.object({ freshness: z.number(), hours: z.number() })),
  /** Best days between verifications for the hours asked (null: not worth it), beside those in force. */
  rules: z.array(
    z.object({
      object: z.string(),
      field: z.string(),
      segment: z.number(),
      cells: z.number(),
      days: z.number().nullable(),
      daysNow: z.number().nullable(),
      fixed: z.boolean(),
    }),
  ),
});

export const splitsSchema = z.object({
  /** Ways of telling records apart that explain when values change, best first. */
  splits: z.array(
    z.object({
      object: z.string(),
      field: z.string(),
      by: z.string(),
      /** ln of how many times more probable the observations are with the split. */
      gain: z.number(),
      groups: z.array(z.object({ value: z.string().nullable(), rate: z.number(), observations: z.number() })),
    }),
  ),
  observations: z.number(),
});

/** Values past due, and the hours that verifying them takes; by owner and in all, reaching the customers is in them. */
const work = z.object({ values: estimate, hours: estimate });
const share = z.object({
  expired: estimate,
  in30: estimate,
  in90: estimate,
  cells: z.number(),
  work: z.object({ now: work, in30: work, in90: work }),
});

export const evaluationSchema = z.object({
  at: z.string(),
  days: z.number(),
  /** Belief before each verification against what was found. */
  calibration: z.object({
    count: z.number(),
    brier: z.number(),
    /** Of always saying the mean share. */
    brierConstant: z.number(),
    auc: z.number().nullable(),
    /** Predicted over found changes; 1 is right. */
    ratio: z.number().nullable(),
    points: z.array(z.object({ predicted: z.number(), found: z.number(), count: z.number() })),
    /** The back-test says the model is off. */
    off: z.boolean(),
  }),
  sample,
  /** Past due now, and in 30 and 90 days if nothing is done: share of filled values. */
  all: share,
  byField: z.array(share.extend({ object: z.string(), field: z.string(), label: words })),
  bySegment: z.array(share.extend({ object: z.string(), segment: words })),
  byOwner: z.array(share.extend({ owner: z.string().nullable(), name: z.string() })),
  /** Share of verifications that found a change, per field and quarter. */
  trend: z.array(
    z.object({
      object: z.string(),
      field: z.string(),
      quarters: z.array(z.object({ quarter: z.string(), checks: z.number(), changed: z.number() })),
    }),
  ),
});

export const verifiersSchema = z.object({
  days: z.number(),
  verifiers: z.array(
    z.object({
      actor: z.string(),
      name: z.string(),
      verifications: z.number(),
      /** Most within one minute. */
      burst: z.number(),
      burstAt: z.string().nullable(),
      /** Changes found, and as many as the model expected of those values. */
      changed: z.number(),
      expected: z.number(),
      /** Probability of finding so few if everything was looked at; null with too little to say. */
      chance: z.number().nullable(),
      /** How far his “still right” counts, 0..1; from blind re-checks (so many, so many of them held) and from how few changes he finds. */
      reliability: z.number(),
      rechecked: z.number(),
      held: z.number(),
      /** Codes: `burst`, `never-changes`. */
      patterns: z.array(z.enum(['burst', 'never-changes'])),
    }),
  ),
});

export const advice = {
  rates: endpoint({
    method: 'GET',
    path: '/freshness/rates',
    summary:
      'How fast values change, per field and segment: assumed, learned with its 90 % interval, in force, and the interval that follows',
    permission: 'signed-in',
    response: z.object({ rates: z.array(rateSchema), pending: z.number() }),
  }),
  versions: endpoint({
    method: 'GET',
    path: '/policies/versions',
    summary: 'Versions of the policy with author and reason, newest first',
    permission: 'signed-in',
    response: z.object({
      versions: z.array(
        z.object({
          version: z.number(),
          at: z.string(),
          author: z.string(),
          authorName: z.string(),
          reason: z.string().nullable(),
          scenario: z.string().nullable(),
          rules: z.number(),
          /** Rules added, removed and changed against the version before. */
          changed: z.number(),
        }),
      ),
    }),
  }),
  version: endpoint({
    method: 'GET',
    path: '/policies/versions/:version',
    summary: 'The rules of one version',
    permission: 'signed-in',
    params: z.object({ version: z.coerce.number().int().min(1) }),
    response: z.object({ version: z.number(), scenario: z.string().nullable(), policies: z.array(policySchema) }),
  }),
  try: endpoint({
    method: 'POST',
    path: '/policies/try',
    summary: 'What a policy would ask of each person and what freshness it buys, before it is switched on',
    permission: 'admin:policies',
    reading: true,
    body: z.strictObject({ policies: z.array(policySchema).max(500) }),
    response: triedSchema,
  }),
  curve: endpoint({
    method: 'GET',
    path: '/policies/curve',
    summary: 'Hours a week against freshness at the best frequencies, and the best frequencies for the hours given',
    permission: 'admin:policies',
    query: z.object({ hours: z.coerce.number().min(0).max(100_000).optional() }),
    response: curveSchema,
  }),
  splits: endpoint({
    method: 'GET',
    path: '/freshness/splits',
    summary: 'Which fields tell records apart whose values change at different rates: suggestions for segments',
    permission: 'admin:policies',
    response: splitsSchema,
  }),
  capacity: endpoint({
    method: 'PUT',
    path: '/freshness/capacity',
    summary: 'Hours a week each person has for verifying',
    permission: 'admin:policies',
    body: z.strictObject({ hoursPerWeek: z.number().min(0).max(60) }),
    response: z.object({ hoursPerWeek: z.number() }),
  }),
  trustImports: endpoint({
    method: 'PUT',
    path: '/freshness/trusted-imports',
    summary: 'Fields (object.field) whose imports come from a trusted source: what they overwrite is learned from',
    permission: 'admin:policies',
    body: z.strictObject({ trusted: z.array(z.string().max(130)).max(500) }),
    response: z.object({ trusted: z.array(z.string()) }),
  }),
  evaluation: endpoint({
    method: 'GET',
    path: '/freshness/evaluation',
    summary: 'How right the model was, what is past due where, what will be in 30 and 90 days and the hours it takes',
    permission: 'admin:policies',
    query: z.object({ days: z.coerce.number().int().min(7).max(3650).optional() }),
    response: evaluationSchema,
  }),
  verifiers: endpoint({
    method: 'GET',
    path: '/freshness/verifiers',
    summary: 'Patterns of verifying that deserve a second look (30 in a minute, never a change found)',
    permission: 'admin:policies',
    query: z.object({ days: z.coerce.number().int().min(7).max(365).optional() }),
    response: verifiersSchema,
  }),
};
