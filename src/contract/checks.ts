import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const campaignSchema = z.object({
  id: z.string(),
  name: z.string(),
  object: z.string(),
  fields: z.array(z.string()),
  kind: z.enum(['random', 'recheck']),
  at: z.string(),
  author: z.string(),
  authorName: z.string(),
  closedAt: z.string().nullable(),
  /** ± wanted at 95 %, 0..1. */
  precision: z.number(),
  population: z.number(),
  /** Records drawn, and those that were looked at since. */
  records: z.number(),
  done: z.number(),
  /** Values looked at and found right; share with its 95 % interval. */
  checked: z.number(),
  right: z.number(),
  accuracy: z.object({ share: z.number(), low: z.number(), high: z.number() }).nullable(),
  byField: z.array(z.object({ field: z.string(), checked: z.number(), right: z.number() })),
  byPerson: z.array(z.object({ actor: z.string(), name: z.string(), checked: z.number() })),
});

export const checks = {
  list: endpoint({
    method: 'GET',
    path: '/checks',
    summary: 'Spot checks and blind re-checks with progress and accuracy',
    permission: 'admin',
    response: z.object({ campaigns: z.array(campaignSchema) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/checks',
    summary: 'Draw records at random for a spot check, as many as the wanted precision needs',
    permission: 'admin',
    body: z.strictObject({
      name: z.string().min(1).max(120),
      object: z.string().max(60),
      fields: z.array(z.string().max(60)).min(1).max(50),
      kind: z.enum(['random', 'recheck']),
      /** ± at 95 %; 0.05 draws at most 385 records. */
      precision: z.number().min(0.01).max(0.5),
      /** recheck: of verifications in so many days. */
      days: z.int().min(1).max(365).optional(),
    }),
    response: campaignSchema,
  }),
  items: endpoint({
    method: 'GET',
    path: '/checks/:id/items',
    summary: 'Records of a check that wait for it, at most 200',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: z.object({ items: z.array(z.object({ record: z.string(), title: z.string() })) }),
  }),
  close: endpoint({
    method: 'DELETE',
    path: '/checks/:id',
    summary: 'End a check; its figures stay',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: z.object({ ok: z.literal(true) }),
  }),
};
