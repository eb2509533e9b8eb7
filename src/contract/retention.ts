import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { ERASE_MODES } from './privacy.ts';

const name = z.string().max(60);
const ok = z.object({ ok: z.literal(true) });
const one = z.object({ id: z.uuid() });
const mode = z.enum(ERASE_MODES);

export const CLOCKS = ['contact', 'confirmed', 'changed', 'created'] as const;
const ruleBody = z.strictObject({
  name: z.string().min(1).max(80),
  object: name,
  filter: z.json().nullable(),
  clock: z.enum(CLOCKS),
  days: z.int().min(1).max(36_500),
  grace: z.int().min(0).max(3650),
  invite: z.boolean(),
  mode,
  active: z.boolean(),
});
const ruleSchema = ruleBody.extend({
  id: z.string(),
  /** Records that are warned about, kept, and done so far. */
  warned: z.number(),
  kept: z.number(),
  done: z.number(),
  ranAt: z.string().nullable(),
});
export type RetentionRule = z.infer<typeof ruleSchema>;

const caseSchema = z.object({
  rule: z.string(),
  record: z.string(),
  object: z.string(),
  title: z.string(),
  state: z.enum(['warned', 'kept', 'renewed', 'done']),
  foundAt: z.string(),
  dueAt: z.string(),
  owner: z.string().nullable(),
  invitedAt: z.string().nullable(),
  keptUntil: z.string().nullable(),
});
export type RetentionCase = z.infer<typeof caseSchema>;

export const retention = {
  rules: endpoint({
    method: 'GET',
    path: '/privacy/retention',
    summary: 'How long data is kept',
    permission: 'admin:privacy',
    response: z.object({ rules: z.array(ruleSchema) }),
  }),
  saveRule: endpoint({
    method: 'PUT',
    path: '/privacy/retention/:id',
    summary: 'Make or change a rule; it begins to warn on the next night',
    permission: 'admin:privacy',
    params: one,
    body: ruleBody,
    response: ok,
  }),
  deleteRule: endpoint({
    method: 'DELETE',
    path: '/privacy/retention/:id',
    summary: 'Remove a rule; nothing it warned about happens',
    permission: 'admin:privacy',
    params: one,
    response: ok,
  }),
  tryRule: endpoint({
    method: 'POST',
    path: '/privacy/retention/try',
    summary: 'What a rule would reach today, by how long ago; changes nothing',
    permission: 'admin:privacy',
    reading: true,
    body: ruleBody,
    response: z.object({
      n: z.number(),
      of: z.number(),
      /** How many lie how far beyond the term, in years. */
      ages: z.array(z.object({ years: z.number(), n: z.number() })),
      samples: z.array(z.object({ id: z.string(), title: z.string(), last: z.string() })),
    }),
  }),
  cases: endpoint({
    method: 'GET',
    path: '/privacy/retention/:id/cases',
    summary: 'Records that a rule has named, next due first',
    permission: 'admin:privacy',
    params: one,
    response: z.object({ cases: z.array(caseSchema) }),
  }),
  keep: endpoint({
    method: 'POST',
    path: '/privacy/retention/:id/keep',
    summary: 'Records stay, for so many days; possible until the grace ends',
    permission: 'admin:privacy',
    params: one,
    body: z.strictObject({ records: z.array(z.uuid()).min(1).max(500), days: z.int().min(1).max(3650) }),
    response: ok,
  }),
};
