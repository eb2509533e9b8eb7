import { z } from 'zod';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const account = z.string().min(1).max(80);

export const handoverWish = z.strictObject({
  /** Who gets the records; of several each gets some. */
  to: z.array(account).min(1).max(200),
  /** even: the same number each · load: so that afterwards all own as nearly the same number as can be */
  by: z.enum(['even', 'load']),
  /** Records of a territory go to its people first. */
  territories: z.boolean(),
  reason: z.string().trim().max(500).optional(),
});
export type HandoverWish = z.infer<typeof handoverWish>;

const counted = z.object({
  sessions: z.number(),
  keys: z.number(),
  apps: z.number(),
  /** Links by which customers confirm their data, that wait for an answer. */
  links: z.number(),
  /** Files of exports that can still be fetched. */
  files: z.number(),
  /** Records shared with him. */
  sharedWith: z.number(),
  /** Requests of his that wait for approval. */
  requests: z.number(),
});

export const leavingSchema = z.object({
  account: z.string(),
  name: z.string(),
  disabled: z.boolean(),
  /** Records that go to others, in the order in which they go. */
  objects: z.array(z.object({ object: z.string(), label: labelSchema, count: z.number() })),
  /** Of those, due for a check now; they come with the records. */
  checks: z.number(),
  /** Changes that wait for review, of his records; they come with the records. */
  proposals: z.number(),
  /** Records that he shared with others: that stays. */
  sharedBy: z.number(),
  ends: counted,
  /** Departments he is the manager of: the first who gets records becomes it. */
  manages: z.array(z.string()),
  /** Rules of approval that name him, and have to be changed. */
  decides: z.number(),
});
export type LeavingView = z.infer<typeof leavingSchema>;

export const handoverSchema = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  at: z.string(),
  actor: z.string(),
  actorName: z.string(),
  reason: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed', 'undone']),
  wish: handoverWish,
  ended: counted,
  runs: z.array(
    z.object({
      object: z.string(),
      /** Mass operation (GET /mass/:id); null until its turn comes. */
      run: z.string().nullable(),
      state: z.string(),
      total: z.number(),
      done: z.number(),
      changed: z.number(),
      changeSet: z.string().nullable(),
      receivers: z.array(z.object({ name: z.string(), count: z.number() })),
      error: z.string().nullable(),
    }),
  ),
  undoneAt: z.string().nullable(),
});
export type HandoverView = z.infer<typeof handoverSchema>;

export const ownershipSettings = z.strictObject({
  /** A claimed record stays with who claimed it so long; 0: not protected. */
  protectDays: z.int().min(0).max(730),
  /** Records of which one person may hold a claim at once; 0: no limit. */
  mostClaims: z.int().min(0).max(100_000),
  /** Private checks a person may make a day. */
  checksPerDay: z.int().min(0).max(10_000),
  /** Who gets new records that nobody owns; the first rule of the object counts. */
  rules: z
    .array(
      z.strictObject({
        object: z.string().max(60),
        to: z.array(account).max(200),
        /** turns: by turns, each as often as his weight; whoever is away is passed over. */
        by: z.enum(['even', 'load', 'turns']),
        territories: z.boolean(),
        /** turns: how often whom; 1 where nothing is said. */
        weights: z.record(account, z.int().min(0).max(100)).optional(),
        /** Which new records; the first rule that takes one counts. All when absent. */
        if: filterSchema.optional(),
      }),
    )
    .max(20),
});
export type OwnershipSettings = z.infer<typeof ownershipSettings>;

export const claimSchema = z.object({
  id: z.string(),
  object: z.string(),
  record: z.string(),
  account: z.string(),
  name: z.string(),
  /** Whose it was. */
  before: z.string().nullable(),
  at: z.string(),
  until: z.string(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
  approval: z.string().nullable(),
});

const params = z.object({ id: z.string().max(80) });
const record = z.object({ object: z.string().max(60), id: z.uuid() });

export const ownership = {
  leaving: endpoint({
    method: 'GET',
    path: '/people/:id/leaving',
    summary: 'What would be ended and handed over when somebody leaves',
    permission: 'admin',
    params,
    response: leavingSchema,
  }),
  leave: endpoint({
    method: 'POST',
    path: '/people/:id/leave',
    summary:
      'Somebody leaves: ends sessions, keys, apps and links at once, and hands his records over by a rule, as change sets that can be undone',
    permission: 'admin',
    params,
    body: handoverWish,
    response: handoverSchema,
  }),
  handovers: endpoint({
    method: 'GET',
    path: '/handovers',
    summary: 'Who left and to whom his records went, newest first',
    permission: 'admin',
    response: z.object({ handovers: z.array(handoverSchema) }),
  }),
  handover: endpoint({
    method: 'GET',
    path: '/handovers/:id',
    summary: 'One handing over and how far it is',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: handoverSchema,
  }),
  undo: endpoint({
    method: 'POST',
    path: '/handovers/:id/undo',
    summary: 'Give the records back that nobody has handed on since; the account stays disabled until it is enabled',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: handoverSchema,
  }),
  settings: endpoint({
    method: 'GET',
    path: '/ownership/settings',
    summary: 'Protection of claims, limits, and who gets new records',
    permission: 'signed-in',
    response: ownershipSettings,
  }),
  saveSettings: endpoint({
    method: 'PUT',
    path: '/ownership/settings',
    summary: 'Change protection of claims, limits, and who gets new records',
    permission: 'admin:settings',
    body: ownershipSettings,
    response: ownershipSettings,
  }),
  claims: endpoint({
    method: 'GET',
    path: '/records/:object/:id/claims',
    summary: 'Who claimed a record, and until when it is protected; newest first',
    permission: 'record',
    params: record,
    response: z.object({ claims: z.array(claimSchema), protectedUntil: z.string().nullable() }),
  }),
  claim: endpoint({
    method: 'POST',
    path: '/ownership/claims',
    summary:
      'Claim a record that nobody owns; of one that somebody owns the manager decides. Found by a private check, or seen',
    permission: 'record',
    body: z.strictObject({
      /** Of a private check … */
      check: z.uuid().optional(),
      /** … or a record that one sees. */
      object: z.string().max(60).optional(),
      record: z.uuid().optional(),
      reason: z.string().trim().min(1).max(500),
    }),
    response: z.union([
      z.object({ claim: claimSchema }),
      z.object({
        approval: z.object({ id: z.string(), kind: z.string(), deciders: z.array(z.string()), due: z.string() }),
      }),
    ]),
  }),
  check: endpoint({
    method: 'POST',
    path: '/ownership/check',
    summary:
      'Do we have them? Says whether and whose, and shows nothing of the record. Limited per person and day, and noted',
    permission: 'record',
    body: z.strictObject({
      object: z.string().max(60),
      /** A full name, phone, mail or registration number as in the record: pieces find nothing. */
      values: z.record(z.string().max(60), z.string().max(200)),
    }),
    response: z.object({
      /** To ask the owner, or to claim; null: nobody found. */
      check: z.string().nullable(),
      found: z.array(
        z.object({
          owner: z.string().nullable(),
          ownerName: z.string().nullable(),
          /** A record that one sees anyway. */
          record: z.object({ object: z.string(), id: z.string(), title: z.string() }).nullable(),
          protectedUntil: z.string().nullable(),
        }),
      ),
      left: z.number(),
    }),
  }),
  ask: endpoint({
    method: 'POST',
    path: '/ownership/check/:id/ask',
    summary: 'Write to the owner of what a private check found',
    permission: 'record',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ message: z.string().trim().min(1).max(300) }),
    response: z.object({ told: z.number() }),
  }),
};
