import { SWAPPED } from './kinds/person.ts';
import type { Phone } from './standardise/phone.ts';
import type { Column, Table } from './table.ts';

/** A pair is compared field by field: level per field, −1 where a side is not known. */
export type Compare = (a: number, b: number, into: Int8Array, at?: number) => void;

/** Level `elsewhere` of phones. */
const ELSEWHERE = 2;

function otherPhones(column: Column, phones: readonly Column[]): (a: number, b: number) => boolean {
  const others = phones.filter((p) => p !== column);
  const found = (c: Column, i: number): Phone | undefined => c.values[c.ids[i] ?? -1] as Phone | undefined;
  return (a, b) => {
    const x = found(column, a);
    const y = found(column, b);
    for (const other of others) {
      const v = found(other, b);
      if (x !== undefined && v !== undefined && x.national === v.national) return true;
      const w = found(other, a);
      if (y !== undefined && w !== undefined && y.national === w.national) return true;
    }
    return false;
  };
}

/** Builds the comparison of two rows of a table. Symmetric in its rows. */
export function comparison(table: Table): Compare {
  const { columns } = table;
  const phones = columns.filter((c) => c.field.kind === 'phone');
  const elsewhere = columns.map((c) => (c.field.kind === 'phone' && phones.length > 1 ? otherPhones(c, phones) : null));
  const givenAt = columns.findIndex((c) => c.field.kind === 'given');
  const familyAt = columns.findIndex((c) => c.field.kind === 'family');
  const given = columns[givenAt];
  const family = columns[familyAt];

  const near = (x: unknown, y: unknown): boolean => {
    if (given === undefined || x === undefined || y === undefined) return false;
    return given.kind.compare(x, y, given.statistics) <= 2;
  };

  return (a, b, into, at = 0) => {
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f];
      if (column === undefined) continue;
      const x = column.ids[a] ?? -1;
      const y = column.ids[b] ?? -1;
      let level = -1;
      if (x >= 0 && y >= 0) {
        // Equal values still go through compare: a bare surname or a district alone is equal without saying much.
        level = column.kind.compare(column.values[x], column.values[y], column.statistics);
        const look = elsewhere[f];
        if (look !== null && look !== undefined && level > ELSEWHERE && look(a, b)) level = ELSEWHERE;
      }
      into[at + f] = level;
    }
    if (given !== undefined && family !== undefined) {
      const g = into[at + givenAt] ?? -1;
      const s = into[at + familyAt] ?? -1;
      if ((g > SWAPPED || g < 0) && (s > SWAPPED || s < 0)) {
        const one = near(given.values[given.ids[a] ?? -1], family.values[family.ids[b] ?? -1]);
        const two = near(family.values[family.ids[a] ?? -1], given.values[given.ids[b] ?? -1]);
        if (one && two) {
          into[at + givenAt] = SWAPPED;
          into[at + familyAt] = SWAPPED;
        } else if ((one || two) && (g < 0 || s < 0)) {
          into[at + givenAt] = SWAPPED;
          into[at + familyAt] = -1;
        }
      }
    }
  };
}
