import { z } from 'zod';
import { HELD_SOURCES, ORIGINS } from '../domain/review/types.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const name = z.string().trim().min(1).max(80);
const field = z.string().min(1).max(60);
const fields = z.array(field).max(100);

const decideRuleSchema = z.strictObject({
  id: z.uuid(),
  name,
  off: z.boolean().optional(),
  /** Empty: from anywhere. */
  from: z.array(z.enum(ORIGINS)).max(ORIGINS.length),
  object: field.optional(),
  /** Empty: any field. */
  fields,
  /** Least probability that the new value is right. */
  confidence: z.number().min(0).max(1).optional(),
  /** The record must match it. */
  filter: filterSchema.optional(),
  only: z.enum(['empty', 'stale']).optional(),
  /** meant: write what was probably meant; fits only where that is known. hold: leave it to people. */
  action: z.enum(['accept', 'meant', 'reject', 'hold']),
});
export type DecideRuleInput = z.output<typeof decideRuleSchema>;

const holdRuleSchema = z.strictObject({
  id: z.uuid(),
  name,
  off: z.boolean().optional(),
  object: field,
  /** Empty: any field. */
  fields,
  /** Empty: all of them. */
  from: z.array(z.enum(HELD_SOURCES)).max(HELD_SOURCES.length),
  by: z.enum(['member', 'admin']).optional(),
  /** A number more than so many times the one before, or less than one such part of it. */
  times: z.number().min(1.01).max(1_000_000).optional(),
  /** Whose word is worth less than this. */
  trustBelow: z.number().min(0).max(1).optional(),
  /** Only where a value is overwritten or cleared. */
  overwrites: z.boolean().optional(),
  /** The record before the change must match: own fields only. */
  filter: filterSchema.optional(),
});
export type HoldRuleInput = z.output<typeof holdRuleSchema>;

const rulesSchema = z.strictObject({
  /** In order: the first that fits counts. */
  decide: z.array(decideRuleSchema).max(100),
  hold: z.array(holdRuleSchema).max(100),
});
export type ReviewRulesInput = z.output<typeof rulesSchema>;

const trialSchema = z.object({
  accept: z.number(),
  reject: z.number(),
  /** Of those it would accept: rejected by people; of those it would reject: accepted by people. */
  acceptedAgainst: z.number(),
  rejectedAgainst: z.number(),
  hold: z.number(),
  undecided: z.number(),
});

export const review = {
  rules: endpoint({
    method: 'GET',
    path: '/review/rules',
    summary: 'Rules that decide proposals without a person, and rules that hold changes for one',
    permission: 'signed-in',
    response: z.object({
      /** 0: there were never any. */
      version: z.number(),
      rules: rulesSchema,
      /** Fields that each rule has decided in the last 30 days, and how many of these were undone. */
      done: z.record(z.string(), z.object({ fields: z.number(), undone: z.number() })),
    }),
  }),
  saveRules: endpoint({
    method: 'PUT',
    path: '/review/rules',
    summary: 'Replace the rules by a new version',
    permission: 'admin:quality',
    body: z.strictObject({
      rules: rulesSchema,
      /** The version they were made from. */
      version: z.int().min(0),
      reason: z.string().max(500).optional(),
      /** Let them look at what is open already, too. */
      open: z.boolean().optional(),
    }),
    response: z.object({ version: z.number() }),
  }),
  versions: endpoint({
    method: 'GET',
    path: '/review/rules/versions',
    summary: 'Versions of the rules, newest first',
    permission: 'signed-in',
    response: z.object({
      versions: z.array(
        z.object({
          version: z.number(),
          at: z.string(),
          authorName: z.string(),
          reason: z.string().nullable(),
          rules: rulesSchema,
        }),
      ),
    }),
  }),
  tryRules: endpoint({
    method: 'POST',
    path: '/review/rules/try',
    summary:
      'What rules would have done to the proposals of the last days, and where people decided otherwise; writes nothing',
    permission: 'admin:quality',
    body: z.strictObject({
      decide: z.array(decideRuleSchema).max(100),
      days: z.int().min(1).max(366).optional(),
    }),
    reading: true,
    response: z.object({
      days: z.number(),
      /** Fields looked at; `capped`: there were more, the newest count. */
      fields: z.number(),
      capped: z.boolean(),
      total: trialSchema,
      /** By rule id. */
      rules: z.record(z.string(), trialSchema),
    }),
  }),
};
