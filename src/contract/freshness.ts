import { z } from 'zod';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { cellFreshnessSchema, filterSchema, valueSchema } from './records.ts';

export const policySchema = z.object({
  object: z.string(),
  field: z.string(),
  /** Absent: all records of the object. */
  segment: z.object({ name: labelSchema, filter: filterSchema }).optional(),
  /** Fixed interval; absent means by rate and threshold. */
  everyDays: z.number().positive().optional(),
  priority: z.enum(['high', 'middle', 'low']),
  /** Verify when confidence falls to this (0..1). */
  threshold: z.number().min(0.05).max(0.99),
  /** Changes per year and where it is from: `learned`, or the source of the prior; without a source it was set by hand. */
  rate: z.number().optional(),
  rateSource: z.string().optional(),
  /** Account that checks it instead of the record's owner, or the duty that does: `role:sales`, `role:service`, `role:marketing`, `role:finance`, `role:steward`. */
  responsible: z.string().max(80).optional(),
  /** `everyDays` is a deadline that no advice may move. */
  hard: z.boolean().optional(),
  /** Kinds of event after which it is checked at once (`after-visit`, `contract-signed`, …). */
  after: z.array(z.string().max(60)).max(20).optional(),
});

const presetSchema = z.object({
  id: z.string(),
  label: labelSchema,
  description: labelSchema,
  policies: z.array(policySchema),
});

const reasonSchema = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  message: z.string(),
});

export const todayItemSchema = z.object({
  /** The customer one contact is with. */
  object: z.string(),
  id: z.string(),
  title: z.string(),
  /** Who to call: name and phone of the best contact, as far as readable. */
  contact: z
    .object({ name: z.string().optional(), phone: z.string().optional(), email: z.string().optional() })
    .optional(),
  minutes: z.number(),
  value: z.number(),
  hard: z.boolean().optional(),
  reasons: z.array(reasonSchema),
  cells: z.array(
    z.object({
      object: z.string(),
      id: z.string(),
      title: z.string(),
      version: z.number(),
      field: z.string(),
      label: labelSchema,
      value: valueSchema,
      text: z.string(),
      freshness: cellFreshnessSchema,
      reason: z.string(),
    }),
  ),
});

const figure = z.object({
  value: z.number(),
  parts: z.array(z.object({ field: z.string(), label: labelSchema, value: z.number(), count: z.number() })),
});

export const healthSchema = z.object({
  object: z.string(),
  at: z.string(),
  records: z.number(),
  /** 0..1, the weighted mean of the four; never shown without them. */
  health: z.number(),
  completeness: figure,
  validity: figure,
  freshness: figure,
  uniqueness: z.object({
    value: z.number(),
    groups: z.number(),
    records: z.number(),
    byKey: z.array(z.object({ key: z.string(), label: labelSchema, groups: z.number(), records: z.number() })),
  }),
  /** Records with a cell past due now, and in 30 and 90 days if nothing is done. */
  due: z.object({ now: z.number(), in30: z.number(), in90: z.number() }),
  byOwner: z.array(
    z.object({
      owner: z.string().nullable(),
      name: z.string(),
      records: z.number(),
      freshness: z.number(),
      completeness: z.number(),
    }),
  ),
  /** What to fix first: each leads to rows. */
  actions: z.array(
    z.object({ code: z.string(), message: labelSchema, count: z.number(), filter: filterSchema.optional() }),
  ),
});

export type HealthReport = z.infer<typeof healthSchema>;

export const freshness = {
  presets: endpoint({
    method: 'GET',
    path: '/presets',
    summary: 'Scenario presets',
    permission: 'signed-in',
    response: z.object({ presets: z.array(presetSchema), current: z.string().nullable() }),
  }),
  applyPreset: endpoint({
    method: 'POST',
    path: '/presets/:id/apply',
    summary: 'Use a scenario preset as policy',
    permission: 'admin:policies',
    params: z.object({ id: z.string().max(60) }),
    response: z.object({ version: z.number() }),
  }),
  policies: endpoint({
    method: 'GET',
    path: '/policies',
    summary: 'The policy in force',
    permission: 'signed-in',
    response: z.object({
      version: z.number(),
      scenario: z.string().nullable(),
      policies: z.array(policySchema),
      replan: z.object({ running: z.boolean(), done: z.number(), total: z.number() }),
    }),
  }),
  savePolicies: endpoint({
    method: 'PUT',
    path: '/policies',
    summary: 'Replace the policy by a new version',
    permission: 'admin:policies',
    body: z.strictObject({ policies: z.array(policySchema).max(500), reason: z.string().max(500).optional() }),
    response: z.object({ version: z.number() }),
  }),
  today: endpoint({
    method: 'GET',
    path: '/today',
    summary: "Today's list of one person: most value per minute first, bundled per customer",
    permission: 'record',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).optional(),
      owner: z.string().max(80).optional(),
    }),
    response: z.object({
      items: z.array(todayItemSchema),
      total: z.number(),
      /** There are more than `total`; counting on is not worth the wait. */
      capped: z.boolean(),
      done: z.number(),
      minutes: z.object({ planned: z.number(), capacity: z.number() }),
      /** He is away today: others have his share. */
      away: z.boolean(),
    }),
  }),
  cannotReach: endpoint({
    method: 'POST',
    path: '/today/:object/:id/cannot-reach',
    summary: 'Tried, nobody answered',
    permission: 'record',
    params: z.object({ object: z.string().max(60), id: z.uuid() }),
    body: z.strictObject({
      how: z.enum(['no-answer', 'refused', 'wrong-number', 'off']),
      note: z.string().max(500).optional(),
    }),
    response: z.object({ until: z.string() }),
    idempotent: true,
  }),
  snooze: endpoint({
    method: 'POST',
    path: '/today/:object/:id/snooze',
    summary: 'Not now, with a reason',
    permission: 'record',
    params: z.object({ object: z.string().max(60), id: z.uuid() }),
    body: z.strictObject({ days: z.int().min(1).max(365), reason: z.string().min(1).max(500) }),
    response: z.object({ until: z.string() }),
    idempotent: true,
  }),
  health: endpoint({
    method: 'GET',
    path: '/health-report',
    summary: 'Completeness, validity, freshness, uniqueness; worst first; what to do next',
    permission: 'record',
    query: z.object({ object: z.string().max(60).optional(), import: z.string().max(60).optional() }),
    response: healthSchema,
  }),
};
