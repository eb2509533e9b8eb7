import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { filterSchema, issueSchema, valueSchema } from './records.ts';

const name = z.string().max(60);

/** What is done to each record. Values are raw, as typed; the door reads them once. */
export const massAction = z.discriminatedUnion('kind', [
  /** The same value everywhere; null empties. An owner is assigned this way too. */
  z.strictObject({ kind: z.literal('set'), field: name, value: valueSchema }),
  /** Choices or tags put beside those that are there. */
  z.strictObject({ kind: z.literal('append'), field: name, value: valueSchema }),
  /** Choices or tags taken away. */
  z.strictObject({ kind: z.literal('remove'), field: name, value: valueSchema }),
  /** A piece of text replaced wherever it stands in the field. */
  z.strictObject({
    kind: z.literal('replace'),
    field: name,
    find: z.string().min(1).max(200),
    with: z.string().max(200),
  }),
  /** Still right: of these fields, those that are filled. */
  z.strictObject({
    kind: z.literal('verify'),
    fields: z.array(name).min(1).max(50),
    method: z.enum(['phone', 'visit', 'mail', 'customer', 'registry', 'document', 'other']),
  }),
  /** A field of people shared out among several, each record to one of them. */
  z.strictObject({
    kind: z.literal('assign'),
    field: name,
    to: z.array(z.string().min(1).max(80)).min(1).max(200),
    /** even: the same number each · load: so that afterwards all own as nearly the same number as can be */
    by: z.enum(['even', 'load']),
    /** Records of a territory go to its people first. */
    territories: z.boolean().optional(),
    /** What belongs to another record goes to that one's owner first. */
    follow: z.boolean().optional(),
    /** Who gets none, whatever a territory says. */
    except: z.string().max(80).optional(),
  }),
  z.strictObject({ kind: z.literal('delete') }),
  z.strictObject({ kind: z.literal('restore') }),
  /** Stored values brought to the form that the fields' rules give them today; same content, so no clock moves. */
  z.strictObject({
    kind: z.literal('standardise'),
    /** All that may be edited, without. */
    fields: z.array(name).min(1).max(200).optional(),
    /** Traditional characters to simplified ones; off without. */
    simplify: z.boolean().optional(),
    /** Days written in text fields to YYYY-MM-DD; off without. */
    dates: z.boolean().optional(),
  }),
]);

export type MassAction = z.output<typeof massAction>;
/** Done to every record alike; an assignment is one of these for each who gets records. */
export type PlainAction = Exclude<MassAction, { kind: 'assign' }>;

/** Which records: those named, or all that match. */
export const massTarget = z.strictObject({
  object: name,
  ids: z.array(z.uuid()).min(1).max(10_000).optional(),
  filter: filterSchema.optional(),
  search: z.string().max(200).optional(),
  /** Those that a scan found (src/contract/scans.ts): `silent`, `invalid:FIELD`, `respell:FIELD`. */
  scan: z.strictObject({ id: z.uuid(), kind: z.string().max(80) }).optional(),
  /** Of the recycle bin; for `restore`. */
  deleted: z.boolean().optional(),
});

export type MassTarget = z.output<typeof massTarget>;

const counts = z.object({
  /** Will be changed, or were. */
  change: z.number(),
  /** Were so already. */
  same: z.number(),
  /** By code, with the sentence why: conflict, record-unknown, reason-needed, verify-empty, not-unique … */
  refused: z.array(z.object({ code: z.string(), count: z.number(), message: z.string() })),
  /** standardise: values per field and rule. */
  rules: z.array(z.object({ field: name, rule: z.string(), count: z.number() })),
});

const sample = z.object({
  id: z.string(),
  title: z.string(),
  changes: z.array(z.object({ field: name, before: valueSchema, after: valueSchema })),
});

export const massRun = z.object({
  id: z.string(),
  object: name,
  /** `undo`: takes a large change set back. */
  action: z.union([massAction, z.object({ kind: z.literal('undo'), changeSet: z.string() })]),
  /** looking: counts what it would do · ready: waits for a yes · running · done · cancelled: what was done stays and can be undone · failed */
  state: z.enum(['looking', 'ready', 'running', 'done', 'cancelled', 'failed']),
  actor: z.string(),
  at: z.string(),
  reason: z.string().nullable(),
  /** Records found. */
  found: z.number(),
  /** What it would do; null while looking. */
  preview: counts.extend({ samples: z.array(sample) }).nullable(),
  /** Records gone through, of how many; with records per second and what is left at this pace. */
  progress: z
    .object({ done: z.number(), total: z.number(), rate: z.number(), secondsLeft: z.number().nullable() })
    .nullable(),
  /** What it did so far. */
  result: counts.nullable(),
  changeSet: z.string().nullable(),
  /** Request for approval (GET /approvals/:id) that it waits for while `ready`, or was begun by. */
  approval: z.string().nullable(),
  error: issueSchema.nullable(),
});

const params = z.object({ id: z.uuid() });

export const mass = {
  create: endpoint({
    method: 'POST',
    path: '/mass',
    summary: 'Look at what a mass operation would do to all that match; nothing is changed until it is started',
    permission: 'record',
    body: z.strictObject({
      target: massTarget,
      action: massAction,
      /** Needed where a protected field is overwritten; shown in the history. */
      reason: z.string().max(500).optional(),
      /** Begins without waiting for a yes. */
      start: z.boolean().optional(),
    }),
    response: massRun,
  }),
  list: endpoint({
    method: 'GET',
    path: '/mass',
    summary: 'Mass operations of the caller (administrators: of everybody), newest first',
    permission: 'record',
    response: z.object({ runs: z.array(massRun) }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/mass/:id',
    summary: 'One mass operation: preview, progress, result',
    permission: 'record',
    params,
    response: massRun,
  }),
  start: endpoint({
    method: 'POST',
    path: '/mass/:id/start',
    summary: 'Do what was previewed, in the background',
    permission: 'record',
    params,
    response: massRun,
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/mass/:id/cancel',
    summary: 'Stop it; what was done until then stays, as one change set that can be undone',
    permission: 'record',
    params,
    response: massRun,
  }),
  undo: endpoint({
    method: 'POST',
    path: '/mass/undo',
    summary: 'Take a change set of a mass operation back in the background, in portions',
    permission: 'record',
    body: z.strictObject({ changeSet: z.uuid() }),
    response: massRun,
  }),
};
