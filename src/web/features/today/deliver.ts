import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { freshness } from '../../../contract/freshness.ts';
import type { writeBody } from '../../../contract/records.ts';
import { fill } from '../../../domain/issue.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { currentLang } from '../../i18n/lang.ts';
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

const CHANGED = {
  zh: '同事已改为“{value}”，请核对后再定',
  en: 'a colleague has changed it to “{value}” meanwhile; please look again',
};

/** A conflict in words: what stands there now, which the person has not seen. */
function changedMeanwhile(outcome: { status: string; conflicts?: { theirs: unknown }[] | undefined }): string {
  const [clash] = outcome.conflicts ?? [];
  return clash ? fill(CHANGED[currentLang()], { value: String(clash.theirs ?? '–') }) : outcome.status;
}

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
    return { what: 'refused', message: bad.issues?.find((issue) => issue.message)?.message ?? changedMeanwhile(bad) };
  } catch (error) {
    const passing =
      error instanceof ApiError &&
      (error.status === 0 || error.status >= 500 || error.status === 429 || error.code === 'idempotency-in-progress');
    return passing ? { what: 'later' } : { what: 'refused', message: sentence(error) };
  }
}
