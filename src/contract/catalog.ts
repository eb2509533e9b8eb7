import { z } from 'zod';
import { type Catalog, type FieldDef, type ObjectDef, ROLLUP_FNS, STAGE_KINDS } from '../domain/schema/types.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema, sortSchema } from './records.ts';

export const labelSchema = z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });

const optionSchema = z.strictObject({
  value: z.string().min(1).max(100),
  label: labelSchema,
  color: z.string().max(30).optional(),
  aliases: z.array(z.string().max(100)).max(50).optional(),
  retired: z.boolean().optional(),
  stage: z.strictObject({ kind: z.enum(STAGE_KINDS), probability: z.number().min(0).max(1) }).optional(),
});

/** What a designer may say of a field; the engine adds id, object, builtin. */
export const fieldInput = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,50}$/)
    .optional(),
  label: labelSchema,
  type: z.enum([
    'text',
    'longtext',
    'number',
    'money',
    'percent',
    'date',
    'datetime',
    'boolean',
    'select',
    'multiselect',
    'tags',
    'tree',
    'phone',
    'email',
    'url',
    'address',
    'geo',
    'user',
    'department',
    'relation',
    'autonumber',
    'idcard',
    'uscc',
    'bankaccount',
    'rating',
    'file',
  ]),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  default: z.unknown().optional(),
  help: labelSchema.optional(),
  options: z.array(optionSchema).max(500).optional(),
  stage: z.boolean().optional(),
  occasion: z.enum(['once', 'yearly']).optional(),
  chain: z.boolean().optional(),
  open: z.boolean().optional(),
  target: z.string().max(60).optional(),
  tree: z.string().max(60).optional(),
  min: z.union([z.number(), z.string().max(40)]).optional(),
  max: z.union([z.number(), z.string().max(40)]).optional(),
  maxLength: z.int().min(1).max(100_000).optional(),
  scale: z.int().min(0).max(10).optional(),
  currency: z.string().length(3).optional(),
  pattern: z.strictObject({ regex: z.string().max(500), message: labelSchema }).optional(),
  numbering: z.string().max(100).optional(),
  aliases: z.array(z.string().max(100)).max(100).optional(),
  sensitivity: z.enum(['public', 'internal', 'personal', 'sensitive']).optional(),
  search: z.enum(['none', 'name', 'text', 'phone']).optional(),
  tracked: z.boolean().optional(),
  priority: z.enum(['high', 'middle', 'low']).optional(),
  decay: z.strictObject({ rate: z.number().min(0).max(400), source: z.string().max(300) }).optional(),
  minutes: z.number().min(0).max(600).optional(),
  match: z.enum(['none', 'exact', 'company', 'person', 'phone', 'email', 'address', 'text']).optional(),
  survive: z.enum(['newest', 'trusted', 'complete', 'verified']).optional(),
  protected: z.boolean().optional(),
  /** Stored encrypted; values are moved in the background. */
  encrypted: z.boolean().optional(),
  readonly: z.boolean().optional(),
  /** Kept by the engine from records that point here; what type says then does not count. */
  rollup: z
    .strictObject({
      of: z.string().max(60),
      via: z.string().max(60),
      fn: z.enum(ROLLUP_FNS),
      field: z.string().max(60).optional(),
      by: z.string().max(60).optional(),
      filter: filterSchema.optional(),
    })
    .optional(),
  from: z
    .string()
    .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)
    .optional(),
  group: z.string().max(100).optional(),
  position: z.number().optional(),
});

const { shape } = fieldInput;

/** A change of a field: what is not named stays, null takes a setting away. */
export const fieldPatch = fieldInput.partial().extend({
  retired: z.boolean().optional(),
  required: shape.required.nullable(),
  unique: shape.unique.nullable(),
  open: shape.open.nullable(),
  stage: shape.stage.nullable(),
  occasion: shape.occasion.nullable(),
  chain: shape.chain.nullable(),
  tracked: shape.tracked.nullable(),
  help: shape.help.nullable(),
  min: shape.min.nullable(),
  max: shape.max.nullable(),
  maxLength: shape.maxLength.nullable(),
  scale: shape.scale.nullable(),
  currency: shape.currency.nullable(),
  pattern: shape.pattern.nullable(),
  aliases: shape.aliases.nullable(),
  encrypted: shape.encrypted.nullable(),
  priority: shape.priority.nullable(),
  decay: shape.decay.nullable(),
  minutes: shape.minutes.nullable(),
  from: shape.from.nullable(),
  group: shape.group.nullable(),
});

export const objectInput = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,40}$/)
    .optional(),
  label: labelSchema,
  plural: labelSchema.optional(),
  title: z.string().max(60).optional(),
  icon: z.string().max(40).optional(),
  appendOnly: z.boolean().optional(),
  parent: z.string().max(60).optional(),
  owner: z.string().max(60).optional(),
  fields: z.array(fieldInput).max(300).optional(),
});

export const fieldSchema = z.custom<FieldDef>();
export const objectSchema = z.custom<ObjectDef>();
export const catalogSchema = z.custom<Catalog>();

export const viewDefinition = z.strictObject({
  columns: z
    .array(
      z.strictObject({
        field: z.string().max(120),
        width: z.number().optional(),
        pinned: z.boolean().optional(),
        hidden: z.boolean().optional(),
      }),
    )
    .max(300),
  filter: filterSchema.optional(),
  sort: z.array(sortSchema).max(5).optional(),
  groupBy: z.string().max(60).optional(),
  /** Cards in columns instead of a table: one column per option of a select field, with the sum of a number beside the count. */
  board: z.strictObject({ by: z.string().max(60), sum: z.string().max(60).optional() }).optional(),
  rowHeight: z.enum(['short', 'tall']).optional(),
});

export const viewSchema = z.object({
  id: z.string(),
  object: z.string(),
  name: z.string(),
  /** Views of the template carry both languages. */
  label: labelSchema.optional(),
  owner: z.string().nullable(),
  shared: z.boolean(),
  definition: viewDefinition,
  position: z.number(),
  version: z.number(),
});

const objectParams = z.object({ object: z.string().max(60) });
const fieldParams = z.object({ object: z.string().max(60), field: z.string().max(60) });

export const catalog = {
  rollups: endpoint({
    method: 'GET',
    path: '/catalog/rollups',
    summary: 'Roll-ups that are still being worked out for records that were there before them',
    permission: 'admin:fields',
    response: z.object({
      filling: z.array(z.object({ object: z.string(), field: z.string(), done: z.int(), total: z.int() })),
    }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/catalog',
    summary: 'All objects and fields that may be seen',
    permission: 'signed-in',
    scoped: true,
    response: catalogSchema,
  }),
  createObject: endpoint({
    method: 'POST',
    path: '/objects',
    summary: 'Add an object',
    permission: 'admin:fields',
    body: objectInput,
    response: objectSchema,
  }),
  updateObject: endpoint({
    method: 'PATCH',
    path: '/objects/:object',
    summary: 'Change label, title, icon; retire or bring back',
    permission: 'admin:fields',
    params: objectParams,
    body: objectInput.partial().extend({ retired: z.boolean().optional() }),
    response: objectSchema,
  }),
  createField: endpoint({
    method: 'POST',
    path: '/objects/:object/fields',
    summary: 'Add a field while the system runs',
    permission: 'admin:fields',
    params: objectParams,
    body: fieldInput,
    response: fieldSchema,
  }),
  updateField: endpoint({
    method: 'PATCH',
    path: '/objects/:object/fields/:field',
    summary: 'Change a field, null takes a setting away (RFC 7396); retire or bring back',
    permission: 'admin:fields',
    params: fieldParams,
    body: fieldPatch,
    response: fieldSchema,
  }),
  reorderFields: endpoint({
    method: 'PUT',
    path: '/objects/:object/field-order',
    summary: 'Order of fields by name',
    permission: 'admin:fields',
    params: objectParams,
    body: z.strictObject({ names: z.array(z.string()).max(500) }),
    response: objectSchema,
  }),
  tree: endpoint({
    method: 'GET',
    path: '/trees/:tree',
    summary: 'A reference tree: industries (GB/T 4754), divisions (GB/T 2260)',
    permission: 'signed-in',
    scoped: true,
    params: z.object({ tree: z.string().max(60) }),
    query: z.object({
      parent: z.string().max(20).optional(),
      q: z.string().max(60).optional(),
      /** The whole tree at once; a page keeps it to show codes as names. */
      all: z.enum(['true']).optional(),
    }),
    response: z.object({
      nodes: z.array(
        z.object({
          code: z.string(),
          label: labelSchema,
          parent: z.string().nullable(),
          leaf: z.boolean().optional(),
          path: z.string().optional(),
        }),
      ),
    }),
  }),
  views: endpoint({
    method: 'GET',
    path: '/views',
    summary: 'Saved views of an object: shared ones and mine',
    permission: 'signed-in',
    query: z.object({ object: z.string().max(60).optional() }),
    response: z.object({ views: z.array(viewSchema) }),
  }),
  createView: endpoint({
    method: 'POST',
    path: '/views',
    summary: 'Save a view',
    permission: 'signed-in',
    body: z.strictObject({
      object: z.string().max(60),
      name: z.string().min(1).max(80),
      shared: z.boolean().optional(),
      definition: viewDefinition,
    }),
    response: viewSchema,
  }),
  updateView: endpoint({
    method: 'PATCH',
    path: '/views/:id',
    summary: 'Change a view',
    permission: 'signed-in',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({
      name: z.string().min(1).max(80).optional(),
      shared: z.boolean().optional(),
      definition: viewDefinition.optional(),
      position: z.int().optional(),
      version: z.int().optional(),
    }),
    response: viewSchema,
  }),
  deleteView: endpoint({
    method: 'DELETE',
    path: '/views/:id',
    summary: 'Remove a view',
    permission: 'signed-in',
    params: z.object({ id: z.uuid() }),
    response: z.object({ ok: z.literal(true) }),
  }),
};
