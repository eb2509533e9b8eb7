import { z } from 'zod';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema, querySchema, valueSchema } from './records.ts';

const path = z.string().max(120);

/** Dimensions and measures of a report; also kept with saved ones. */
const aggregateShape = {
  by: z
    .array(
      z.strictObject({
        field: path,
        bucket: z.enum(['day', 'week', 'month', 'quarter', 'year']).optional(),
        /** Trees: 1 is the top. */
        level: z.int().min(1).max(6).optional(),
      }),
    )
    .max(2),
  measures: z
    .array(z.strictObject({ fn: z.enum(['count', 'sum', 'average', 'least', 'most']), field: path.optional() }))
    .min(1)
    .max(6),
};

/** Money as a decimal string. */
const figureSchema = z.union([z.number(), z.string(), z.null()]);

export const CHARTS = ['bar', 'line', 'table', 'number'] as const;

export const reportDefinition = z.strictObject({
  object: z.string().max(60),
  filter: filterSchema.optional(),
  ...aggregateShape,
  chart: z.enum(CHARTS),
  /** Stands on the board of its reader. */
  pinned: z.boolean().optional(),
});

export const reportSchema = z.object({
  /** Reports of the template have ids of their own and can only be copied. */
  id: z.string(),
  name: z.string(),
  label: labelSchema.optional(),
  owner: z.string().nullable(),
  shared: z.boolean(),
  definition: reportDefinition,
  version: z.number(),
});

const naming = { name: z.string().trim().min(1).max(80), shared: z.boolean().optional() };
const params = z.object({ id: z.uuid() });

export const insight = {
  aggregate: endpoint({
    method: 'POST',
    path: '/records/aggregate',
    summary:
      'Figures over all records that match: count, sum, average, least, most by up to two dimensions, with totals',
    permission: 'record',
    scoped: true,
    reading: true,
    body: z.strictObject({ query: querySchema, ...aggregateShape, limit: z.int().min(1).max(5000).optional() }),
    response: z.object({
      rows: z.array(z.object({ keys: z.array(valueSchema), values: z.array(figureSchema) })),
      totals: z.array(
        z.object({ over: z.array(z.number()), keys: z.array(valueSchema), values: z.array(figureSchema) }),
      ),
      more: z.boolean(),
      titles: z.record(z.string(), z.string()),
    }),
  }),
  reports: endpoint({
    method: 'GET',
    path: '/reports',
    summary: 'Reports: of the template, shared by colleagues, and one’s own; only of objects that may be seen',
    permission: 'signed-in',
    response: z.object({ reports: z.array(reportSchema) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/reports',
    summary: 'Save a report',
    permission: 'record',
    body: z.strictObject({ ...naming, definition: reportDefinition }),
    response: reportSchema,
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/reports/:id',
    summary: 'Change a report: its owner, or an administrator',
    permission: 'record',
    params,
    body: z.strictObject({
      name: naming.name.optional(),
      shared: z.boolean().optional(),
      definition: reportDefinition.optional(),
      version: z.int().min(1),
    }),
    response: reportSchema,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/reports/:id',
    summary: 'Delete a report: its owner, or an administrator',
    permission: 'record',
    params,
    response: z.object({ ok: z.literal(true) }),
  }),
};
