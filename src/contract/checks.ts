import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const kind = z.enum(['random', 'recheck', 'census', 'stocktake']);
const rhythm = z.enum(['week', 'month', 'quarter', 'half']);

const campaignSchema = z.object({
  id: z.string(),
  name: z.string(),
  object: z.string(),
  fields: z.array(z.string()),
  kind,
  at: z.string(),
  author: z.string(),
  authorName: z.string(),
  closedAt: z.string().nullable(),
  /** When it should be done; null: open end. */
  endsAt: z.string().nullable(),
  repeats: rhythm.nullable(),
  /** When it is drawn again; null: never, or drawn already. */
  nextAt: z.string().nullable(),
  /** ± wanted at 95 %, 0..1; 0: nothing is estimated (census, stock-take). */
  precision: z.number(),
  population: z.number(),
  /** Records drawn, and those that were looked at since. */
  records: z.number(),
  done: z.number(),
  /** Values looked at and found right; share with its 95 % interval, which has no width where nothing is estimated. */
  checked: z.number(),
  right: z.number(),
  accuracy: z.object({ share: z.number(), low: z.number(), high: z.number() }).nullable(),
  byField: z.array(z.object({ field: z.string(), checked: z.number(), right: z.number() })),
  /** Who looked at how many values. */
  byPerson: z.array(z.object({ actor: z.string(), name: z.string(), checked: z.number() })),
  /** Whom records fell to (null: nobody), and how many of them are done. */
  byOwner: z.array(
    z.object({ person: z.string().nullable(), name: z.string(), records: z.number(), done: z.number() }),
  ),
  /** Re-check: how the finds of each first verifier held when somebody else looked. */
  byVerifier: z.array(z.object({ actor: z.string(), name: z.string(), checked: z.number(), right: z.number() })),
});

const drawn = z.strictObject({
  object: z.string().max(60),
  fields: z.array(z.string().max(60)).min(1).max(50),
  /** random, recheck: as many as `precision` needs. census: all that are filled. stocktake: past due, most valuable first, at most `perPerson` each. */
  kind,
  /** ± at 95 %; 0.05 draws at most 385 records. Asked for with random and recheck, 0.05 without. */
  precision: z.number().min(0.01).max(0.5).optional(),
  /** recheck: of verifications in so many days. */
  days: z.int().min(1).max(365).optional(),
  /** recheck: only of what this person (`user:ID`) found right; not drawn again by itself. */
  of: z.string().max(80).optional(),
  /** stocktake: 20 without. */
  perPerson: z.int().min(1).max(500).optional(),
});

const item = z.object({ record: z.string(), title: z.string() });

export const checks = {
  list: endpoint({
    method: 'GET',
    path: '/checks',
    summary: 'Spot checks, blind re-checks, censuses and stock-takes with progress and accuracy',
    permission: 'admin:quality',
    response: z.object({ campaigns: z.array(campaignSchema) }),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/checks/preview',
    summary: 'How many records a check would draw, out of how many; nothing is written',
    permission: 'admin:quality',
    reading: true,
    body: drawn,
    response: z.object({ population: z.number(), records: z.number() }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/checks',
    summary:
      'Draw the records of a check: at random for a wanted precision, all (census), or what is past due (stock-take)',
    permission: 'admin:quality',
    body: drawn.extend({
      name: z.string().min(1).max(120),
      /** Days until it should be done. */
      lasts: z.int().min(1).max(365).optional(),
      /** Drawn again by itself: every Friday, or on the first of a month, quarter or half year; the one before ends then. */
      repeats: rhythm.optional(),
    }),
    response: campaignSchema,
  }),
  mine: endpoint({
    method: 'GET',
    path: '/checks/mine',
    summary: 'Open checks with records that fall to the caller, and those that wait for him, at most 200 each',
    permission: 'signed-in',
    response: z.object({
      checks: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          kind,
          object: z.string(),
          fields: z.array(z.string()),
          endsAt: z.string().nullable(),
          records: z.number(),
          done: z.number(),
          items: z.array(item),
        }),
      ),
    }),
  }),
  items: endpoint({
    method: 'GET',
    path: '/checks/:id/items',
    summary: 'Records of a check that wait for it, at most 200',
    permission: 'admin:quality',
    params: z.object({ id: z.uuid() }),
    response: z.object({ items: z.array(item) }),
  }),
  close: endpoint({
    method: 'DELETE',
    path: '/checks/:id',
    summary: 'End a check; its figures stay, and it is not drawn again',
    permission: 'admin:quality',
    params: z.object({ id: z.uuid() }),
    response: z.object({ ok: z.literal(true) }),
  }),
};
