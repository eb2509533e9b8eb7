import { z } from 'zod';
import { fieldInput, labelSchema, objectInput, viewDefinition } from './catalog.ts';
import { endpoint } from './endpoint.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]{1,40}$/);

const templateView = z.strictObject({ name, label: labelSchema, definition: viewDefinition });

/** A new object whole, or what is added to one that is there: then without label and title. */
const templateObject = objectInput.partial().extend({
  name,
  fields: z.array(fieldInput.omit({ position: true }).extend({ name: fieldInput.shape.name.unwrap() })).max(300),
  views: z.array(templateView).max(50).optional(),
});

/** The file of a trade template: fields, objects and views of a line of business, as data. */
export const tradeTemplate = z.strictObject({
  format: z.literal(1),
  name,
  version: z.int().min(1).max(1_000_000),
  label: labelSchema,
  description: labelSchema,
  objects: z.array(templateObject).min(1).max(60),
});
export type TradeTemplate = z.output<typeof tradeTemplate>;

const added = z.object({
  object: z.string(),
  label: labelSchema,
  /** The object itself is new. */
  fresh: z.boolean(),
  fields: z.array(labelSchema),
  /** There already, of the same type: stay as they are. */
  kept: z.array(labelSchema),
  views: z.array(labelSchema),
});

const shown = z.object({
  name: z.string(),
  version: z.number(),
  label: labelSchema,
  description: labelSchema,
  adds: z.array(added),
  installed: z.object({ version: z.number(), at: z.string(), by: z.string() }).nullable(),
});

/** A template beside a workspace. */
export type TradeShown = z.output<typeof shown>;

const params = z.object({ name });

export const trades = {
  list: endpoint({
    method: 'GET',
    path: '/trade-templates',
    summary:
      'Trade templates that come with the product or were installed from a file, with what each would add or has added',
    permission: 'admin:fields',
    response: z.object({ templates: z.array(shown) }),
  }),
  look: endpoint({
    method: 'POST',
    path: '/trade-templates/look',
    summary: 'What a file would add; nothing is changed',
    permission: 'admin:fields',
    reading: true,
    body: tradeTemplate,
    response: shown,
  }),
  install: endpoint({
    method: 'POST',
    path: '/trade-templates',
    summary: 'Install a file, or one that comes with the product by its name; what is there already stays as it is',
    permission: 'admin:fields',
    body: z.strictObject({ file: tradeTemplate.optional(), name: name.optional() }),
    response: shown,
  }),
  file: endpoint({
    method: 'GET',
    path: '/trade-templates/:name/file',
    summary: 'An installed template as a file again, with what was changed since',
    permission: 'admin:fields',
    params,
    response: tradeTemplate,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/trade-templates/:name',
    summary: 'Take its fields and objects out of use; values stay and come back when it is installed again',
    permission: 'admin:fields',
    params,
    response: z.object({}),
  }),
};
