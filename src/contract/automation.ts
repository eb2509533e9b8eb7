import { z } from 'zod';
import { EVENTS } from '../domain/automation/types.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema, valueSchema } from './records.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,50}$/);
const hour = z.int().min(0).max(23);
const days = z.int().min(1).max(1500);
const text = z.string().trim().min(1).max(1000);
const account = z.string().min(1).max(60);

const whenSchema = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('created'), object: name, imports: z.boolean().optional() }),
  z.strictObject({
    on: z.literal('changed'),
    object: name,
    /** Empty: any field. */
    fields: z.array(name).max(50),
    /** The record before must match: own fields only. */
    before: filterSchema.optional(),
    /** Only when the condition holds now and did not before. */
    becomes: z.boolean().optional(),
    /** New records too. */
    created: z.boolean().optional(),
    /** Imports wake it too. */
    imports: z.boolean().optional(),
  }),
  z.strictObject({ on: z.literal('deleted'), object: name }),
  z.strictObject({
    on: z.literal('event'),
    object: name,
    event: z.enum(EVENTS),
    /** Kinds of evidence; empty: all. */
    kinds: z.array(z.string().max(60)).max(50).optional(),
  }),
  z.strictObject({
    on: z.literal('count'),
    object: name,
    /** Relation to the record that the rule is about. */
    of: name,
    filter: filterSchema.optional(),
    atLeast: z.int().min(1).max(1000),
    days,
    at: name.optional(),
  }),
  z.strictObject({
    on: z.literal('silence'),
    object: name,
    by: name,
    of: name,
    filter: filterSchema.optional(),
    days,
    at: name.optional(),
    hour,
  }),
  z.strictObject({
    on: z.literal('date'),
    object: name,
    field: name,
    /** Negative: before the date. */
    days: z.int().min(-1500).max(1500),
    hour,
    yearly: z.boolean().optional(),
  }),
  z.strictObject({ on: z.literal('still'), object: name, field: name, days, hour }),
  z.strictObject({
    on: z.literal('every'),
    object: name,
    every: z.enum(['day', 'week']),
    /** 1 Monday … 7 Sunday. */
    weekday: z.int().min(1).max(7).optional(),
    hour,
  }),
]);

const whomSchema = z.discriminatedUnion('who', [
  z.strictObject({ who: z.literal('owner') }),
  z.strictObject({ who: z.literal('manager') }),
  z.strictObject({ who: z.literal('person'), account }),
  z.strictObject({ who: z.literal('role'), role: z.string().max(60) }),
]);

const thenSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('task'),
    title: text,
    to: whomSchema,
    dueDays: z.int().min(0).max(365).optional(),
    priority: z.enum(['high', 'middle', 'low']).optional(),
    kind: z.string().max(60).optional(),
    remark: z.string().max(2000).optional(),
  }),
  z.strictObject({ do: z.literal('notify'), to: whomSchema, text }),
  z.strictObject({
    do: z.literal('set'),
    field: name,
    /** Texts may hold `{field}`; `$now` and `$today` are the moment it fires. */
    value: valueSchema,
    on: name.optional(),
    onlyEmpty: z.boolean().optional(),
  }),
  z.strictObject({
    do: z.literal('tag'),
    field: name,
    add: z.array(z.string().min(1).max(60)).max(20),
    remove: z.array(z.string().min(1).max(60)).max(20),
    on: name.optional(),
  }),
  z.strictObject({ do: z.literal('propose'), field: name, value: valueSchema, on: name.optional() }),
  z.strictObject({
    do: z.literal('assign'),
    to: z.discriminatedUnion('who', [
      z.strictObject({ who: z.literal('person'), account }),
      z.strictObject({ who: z.literal('team'), team: z.uuid(), by: z.enum(['even', 'load']) }),
    ]),
  }),
  z.strictObject({ do: z.literal('webhook'), channel: z.string().max(60).optional() }),
  z.strictObject({
    do: z.literal('mail'),
    field: name,
    subject: z.string().trim().min(1).max(200),
    text: z.string().trim().min(1).max(5000),
    purpose: z.string().max(60),
  }),
]);

const ruleInput = z.strictObject({
  name: z.string().trim().min(1).max(80),
  off: z.boolean().optional(),
  when: whenSchema,
  if: filterSchema.optional(),
  steps: z.array(thenSchema).min(1).max(10),
  preset: z.string().max(60).optional(),
});
export type RuleInput = z.output<typeof ruleInput>;

const ruleSchema = ruleInput.extend({ id: z.string(), author: z.string() });

const ruleView = ruleSchema.extend({
  authorName: z.string(),
  /** Firings of the last 30 days. */
  fired: z.int(),
  failed: z.int(),
  /** The guard stopped it: why, and where. */
  stopped: z
    .object({ at: z.string(), code: z.string(), object: z.string(), record: z.string(), count: z.int() })
    .nullable(),
  /** What keeps it from running, in the reader's language. */
  problem: z.string().nullable(),
});
export type RuleView = z.infer<typeof ruleView>;

const resultSchema = z.object({
  do: z.string(),
  object: z.string().optional(),
  id: z.string().optional(),
  field: z.string().optional(),
  people: z.array(z.string()).optional(),
  count: z.number().optional(),
  none: z.string().optional(),
});

const firingSchema = z.object({
  id: z.string(),
  rule: z.string(),
  ruleName: z.string(),
  object: z.string(),
  record: z.string(),
  title: z.string(),
  at: z.string(),
  /** The change that woke it; null: the clock did. */
  changeSet: z.string().nullable(),
  state: z.enum(['waiting', 'done', 'failed', 'skipped', 'blocked']),
  doneAt: z.string().nullable(),
  /** What it wrote, to be undone as any change set. */
  wrote: z.string().nullable(),
  /** Firings that wrote into the same change set: they are undone together. */
  together: z.int(),
  results: z.array(resultSchema),
  error: z.object({ code: z.string(), message: z.string().optional() }).nullable(),
});
export type FiringView = z.infer<typeof firingSchema>;

const deliverySchema = z.object({
  /** As the receiver sees it in `webhook-id`; the same when it is sent again. */
  id: z.string(),
  channel: z.string(),
  channelName: z.string(),
  state: z.enum(['waiting', 'sending', 'sent', 'failed', 'uncertain']),
  attempts: z.int(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  /** The last answer that was no success. */
  answer: z.string().nullable(),
  /** Its content is still kept. */
  replayable: z.boolean(),
});
export type DeliveryView = z.infer<typeof deliverySchema>;

const ok = z.object({ ok: z.literal(true) });
const byId = z.object({ id: z.uuid() });

export const automation = {
  rules: endpoint({
    method: 'GET',
    path: '/rules',
    summary: 'Automatic rules, with how often each fired in the last 30 days',
    permission: 'admin:settings',
    response: z.object({ version: z.int(), rules: z.array(ruleView) }),
  }),
  presets: endpoint({
    method: 'GET',
    path: '/rules/presets',
    summary: 'Rules that come with the product, to be switched on or changed',
    permission: 'admin:settings',
    response: z.object({
      presets: z.array(z.object({ about: z.string(), rule: ruleInput.extend({ preset: z.string() }) })),
    }),
  }),
  save: endpoint({
    method: 'PUT',
    path: '/rules/:id',
    summary:
      'Add a rule or change one, as a new version of all of them; it acts with at most your permissions from then on',
    permission: 'admin:settings',
    params: byId,
    body: z.strictObject({
      rule: ruleInput,
      /** The version it was made from. */
      version: z.int().min(0),
      reason: z.string().max(500).optional(),
    }),
    response: z.object({ version: z.int() }),
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/rules/:id',
    summary: 'Remove a rule; what it did and its versions stay',
    permission: 'admin:settings',
    params: byId,
    query: z.object({ version: z.coerce.number().int().min(0) }),
    response: z.object({ version: z.int() }),
  }),
  versions: endpoint({
    method: 'GET',
    path: '/rules/versions',
    summary: 'Versions of the rules, newest first',
    permission: 'admin:settings',
    response: z.object({
      versions: z.array(
        z.object({
          version: z.int(),
          at: z.string(),
          authorName: z.string(),
          reason: z.string().nullable(),
          rules: z.array(ruleSchema),
        }),
      ),
    }),
  }),
  try: endpoint({
    method: 'POST',
    path: '/rules/try',
    summary: 'How often a rule would have fired in the last days, and for which records; writes nothing',
    permission: 'admin:settings',
    body: z.strictObject({ rule: ruleInput, days: z.int().min(1).max(92).optional() }),
    reading: true,
    response: z.object({
      days: z.int(),
      count: z.int(),
      records: z.int(),
      /** At least so often: there was more than could be looked at. */
      capped: z.boolean(),
      object: z.string(),
      samples: z.array(z.object({ id: z.string(), title: z.string(), at: z.string() })),
    }),
  }),
  firings: endpoint({
    method: 'GET',
    path: '/rules/firings',
    summary: 'What rules did, newest first: cause, consequences, what failed',
    permission: 'admin:settings',
    query: z.object({
      rule: z.uuid().optional(),
      state: z.enum(['waiting', 'done', 'failed', 'skipped', 'blocked']).optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
    response: z.object({ firings: z.array(firingSchema) }),
  }),
  resume: endpoint({
    method: 'POST',
    path: '/rules/:id/resume',
    summary: 'Let a rule go on that the guard stopped',
    permission: 'admin:settings',
    params: byId,
    response: ok,
  }),
  deliveries: endpoint({
    method: 'GET',
    path: '/rules/deliveries',
    summary: 'Deliveries to webhooks, newest first; those that failed for good are dead letters',
    permission: 'admin:settings',
    query: z.object({
      state: z.enum(['waiting', 'sending', 'sent', 'failed', 'uncertain']).optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
    response: z.object({ deliveries: z.array(deliverySchema) }),
  }),
  replay: endpoint({
    method: 'POST',
    path: '/rules/deliveries/:id/replay',
    summary: 'Send a delivery again, with the same id and content',
    permission: 'admin:settings',
    params: byId,
    response: ok,
  }),
};
