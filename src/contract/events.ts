import { z } from 'zod';
import { endpoint } from './endpoint.ts';

/** What an open page hears (server-sent events). It refetches what it shows; values never travel here, so nothing can leak. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('changed'),
    changeSet: z.string(),
    object: z.string(),
    ids: z.array(z.string()).nullable(),
    fields: z.array(z.string()).nullable(),
    actor: z.string(),
    actorName: z.string().optional(),
  }),
  z.object({ type: z.literal('catalog'), version: z.number() }),
  z.object({ type: z.literal('import'), id: z.string(), state: z.string() }),
  z.object({ type: z.literal('proposals') }),
  z.object({ type: z.literal('replan'), done: z.number(), total: z.number() }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

export const events = {
  stream: endpoint({
    method: 'GET',
    path: '/events',
    summary: 'Live updates (text/event-stream)',
    permission: 'signed-in',
    query: z.object({ at: z.string().max(200).optional() }),
  }),
};
