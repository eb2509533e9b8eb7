import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ExportSettings } from '../../../contract/exports.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { readMarks, writeMark } from '../../../domain/watermark/mark.ts';

/** Marks of this installation: a number with 24 bits that only its key makes, so that nobody puts a colleague's mark into a file. */
export interface Marks {
  of(serial: number): string;
  /** Genuine marks in a text: number → how often. */
  in(text: string): Map<number, number>;
}

export function createMarks(key: Buffer): Marks {
  const sign = (number: Buffer): Buffer => createHmac('sha256', key).update(number).digest().subarray(0, 3);
  return {
    of(serial) {
      const number = Buffer.alloc(4);
      number.writeUInt32BE(serial);
      return writeMark(Buffer.concat([number, sign(number)]));
    },
    in(text) {
      const found = new Map<number, number>();
      for (const { bytes, count } of readMarks(text)) {
        const number = Buffer.from(bytes.subarray(0, 4));
        if (timingSafeEqual(sign(number), bytes.subarray(4))) found.set(number.readUInt32BE(), count);
      }
      return found;
    },
  };
}

/** Field types whose text nobody looks up, calls or clicks: a mark at its end harms nothing. */
const NOTES: ReadonlySet<string> = new Set(['longtext', 'address']);

/**
 * Puts the mark at the end of one text of each row, column by column in turn. Names and other short texts stay clean unless `all` is wished for: a look-up by
 * name in a spreadsheet (VLOOKUP) compares every character. Saved as GBK, a mark becomes 28 question marks, which readers take off (text-clean.ts).
 */
export function rowMarker(
  mark: string,
  wish: ExportSettings['cells'],
): ((cells: unknown[], fields: readonly FieldDef[], row: number) => void) | undefined {
  if (wish === 'off') return undefined;
  const known = new WeakMap<readonly FieldDef[], number[]>();
  const placesOf = (fields: readonly FieldDef[]): number[] => {
    const found =
      known.get(fields) ??
      fields.flatMap((field, place) => {
        const fits = !field.unique && (NOTES.has(field.type) || (wish === 'all' && field.type === 'text'));
        return fits ? [place] : [];
      });
    known.set(fields, found);
    return found;
  };
  return (cells, fields, row) => {
    const places = placesOf(fields);
    for (let step = 0; step < places.length; step++) {
      const place = places[(row + step) % places.length] ?? 0;
      const cell = cells[place];
      if (typeof cell !== 'string' || cell === '' || cell.length > 30_000) continue;
      cells[place] = cell + mark;
      return;
    }
  };
}
