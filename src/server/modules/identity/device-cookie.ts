import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Keys } from '../../platform/keys.ts';
import { cookieValue } from './credentials.ts';
import { cookieNamesOf, isSecure } from './engine.ts';

/** Accounts that one browser remembers having signed in. */
const MOST = 5;
const DAYS = 365;
const DAY_MS = 86_400_000;

/**
 * Tells browsers in which somebody has signed in before from all others. Guesses from elsewhere are counted apart, so that they can't shut out who sits
 * at a browser of his own (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). The cookie opens nothing.
 */
export interface DeviceCookies {
  /** What this browser is counted as for an account; undefined: it is not known. */
  known(cookies: string | undefined, email: string, now: Date): string | undefined;
  /** Set-Cookie that makes the browser known for the account. */
  remember(cookies: string | undefined, email: string, now: Date): string;
}

export function deviceCookies(keys: Keys, publicUrl: string | undefined): DeviceCookies {
  const key = keys.derive('known devices');
  const name = cookieNamesOf(publicUrl).device;
  const sign = (nonce: string, day: string, email: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([nonce, day, email]))
      .digest('base64url')
      .slice(0, 27);
  const nonceOf = (entry: string, email: string, today: number): string | undefined => {
    const [nonce = '', day = '', signature = ''] = entry.split('.');
    const [given, wanted] = [Buffer.from(signature), Buffer.from(sign(nonce, day, email))];
    const own = given.length === wanted.length && timingSafeEqual(given, wanted);
    return own && today - Number.parseInt(day, 36) <= DAYS ? nonce : undefined;
  };
  const entriesOf = (cookies: string | undefined): string[] =>
    (cookieValue(cookies, name) ?? '').split('~').filter(Boolean).slice(0, MOST);
  const dayOf = (now: Date): number => Math.floor(now.getTime() / DAY_MS);
  return {
    known(cookies, email, now) {
      for (const entry of entriesOf(cookies)) {
        const nonce = nonceOf(entry, email, dayOf(now));
        if (nonce !== undefined) return nonce;
      }
      return undefined;
    },
    remember(cookies, email, now) {
      const today = dayOf(now);
      const others = entriesOf(cookies).filter((entry) => nonceOf(entry, email, today) === undefined);
      const nonce = randomBytes(12).toString('base64url');
      const day = today.toString(36);
      const entries = [`${nonce}.${day}.${sign(nonce, day, email)}`, ...others].slice(0, MOST);
      const secure = isSecure(publicUrl) ? '; Secure' : '';
      return `${name}=${entries.join('~')}; Max-Age=${DAYS * 86_400}; Path=/; HttpOnly; SameSite=Lax${secure}`;
    },
  };
}
