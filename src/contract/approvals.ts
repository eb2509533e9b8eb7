import { z } from 'zod';
import { APPROVAL_KINDS } from '../domain/approvals/types.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema, valueSchema } from './records.ts';

const name = z.string().max(60);
const account = z.string().min(1).max(80);
const kind = z.enum(APPROVAL_KINDS);

/** Answer of an act that waits for somebody's approval: it has not happened, and will as soon as that is given. */
export const pendingSchema = z.object({
  id: z.string(),
  kind,
  /** Who may decide, by name; empty: administrators. */
  deciders: z.array(z.string()),
  due: z.string(),
});
export type Pending = z.infer<typeof pendingSchema>;

export const approvalRuleSchema = z.strictObject({
  id: z.uuid(),
  kind,
  object: name.optional(),
  fields: z.array(name).max(100).optional(),
  above: z.int().min(0).max(100_000_000),
  decider: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('role'), role: name }),
    z.strictObject({ by: z.literal('manager') }),
    z.strictObject({ by: z.literal('person'), account }),
  ]),
  deputy: account.optional(),
  hours: z.int().min(1).max(720),
  exceptAdmins: z.boolean(),
  off: z.boolean().optional(),
});

const state = z.enum(['open', 'approved', 'refused', 'withdrawn', 'lapsed', 'done', 'failed']);

/** What is asked for, as far as the reader may see it. */
const factsSchema = z.object({
  /** export */
  format: z.string().optional(),
  forEditing: z.boolean().optional(),
  fields: z.array(z.string()).optional(),
  filter: filterSchema.optional(),
  search: z.string().optional(),
  /** mass: MassAction. */
  action: z.json().optional(),
  /** Records that it is about, those the reader sees; the first 20. */
  records: z.array(z.object({ object: z.string(), id: z.string(), title: z.string() })).optional(),
  /** Of a merge: the one that stays. */
  winner: z.string().optional(),
  /** protected: values the reader may not see are left out. */
  changes: z
    .array(
      z.object({
        object: z.string(),
        id: z.string(),
        title: z.string().nullable(),
        field: z.string(),
        hidden: z.boolean(),
        before: valueSchema.optional(),
        after: valueSchema.optional(),
      }),
    )
    .optional(),
  /** claim: whose it is now. */
  owner: z.string().nullable().optional(),
  /** campaign: its name. */
  name: z.string().optional(),
});

export const approvalSchema = z.object({
  id: z.string(),
  kind,
  object: z.string().nullable(),
  size: z.number(),
  asker: z.string(),
  askerName: z.string(),
  reason: z.string().nullable(),
  at: z.string(),
  due: z.string(),
  lapses: z.string(),
  state,
  overdue: z.boolean(),
  /** SHA-256 over what will run; goes back with the decision. */
  hash: z.string(),
  /** Who may decide, by name; empty: administrators. */
  deciders: z.array(z.string()),
  decidedBy: z.string().nullable(),
  word: z.string().nullable(),
  may: z.object({ decide: z.boolean(), withdraw: z.boolean() }),
  facts: factsSchema,
  /** Of what was done: change set, mass operation, export. */
  result: z
    .object({
      changeSet: z.string().optional(),
      run: z.string().optional(),
      export: z.string().optional(),
      campaign: z.string().optional(),
    })
    .nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  trail: z.array(
    z.object({ at: z.string(), actor: z.string(), name: z.string(), what: z.string(), word: z.string().nullable() }),
  ),
});
export type ApprovalView = z.infer<typeof approvalSchema>;

const params = z.object({ id: z.uuid() });

export const approvals = {
  list: endpoint({
    method: 'GET',
    path: '/approvals',
    summary: 'Requests that I may decide on, that I made, or (administrators and auditors) all; newest first',
    permission: 'signed-in',
    query: z.object({
      which: z.enum(['mine-to-decide', 'mine', 'all']).default('mine-to-decide'),
      before: z.uuid().optional(),
    }),
    response: z.object({ approvals: z.array(approvalSchema), next: z.string().nullable() }),
  }),
  count: endpoint({
    method: 'GET',
    path: '/approvals/count',
    summary: 'How many wait for me',
    permission: 'signed-in',
    response: z.object({ waiting: z.number() }),
  }),
  needs: endpoint({
    method: 'GET',
    path: '/approvals/needs',
    summary: 'Whether an act of mine would need approval, and whose',
    permission: 'signed-in',
    query: z.object({ kind, object: name.optional(), size: z.coerce.number().int().min(0) }),
    response: z.object({ needed: z.boolean(), deciders: z.array(z.string()), hours: z.number() }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/approvals/:id',
    summary: 'One request with its trail',
    permission: 'signed-in',
    params,
    response: approvalSchema,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/approvals/:id/decision',
    summary: 'Approve or refuse; an approved request runs once, exactly as it was asked',
    permission: 'signed-in',
    params,
    body: z.strictObject({
      approve: z.boolean(),
      /** Needed when refusing. */
      word: z.string().trim().max(500).optional(),
      /** What was looked at. */
      hash: z.string().max(64),
    }),
    response: approvalSchema,
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/approvals/:id/withdraw',
    summary: 'Take back what one asked for',
    permission: 'signed-in',
    params,
    response: approvalSchema,
  }),
  rules: endpoint({
    method: 'GET',
    path: '/approvals/rules',
    summary: 'Which acts need approval',
    permission: 'admin:settings',
    response: z.object({ version: z.number(), rules: z.array(approvalRuleSchema) }),
  }),
  saveRules: endpoint({
    method: 'PUT',
    path: '/approvals/rules',
    summary: 'Say which acts need approval, above which size, and whose',
    permission: 'admin:settings',
    body: z.strictObject({ version: z.int().min(0), rules: z.array(approvalRuleSchema).max(50) }),
    response: z.object({ version: z.number() }),
  }),
};
