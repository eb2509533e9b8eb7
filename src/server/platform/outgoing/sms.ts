import { z } from 'zod';
import type { Channel } from './channels.ts';
import type { Deliver } from './outbox.ts';
import { OutgoingError, post } from './post.ts';

/** A text message to one number. */
export interface SmsContent {
  to: string;
  text: string;
}

/** Whoever takes text messages. Throws OutgoingError with `refused` for what will never go; anything else of unknown end. */
export interface SmsProvider {
  /** @param id stays the same when it is tried again */
  send(message: SmsContent, id: string): Promise<void>;
}

/** How a provider is called over HTTP. Address, key and body are kept sealed: they hold its keys. */
export const smsSettings = z.strictObject({
  /** Host of the address, to be recognised by. */
  host: z.string().max(253),
  /** The reply is a success when the value at this path (`code`, `result.status`) is `okValue`; empty: any 2xx. */
  okPath: z.string().max(100),
  okValue: z.string().max(100),
});
export type SmsSettings = z.infer<typeof smsSettings>;

const PLACE = /\{(phone|text|id)\}/g;

/** The body with its places filled; what is put in is escaped as JSON text, so that no message can break out of its string. */
export function smsBody(template: string, { to, text }: SmsContent, id: string): string {
  const values: Record<string, string> = { phone: to, text, id };
  return template.replaceAll(PLACE, (_, name: string) => JSON.stringify(values[name] ?? '').slice(1, -1));
}

/**
 * Any provider that takes JSON over HTTP: an address, an `Authorization` header, a body with `{phone}`, `{text}` and `{id}`. Guarded like webhooks
 * (post.ts).
 */
export function httpSmsProvider(
  { settings, secret }: Pick<Channel, 'settings' | 'secret'>,
  allowPrivate: boolean,
): SmsProvider {
  const { okPath, okValue } = smsSettings.parse(settings);
  return {
    async send(message, id) {
      const { status, body } = await post(secret.url ?? '', smsBody(secret.body ?? '', message, id), {
        allowPrivate,
        ...(secret.authorization !== undefined && { headers: { authorization: secret.authorization } }),
      });
      // Too much at once, or out of order: later it may go.
      if (status === 429 || status >= 500) throw new OutgoingError(`answer ${status}`, false);
      if (status < 200 || status > 299) throw new OutgoingError(`answer ${status}`, true);
      if (okPath !== '' && valueAt(body, okPath) !== okValue) throw new OutgoingError('answer says no', true);
    },
  };
}

function valueAt(body: string, path: string): string | undefined {
  try {
    let value: unknown = JSON.parse(body);
    for (const step of path.split('.')) value = (value as Record<string, unknown> | null)?.[step];
    return value === undefined || value === null ? undefined : String(value);
  } catch {
    return undefined;
  }
}

/** Errors of the connection before anything was sent; after that nobody knows whether the text left. */
const BEFORE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Each text once: broken off without an answer it becomes `uncertain`, for a text costs money and is read twice. */
export function smsDelivery({ allowPrivate }: { allowPrivate: boolean }): Deliver {
  return async (channel, content, { id, begin }) => {
    await begin();
    try {
      await httpSmsProvider(channel, allowPrivate).send(content as SmsContent, id);
    } catch (error) {
      if (
        error instanceof OutgoingError &&
        !error.refused &&
        !error.message.startsWith('answer') &&
        !BEFORE.has(error.message)
      )
        throw new Error('no answer');
      throw error;
    }
  };
}
