import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const name = z.string().max(60);
const one = z.object({ id: z.uuid() });

export const REQUEST_KINDS = ['copy', 'correct', 'delete', 'port'] as const;
export const REQUEST_STATES = ['open', 'checking', 'working', 'done', 'refused'] as const;
export const LAWS = ['pipl', 'gdpr'] as const;
const requestSchema = z.object({
  id: z.string(),
  object: z.string(),
  record: z.string(),
  /** Name of the record as far as it is there. */
  title: z.string().nullable(),
  kind: z.enum(REQUEST_KINDS),
  law: z.enum(LAWS),
  receivedAt: z.string(),
  /** YYYY-MM-DD */
  dueOn: z.string(),
  /** Negative: overdue. */
  daysLeft: z.number().nullable(),
  extended: z.boolean(),
  state: z.enum(REQUEST_STATES),
  handler: z.string().nullable(),
  handlerName: z.string().nullable(),
  note: z.string().nullable(),
  answer: z.string().nullable(),
  erasure: z.string().nullable(),
  closedAt: z.string().nullable(),
});
export type SubjectRequest = z.infer<typeof requestSchema>;

export const subjects = {
  requests: endpoint({
    method: 'GET',
    path: '/privacy/requests',
    summary: 'What people asked for, next due first; then those that are closed',
    permission: 'admin:privacy',
    query: z.object({ record: z.uuid().optional() }),
    response: z.object({ requests: z.array(requestSchema) }),
  }),
  addRequest: endpoint({
    method: 'POST',
    path: '/privacy/requests',
    summary: 'Note what a person asks for; the deadline begins to run',
    permission: 'admin:privacy',
    body: z.strictObject({
      object: name,
      record: z.uuid(),
      kind: z.enum(REQUEST_KINDS),
      law: z.enum(LAWS),
      receivedAt: z.iso.datetime({ offset: true }).optional(),
      note: z.string().max(500).optional(),
    }),
    response: requestSchema,
  }),
  updateRequest: endpoint({
    method: 'PATCH',
    path: '/privacy/requests/:id',
    summary: 'Move a request on, extend its term once, hand it over, close it',
    permission: 'admin:privacy',
    params: one,
    body: z.strictObject({
      state: z.enum(REQUEST_STATES).optional(),
      handler: z.string().max(80).nullable().optional(),
      extend: z.boolean().optional(),
      answer: z.string().max(500).optional(),
    }),
    response: requestSchema,
  }),
  subjectCopy: endpoint({
    method: 'GET',
    path: '/privacy/requests/:id/copy',
    summary: 'Everything that is held about the person, as JSON or CSV',
    permission: 'admin:privacy',
    params: one,
    query: z.object({ format: z.enum(['json', 'csv']) }),
  }),
};
