import { createHmac, timingSafeEqual } from 'node:crypto';

/** What an address in a letter is good for, and nothing else: to be told that it was opened, to follow its n-th link, to say no. */
export type Purpose = 'open' | 'stop' | `click ${number}`;

export interface LetterTokens {
  /** 38 characters: whose letter it is, and what proves that we wrote it. No row is needed for it, and it has no term. */
  issue(purpose: Purpose, recipient: string): string;
  /** Whose it is; null: not ours, or for another purpose. */
  read(purpose: Purpose, token: string): string | null;
  /** Tells whether two addresses are the same without keeping either. */
  keyOf(address: string): Buffer;
}

const PROOF = 12;

/** @param key 32 bytes of the installation (keys.derive), which are not in the database */
export function createLetterTokens(key: Buffer): LetterTokens {
  const proof = (purpose: Purpose, id: Buffer) =>
    createHmac('sha256', key).update(`letter ${purpose}\0`).update(id).digest().subarray(0, PROOF);
  return {
    issue(purpose, recipient) {
      const id = Buffer.from(recipient.replaceAll('-', ''), 'hex');
      return Buffer.concat([id, proof(purpose, id)]).toString('base64url');
    },
    read(purpose, token) {
      if (!/^[A-Za-z0-9_-]{38}$/.test(token)) return null;
      const bytes = Buffer.from(token, 'base64url');
      const id = bytes.subarray(0, 16);
      if (!timingSafeEqual(bytes.subarray(16), proof(purpose, id))) return null;
      return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
    keyOf: (address) =>
      createHmac('sha256', key).update('address\0').update(address.trim().toLowerCase()).digest().subarray(0, 16),
  };
}
