import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { freshness } from '../../../contract/freshness.ts';
import type { writeBody } from '../../../contract/records.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import type { OutboxEntry } from './outbox.ts';

export type WriteBody = z.infer<typeof writeBody>;
export type UnreachedBody = z.infer<NonNullable<typeof freshness.cannotReach.body>>;
export type SnoozeBody = z.infer<NonNullable<typeof freshness.snooze.body>>;

export type Delivery =
  | { what: 'done'; changeSet: string | null }
  /** The network or the server is away: the same entry again later. */
  | { what: 'later' }
  /** It will never be taken as it is; the person decides. */
  | { what: 'refused'; message: string };

/** Sends one entry. Its key makes a second arrival harmless. */
export async function deliver(entry: OutboxEntry): Promise<Delivery> {
  const idempotencyKey = entry.key;
  const [object = '', id = ''] = entry.item.split('/');
  const params = { object, id };
  try {
    if (entry.kind === 'cannot-reach') {
      await call(api.freshness.cannotReach, { params, body: entry.body as UnreachedBody, idempotencyKey });
      return { what: 'done', changeSet: null };
    }
    if (entry.kind === 'snooze') {
      await call(api.freshness.snooze, { params, body: entry.body as SnoozeBody, idempotencyKey });
      return { what: 'done', changeSet: null };
    }
    const reply = await call(api.records.write, { body: entry.body as WriteBody, idempotencyKey });
    const bad = reply.outcomes.find((outcome) => outcome.status === 'rejected' || outcome.status === 'conflict');
    if (!bad) return { what: 'done', changeSet: reply.changeSet };
    return { what: 'refused', message: bad.issues?.find((issue) => issue.message)?.message ?? bad.status };
  } catch (error) {
    const passing =
      error instanceof ApiError &&
      (error.status === 0 || error.status >= 500 || error.status === 429 || error.code === 'idempotency-in-progress');
    return passing ? { what: 'later' } : { what: 'refused', message: sentence(error) };
  }
}
