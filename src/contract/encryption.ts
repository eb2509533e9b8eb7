import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const masterKeySchema = z.object({
  id: z.string(),
  since: z.string(),
  /** current: wraps what is new. leaving: a rotation is under way. left: nothing needs it any more. */
  state: z.enum(['current', 'leaving', 'left']),
  leftAt: z.string().nullable(),
  /** At hand on this server. */
  here: z.boolean(),
});

export const encryptionStateSchema = z.object({
  masters: z.array(masterKeySchema),
  /** Ids of master keys that something needs and that are not at hand: such fields are locked. */
  missing: z.array(z.string()),
  /** Keys are given by the environment: new ones can't be made here. */
  given: z.boolean(),
  /** Records that have a key of their own. */
  keys: z.int(),
  fields: z.array(
    z.object({
      object: z.string(),
      field: z.string(),
      /** Values stored encrypted now, as far as counted. */
      values: z.int(),
      moving: z.enum(['in', 'out']).nullable(),
      /** Of a move: values re-written, records there are, and what stopped it. */
      done: z.int(),
      total: z.int(),
      error: z.string().nullable(),
    }),
  ),
  rotation: z
    .object({
      at: z.string(),
      by: z.string(),
      byName: z.string(),
      done: z.int(),
      total: z.int(),
      finishedAt: z.string().nullable(),
      error: z.string().nullable(),
    })
    .nullable(),
});

export type EncryptionState = z.output<typeof encryptionStateSchema>;

export const encryption = {
  state: endpoint({
    method: 'GET',
    path: '/encryption',
    summary: 'Master keys, encrypted fields, and how far a rotation is',
    permission: 'admin:settings',
    response: encryptionStateSchema,
  }),
  rotate: endpoint({
    method: 'POST',
    path: '/encryption/rotation',
    summary: 'A new master key takes over; data keys are wrapped anew in the background',
    permission: 'admin:settings',
    response: encryptionStateSchema,
  }),
  forget: endpoint({
    method: 'DELETE',
    path: '/encryption/masters/:id',
    summary: 'Destroy a master key that nothing needs any more',
    permission: 'admin:settings',
    params: z.object({ id: z.string().regex(/^[0-9a-f]{12}$/) }),
    response: encryptionStateSchema,
  }),
};
