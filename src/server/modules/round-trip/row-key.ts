import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the hidden key of a row says: which export it is from, which record it is, and at which version. */
export interface RowKey {
  sheet: string;
  record: string;
  version: number;
  signature: string;
}

const FORM = /^XK1\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})\.([0-9a-z]{1,6})\.([A-Za-z0-9_-]{14})$/;

const pack = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

function unpack(text: string): string {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 84 bits: nobody guesses one, and a hidden column stays narrow. */
function sign(secret: Buffer, record: string, version: number): string {
  return createHmac('sha256', secret).update(`${record} ${version}`).digest('base64url').slice(0, 14);
}

/** The text of the key column. Letters in front, so that no spreadsheet takes it for a number or a formula. */
export function writeRowKey(sheet: string, secret: Buffer, record: string, version: number): string {
  return `XK1.${pack(sheet)}.${pack(record)}.${version.toString(36)}.${sign(secret, record, version)}`;
}

/** null: no key of ours. Says nothing yet about whether it is genuine. */
export function readRowKey(text: string): RowKey | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, sheet = '', record = '', version = '', signature = ''] = match;
  return { sheet: unpack(sheet), record: unpack(record), version: Number.parseInt(version, 36), signature };
}

/** Whether the export with this secret made the key: a changed version could hide a conflict. */
export function isGenuine(key: RowKey, secret: Buffer): boolean {
  const expected = Buffer.from(sign(secret, key.record, key.version));
  return timingSafeEqual(expected, Buffer.from(key.signature));
}
