import { isUtf8 } from 'node:buffer';
import type { ByteFile } from './byte-file.ts';
import type { Cell, RawRow } from './cell.ts';
import { guessLegacyEncoding } from './encoding-guess.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { isoDate } from './serial-date.ts';
import type { SheetSource } from './sheet-source.ts';
import { textDecoder } from './text-decoder.ts';

interface Field {
  name: string;
  type: string;
  offset: number;
  length: number;
}

const BATCH = 1000;
const VERSIONS = [0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8b, 0xcb, 0xf5, 0xfb];

export function looksLikeDbf(head: Buffer): boolean {
  if (head.length < 65 || !VERSIONS.includes(head[0] ?? 0)) return false;
  const headerLength = head.readUInt16LE(8);
  return headerLength >= 65 && head.readUInt16LE(10) > 1 && (head[2] ?? 0) <= 12 && (head[3] ?? 0) <= 31;
}

/** dBase and FoxPro tables, which old Chinese tax and insurance systems export; fixed-length records, GBK unless they are UTF-8. */
export async function openDbf(file: ByteFile, log: NoticeLog): Promise<SheetSource> {
  const start = await file.read(0, 32);
  const headerLength = start.readUInt16LE(8);
  const recordLength = start.readUInt16LE(10);
  const head = await file.read(0, headerLength);
  const sample = await file.read(headerLength, 128 * 1024);
  const text = Buffer.concat([head.subarray(32), sample]);
  const encoding =
    isUtf8(sample) && isUtf8(head.subarray(32))
      ? 'utf-8'
      : guessLegacyEncoding(text.filter((byte) => byte !== 0)).encoding;
  const decoder = textDecoder(encoding);
  const fields = readFields(head, decoder.decode.bind(decoder));
  const last = fields.at(-1);
  if (!last || last.offset + last.length > recordLength) throw new TableError('xls-damaged', { detail: 'DBF' });
  const count = Math.min(start.readUInt32LE(4), Math.floor((file.size - headerLength) / recordLength));
  if (count < start.readUInt32LE(4)) log.add('rows-damaged', count + 2);
  return {
    format: 'dbf',
    encoding,
    headerKnown: true,
    sheets: [{ name: 'DBF', hidden: false, rows: count + 1 }],
    async *rows(_sheet, from = 1) {
      const header: RawRow = { number: 1, cells: fields.map((field) => field.name) };
      if (from <= 1) yield [header];
      for (let first = Math.max(0, from - 2); first < count; first += BATCH) {
        const bytes = await file.read(
          headerLength + first * recordLength,
          Math.min(BATCH, count - first) * recordLength,
        );
        const batch: RawRow[] = [];
        for (let at = 0; at + recordLength <= bytes.length; at += recordLength) {
          // A record marked with * has been deleted.
          if (bytes[at] === 0x2a) continue;
          const cells = fields.map((field) => {
            const raw = bytes.subarray(at + field.offset, at + field.offset + field.length);
            return binaryValue(field, raw) ?? value(field, decoder.decode(raw));
          });
          batch.push({ number: first + at / recordLength + 2, cells });
        }
        yield batch;
      }
    },
    close: () => file.close(),
  };
}

function readFields(head: Buffer, decode: (bytes: Uint8Array) => string): Field[] {
  const fields: Field[] = [];
  let offset = 1;
  for (let at = 32; at + 32 <= head.length && head[at] !== 0x0d && fields.length < 2000; at += 32) {
    const name = head.subarray(at, at + 11);
    const end = name.indexOf(0);
    const length = head[at + 16] ?? 0;
    fields.push({
      name: decode(end < 0 ? name : name.subarray(0, end)).trim(),
      type: String.fromCharCode(head[at + 11] ?? 67),
      offset,
      length,
    });
    offset += length;
  }
  return fields;
}

function value({ type }: Field, raw: string): Cell {
  const text = raw.replace(/\0/g, '').trim();
  if (text === '') return '';
  if (type === 'D') return isoDate(text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')) ?? text;
  if (type === 'L') return /^[TtYy]$/.test(text) ? true : /^[FfNn]$/.test(text) ? false : '';
  // Codes are often stored in numeric fields; whether they are numbers is for the import to say.
  if ((type === 'N' || type === 'F') && Number.isFinite(Number(text)) && text.replace(/\D/g, '').length <= 15)
    return Number(text);
  return text;
}

/** Visual FoxPro's binary fields; undefined for fields that are text. */
function binaryValue({ type, length }: Field, raw: Buffer): Cell | undefined {
  if ((type === 'I' || type === '+') && length === 4) return raw.readInt32LE(0);
  if ((type === 'B' || type === 'O') && length === 8) return raw.readDoubleLE(0);
  if (type === 'Y' && length === 8) return Number(raw.readBigInt64LE(0)) / 10_000;
  if (type === 'M' || type === 'G' || type === 'P' || type === '0') return '';
  if (type !== 'T' || length !== 8) return undefined;
  // Julian day and milliseconds; 2440588 is 1970-01-01.
  const days = raw.readInt32LE(0);
  if (days === 0) return '';
  const time = (days - 2_440_588) * 86_400_000 + raw.readInt32LE(4);
  return Math.abs(time) < 8e15 ? (isoDate(new Date(time).toISOString().slice(0, 19)) ?? '') : '';
}
