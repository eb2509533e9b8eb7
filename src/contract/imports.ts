import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { issueSchema, valueSchema } from './records.ts';

/** One column of the file and where it goes. */
export const columnMapping = z.object({
  /** Position in the file, 0-based. */
  column: z.int().min(0),
  header: z.string(),
  /** `customer.name`, `contact.phone`, `interaction.content`; null = left out. */
  target: z.string().nullable(),
  /** Header matched a synonym, content looked like it, a saved mapping said so, or the person chose. */
  why: z.enum(['alias', 'content', 'saved', 'person', 'none']),
  /** 0..1 */
  confidence: z.number(),
  samples: z.array(z.string()),
});

export const importSettings = z.strictObject({
  object: z.string().max(60),
  sheet: z.string().max(200).optional(),
  headerRow: z.int().min(0).optional(),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().max(4).optional(),
  columns: z.array(columnMapping).max(2000),
  /** Per object: fields by which a row is recognised as an existing record. */
  matchKeys: z.record(z.string(), z.array(z.string())),
  /** What to do with a row that is there already. */
  onMatch: z.enum(['update', 'fill', 'skip', 'create']),
  /** A cell that can't be read: leave it empty and report it (default), or refuse the row. */
  onBadCell: z.enum(['blank', 'reject']).optional(),
  /** Account that owns rows without an owner column. */
  owner: z.string().max(80).nullable().optional(),
  /** The file is a trusted, freshly checked source: its values start with high confidence. */
  checkedAt: z.string().max(40).nullable().optional(),
});

const counts = z.object({
  rows: z.number(),
  create: z.number(),
  update: z.number(),
  unchanged: z.number(),
  skip: z.number(),
  duplicate: z.number(),
  reject: z.number(),
  warn: z.number(),
});

export const cellProblem = z.object({
  row: z.number(),
  column: z.string(),
  field: z.string().nullable(),
  text: z.string(),
  issue: issueSchema,
});

export const importSchema = z.object({
  id: z.string(),
  fileName: z.string(),
  bytes: z.number(),
  createdAt: z.string(),
  createdBy: z.string(),
  state: z.enum([
    'reading',
    'mapping',
    'previewing',
    'ready',
    'running',
    'done',
    'cancelled',
    'failed',
    'undoing',
    'undone',
  ]),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  format: z.string().nullable(),
  encoding: z.string().nullable(),
  sheets: z.array(z.object({ name: z.string(), hidden: z.boolean(), rows: z.number().optional() })),
  notices: z.array(z.object({ code: z.string(), message: z.string() })),
  settings: importSettings.nullable(),
  preview: z
    .object({
      counts,
      problems: z.array(cellProblem),
      problemCount: z.number(),
      /** First rows as they would be written, by object. */
      samples: z.array(
        z.object({
          row: z.number(),
          action: z.enum(['create', 'update', 'unchanged', 'skip', 'duplicate', 'reject']),
          records: z.array(
            z.object({
              object: z.string(),
              values: z.record(z.string(), valueSchema),
              before: z.record(z.string(), valueSchema).optional(),
            }),
          ),
          reasons: z.array(z.string()),
        }),
      ),
      /** The preview looked at all rows, or at a part. */
      complete: z.boolean(),
    })
    .nullable(),
  progress: z
    .object({ rows: z.number(), total: z.number().nullable(), rate: z.number(), secondsLeft: z.number().nullable() })
    .nullable(),
  /** The file is a sheet that was exported for editing: it is compared cell by cell instead of being mapped. */
  roundTrip: z
    .object({
      exportedAt: z.string(),
      exportedBy: z.string(),
      /** Cells that both sides changed to the same value. */
      agreed: z.number(),
      /** Cells that a spreadsheet program changed by itself; taken as unchanged. */
      spoilt: z.number(),
    })
    .nullable(),
  result: counts.nullable(),
  changeSet: z.string().nullable(),
});

export const sheetChangeKind = z.enum(['change', 'conflict', 'refused', 'unreadable', 'new', 'verify']);

/** What a returned sheet would change in one place, or can't. */
export const sheetChange = z.object({
  /** Row of the file. */
  row: z.number(),
  /** Position of the column in the export; -1 stands for the whole row. */
  place: z.number(),
  kind: sheetChangeKind,
  record: z.string().nullable(),
  /** What the record is called. */
  title: z.string().nullable(),
  field: z.string().nullable(),
  /** At the export · in the system when compared · in the file. New rows: `file` has the values by field; verifications: the fields. */
  base: valueSchema,
  now: valueSchema,
  file: valueSchema,
  /** The cell as it stands in the file, when it is left out. */
  text: z.string().nullable(),
  issue: issueSchema.nullable(),
  /** Who wrote `now`, and when. */
  by: z.string().nullable(),
  at: z.string().nullable(),
  /** The file's value is written. */
  take: z.boolean(),
});

const kindCount = z.object({ all: z.number(), taken: z.number() });

const params = z.object({ id: z.uuid() });

export const imports = {
  upload: endpoint({
    method: 'POST',
    path: '/imports',
    summary: 'Upload a file (body = the bytes, name in query)',
    permission: 'record',
    query: z.object({ name: z.string().min(1).max(255), object: z.string().max(60).optional() }),
    response: importSchema,
  }),
  list: endpoint({
    method: 'GET',
    path: '/imports',
    summary: 'Imports, newest first',
    permission: 'record',
    response: z.object({ imports: z.array(importSchema) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/imports/:id',
    summary: 'State, mapping, preview, progress, result',
    permission: 'record',
    params,
    response: importSchema,
  }),
  settings: endpoint({
    method: 'PUT',
    path: '/imports/:id/settings',
    summary: 'Mapping and rules; makes a new preview',
    permission: 'record',
    params,
    body: importSettings,
    response: importSchema,
  }),
  start: endpoint({
    method: 'POST',
    path: '/imports/:id/start',
    summary: 'Write it',
    permission: 'record',
    params,
    response: importSchema,
    idempotent: true,
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/imports/:id/cancel',
    summary: 'Stop it (what is written stays until undone)',
    permission: 'record',
    params,
    response: importSchema,
  }),
  undo: endpoint({
    method: 'POST',
    path: '/imports/:id/undo',
    summary: 'Undo the whole import',
    permission: 'record',
    params,
    response: importSchema,
  }),
  changes: endpoint({
    method: 'GET',
    path: '/imports/:id/changes',
    summary: 'Cell by cell what a sheet that was exported for editing would change, in the order of the file',
    permission: 'record',
    params,
    query: z.object({
      /** Comma-separated; all by default. */
      kinds: z.string().max(100).optional(),
      /** `row.place` of the last one seen. */
      after: z
        .string()
        .regex(/^\d+\.-?\d+$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    response: z.object({
      counts: z.record(sheetChangeKind, kindCount),
      /** Rows of the file with something to be written. */
      rows: z.number(),
      changes: z.array(sheetChange),
      /** Names of people and titles of related records that occur in values. */
      titles: z.record(z.string(), z.string()),
      next: z.string().nullable(),
    }),
  }),
  choose: endpoint({
    method: 'PUT',
    path: '/imports/:id/choices',
    summary: 'Which side wins: the file or the system, for single cells or for all of a kind',
    permission: 'record',
    params,
    body: z.strictObject({
      take: z.enum(['file', 'system']),
      kind: sheetChangeKind.optional(),
      cells: z
        .array(z.strictObject({ row: z.int(), place: z.int() }))
        .max(10_000)
        .optional(),
    }),
    response: z.object({ counts: z.record(sheetChangeKind, kindCount), rows: z.number() }),
  }),
  asTable: endpoint({
    method: 'POST',
    path: '/imports/:id/as-table',
    summary: 'Takes a sheet that was exported for editing as an ordinary table: columns are mapped',
    permission: 'record',
    params,
    response: importSchema,
  }),
  errors: endpoint({
    method: 'GET',
    path: '/imports/:id/errors',
    summary: 'Refused rows as xlsx or csv: original columns and 原因',
    permission: 'record',
    params,
    query: z.object({ format: z.enum(['xlsx', 'csv']).optional() }),
  }),
};
