import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const name = z.string().max(60);
const counts = z.record(z.string(), z.number());
const ok = z.object({ ok: z.literal(true) });
const one = z.object({ id: z.uuid() });

export const ERASE_MODES = ['erase', 'anonymise'] as const;
export const GROUNDS = ['subject', 'withdrawn', 'expired', 'purpose', 'unlawful', 'other'] as const;
const mode = z.enum(ERASE_MODES);
const ground = z.enum(GROUNDS);

const reportSchema = z.object({
  /** Records per object. */
  records: counts,
  fields: z.number(),
  /** Versions of the past. */
  deltas: z.number(),
  files: z.number(),
  /** Messages that waited to be sent. */
  messages: z.number(),
  /** Private parts of the audit log. */
  audit: z.number(),
  /** Rows per table of copies. */
  copies: counts,
  /** Other records that named the person. */
  mentions: counts,
});
export type ErasureReport = z.infer<typeof reportSchema>;

const erasureSchema = z.object({
  id: z.string(),
  at: z.string(),
  by: z.string(),
  byName: z.string(),
  mode,
  ground,
  cause: z.string().nullable(),
  state: z.enum(['waiting', 'working', 'done', 'failed']),
  report: reportSchema.partial(),
  error: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** Old versions of rows are still in the database's files; they leave tonight. */
  scrubbed: z.boolean(),
});
export type ErasureView = z.infer<typeof erasureSchema>;

const choice = z.strictObject({
  object: name,
  ids: z.array(z.uuid()).min(1).max(100),
  mode,
  /** Orders, contracts, deals below: gone too, or kept without a name. */
  below: mode,
});

const SUGGESTED = ['idcard', 'bankcard', 'mobile', 'mail', 'name', 'address', 'birthday', 'health', 'wechat'] as const;
const markSchema = z.object({
  object: z.string(),
  field: z.string(),
  label: z.object({ zh: z.string(), en: z.string() }),
  kind: z.enum(SUGGESTED),
  sensitivity: z.enum(['personal', 'sensitive']),
  /** 0..1 */
  share: z.number(),
  looked: z.number(),
});
export type FieldMark = z.infer<typeof markSchema>;

export const BASES = ['consent', 'contract', 'law', 'interest', 'public', 'vital'] as const;
export const CHANNELS = ['any', 'mail', 'phone', 'sms', 'wechat', 'post'] as const;
export const CONSENT_STATES = ['given', 'refused', 'withdrawn'] as const;
export const CONSENT_SOURCES = ['page', 'customer', 'form', 'paper', 'phone', 'import', 'link'] as const;
const words = z.object({ zh: z.string().max(2000), en: z.string().max(2000) });

const purposeSchema = z.object({
  id: z.string(),
  label: words,
  basis: z.enum(BASES),
  /** `object.field` */
  fields: z.array(z.string()),
  version: z.number(),
  words,
  retired: z.boolean(),
  builtin: z.boolean(),
  /** People whose newest word on it is this. */
  given: z.number(),
  withdrawn: z.number(),
  /** Fields among them that are sensitive: they need a consent of their own. */
  separate: z.boolean(),
});
export type Purpose = z.infer<typeof purposeSchema>;

const consentSchema = z.object({
  id: z.string(),
  purpose: z.string(),
  channel: z.enum(CHANNELS),
  separate: z.boolean(),
  state: z.enum(CONSENT_STATES),
  at: z.string(),
  source: z.enum(CONSENT_SOURCES),
  textVersion: z.number().nullable(),
  note: z.string().nullable(),
  byName: z.string().nullable(),
  /** It is the newest of its kind. */
  inForce: z.boolean(),
});
export type ConsentView = z.infer<typeof consentSchema>;

export const privacy = {
  overview: endpoint({
    method: 'GET',
    path: '/privacy',
    summary: 'What is held about people, why, until when, who saw it, and what is open',
    permission: 'admin:privacy',
    response: z.object({
      fields: z.array(
        z.object({
          object: z.string(),
          field: z.string(),
          label: z.object({ zh: z.string(), en: z.string() }),
          sensitivity: z.enum(['personal', 'sensitive']),
          /** Values held. */
          values: z.number(),
          purposes: z.array(z.string()),
          rules: z.array(z.string()),
        }),
      ),
      objects: z.array(z.object({ object: z.string(), records: z.number(), deleted: z.number() })),
      /** Reads of marked fields in the last 30 days, by person. */
      looks: z.array(
        z.object({ actor: z.string(), name: z.string(), reads: z.number(), exports: z.number(), records: z.number() }),
      ),
      requests: z.object({ open: z.number(), overdue: z.number(), soon: z.number() }),
      warned: z.number(),
      erasures: z.number(),
      marks: z.number(),
    }),
  }),
  marks: endpoint({
    method: 'GET',
    path: '/privacy/marks',
    summary: 'Fields that look personal by their content and are not marked so',
    permission: 'admin:privacy',
    response: z.object({ marks: z.array(markSchema), lookedAt: z.string().nullable() }),
  }),
  classify: endpoint({
    method: 'POST',
    path: '/privacy/marks/look',
    summary:
      'Look through a sample of every field for identity numbers, bank cards, telephones, mail addresses, names and addresses',
    permission: 'admin:privacy',
    response: z.object({ marks: z.array(markSchema), lookedAt: z.string().nullable() }),
  }),
  answerMark: endpoint({
    method: 'POST',
    path: '/privacy/marks/:object/:field',
    summary: 'Mark a field as suggested, or decline',
    permission: 'admin:privacy',
    params: z.object({ object: name, field: name }),
    body: z.strictObject({ accept: z.boolean() }),
    response: ok,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/privacy/erasures/preview',
    summary: 'What an erasure would reach; changes nothing',
    permission: 'admin:privacy',
    reading: true,
    body: choice,
    response: z.object({
      title: z.string(),
      records: z.array(z.object({ object: z.string(), mode, n: z.number() })),
      mentions: z.array(z.object({ object: z.string(), n: z.number() })),
      files: z.number(),
      deltas: z.number(),
      /** Records that look like the same person and would stay. */
      alike: z.array(z.object({ object: z.string(), id: z.string(), title: z.string() })),
    }),
  }),
  erase: endpoint({
    method: 'POST',
    path: '/privacy/erasures',
    summary: 'Erase or anonymise people: rows, past, copies, files; can’t be undone',
    permission: 'admin:privacy',
    body: choice.extend({ ground, request: z.uuid().optional() }),
    response: erasureSchema,
  }),
  erasures: endpoint({
    method: 'GET',
    path: '/privacy/erasures',
    summary: 'Erasures, newest first',
    permission: 'admin:privacy',
    response: z.object({ erasures: z.array(erasureSchema) }),
  }),
  erasure: endpoint({
    method: 'GET',
    path: '/privacy/erasures/:id',
    summary: 'One erasure with what it reached',
    permission: 'admin:privacy',
    params: one,
    response: erasureSchema,
  }),
  purposes: endpoint({
    method: 'GET',
    path: '/privacy/purposes',
    summary: 'Why data is held, with the words people agree to',
    permission: 'signed-in',
    response: z.object({ purposes: z.array(purposeSchema) }),
  }),
  savePurpose: endpoint({
    method: 'PUT',
    path: '/privacy/purposes/:id',
    summary: 'Make or change a purpose; new words are a new version',
    permission: 'admin:privacy',
    params: z.object({ id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/) }),
    body: z.strictObject({
      label: words,
      basis: z.enum(BASES),
      fields: z.array(z.string().max(130)).max(500),
      words,
      retired: z.boolean(),
    }),
    response: ok,
  }),
  consents: endpoint({
    method: 'GET',
    path: '/privacy/consents/:object/:id',
    summary: 'What a person agreed to and took back, newest first',
    permission: 'record',
    params: z.object({ object: name, id: z.uuid() }),
    response: z.object({ consents: z.array(consentSchema) }),
  }),
  addConsent: endpoint({
    method: 'POST',
    path: '/privacy/consents/:object/:id',
    summary: 'Note that a person agreed, refused or took it back',
    permission: 'record',
    params: z.object({ object: name, id: z.uuid() }),
    body: z.strictObject({
      purpose: name,
      channel: z.enum(CHANNELS),
      separate: z.boolean().optional(),
      state: z.enum(CONSENT_STATES),
      source: z.enum(CONSENT_SOURCES).exclude(['customer', 'link']),
      at: z.iso.datetime({ offset: true }).optional(),
      note: z.string().max(300).optional(),
    }),
    response: z.object({ consents: z.array(consentSchema) }),
  }),
};
