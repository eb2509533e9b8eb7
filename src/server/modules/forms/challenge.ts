import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isSolution } from '../../../domain/forms/index.ts';

/** How long a page may lie open before it is sent. */
const GOOD_FOR_S = 6 * 3600;

export interface Challenges {
  /** A challenge for one submission. @param bits zero bits asked for; one more doubles the work @param least seconds a person needs at least */
  issue(form: string, bits: number, least: number): string;
  /** What stands against an answer, or its random part, by which the challenge is used up. */
  check(form: string, challenge: string, solution: string): { junk: 'proof' | 'stale' | 'fast' } | { once: Buffer };
}

/**
 * Challenges are not stored: they say themselves when they were made and how hard they are, signed (HMAC-SHA256) for their form. What was solved is
 * remembered with the submission, so that each is good for one.
 * @param key 32 bytes of the installation (keys.derive)
 */
export function createChallenges(key: Buffer, now: () => Date): Challenges {
  const sign = (form: string, body: string) =>
    createHmac('sha256', key).update(`${form}\0${body}`).digest().subarray(0, 16).toString('base64url');
  return {
    issue(form, bits, least) {
      const since = Math.floor(now().getTime() / 1000).toString(36);
      const body = `${since}.${bits.toString(36)}.${least.toString(36)}.${randomBytes(12).toString('base64url')}`;
      return `${body}.${sign(form, body)}`;
    },
    check(form, challenge, solution) {
      const [since = '', bits = '', least = '', random = '', mac = ''] = challenge.slice(0, 200).split('.');
      const wanted = Buffer.from(sign(form, `${since}.${bits}.${least}.${random}`));
      const given = Buffer.from(mac);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { junk: 'proof' };
      const age = now().getTime() / 1000 - Number.parseInt(since, 36);
      if (age > GOOD_FOR_S) return { junk: 'stale' };
      if (!/^\d{1,12}$/.test(solution)) return { junk: 'proof' };
      const word = hash('sha256', `${challenge}:${solution}`, 'buffer').readUInt32BE(0);
      if (!isSolution(word, Number.parseInt(bits, 36))) return { junk: 'proof' };
      if (age < Number.parseInt(least, 36)) return { junk: 'fast' };
      return { once: Buffer.from(random, 'base64url') };
    },
  };
}
