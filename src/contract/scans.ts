import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const name = z.string().max(60);

/** What a scan counted. Shares are of `records`. */
const figures = z.object({
  records: z.number(),
  /** Empty required or tracked fields, most first. */
  missing: z.array(z.object({ field: name, count: z.number() })),
  /** Values that break today's rules: a person has to see to them. */
  invalid: z.array(z.object({ field: name, count: z.number() })),
  /** Values that could be brought to today's form as they are. */
  respell: z.array(z.object({ field: name, count: z.number() })),
  /** Customers without contact for `days`; null where contacts are not kept. */
  silent: z.object({ count: z.number(), days: z.number() }).nullable(),
  /** Pairs that wait to be told apart or merged. */
  duplicates: z.number(),
});

export type ScanFigures = z.infer<typeof figures>;

const scan = z.object({
  id: z.string(),
  object: name,
  at: z.string(),
  /** Account that asked for it; null: the quarter did. */
  by: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed']),
  /** Records read, of about how many. */
  progress: z.object({ done: z.number(), total: z.number() }),
  figures: figures.nullable(),
});

/** Which records of a scan: `silent`, `missing:FIELD`, `invalid:FIELD`, `respell:FIELD`. */
const kind = z.string().regex(/^(silent|(missing|invalid|respell):[a-z][a-z0-9_]*)$/);

export const scans = {
  list: endpoint({
    method: 'GET',
    path: '/scans',
    summary: 'Scans of an object, newest first, each with what it counted',
    permission: 'admin:quality',
    query: z.object({ object: name }),
    response: z.object({ scans: z.array(scan) }),
  }),
  start: endpoint({
    method: 'POST',
    path: '/scans',
    summary: 'Scan an object now for what is missing, wrong, silent or double; otherwise it happens every quarter',
    permission: 'admin:quality',
    body: z.strictObject({ object: name, silentDays: z.int().min(1).max(3650).optional() }),
    response: scan,
  }),
  items: endpoint({
    method: 'GET',
    path: '/scans/:id/items',
    summary: 'Records behind a figure of a scan, at most 200; the mass target `{scan: {id, kind}}` means all of them',
    permission: 'admin:quality',
    params: z.object({ id: z.uuid() }),
    query: z.object({ kind }),
    response: z.object({ items: z.array(z.object({ record: z.string(), title: z.string() })) }),
  }),
};
