import { z } from 'zod';
import { MODES } from '../domain/access/types.ts';
import type { Filter } from '../domain/filter/types.ts';
import { endpoint } from './endpoint.ts';

const wordsSchema = z.object({ zh: z.string(), en: z.string() });

export const issueSchema = z.object({
  code: z.string(),
  field: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  level: z.enum(['error', 'warning']).optional(),
  /** The sentence in the reader's language; the server fills it. */
  message: z.string().optional(),
});

export const valueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.record(z.string(), z.unknown()),
  z.null(),
]);

const op = z.enum([
  'eq',
  'ne',
  'in',
  'notIn',
  'contains',
  'notContains',
  'startsWith',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'empty',
  'notEmpty',
  'under',
  'hasAny',
  'hasAll',
  'hasNone',
  'within',
  'stale',
  'confidenceBelow',
]);

export const filterSchema: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(filterSchema).max(50) }),
    z.strictObject({ any: z.array(filterSchema).max(50) }),
    z.strictObject({ not: filterSchema }),
    z.strictObject({
      field: z.string().max(120),
      op,
      value: z.union([valueSchema, z.array(valueSchema).max(1000)]).optional(),
    }),
  ]),
) as z.ZodType<Filter>;

export const sortSchema = z.strictObject({ field: z.string().max(120), dir: z.enum(['asc', 'desc']) });

export const querySchema = z.strictObject({
  object: z.string().max(60),
  fields: z.array(z.string().max(120)).max(200).optional(),
  filter: filterSchema.optional(),
  search: z.string().max(200).optional(),
  sort: z.array(sortSchema).max(5).optional(),
  page: z
    .strictObject({
      limit: z.int().min(1).max(500).optional(),
      after: z.string().max(2000).optional(),
      offset: z.int().min(0).max(5_000_000).optional(),
    })
    .optional(),
  count: z.enum(['none', 'estimated', 'exact', 'capped']).optional(),
  asOf: z.iso.datetime({ offset: true }).optional(),
  deleted: z.boolean().optional(),
  freshness: z.boolean().optional(),
});

export const cellFreshnessSchema = z.object({
  confidence: z.number(),
  state: z.enum(['fresh', 'aging', 'stale', 'missing']),
  verifiedAt: z.string().nullable(),
  changedAt: z.string().nullable(),
  method: z.string().nullable(),
  by: z.string().nullable(),
  dueAt: z.string().nullable(),
  /** The last signal since it was settled: belief moved, nobody looked. */
  signal: z.object({ kind: z.string(), at: z.string(), label: wordsSchema }).optional(),
});

export const rowSchema = z.object({
  id: z.string(),
  version: z.number(),
  createdAt: z.string(),
  createdBy: z.string(),
  updatedAt: z.string(),
  updatedBy: z.string(),
  deletedAt: z.string().optional(),
  values: z.record(z.string(), valueSchema),
  /** Fields that the reader may not change in this row, with how he sees them. */
  modes: z.record(z.string(), z.enum(MODES)).optional(),
  freshness: z
    .object({ score: z.number(), dueAt: z.string().nullable(), cells: z.record(z.string(), cellFreshnessSchema) })
    .optional(),
});

export const pageSchema = z.object({
  rows: z.array(rowSchema),
  next: z.string().optional(),
  count: z.object({ value: z.number(), exact: z.boolean() }).optional(),
  /** Titles of related records and names of accounts that occur in values, by id. */
  titles: z.record(z.string(), z.string()).optional(),
});

export const changeSchema = z.strictObject({
  op: z.enum(['create', 'update', 'delete', 'restore']),
  object: z.string().max(60),
  id: z.uuid().optional(),
  version: z.int().min(1).optional(),
  set: z.record(z.string().max(60), z.unknown()).optional(),
  onlyEmpty: z.boolean().optional(),
  verify: z
    .strictObject({
      fields: z.array(z.string().max(60)).max(200),
      method: z.enum(['phone', 'visit', 'mail', 'customer', 'registry', 'document', 'other']),
      at: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
  /** A sign about values that nobody looked at: moves belief, not the verified clock. */
  evidence: z
    .strictObject({
      kind: z.string().max(60),
      fields: z.array(z.string().max(60)).max(200).optional(),
      at: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
});

export const outcomeSchema = z.object({
  status: z.enum(['applied', 'unchanged', 'held', 'conflict', 'rejected']),
  object: z.string(),
  id: z.string(),
  version: z.number().optional(),
  values: z.record(z.string(), valueSchema).optional(),
  issues: z.array(issueSchema).optional(),
  conflicts: z
    .array(z.object({ field: z.string(), yours: valueSchema, theirs: valueSchema, by: z.string(), at: z.string() }))
    .optional(),
  /** held: protected values became this request for approval (GET /approvals/:id). */
  approval: z.string().optional(),
});

export const writeBody = z.strictObject({
  changes: z.array(changeSchema).min(1).max(1000),
  /** true (default): all or nothing. */
  atomic: z.boolean().optional(),
  reason: z.string().max(500).optional(),
  dryRun: z.boolean().optional(),
});

export const writeReply = z.object({ changeSet: z.string().nullable(), outcomes: z.array(outcomeSchema) });

const recordParams = z.object({ object: z.string().max(60), id: z.uuid() });

export const historyEntrySchema = z.object({
  changeSet: z.string(),
  version: z.number(),
  at: z.string(),
  actor: z.string(),
  actorName: z.string().optional(),
  source: z.string(),
  kind: z.enum(['create', 'update', 'delete', 'restore', 'verify', 'evidence']),
  reason: z.string().optional(),
  /** Kind of the evidence, and what it is called. */
  evidence: z.object({ kind: z.string(), label: wordsSchema }).optional(),
  fields: z.array(z.object({ field: z.string(), before: valueSchema, after: valueSchema })),
});

export const changeSetSchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  actorName: z.string().optional(),
  source: z.string(),
  kind: z.string(),
  reason: z.string().nullable(),
  status: z.enum(['running', 'done', 'undone', 'cancelled']),
  undoes: z.string().nullable(),
  undoneBy: z.string().nullable(),
  summary: z.record(z.string(), z.unknown()),
});

export const records = {
  query: endpoint({
    method: 'POST',
    path: '/records/query',
    summary: 'List, filter, sort, search records',
    permission: 'record',
    scoped: true,
    reading: true,
    body: querySchema,
    response: pageSchema,
  }),
  get: endpoint({
    method: 'GET',
    path: '/records/:object/:id',
    summary: 'One record',
    permission: 'record',
    scoped: true,
    params: recordParams,
    query: z.object({ asOf: z.iso.datetime({ offset: true }).optional() }),
    response: pageSchema,
  }),
  write: endpoint({
    method: 'POST',
    path: '/records/changes',
    summary: 'Create, update, verify, delete, restore: a batch as one change set',
    permission: 'record',
    scoped: true,
    body: writeBody,
    response: writeReply,
    idempotent: true,
  }),
  history: endpoint({
    method: 'GET',
    path: '/records/:object/:id/history',
    summary: 'Changes of one record or one field, newest first',
    permission: 'record',
    scoped: true,
    params: recordParams,
    query: z.object({
      field: z.string().max(60).optional(),
      limit: z.coerce.number().int().min(1).max(500).optional(),
      before: z.string().optional(),
    }),
    response: z.object({ entries: z.array(historyEntrySchema) }),
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/records/:object/:id/timeline',
    summary: 'Related records (interactions, orders, …), changes and verifications in one stream, newest first',
    permission: 'record',
    scoped: true,
    params: recordParams,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).optional(),
      before: z.string().optional(),
      /** Names of objects and kinds of changes (update, verify, evidence …), by commas. */
      kinds: z.string().max(500).optional(),
      /** Account whose doing it is. */
      by: z.string().max(60).optional(),
    }),
    response: z.object({
      entries: z.array(
        z.object({
          at: z.string(),
          kind: z.enum(['record', 'change']),
          object: z.string(),
          row: rowSchema.optional(),
          entry: historyEntrySchema.optional(),
        }),
      ),
      next: z.string().optional(),
      titles: z.record(z.string(), z.string()).optional(),
    }),
  }),
  related: endpoint({
    method: 'GET',
    path: '/records/:object/:id/related',
    summary: 'What belongs to a record, the first of each object with their number, and days to remember',
    permission: 'record',
    scoped: true,
    params: recordParams,
    query: z.object({ asOf: z.iso.datetime({ offset: true }).optional() }),
    response: z.object({
      children: z.array(z.object({ object: z.string(), field: z.string(), page: pageSchema })),
      dates: z.array(
        z.object({
          object: z.string(),
          id: z.string(),
          title: z.string(),
          field: z.string(),
          day: z.string(),
          next: z.string(),
          days: z.number(),
        }),
      ),
    }),
  }),
  group: endpoint({
    method: 'POST',
    path: '/records/group',
    summary: 'Count per value of one field, with the sum of a number field if asked for',
    permission: 'record',
    scoped: true,
    reading: true,
    body: z.strictObject({
      query: querySchema,
      field: z.string().max(60),
      limit: z.int().min(1).max(500).optional(),
      sum: z.string().max(60).optional(),
    }),
    response: z.object({
      groups: z.array(z.object({ value: valueSchema, count: z.number(), sum: z.string().optional() })),
    }),
  }),
  search: endpoint({
    method: 'GET',
    path: '/search',
    summary: 'Search all objects: fragments, pinyin, initials, phone digits',
    permission: 'record',
    scoped: true,
    query: z.object({
      q: z.string().max(200),
      objects: z.string().max(300).optional(),
      limit: z.coerce.number().int().min(1).max(50).optional(),
    }),
    response: z.object({
      hits: z.array(z.object({ object: z.string(), id: z.string(), title: z.string(), detail: z.string().optional() })),
    }),
  }),
  export: endpoint({
    method: 'POST',
    path: '/records/export',
    summary:
      'What a query finds as a file (xlsx, csv, json); cells that begin like formulas are neutralised. 202 with {approval} when somebody must agree first',
    permission: 'record',
    body: z.strictObject({
      query: querySchema,
      format: z.enum(['xlsx', 'csv', 'json']),
      /** xlsx with drop-downs and row keys, to be edited and imported again. */
      forEditing: z.boolean().optional(),
      /** Why; told to who approves, and kept with the export. */
      reason: z.string().max(500).optional(),
    }),
  }),
  changeSets: endpoint({
    method: 'GET',
    path: '/change-sets',
    summary: 'Change sets, newest first',
    permission: 'record',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).optional(),
      before: z.string().optional(),
      mine: z.coerce.boolean().optional(),
    }),
    response: z.object({ changeSets: z.array(changeSetSchema) }),
  }),
  undoPreview: endpoint({
    method: 'GET',
    path: '/change-sets/:id/undo',
    summary: 'What undoing a change set would do, in counts of records; nothing is changed',
    permission: 'record',
    params: z.object({ id: z.uuid() }),
    response: z.object({
      objects: z.array(
        z.object({
          object: z.string(),
          remove: z.number(),
          bringBack: z.number(),
          giveBack: z.number(),
          touched: z.number(),
        }),
      ),
    }),
  }),
  undo: endpoint({
    method: 'POST',
    path: '/change-sets/:id/undo',
    summary: 'Undo a change set; fields that were touched since stay and are reported',
    permission: 'record',
    params: z.object({ id: z.uuid() }),
    response: z.object({
      changeSet: z.string(),
      undone: z.number(),
      skipped: z.array(z.object({ object: z.string(), id: z.string(), fields: z.array(z.string()) })),
      skippedCount: z.number(),
      /** Request for approval of protected values: they stay until it is given. */
      approval: z.string().optional(),
    }),
    idempotent: true,
  }),
};
