import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const name = z.string().min(1).max(60);
const days = z.int().min(1).max(1_500);

/** When records go back to the pool. */
export const poolRuleSchema = z.strictObject({
  id: z.uuid(),
  name: z.string().trim().min(1).max(80),
  object: name,
  /** silent: nobody got in touch; still: not got as far as `until`. */
  kind: z.enum(['silent', 'still']),
  /** Days since the last contact, or since who owns it got it, whichever is later. */
  days,
  /** silent: records that say somebody got in touch, the relation by which they belong, and when they happened. */
  by: z.strictObject({ object: name, of: name, at: name.optional() }).optional(),
  /** still: what it should have become. */
  until: filterSchema.optional(),
  /** Which records it is about; all when absent. */
  if: filterSchema.optional(),
  /** Which never go back by it. */
  except: filterSchema.optional(),
  /** The owner is told so many days before; 0: not told. */
  warn: z.int().min(0).max(90),
  off: z.boolean().optional(),
});
export type PoolRule = z.infer<typeof poolRuleSchema>;

/** A pool: the records of an object that nobody owns. */
export const poolSchema = z.strictObject({
  object: name,
  /** Which of them are offered; all when absent. */
  if: filterSchema.optional(),
  /** Fields that are shown before one takes a record; all others are masked. */
  shown: z.array(name).max(40),
  /** Records one person may own at most; 0: no limit. */
  mostOwned: z.int().min(0).max(1_000_000),
  /** Records one person may take a day; 0: no limit. */
  perDay: z.int().min(0).max(100_000),
  /** So many days somebody may not take what he lost. */
  coolingDays: z.int().min(0).max(730),
});
export type PoolSettings = z.infer<typeof poolSchema>;

export const poolsSchema = z.strictObject({
  pools: z.array(poolSchema).max(20),
  rules: z.array(poolRuleSchema).max(40),
});
export type Pools = z.infer<typeof poolsSchema>;

const moveSchema = z.object({
  at: z.string(),
  kind: z.enum(['warned', 'returned', 'taken', 'given', 'given-up']),
  before: z.string().nullable(),
  after: z.string().nullable(),
  rule: z.string().nullable(),
  /** Day of the return that a warning tells of. */
  due: z.string().nullable(),
  actor: z.string(),
});

const dueSchema = z.object({
  object: z.string(),
  record: z.string(),
  title: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  rule: z.string(),
  ruleName: z.string(),
  /** Day on which it goes back. */
  on: z.string(),
  warned: z.boolean(),
});
export type DueReturn = z.infer<typeof dueSchema>;

const record = z.object({ object: name, id: z.uuid() });
const taking = z.strictObject({ object: name, record: z.uuid() });

export const pool = {
  settings: endpoint({
    method: 'GET',
    path: '/pool/settings',
    summary: 'Pools, what they show and allow, and when records go back to them',
    permission: 'signed-in',
    response: poolsSchema,
  }),
  saveSettings: endpoint({
    method: 'PUT',
    path: '/pool/settings',
    summary: 'Change pools and the rules by which records go back',
    permission: 'admin:settings',
    body: poolsSchema,
    response: poolsSchema,
  }),
  list: endpoint({
    method: 'GET',
    path: '/pool/records/:object',
    summary: 'Records that nobody owns, as far as they are shown before one takes them',
    permission: 'signed-in',
    params: z.object({ object: name }),
    query: z.object({ q: z.string().max(200).optional(), after: z.string().max(2_000).optional() }),
    response: z.object({
      fields: z.array(z.string()),
      rows: z.array(z.object({ id: z.string(), values: z.record(z.string(), z.unknown()) })),
      titles: z.record(z.string(), z.string()),
      next: z.string().nullable(),
      count: z.int(),
      /** What who asks owns, and took today. */
      owned: z.int(),
      taken: z.int(),
    }),
  }),
  take: endpoint({
    method: 'POST',
    path: '/pool/take',
    summary: 'Take a record from the pool, within the limits; it is protected like any claim',
    permission: 'signed-in',
    body: taking,
    response: z.object({ object: z.string(), record: z.string() }),
  }),
  giveUp: endpoint({
    method: 'POST',
    path: '/pool/give-up',
    summary: 'Put a record of one’s own into the pool',
    permission: 'record',
    body: taking.extend({ reason: z.string().trim().max(300).optional() }),
    response: z.object({ object: z.string(), record: z.string() }),
  }),
  due: endpoint({
    method: 'GET',
    path: '/pool/due',
    summary: 'Which records go back within so many days: one’s own; an administrator sees everybody’s',
    permission: 'signed-in',
    query: z.object({ days: z.coerce.number().int().min(0).max(90).optional() }),
    response: z.object({
      records: z.array(dueSchema),
      /** By day, also those beyond the list. */
      days: z.array(z.object({ on: z.string(), count: z.int() })),
    }),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/pool/preview',
    summary: 'What rules would do, without doing it',
    permission: 'admin:settings',
    body: z.strictObject({ rule: poolRuleSchema, days: z.int().min(0).max(90) }),
    response: z.object({ count: z.int(), warned: z.int(), records: z.array(dueSchema) }),
  }),
  trail: endpoint({
    method: 'GET',
    path: '/records/:object/:id/pool',
    summary: 'How a record went to the pool and out of it, newest first',
    permission: 'record',
    params: record,
    response: z.object({ moves: z.array(moveSchema) }),
  }),
};
