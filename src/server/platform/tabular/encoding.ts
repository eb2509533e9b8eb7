import { isUtf8 } from 'node:buffer';
import type { ByteFile } from './byte-file.ts';
import { guessLegacyEncoding } from './encoding-guess.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { type Decoder, textDecoder } from './text-decoder.ts';
import { Utf8Pieces } from './utf8-pieces.ts';

export interface Encoding {
  /** A label of the WHATWG Encoding Standard (what TextDecoder takes), or `utf-32le`/`utf-32be`. */
  label: string;
  bomBytes: number;
  /** Some lines are in `label`, others in UTF-8: two exports glued together. Decoded line by line. */
  mixed: boolean;
}

const BLOCK = 1024 * 1024;
const SAMPLE = 128 * 1024;

/**
 * Order: byte order mark → zero bytes (UTF-16 without a mark) → UTF-8 if every byte of the file says so → character frequency.
 * Reads the whole file (about 1 GB/s), because the first Chinese character may come after megabytes of ASCII.
 */
export async function detectEncoding(file: ByteFile, log: NoticeLog, forced?: string): Promise<Encoding> {
  const head = await file.read(0, 64 * 1024);
  const marked = fromMark(head);
  if (forced) {
    const second = mixedName(forced);
    return { label: checkLabel(second ?? forced), bomBytes: marked?.bomBytes ?? 0, mixed: second !== undefined };
  }
  if (marked && marked.label !== 'utf-8') return marked;
  const wide = withoutMark(head);
  if (wide) return { label: wide, bomBytes: 0, mixed: false };

  const survey = await surveyLines(file);
  if (survey.invalid === 0) return { label: 'utf-8', bomBytes: marked?.bomBytes ?? 0, mixed: false };
  const guess = guessLegacyEncoding(Buffer.concat(survey.sample));
  // A line of a GB file is valid UTF-8 by accident once in a while (the classic: 联通), never one in twenty.
  if (!marked && survey.multibyte < survey.invalid / 20) {
    if (guess.unsure) log.add('encoding-guessed', undefined, { encoding: guess.encoding });
    return { label: guess.encoding, bomBytes: 0, mixed: false };
  }
  if (survey.legacy > 0) log.add('encoding-mixed', undefined, { encoding: guess.encoding });
  return { label: guess.encoding, bomBytes: marked?.bomBytes ?? 0, mixed: true };
}

/** What a file of two encodings is called: `utf-8 + gb18030`. The name can be given back to force the same reading. */
export const encodingName = ({ label, mixed }: Encoding): string => (mixed ? `utf-8 + ${label}` : label);

const mixedName = (name: string): string | undefined => /^utf-8 \+ (.+)$/i.exec(name)?.[1];

function checkLabel(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (cause) {
    throw new TableError('encoding-unknown', { encoding: label }, cause);
  }
}

function fromMark(b: Buffer): Encoding | undefined {
  const at = (i: number) => b[i] ?? -1;
  if (at(0) === 0xef && at(1) === 0xbb && at(2) === 0xbf) return { label: 'utf-8', bomBytes: 3, mixed: false };
  if (at(0) === 0xff && at(1) === 0xfe && at(2) === 0 && at(3) === 0)
    return { label: 'utf-32le', bomBytes: 4, mixed: false };
  if (at(0) === 0 && at(1) === 0 && at(2) === 0xfe && at(3) === 0xff)
    return { label: 'utf-32be', bomBytes: 4, mixed: false };
  if (at(0) === 0xff && at(1) === 0xfe) return { label: 'utf-16le', bomBytes: 2, mixed: false };
  if (at(0) === 0xfe && at(1) === 0xff) return { label: 'utf-16be', bomBytes: 2, mixed: false };
  if (at(0) === 0x84 && at(1) === 0x31 && at(2) === 0x95 && at(3) === 0x33)
    return { label: 'gb18030', bomBytes: 4, mixed: false };
  return undefined;
}

/** UTF-16 gives itself away by the zero halves of its commas, digits and line ends, all on one side. */
function withoutMark(b: Buffer): string | undefined {
  const units = b.length >> 1;
  if (units < 2) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < b.length; i += 2) {
    if (b[i] === 0 && b[i + 1] !== 0) even++;
    if (b[i + 1] === 0 && b[i] !== 0) odd++;
  }
  if (odd > units * 0.04 && even * 10 < odd) return 'utf-16le';
  if (even > units * 0.04 && odd * 10 < even) return 'utf-16be';
  return undefined;
}

interface Survey {
  /** Lines that hold bytes which are not UTF-8. */
  invalid: number;
  /** Of those, lines that are rather legacy text than damaged UTF-8. */
  legacy: number;
  /** Valid lines with at least one multi-byte character. */
  multibyte: number;
  sample: Buffer[];
}

async function surveyLines(file: ByteFile): Promise<Survey> {
  const survey: Survey = { invalid: 0, legacy: 0, multibyte: 0, sample: [] };
  let sampled = 0;
  for await (const block of wholeLines(file, 0)) {
    if (isUtf8(block)) {
      // Lines need counting only once something else has been seen or may be: any high byte is a sign of UTF-8 in use.
      survey.multibyte += countMultibyteLines(block);
      continue;
    }
    forEachLine(block, (line) => {
      if (isUtf8(line)) {
        if (hasHighByte(line)) survey.multibyte++;
        return;
      }
      survey.invalid++;
      if (looksLegacy(line)) survey.legacy++;
      if (sampled < SAMPLE) {
        survey.sample.push(line.subarray(0, SAMPLE));
        sampled += line.length;
      }
    });
  }
  return survey;
}

function countMultibyteLines(block: Buffer): number {
  let count = 0;
  let counted = false;
  for (let i = 0; i < block.length; i++) {
    const byte = block[i] ?? 0;
    if (byte === 10 || byte === 13) counted = false;
    else if (byte >= 0x80 && !counted) {
      counted = true;
      count++;
      const next = block.indexOf(10, i);
      if (next < 0) break;
      i = next - 1;
    }
  }
  return count;
}

const hasHighByte = (line: Uint8Array) => line.some((byte) => byte >= 0x80);

/** Not UTF-8 at all, as opposed to UTF-8 with a few broken bytes. */
function looksLegacy(line: Buffer): boolean {
  const text = line.toString('utf8');
  let replaced = 0;
  let wide = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0xfffd) replaced++;
    else if (c >= 0x80) wide++;
  }
  return replaced > wide;
}

function forEachLine(block: Buffer, visit: (line: Buffer) => void): void {
  let start = 0;
  while (start < block.length) {
    let end = block.indexOf(10, start);
    end = end < 0 ? block.length : end + 1;
    visit(block.subarray(start, end));
    start = end;
  }
}

/** The file in blocks that end at a line end (or, if there is none in a block, anywhere between characters of UTF-8). */
async function* wholeLines(file: ByteFile, from: number): AsyncGenerator<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  for (let position = from; position < file.size; ) {
    const block = await file.read(position, BLOCK);
    if (block.length === 0) break;
    position += block.length;
    const joined = carry.length > 0 ? Buffer.concat([carry, block]) : block;
    let cut = position < file.size ? joined.lastIndexOf(10) + 1 : joined.length;
    if (cut === 0 && joined.length >= 4 * BLOCK) cut = characterBoundary(joined);
    else if (cut === 0) {
      carry = joined;
      continue;
    }
    yield joined.subarray(0, cut);
    carry = joined.subarray(cut);
  }
  if (carry.length > 0) yield carry;
}

function characterBoundary(bytes: Buffer): number {
  let cut = bytes.length;
  for (let back = 0; back < 4 && cut > 0 && ((bytes[cut - 1] ?? 0) & 0xc0) === 0x80; back++) cut--;
  return cut > 0 && (bytes[cut - 1] ?? 0) >= 0xc0 ? cut - 1 : cut;
}

/** The text of the file in pieces, without its byte order mark. Pieces end anywhere. */
export async function* decodeText(file: ByteFile, encoding: Encoding): AsyncGenerator<string> {
  if (encoding.mixed) {
    const legacy = textDecoder(encoding.label);
    for await (const block of wholeLines(file, encoding.bomBytes)) yield decodeMixed(block, legacy);
    return;
  }
  if (encoding.label.startsWith('utf-32')) {
    for (let at = encoding.bomBytes; at < file.size; at += BLOCK)
      yield decodeUtf32(await file.read(at, BLOCK), encoding.label === 'utf-32le');
    return;
  }
  if (encoding.label === 'utf-8') {
    const pieces = new Utf8Pieces();
    for (let at = encoding.bomBytes; at < file.size; at += BLOCK / 4) {
      const text = pieces.decode(await file.read(at, BLOCK / 4));
      if (text !== '') yield text;
    }
    const rest = pieces.end();
    if (rest !== '') yield rest;
    return;
  }
  const decoder = textDecoder(encoding.label);
  for (let at = encoding.bomBytes; at < file.size; at += BLOCK / 4) {
    const text = decoder.decode(await file.read(at, BLOCK / 4), { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function decodeMixed(block: Buffer, legacy: Decoder): string {
  if (isUtf8(block)) return block.toString('utf8');
  let text = '';
  forEachLine(block, (line) => {
    text += isUtf8(line) || !looksLegacy(line) ? line.toString('utf8') : legacy.decode(line);
  });
  return text;
}

function decodeUtf32(bytes: Buffer, littleEndian: boolean): string {
  let text = '';
  for (let i = 0; i + 3 < bytes.length; i += 4) {
    const point = littleEndian ? bytes.readUInt32LE(i) : bytes.readUInt32BE(i);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}

/** The whole text of a file that has to be read at once. */
export async function decodeWhole(file: ByteFile, encoding: Encoding): Promise<string> {
  const parts: string[] = [];
  for await (const part of decodeText(file, encoding)) parts.push(part);
  return parts.join('');
}
