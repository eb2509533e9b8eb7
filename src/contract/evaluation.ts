import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const words = z.object({ zh: z.string(), en: z.string() });
/** ± `error` holds the truth in 9 of 10 samples; 0: everything was counted. */
const estimate = z.object({ value: z.number(), error: z.number() });
/** With the ends of its 95 % interval. */
const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
/** Without an interval where there are too few units for one. */
const estimated = z.object({ value: z.number(), interval: interval.nullable() });
const verdict = z.enum(['few', 'apart', 'not-apart']);

const line = z.object({
  /** Filled values with a rule, on a day of the quarter. */
  values: z.number(),
  /** Share past due, mean of the quarter's days; null: not kept. */
  expired: estimate.nullable(),
  /** Against the quarter before, in shares. */
  change: estimate.nullable(),
  /** Mean belief, 0..1. */
  freshness: z.number().nullable(),
  /** Found right and found changed in verifications; corrected on the way. */
  confirmed: z.number(),
  wrong: z.number(),
  corrected: z.number(),
  /** Share found changed of those verified. */
  found: interval.nullable(),
});

const group = z.object({ n: z.number(), hits: z.number(), share: interval });

export const outcomeSchema = z.object({
  id: z.string(),
  label: words,
  among: words,
  object: z.string(),
  field: z.string(),
  /** Values that mean it; none: the field has no such option, so nothing can be counted. */
  bad: z.array(z.string()),
  figures: z
    .object({
      /** Customers with an ending in the quarter, and those of whom something was known before. */
      customers: z.number(),
      known: z.number(),
      /** Share of values past due from which a customer counts as stale. */
      line: z.number(),
      stale: group,
      fresh: group,
      /** Share of the stale less that of the fresh. */
      difference: interval,
      /** Fisher's exact test, two-sided, where counts are small. */
      exact: z.number().nullable(),
      verdict,
      /** Mean share of values past due where it went wrong, and where not. */
      overdue: z.object({
        bad: z.number().nullable(),
        rest: z.number().nullable(),
        difference: estimated.nullable(),
      }),
    })
    .nullable(),
});

export const reportSchema = z.object({
  /** Days `YYYY-MM-DD`, `end` excluded. */
  quarter: z.object({ id: z.string(), first: z.string(), last: z.string(), end: z.string(), running: z.boolean() }),
  at: z.string(),
  /** Days with figures, of so many so far; since when any are kept. */
  kept: z.object({ days: z.number(), of: z.number(), since: z.string().nullable() }),
  before: z.object({ id: z.string(), days: z.number() }),
  sample: z.object({ customers: z.number(), of: z.number(), whole: z.boolean() }),
  days: z.array(z.object({ day: z.string(), expired: z.number(), belief: z.number(), error: z.number() })),
  all: line,
  byField: z.array(line.extend({ object: z.string(), field: z.string(), label: words })),
  /** segment null: the records in none. */
  bySegment: z.array(line.extend({ object: z.string(), segment: words.nullable() })),
  byPerson: z.array(line.extend({ person: z.string().nullable(), name: z.string(), customers: z.number() })),
  /** People with a duty together; only duties that somebody has. */
  byDuty: z.array(
    line.extend({ duty: z.enum(['sales', 'service', 'marketing', 'finance', 'steward']), people: z.number() }),
  ),
  outcomes: z.array(outcomeSchema),
  /** What people said of how often fields are verified: the last word of each on a field. */
  feedback: z.object({
    votes: z.array(
      z.object({
        object: z.string(),
        field: z.string(),
        tooOften: z.number(),
        right: z.number(),
        tooSeldom: z.number(),
      }),
    ),
    notes: z.array(
      z.object({ at: z.string(), name: z.string(), object: z.string(), field: z.string(), note: z.string() }),
    ),
  }),
  policies: z.array(
    z.object({ version: z.number(), at: z.string(), authorName: z.string(), reason: z.string().nullable() }),
  ),
});

const side = z.object({
  freshness: z.number(),
  expired: z.number(),
  checksPerWeek: z.number(),
  minutesPerWeek: z.number(),
  checked: z.number(),
  wrong: z.number(),
});

const span = z.object({ first: z.string(), last: z.string() }).nullable();

export const effectSchema = z.object({
  version: z.number(),
  /** The day it was switched on, which is in neither window. */
  day: z.string(),
  /** Length of each window. */
  days: z.number(),
  before: span,
  after: span,
  /** Why there is nothing to tell; null: there is. */
  why: z.enum(['too-early', 'too-short', 'not-kept', 'nothing-changed']).nullable(),
  /** Rules (field × segment) that the version changed, and those it left alone. */
  groups: z.array(
    z.object({
      group: z.enum(['changed', 'unchanged']),
      rules: z.number(),
      values: z.number(),
      before: side,
      after: side,
    }),
  ),
  /** After less before; against `unchanged`: less the same of the rules left alone (difference in differences). */
  compared: z
    .object({
      against: z.enum(['unchanged', 'none']),
      freshness: estimated,
      expired: estimated,
      /** Checks a week per 1,000 values. */
      load: estimated,
      /** Share found changed, after less before, of the changed rules. */
      wrong: z.object({ difference: interval, verdict }),
    })
    .nullable(),
});

const share = z.object({ value: z.number(), error: z.number() });
const shown = z.enum(['managers', 'own', 'praise']);

export const boardSchema = z.object({
  /** Days `YYYY-MM-DD`, both included; `kept` of them have figures. */
  first: z.string(),
  last: z.string(),
  kept: z.number(),
  /** Who sees it besides those who answer for quality: nobody, each his own line, or also whom it praises. */
  shown,
  /** Whether the caller sees everybody and may set who else does. */
  all: z.boolean(),
  lines: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      mine: z.boolean(),
      customers: z.number(),
      /** Minutes a day for verifying; customers for each of them. */
      minutes: z.number(),
      load: z.number(),
      /** Shares of his customers' values. */
      expired: share,
      complete: z.number().nullable(),
      freshness: z.number().nullable(),
      /** What colleagues with this workload have past due; `by` middle: the middle one of them, for workloads told nothing. */
      expected: z.number().nullable(),
      by: z.enum(['workload', 'middle']),
      standing: z.enum(['ahead', 'as-expected', 'behind', 'few']),
      /** Others' looks at values drawn at random, with the ends of the 95 % interval. */
      accuracy: z.object({ share: z.number(), low: z.number(), high: z.number(), checked: z.number() }).nullable(),
      inaccurate: z.boolean(),
      list: z.enum(['red', 'black']).nullable(),
    }),
  ),
});

const quarter = z.object({
  quarter: z
    .string()
    .regex(/^20\d\dQ[1-4]$/)
    .optional(),
});

export const evaluation = {
  quarters: endpoint({
    method: 'GET',
    path: '/evaluation/quarters',
    summary: 'Quarters that can be reported, the running one first; since when figures are kept',
    permission: 'admin:quality',
    response: z.object({ quarters: z.array(z.string()), since: z.string().nullable() }),
  }),
  report: endpoint({
    method: 'GET',
    path: '/evaluation/report',
    summary:
      'A quarter (default: the running one): past due by field, segment and owner against the quarter before; what was found; lost deals and complaints beside staleness',
    permission: 'admin:quality',
    query: quarter,
    response: reportSchema,
  }),
  table: endpoint({
    method: 'GET',
    path: '/evaluation/report.csv',
    summary: 'The same as a CSV file',
    permission: 'admin:quality',
    query: quarter,
  }),
  board: endpoint({
    method: 'GET',
    path: '/evaluation/board',
    summary:
      'The board of people: past due against colleagues with the same workload, completeness, accuracy by others’ random checks. Everybody’s for those who answer for quality; for others what the setting shows',
    permission: 'signed-in',
    query: z.object({ days: z.coerce.number().int().min(7).max(92).default(28) }),
    response: boardSchema,
  }),
  setBoard: endpoint({
    method: 'PUT',
    path: '/evaluation/board',
    summary: 'Set who sees the board besides those who answer for quality',
    permission: 'admin:quality',
    body: z.strictObject({ shown }),
    response: z.object({ shown }),
  }),
  feedback: endpoint({
    method: 'POST',
    path: '/evaluation/feedback',
    summary: 'Say whether a field is verified too often, about right or too seldom; read in the quarterly report',
    permission: 'signed-in',
    body: z.strictObject({
      object: z.string().max(60),
      field: z.string().max(60),
      verdict: z.enum(['too-often', 'right', 'too-seldom']),
      note: z.string().trim().min(1).max(500).optional(),
    }),
    response: z.object({ ok: z.literal(true) }),
  }),
  effect: endpoint({
    method: 'GET',
    path: '/policies/versions/:version/effect',
    summary:
      'Freshness, past due, load and share found wrong before and after a policy version, for the rules it changed and those it left alone',
    permission: 'admin:quality',
    params: z.object({ version: z.coerce.number().int().min(1) }),
    response: effectSchema,
  }),
};
