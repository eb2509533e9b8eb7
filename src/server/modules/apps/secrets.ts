import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits each, with a prefix by which scanners of leaked secrets can know them. */
const make = (prefix: string) => (): string => prefix + randomBytes(32).toString('base64url');

export const makeSecret = make('xkcs_');
export const makeCode = make('xkac_');
export const makeAccessToken = make('xkat_');
export const makeRefreshToken = make('xkrt_');

/** What is stored and looked up. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const isSecretOf = (given: string, hash: Buffer): boolean => timingSafeEqual(hashOf(given), hash);

/** RFC 7636 §4.6 with S256, the only method there is here. */
export function isVerifierOf(verifier: string, challenge: string): boolean {
  // §4.1: 43 to 128 unreserved characters.
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  const made = Buffer.from(createHash('sha256').update(verifier).digest('base64url'));
  const wanted = Buffer.from(challenge);
  return made.length === wanted.length && timingSafeEqual(made, wanted);
}
