import { z } from 'zod';
import { ORIGINS } from '../domain/review/types.ts';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { valueSchema } from './records.ts';

const field = z.string().min(1).max(60);
const probability = z.number().min(0).max(1);
const origin = z.enum(ORIGINS);

/** Which open proposals; absent: all that the caller may decide on. */
export const narrowingSchema = z.strictObject({
  /** Where they are from: the customer's answer, an odd amount, a rule, an import, another system, … */
  from: origin.optional(),
  object: field.optional(),
  field: field.optional(),
  /** Account that looks after the record; `me`. */
  owner: z.string().max(80).optional(),
  record: z.uuid().optional(),
  olderThanDays: z.coerce.number().int().min(1).max(3650).optional(),
});

const proposedFieldSchema = z.object({
  field: z.string(),
  label: labelSchema,
  /** What stood there when it was proposed. */
  before: valueSchema,
  beforeText: z.string(),
  wanted: valueSchema,
  wantedText: z.string(),
  /** What stands there now. clean: as before · changed: something third · already: what was proposed. */
  nowText: z.string(),
  standing: z.enum(['clean', 'changed', 'already']),
  changedBy: z.string().optional(),
  changedAt: z.string().optional(),
  /** Nobody has decided on it yet. */
  open: z.boolean(),
  mayDecide: z.boolean(),
  /** Probability that the new value is right. */
  confidence: probability,
  /** Why it waits, when it is out of pattern. */
  suspicion: z
    .object({
      code: z.enum(['unit', 'digit', 'far']),
      /** The new value over the usual one. */
      times: z.number(),
      usualText: z.string(),
      /** The value that was probably meant. */
      meantText: z.string().optional(),
    })
    .optional(),
  /** The rule that held it. */
  heldBy: z.object({ name: z.string(), times: z.number().optional(), trust: z.number().optional() }).optional(),
});

export const proposalSchema = z.object({
  id: z.string(),
  at: z.string(),
  object: z.string(),
  record: z.string(),
  /** Version of the record that these values are of; send it back as `seen` to overwrite. */
  version: z.number(),
  title: z.string(),
  source: z.string(),
  origins: z.array(origin),
  actor: z.string(),
  actorName: z.string(),
  owner: z.string().nullable(),
  ownerName: z.string(),
  reason: z.string().nullable(),
  state: z.enum(['held', 'accepted', 'rejected']),
  /** Only fields the reader may see. */
  fields: z.array(proposedFieldSchema),
});
export type Proposal = z.infer<typeof proposalSchema>;
export type ProposedField = z.infer<typeof proposedFieldSchema>;

const decisionSchema = z.object({
  id: z.string(),
  /** Decided at one stroke: `POST /proposals/undo` takes it. */
  batch: z.string(),
  at: z.string(),
  proposal: z.string(),
  object: z.string(),
  record: z.string(),
  title: z.string(),
  origins: z.array(origin),
  field: z.string(),
  label: labelSchema,
  decision: z.enum(['accepted', 'rejected']),
  meant: z.boolean(),
  beforeText: z.string(),
  /** What was proposed, or written instead where `meant`. */
  valueText: z.string(),
  by: z.string(),
  byName: z.string(),
  /** The rule that decided, as it is called now, and the version of the rules. */
  rule: z.object({ id: z.string(), name: z.string(), version: z.number() }).nullable(),
  note: z.string().nullable(),
  mayUndo: z.boolean(),
  undoneAt: z.string().nullable(),
});
export type ProposalDecision = z.infer<typeof decisionSchema>;

const failureSchema = z.object({ id: z.string(), fields: z.array(z.string()), code: z.string(), message: z.string() });

const params = z.object({ id: z.uuid() });
const note = z.string().max(500).optional();
const names = z.array(field).max(200);

export const proposals = {
  list: endpoint({
    method: 'GET',
    path: '/proposals',
    summary: 'Changes that wait for a person, newest first; with `record` and without `state` also decided ones',
    permission: 'record',
    query: narrowingSchema.extend({
      state: z.enum(['held', 'accepted', 'rejected']).optional(),
      /** Id of the last one of the page before. */
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    response: z.object({ proposals: z.array(proposalSchema), next: z.string().optional() }),
  }),
  count: endpoint({
    method: 'GET',
    path: '/proposals/count',
    summary: 'How many wait for a decision the caller may take, of all and of his own records; counting stops at 1,000',
    permission: 'record',
    response: z.object({ all: z.number(), mine: z.number(), most: z.number() }),
  }),
  facets: endpoint({
    method: 'GET',
    path: '/proposals/facets',
    summary: 'How many wait, by where they are from, object and field',
    permission: 'record',
    query: narrowingSchema,
    response: z.object({
      total: z.number(),
      origins: z.record(z.string(), z.number()),
      objects: z.record(z.string(), z.number()),
      fields: z.record(z.string(), z.number()),
    }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/proposals',
    summary: 'Propose changes instead of writing them: they wait for a person, or for a rule that decides',
    permission: 'record',
    body: z.strictObject({
      proposals: z
        .array(
          z.strictObject({
            object: field,
            id: z.uuid(),
            /** Raw values by field, parsed and checked like any. */
            set: z.record(field, z.unknown()),
            /** Where it is from, in words: the page it was read on, the passage. */
            reason: z.string().max(500).optional(),
            /** How sure the sender is, 0..1, by field. */
            confidence: z.record(field, probability).optional(),
          }),
        )
        .min(1)
        .max(500),
    }),
    response: z.object({
      outcomes: z.array(
        z.object({
          /** unchanged: the record says so already · rejected: see message */
          status: z.enum(['held', 'unchanged', 'rejected']),
          id: z.string().optional(),
          message: z.string().optional(),
        }),
      ),
    }),
    idempotent: true,
  }),
  accept: endpoint({
    method: 'POST',
    path: '/proposals/:id/accept',
    summary: 'Write a held change, all of it or some fields',
    permission: 'record',
    params,
    body: z.strictObject({
      fields: names.optional(),
      /** Write for these fields the value that was probably meant. */
      meant: names.optional(),
      /** Write although someone changed these fields meanwhile … */
      overwrite: z.boolean().optional(),
      /** … but not after this version of the record. */
      seen: z.int().min(1).optional(),
      note,
    }),
    response: z.object({ changeSet: z.string().nullable(), batch: z.string() }),
  }),
  reject: endpoint({
    method: 'POST',
    path: '/proposals/:id/reject',
    summary: 'Drop a held change, all of it or some fields, with a note',
    permission: 'record',
    params,
    body: z.strictObject({ fields: names.optional(), note }),
    response: z.object({ ok: z.literal(true), batch: z.string() }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/proposals/decide',
    summary:
      'Decide many: chosen ones, or all that match, a portion at a time (call again with `after` and `batch` until there is no `next`)',
    permission: 'record',
    body: z
      .strictObject({
        /** meant: only fields for which it is known what was meant, with that value. */
        decision: z.enum(['accept', 'meant', 'reject']),
        items: z
          .array(z.strictObject({ id: z.uuid(), fields: names.optional() }))
          .min(1)
          .max(500)
          .optional(),
        /** `upTo`: the newest one that was on the screen; what came later was seen by nobody. */
        matching: narrowingSchema.extend({ upTo: z.uuid().optional() }).optional(),
        after: z.uuid().optional(),
        batch: z.uuid().optional(),
        note,
      })
      .refine((body) => (body.items === undefined) !== (body.matching === undefined), {
        message: 'either items or matching',
      }),
    response: z.object({
      batch: z.string(),
      fields: z.number(),
      proposals: z.number(),
      failed: z.array(failureSchema),
      next: z.string().optional(),
    }),
  }),
  decisions: endpoint({
    method: 'GET',
    path: '/proposals/decisions',
    summary: 'What was decided, newest first: by whom or by which rule',
    permission: 'record',
    query: z.object({
      by: z.enum(['rules', 'me', 'all']).optional(),
      rule: z.uuid().optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    response: z.object({ decisions: z.array(decisionSchema), next: z.string().optional() }),
  }),
  undo: endpoint({
    method: 'POST',
    path: '/proposals/undo',
    summary: 'Take back what was decided at one stroke, all of it or some decisions: it waits again',
    permission: 'record',
    body: z.strictObject({ batch: z.uuid(), decisions: z.array(z.uuid()).min(1).max(500).optional() }),
    response: z.object({
      fields: z.number(),
      /** Values that stay as written, for somebody changed them since. */
      skipped: z.number(),
    }),
  }),
};
