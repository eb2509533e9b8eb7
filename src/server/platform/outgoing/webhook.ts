import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Deliver } from './outbox.ts';
import { OutgoingError, post } from './post.ts';

/** What a webhook carries: a kind and its facts. */
export interface WebhookEvent {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/**
 * Signature of Standard Webhooks 1.0 (standardwebhooks.com): `v1,` + base64 of HMAC-SHA256 over `${id}.${seconds}.${body}`.
 * The id is the same when a delivery is repeated, so a receiver can drop what it has seen.
 */
export function signWebhook(secret: string, id: string, seconds: number, body: string): string {
  return `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/** What a receiver does; here for its tests and as an example. */
export function verifyWebhook(secret: string, id: string, seconds: number, body: string, signature: string): boolean {
  const wanted = Buffer.from(signWebhook(secret, id, seconds, body));
  const given = Buffer.from(signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8');

/** Delivers at least once: repeats carry the same id. */
export function webhookDelivery({ allowPrivate, now }: { allowPrivate: boolean; now: () => Date }): Deliver {
  return async ({ secret }, content, { id }) => {
    const body = JSON.stringify(content as WebhookEvent);
    const seconds = Math.floor(now().getTime() / 1000);
    const { status } = await post(secret.url ?? '', body, {
      allowPrivate,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signWebhook(secret.secret ?? '', id, seconds, body),
      },
    });
    if (status >= 200 && status < 300) return;
    // 410 Gone: the receiver wants no more of these.
    throw new OutgoingError(`answer ${status}`, status === 410);
  };
}
