import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keys } from '../keys.ts';

/** Encrypts what must not be readable from a copy of the database alone. */
export interface Seal {
  /** `about` is bound in: a value moved to another place does not open there. */
  close(value: unknown, about: string): Buffer;
  /** Throws when the value was changed, moved, or sealed by another installation. */
  open(sealed: Buffer, about: string): unknown;
}

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, under a key derived for one purpose. */
export function createSeal(keys: Keys, purpose: string): Seal {
  const key = keys.derive(`seal ${purpose}`);
  return {
    close(value, about) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, about) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
        .setAAD(Buffer.from(about))
        .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      const text = Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      return JSON.parse(text) as unknown;
    },
  };
}
