import { isUtf8 } from 'node:buffer';
import { guessLegacyEncoding } from './encoding-guess.ts';
import type { MemorySheet } from './memory-source.ts';
import { decodeQuotedPrintable } from './mht.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { type Decoder, textDecoder } from './text-decoder.ts';

/** Columns in the order they are shown; further properties follow under their own names. */
const LABELS: readonly [property: string, label: string][] = [
  ['FN', '姓名'],
  ['NICKNAME', '昵称'],
  ['ORG', '公司'],
  ['DEPARTMENT', '部门'],
  ['TITLE', '职务'],
  ['ROLE', '角色'],
  ['TEL;CELL', '手机'],
  ['TEL;WORK', '单位电话'],
  ['TEL;HOME', '住宅电话'],
  ['TEL;FAX', '传真'],
  ['TEL', '电话'],
  ['EMAIL', '邮箱'],
  ['ADR', '地址'],
  ['ADR;HOME', '家庭地址'],
  ['URL', '网址'],
  ['BDAY', '生日'],
  ['X-WECHAT', '微信'],
  ['X-QQ', 'QQ'],
  ['CATEGORIES', '标签'],
  ['NOTE', '备注'],
];

interface Property {
  name: string;
  parameters: string;
  value: string;
}

/**
 * Contacts as a table: one row per card. vCard 2.1 (Chinese phones: quoted-printable, CHARSET=GBK), 3.0 and 4.0 (RFC 6350).
 * Several values of one kind are joined with “;”. Photos and keys are left out.
 */
export function readVcards(bytes: Buffer, log: NoticeLog): MemorySheet {
  const fallback = isUtf8(bytes) ? 'utf-8' : guessLegacyEncoding(bytes.subarray(0, 256 * 1024)).encoding;
  const decoders = new Map<string, Decoder>();
  const decoder = (label: string) => {
    let found = decoders.get(label);
    if (!found) {
      try {
        found = textDecoder(label);
      } catch {
        found = textDecoder(fallback);
      }
      decoders.set(label, found);
    }
    return found;
  };
  const cards: Map<string, string[]>[] = [];
  let card: Map<string, string[]> | undefined;
  for (const line of unfold(bytes)) {
    const property = readProperty(line, decoder, fallback);
    if (!property) continue;
    if (property.name === 'BEGIN') card = new Map();
    else if (property.name === 'END') {
      if (card && card.size > 0) cards.push(card);
      card = undefined;
    } else if (card) store(card, property);
  }
  if (card) {
    log.add('rows-damaged', cards.length + 2);
    if (card.size > 0) cards.push(card);
  }
  if (cards.length === 0) throw new TableError('no-table');
  const present = new Set(cards.flatMap((one) => [...one.keys()]));
  const known = LABELS.filter(([key]) => present.has(key));
  const others = [...present].filter((key) => !LABELS.some(([name]) => name === key)).slice(0, 100);
  const keys = [...known.map(([key]) => key), ...others];
  const header = [...known.map(([, label]) => label), ...others.map((key) => key.replace(/^X-/, ''))];
  const rows = cards.map((one, i) => ({ number: i + 2, cells: keys.map((key) => (one.get(key) ?? []).join('; ')) }));
  return { name: '通讯录', hidden: false, rows: [{ number: 1, cells: header }, ...rows] };
}

/** Logical lines as bytes (a fold may cut a character): continuation by leading space, or by a trailing = in quoted-printable. */
function* unfold(bytes: Buffer): Generator<Buffer> {
  let current: Buffer[] = [];
  let softBreak = false;
  for (let start = 0; start < bytes.length; ) {
    let end = start;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    const line = bytes.subarray(start, end);
    start = bytes[end] === 13 && bytes[end + 1] === 10 ? end + 2 : end + 1;
    const folded = line[0] === 32 || line[0] === 9;
    if (softBreak) current.push(line);
    else if (folded && current.length > 0) current.push(line.subarray(1));
    else {
      if (current.length > 0) yield Buffer.concat(current);
      current = [line];
    }
    softBreak =
      line[line.length - 1] === 61 && /QUOTED-PRINTABLE/i.test((current[0] ?? line).toString('latin1', 0, 200));
    if (softBreak) current[current.length - 1] = line.subarray(0, line.length - 1);
  }
  if (current.length > 0) yield Buffer.concat(current);
}

function readProperty(line: Buffer, decoder: (label: string) => Decoder, fallback: string): Property | undefined {
  const latin = line.toString('latin1');
  const colon = latin.indexOf(':');
  if (colon <= 0 || colon > 400) return undefined;
  const head = latin
    .slice(0, colon)
    .replace(/^\ufeff|^\u00ef\u00bb\u00bf/, '')
    .toUpperCase();
  const semicolon = head.indexOf(';');
  const name = (semicolon < 0 ? head : head.slice(0, semicolon)).replace(/^[\w-]+\./, '').trim();
  if (!/^[A-Z][A-Z0-9-]*$/.test(name)) return undefined;
  const parameters = semicolon < 0 ? '' : head.slice(semicolon + 1);
  if (/ENCODING=(?:B\b|BASE64)/.test(parameters)) return undefined;
  const raw = line.subarray(colon + 1);
  const body = /QUOTED-PRINTABLE/.test(parameters) ? decodeQuotedPrintable(raw) : raw;
  const charset = /CHARSET="?([\w-]+)/.exec(parameters)?.[1] ?? (isUtf8(body) ? 'utf-8' : fallback);
  const wanted = isUtf8(body) && /UTF-?8/i.test(charset) ? 'utf-8' : /UTF-?8/i.test(charset) ? fallback : charset;
  return { name, parameters, value: decoder(wanted).decode(body) };
}

const SKIPPED = new Set([
  'VERSION',
  'PRODID',
  'REV',
  'UID',
  'PHOTO',
  'LOGO',
  'SOUND',
  'KEY',
  'SORT-STRING',
  'CLIENTPIDMAP',
  'MAILER',
  'PROFILE',
  'SOURCE',
]);

function store(card: Map<string, string[]>, { name, parameters, value }: Property): void {
  if (SKIPPED.has(name) || value.trim() === '') return;
  const add = (key: string, text: string) => {
    if (text === '') return;
    const list = card.get(key);
    if (!list) card.set(key, [text]);
    else if (!list.includes(text)) list.push(text);
  };
  const parts = splitParts(value);
  if (name === 'N') {
    // Family and given name: Chinese names are written together.
    const [family = '', given = ''] = parts;
    const full = /[\u4e00-\u9fff]/.test(family + given) ? family + given : [given, family].filter(Boolean).join(' ');
    if (!card.has('FN')) add('FN', full);
  } else if (name === 'FN') card.set('FN', [plain(value)]);
  else if (name === 'ORG') {
    add('ORG', parts[0] ?? '');
    add('DEPARTMENT', parts.slice(1).filter(Boolean).join(' / '));
  } else if (name === 'ADR') {
    // box; extended; street; city; region; code; country — written in Chinese order, largest first.
    const [box = '', extended = '', street = '', city = '', region = '', code = '', country = ''] = parts;
    const text = [
      country === '中国' || /^(?:cn|china)$/i.test(country) ? '' : country,
      region,
      city,
      street,
      extended,
      box,
      code,
    ]
      .filter(Boolean)
      .join(' ');
    add(/HOME/.test(parameters) ? 'ADR;HOME' : 'ADR', text);
  } else if (name === 'TEL') add(phoneKey(parameters), plain(value).replace(/^tel:/i, ''));
  else add(name, name === 'CATEGORIES' ? plain(value) : parts.filter(Boolean).join(' '));
}

function phoneKey(parameters: string): string {
  if (/FAX/.test(parameters)) return 'TEL;FAX';
  if (/CELL|MOBILE|IPHONE/.test(parameters)) return 'TEL;CELL';
  if (/WORK/.test(parameters)) return 'TEL;WORK';
  return /HOME/.test(parameters) ? 'TEL;HOME' : 'TEL';
}

const plain = (text: string): string =>
  text
    .replace(/\\n/gi, '\n')
    .replace(/\\([,;:\\])/g, '$1')
    .trim();

/** Components between semicolons that are not escaped. */
function splitParts(value: string): string[] {
  const parts = [''];
  for (let i = 0; i < value.length; i++) {
    const c = value.charAt(i);
    if (c === '\\' && i + 1 < value.length) parts[parts.length - 1] += c + value.charAt(++i);
    else if (c === ';') parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map(plain);
}
