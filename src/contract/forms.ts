import { z } from 'zod';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema, valueSchema } from './records.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,50}$/);
const account = z.string().min(1).max(60);
const text = z.strictObject({ zh: z.string().max(2000), en: z.string().max(2000) });

const conditionSchema = z.strictObject({
  question: z.string().max(40),
  is: z.enum(['one-of', 'none-of', 'filled', 'empty']),
  values: z.array(z.string().max(200)).max(50).optional(),
});

const questionSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]{0,39}$/),
  object: name,
  field: name,
  label: labelSchema.optional(),
  help: labelSchema.optional(),
  required: z.boolean().optional(),
  when: z.strictObject({ match: z.enum(['all', 'any']), of: z.array(conditionSchema).min(1).max(10) }).optional(),
});

/** `https://www.example.com`: scheme and host, no path. */
const site = z.string().regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/);

export const formDesignSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  title: labelSchema,
  intro: text,
  thanks: text,
  object: name,
  also: name.optional(),
  questions: z.array(questionSchema).max(60),
  fixed: z.array(z.strictObject({ field: name, value: valueSchema })).max(20),
  consent: z.strictObject({ purpose: z.string().max(60) }).optional(),
  outcome: z.enum(['create', 'review']),
  closesAt: z.iso.datetime({ offset: true }).optional(),
  most: z.int().min(1).max(1_000_000).optional(),
  tell: z.array(account).max(20),
  owner: account.optional(),
  sites: z.array(site).max(20),
  perAddress: z.int().min(1).max(100_000),
  perMinute: z.int().min(1).max(1_000_000),
});

export const FORM_STATES = ['draft', 'open', 'closed'] as const;
export const SUBMISSION_STATES = ['received', 'created', 'proposed', 'same', 'held', 'junk', 'rejected'] as const;
export const JUNK_KINDS = ['proof', 'stale', 'fast', 'trap', 'address', 'busy', 'malformed'] as const;

const countsSchema = z.record(z.string(), z.int());

const formSchema = z.object({
  id: z.string(),
  design: formDesignSchema,
  state: z.enum(FORM_STATES),
  /** Of the public page. */
  url: z.string(),
  version: z.int(),
  author: z.string(),
  authorName: z.string(),
  updatedAt: z.string(),
  /** Submissions by state. */
  counts: countsSchema,
  /** What was refused in the last 30 days, by kind. */
  junk: countsSchema,
  /** What keeps it from being published or from taking anything, in the reader's language. */
  problems: z.array(z.string()),
  /** May the reader change it? */
  mayEdit: z.boolean(),
});
export type FormView = z.infer<typeof formSchema>;

const submissionSchema = z.object({
  id: z.string(),
  form: z.string(),
  formName: z.string(),
  at: z.string(),
  state: z.enum(SUBMISSION_STATES),
  /** Why it waits or was put aside, in the reader's language. */
  why: z.string().nullable(),
  /** What was typed, as far as the reader may see it; empty once it is a record. */
  answers: z.array(z.object({ label: labelSchema, value: z.string() })),
  object: z.string(),
  /** The record that it became or speaks of, where the reader may see it. */
  record: z.string().nullable(),
  title: z.string().nullable(),
  /** Records it may be about. */
  candidates: z.array(z.object({ object: z.string(), id: z.string(), title: z.string() })),
  /** There are more that the reader may not see. */
  candidatesHidden: z.int(),
  changeSet: z.string().nullable(),
  decidedByName: z.string().nullable(),
});
export type SubmissionView = z.infer<typeof submissionSchema>;

const one = z.object({ id: z.uuid() });
const ok = z.object({ ok: z.literal(true) });

const censusSchema = z.object({
  id: z.string(),
  name: z.string(),
  object: z.string(),
  fields: z.array(z.object({ field: z.string(), label: labelSchema })),
  madeAt: z.string(),
  madeByName: z.string(),
  dueAt: z.string(),
  state: z.enum(['sending', 'sent', 'stopped']),
  /** Customers it is for, and how far it is. */
  total: z.int(),
  asked: z.int(),
  opened: z.int(),
  answered: z.int(),
  /** Could not be asked: nobody to write to, said no. */
  left: z.int(),
});
export type CensusView = z.infer<typeof censusSchema>;

export const forms = {
  list: endpoint({
    method: 'GET',
    path: '/forms',
    summary: 'Public forms with what came in and what was refused',
    permission: 'record',
    response: z.object({ forms: z.array(formSchema), mayMake: z.boolean() }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/forms/:id',
    summary: 'One public form',
    permission: 'record',
    params: one,
    response: formSchema,
  }),
  choices: endpoint({
    method: 'GET',
    path: '/forms/choices',
    summary: 'What a form of the caller may ask for: objects, records that come along, fields',
    permission: 'admin:settings',
    response: z.object({
      objects: z.array(
        z.object({
          object: z.string(),
          label: labelSchema,
          fields: z.array(z.string()),
          also: z.array(z.object({ object: z.string(), label: labelSchema, fields: z.array(z.string()) })),
        }),
      ),
    }),
  }),
  save: endpoint({
    method: 'PUT',
    path: '/forms/:id',
    summary: 'Make or change a form; it is bound by the permissions of whoever saved it last',
    permission: 'admin:settings',
    params: one,
    body: z.strictObject({ design: formDesignSchema, version: z.int().min(0) }),
    response: formSchema,
  }),
  state: endpoint({
    method: 'POST',
    path: '/forms/:id/state',
    summary: 'Publish a form, or close it',
    permission: 'admin:settings',
    params: one,
    body: z.strictObject({ state: z.enum(['open', 'closed']) }),
    response: formSchema,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/forms/:id',
    summary: 'Delete a form that nothing came in through',
    permission: 'admin:settings',
    params: one,
    response: ok,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/forms/preview',
    summary: 'The page as it would be shown',
    permission: 'admin:settings',
    reading: true,
    body: z.strictObject({ design: formDesignSchema, lang: z.enum(['zh', 'en']) }),
    response: z.object({ html: z.string(), problems: z.array(z.string()) }),
  }),
  submissions: endpoint({
    method: 'GET',
    path: '/form-submissions',
    summary: 'What came in through forms, newest first',
    permission: 'record',
    query: z.object({
      form: z.uuid().optional(),
      state: z.enum([...SUBMISSION_STATES, 'open']).optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
    response: z.object({ submissions: z.array(submissionSchema), next: z.string().optional() }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/form-submissions/:id',
    summary: 'Make a record of what waits, take it as about a record that is there, or put it aside',
    permission: 'record',
    params: one,
    body: z.discriminatedUnion('do', [
      z.strictObject({ do: z.literal('create') }),
      z.strictObject({ do: z.literal('attach'), object: name, record: z.uuid() }),
      z.strictObject({ do: z.literal('reject') }),
    ]),
    response: submissionSchema,
  }),
  censuses: endpoint({
    method: 'GET',
    path: '/censuses',
    summary: 'Rounds in which customers are asked for their details, with how far each is',
    permission: 'record',
    response: z.object({ censuses: z.array(censusSchema) }),
  }),
  censusCount: endpoint({
    method: 'POST',
    path: '/censuses/count',
    summary: 'How many customers a round would be for',
    permission: 'record',
    reading: true,
    body: z.strictObject({ object: name, filter: filterSchema.optional() }),
    response: z.object({ count: z.int(), fields: z.array(z.string()), mail: z.boolean() }),
  }),
  startCensus: endpoint({
    method: 'PUT',
    path: '/censuses/:id',
    summary: 'Ask the customers of a filter for their details by a day: a link to each, reminders, progress',
    permission: 'record',
    params: one,
    body: z.strictObject({
      name: z.string().trim().min(1).max(80),
      object: name,
      filter: filterSchema.optional(),
      fields: z.array(name).min(1).max(60),
      days: z.int().min(1).max(90),
      remindDays: z.int().min(0).max(60),
      lang: z.enum(['zh', 'en']),
    }),
    response: censusSchema,
  }),
  stopCensus: endpoint({
    method: 'POST',
    path: '/censuses/:id/stop',
    summary: 'Ask nobody else, and make the links of those who have not answered worthless',
    permission: 'record',
    params: one,
    response: censusSchema,
  }),
};
