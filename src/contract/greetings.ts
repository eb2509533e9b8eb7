import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const greetingSchema = z.object({
  id: z.string(),
  /** Day it is sent on. */
  day: z.string(),
  occasion: z.enum(['birthday', 'spring-festival', 'mid-autumn', 'national-day']),
  object: z.string(),
  record: z.string(),
  /** Of the customer. */
  title: z.string(),
  /** Who is greeted. */
  name: z.string(),
  state: z.enum(['proposed', 'confirmed', 'sent', 'skipped', 'failed']),
  /** Why it was not sent: code of an error. */
  problem: z.string().nullable(),
});
export type Greeting = z.infer<typeof greetingSchema>;

const list = z.object({
  greetings: z.array(greetingSchema),
  /** Is mail set up? */
  mail: z.boolean(),
});

export const greetings = {
  list: endpoint({
    method: 'GET',
    path: '/greetings',
    summary: 'Whom one could greet today and tomorrow (birthday, holiday), and what became of it',
    permission: 'record',
    response: list,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/greetings/decide',
    summary: 'Greet on the day (`send`), not this time (`skip`), or never again (`stop`)',
    permission: 'record',
    body: z.strictObject({ ids: z.array(z.uuid()).min(1).max(200), do: z.enum(['send', 'skip', 'stop']) }),
    response: list,
  }),
};
