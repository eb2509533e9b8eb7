import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const KEY_PREFIX = 'xianke_';

/** A new API key: 256 random bits. */
export const makeApiKey = (): string => KEY_PREFIX + randomBytes(32).toString('base64url');

export const hashApiKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The key of `Authorization: Bearer xianke_…`. */
export function bearerKey(authorization: string | undefined): string | undefined {
  const [, key] = /^Bearer\s+(xianke_[\w-]{20,100})$/i.exec(authorization ?? '') ?? [];
  return key;
}

/** The access token of an app, `Authorization: Bearer xkat_…`. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const [, token] = /^Bearer\s+(xkat_[\w-]{43})$/i.exec(authorization ?? '') ?? [];
  return token;
}

/**
 * The session token of a signed cookie, `TOKEN.SIGNATURE` with HMAC-SHA-256 in base64, as better-auth writes it
 * (better-call, crypto.mjs). Undefined when it is absent or not signed by us.
 */
export function sessionToken(cookies: string | undefined, name: string, secret: string): string | undefined {
  const value = cookieValue(cookies, name);
  if (value === undefined) return undefined;
  const dot = value.lastIndexOf('.');
  const token = value.slice(0, dot);
  const given = Buffer.from(value.slice(dot + 1), 'base64');
  const wanted = createHmac('sha256', secret).update(token).digest();
  return dot > 0 && given.length === wanted.length && timingSafeEqual(given, wanted) ? token : undefined;
}

/** Value of one cookie of a Cookie header. */
export function cookieValue(cookies: string | undefined, name: string): string | undefined {
  for (const pair of (cookies ?? '').split(';')) {
    const [key, ...rest] = pair.split('=');
    if (key?.trim() !== name) continue;
    try {
      return decodeURIComponent(rest.join('=').trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}
