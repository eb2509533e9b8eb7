import { z } from 'zod';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { valueSchema } from './records.ts';

export const proposalSchema = z.object({
  id: z.string(),
  at: z.string(),
  object: z.string(),
  record: z.string(),
  title: z.string(),
  source: z.string(),
  actor: z.string(),
  actorName: z.string(),
  reason: z.string().nullable(),
  state: z.enum(['held', 'accepted', 'rejected']),
  /** Only fields the reader may see. */
  fields: z.array(
    z.object({
      field: z.string(),
      label: labelSchema,
      before: valueSchema,
      beforeText: z.string(),
      wanted: valueSchema,
      wantedText: z.string(),
      /** Why it waits, when it is out of pattern. */
      suspicion: z
        .object({
          code: z.enum(['unit', 'digit', 'far']),
          /** The new value over the usual one. */
          times: z.number(),
          usualText: z.string(),
          /** The value that was probably meant. */
          meantText: z.string().optional(),
        })
        .optional(),
    }),
  ),
  decidedAt: z.string().nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
  changeSet: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

const params = z.object({ id: z.uuid() });

export const proposals = {
  list: endpoint({
    method: 'GET',
    path: '/proposals',
    summary: 'Changes that wait for a person, newest first',
    permission: 'record',
    query: z.object({
      state: z.enum(['held', 'accepted', 'rejected']).optional(),
      record: z.uuid().optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    response: z.object({ proposals: z.array(proposalSchema), held: z.number() }),
  }),
  accept: endpoint({
    method: 'POST',
    path: '/proposals/:id/accept',
    summary: 'Write a held change, all of it or some fields',
    permission: 'record',
    params,
    body: z.strictObject({
      fields: z.array(z.string().max(60)).max(200).optional(),
      /** Write for these fields the value that was probably meant. */
      meant: z.array(z.string().max(60)).max(200).optional(),
      /** Write although someone changed these fields meanwhile. */
      overwrite: z.boolean().optional(),
    }),
    response: z.object({ changeSet: z.string().nullable() }),
  }),
  reject: endpoint({
    method: 'POST',
    path: '/proposals/:id/reject',
    summary: 'Drop a held change, with a note',
    permission: 'record',
    params,
    body: z.strictObject({ note: z.string().max(500).optional() }),
    response: z.object({ ok: z.literal(true) }),
  }),
};
