import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/*
 * What stands in a column, a delta or a proposal in the place of a value: one text, `MARK blind payload`.
 *
 * MARK     the character U+0001 and the version `1`. No typed value begins so: what is stored went through src/domain/text/width.ts, which drops
 *          control characters. That is how readers tell ciphertext from plain while a field is moved.
 * blind    16 characters: the first 96 bits of HMAC-SHA-256 over the standardised value, under a key of the field alone. Equal values of a field are
 *          equal here, which is what can be asked for; nothing else can be.
 * payload  base64url of nonce (96 bits, fresh), tag and ciphertext: AES-256-GCM (NIST SP 800-38D) under the record's data key, with workspace, object,
 *          field and record as additional data, so that a value put elsewhere does not open.
 */
const MARK = '\u00011';
const BLIND = 16;
const NONCE = 12;
const TAG = 16;

/** Characters of a sealed text that say which value it is: what look-ups compare, and what unique indexes are made of. */
export const LOOKUP_LENGTH = MARK.length + BLIND;

/** Where a value belongs. */
export interface Place {
  workspace: string;
  object: string;
  field: string;
  record: string;
}

export const isSealed = (value: unknown): value is string => typeof value === 'string' && value.startsWith(MARK);

/** The part by which equal values are found. */
export const lookupOf = (sealed: string): string => sealed.slice(0, LOOKUP_LENGTH);

/** Of a value in plain, under the field's own key. */
export const lookupFor = (blindKey: Buffer, value: string): string =>
  MARK + createHmac('sha256', blindKey).update(value).digest('base64url').slice(0, BLIND);

/** The key of one field's blind index, out of the workspace's (RFC 5869). */
export const blindKeyOf = (indexKey: Buffer, { workspace, object, field }: Omit<Place, 'record'>): Buffer =>
  Buffer.from(hkdfSync('sha256', indexKey, 'xianke blind index', `${workspace} ${object} ${field}`, 32));

const additional = ({ workspace, object, field, record }: Place): Buffer =>
  Buffer.from(`1 ${workspace} ${object} ${field} ${record.toLowerCase()}`);

/** @param key 32 bytes, the record's own */
export function sealValue(key: Buffer, blindKey: Buffer, value: string, place: Place): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(additional(place));
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return lookupFor(blindKey, value) + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** Throws when it was changed, moved, or belongs to another key. */
export function openValue(key: Buffer, sealed: string, place: Place): string {
  const bytes = Buffer.from(sealed.slice(LOOKUP_LENGTH), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(additional(place))
    .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  return decipher.update(bytes.subarray(NONCE + TAG), undefined, 'utf8') + decipher.final('utf8');
}
