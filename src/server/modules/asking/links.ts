import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import sql from 'sql-template-tag';
import { networkOf } from '../../platform/http/network-of.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

// A link is 24 random bytes: 8 that find its row, 16 (128 bits) that prove it. The row holds only HMAC-SHA256 over all of it with a key that
// lives outside the database, so a copy of the database neither opens nor forges a link. See docs/decisions/0013-customer-links.md.

const SELECTOR = 8;
const LENGTH = 24;

export interface Links {
  /** Makes a link for a person, in the transaction that stores him. The answer is the only place it ever is. */
  issue(tx: Tx, workspace: string, recipient: string, now: Date): Promise<string>;
  /** What a link belongs to, or null. Whatever comes in costs one query and one comparison. */
  find(on: Queryable, workspace: string, token: string): Promise<FoundLink | null>;
  /** Mark of a value as it was shown; tells whether it changed between looking and answering. */
  mark(...parts: unknown[]): string;
  sameMark(given: string, wanted: string): boolean;
  /** Key of an address in the table of misses; the address itself is not kept. */
  addressKey(address: string): Buffer;
}

export interface FoundLink {
  recipient: string;
  state: 'sent' | 'opened' | 'answered' | 'revoked';
  expires_at: Date;
}

/** @param key 32 bytes of the installation (keys.derive) */
export function createLinks(key: Buffer): Links {
  const hmac = (purpose: string, content: Buffer | string) =>
    createHmac('sha256', key).update(`${purpose}\0`).update(content).digest();
  const nobody = randomBytes(32);
  return {
    async issue(tx, workspace, recipient, now) {
      const token = randomBytes(LENGTH);
      await tx.query(sql`insert into ${tableOf(workspace, 'ask_link')} (selector, hash, recipient, made_at)
        values (${token.subarray(0, SELECTOR)}, ${hmac('link', token)}, ${recipient}, ${now})`);
      return token.toString('base64url');
    },
    async find(on, workspace, token) {
      const bytes = readToken(token);
      const [row] = await on.query<FoundLink & { hash: Buffer }>(sql`
        select l.hash, l.recipient, r.state, a.expires_at from ${tableOf(workspace, 'ask_link')} l
        join ${tableOf(workspace, 'ask_recipient')} r on r.id = l.recipient join ${tableOf(workspace, 'ask')} a on a.id = r.ask
        where l.selector = ${bytes.subarray(0, SELECTOR)}`);
      const same = timingSafeEqual(hmac('link', bytes), row?.hash.length === nobody.length ? row.hash : nobody);
      return row && same ? row : null;
    },
    mark: (...parts) => hmac('shown', JSON.stringify(parts)).subarray(0, 12).toString('base64url'),
    sameMark(given, wanted) {
      const digest = (text: string) => createHash('sha256').update(text).digest();
      return timingSafeEqual(digest(given), digest(wanted));
    },
    addressKey: (address) => hmac('address', networkOf(address)),
  };
}

/** What is no link becomes one that opens nothing, so that it takes the same way. */
function readToken(token: string): Buffer {
  const bytes = Buffer.from(/^[A-Za-z0-9_-]{32}$/.test(token) ? token : '', 'base64url');
  return bytes.length === LENGTH ? bytes : Buffer.alloc(LENGTH);
}
