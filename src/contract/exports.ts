import { z } from 'zod';
import { endpoint } from './endpoint.ts';

export const exportSchema = z.object({
  id: z.string(),
  /** Stands in the file, where people can read it: XK-E12. */
  code: z.string(),
  at: z.string(),
  actor: z.string(),
  actorName: z.string(),
  source: z.string(),
  object: z.string(),
  format: z.string(),
  forEditing: z.boolean(),
  reason: z.string().nullable(),
  /** Request that it was approved by. */
  approval: z.string().nullable(),
  /** writing: under way · cut: the connection broke · ended: the file was deleted when its time was over */
  state: z.enum(['writing', 'done', 'cut', 'ended']),
  rows: z.number().nullable(),
  /** Of a file that waits to be fetched. */
  expiresAt: z.string().nullable(),
  taken: z.array(z.object({ name: z.string(), at: z.string() })),
  /** Entry of the audit log. */
  leaf: z.number().nullable(),
  may: z.object({ fetch: z.boolean(), invite: z.boolean() }),
});
export type ExportView = z.infer<typeof exportSchema>;

export const exportSettings = z.strictObject({
  /** A line at the foot of printed pages and a last sheet. */
  visible: z.boolean(),
  /** Invisible marks in cells: off · notes: texts that no formula looks up (remarks, addresses) · all: names too */
  cells: z.enum(['off', 'notes', 'all']),
  /** How long an approved file can be fetched. */
  hours: z.int().min(1).max(720),
});
export type ExportSettings = z.infer<typeof exportSettings>;

const params = z.object({ id: z.uuid() });

export const exports = {
  list: endpoint({
    method: 'GET',
    path: '/exports',
    summary: 'What was taken out as a file, newest first: one’s own; with the act “audit” everybody’s',
    permission: 'signed-in',
    query: z.object({ before: z.uuid().optional(), mine: z.literal('true').optional() }),
    response: z.object({ exports: z.array(exportSchema), next: z.string().nullable() }),
  }),
  file: endpoint({
    method: 'GET',
    path: '/exports/:id/file',
    summary: 'Fetch an approved file: once per person, until it expires',
    permission: 'signed-in',
    params,
  }),
  invite: endpoint({
    method: 'PUT',
    path: '/exports/:id/people',
    summary: 'Let others fetch an approved file too: only people who see all of it themselves',
    permission: 'signed-in',
    params,
    body: z.strictObject({ accounts: z.array(z.string().max(80)).max(20) }),
    response: exportSchema,
  }),
  settings: endpoint({
    method: 'GET',
    path: '/exports/settings',
    summary: 'How exports are marked, and how long their files last',
    permission: 'admin:settings',
    response: exportSettings,
  }),
  saveSettings: endpoint({
    method: 'PUT',
    path: '/exports/settings',
    summary: 'Change how exports are marked, and how long their files last',
    permission: 'admin:settings',
    body: exportSettings,
    response: exportSettings,
  }),
  trace: endpoint({
    method: 'POST',
    path: '/exports/trace',
    summary: 'Who took this out? The body is a file, or a piece of text, that turned up where it should not',
    permission: 'admin:audit',
    reading: true,
    response: z.object({
      /** By what stands in it: marks in cells, properties, the code, keys of rows. Certain. */
      marked: z.array(
        z.object({
          export: exportSchema,
          by: z.array(z.enum(['cells', 'document', 'code', 'rows'])),
          count: z.number(),
        }),
      ),
      /** Records recognised by phone, mail or full name … */
      recognised: z.number(),
      /** … and exports that held most of them. A hint, no proof. */
      covering: z.array(z.object({ export: exportSchema, found: z.number() })),
    }),
  }),
};
