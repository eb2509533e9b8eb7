import type { AnyKind } from './kinds/index.ts';
import { SWAPPED } from './kinds/person.ts';
import type { Phone } from './standardise/phone.ts';
import type { Table } from './table.ts';
import type { ColumnStatistics, MatchField } from './types.ts';

/** What comparing needs to know of a column. */
export interface CompareField {
  field: MatchField;
  kind: AnyKind;
  statistics: ColumnStatistics;
}

/** Compares parsed values field by field into levels; `undefined` is not known and gives −1. Symmetric. */
export type CompareValues = (xs: readonly unknown[], ys: readonly unknown[], into: Int8Array, at: number) => void;

/** The same for two rows of a table. */
export type Compare = (a: number, b: number, into: Int8Array, at?: number) => void;

/** Level `elsewhere` of phones. */
const ELSEWHERE = 2;

function sameNumber(x: unknown, y: unknown): boolean {
  return x !== undefined && y !== undefined && (x as Phone).national === (y as Phone).national;
}

export function valueComparison(fields: readonly CompareField[]): CompareValues {
  const phones = fields.flatMap((f, i) => (f.field.kind === 'phone' ? [i] : []));
  const givenAt = fields.findIndex((f) => f.field.kind === 'given');
  const familyAt = fields.findIndex((f) => f.field.kind === 'family');
  const given = fields[givenAt];
  const near = (x: unknown, y: unknown): boolean =>
    x !== undefined && y !== undefined && given !== undefined && given.kind.compare(x, y, given.statistics) < SWAPPED;

  return (xs, ys, into, at) => {
    for (let f = 0; f < fields.length; f++) {
      const own = fields[f];
      const x = xs[f];
      const y = ys[f];
      // Equal values still go through compare: a bare surname or a district alone is equal without saying much.
      into[at + f] =
        own === undefined || x === undefined || y === undefined ? -1 : own.kind.compare(x, y, own.statistics);
    }
    if (phones.length > 1)
      for (const f of phones) {
        if ((into[at + f] ?? -1) <= ELSEWHERE) continue;
        if (phones.some((g) => g !== f && (sameNumber(xs[f], ys[g]) || sameNumber(xs[g], ys[f]))))
          into[at + f] = ELSEWHERE;
      }
    if (givenAt < 0 || familyAt < 0) return;
    const g = into[at + givenAt] ?? -1;
    const s = into[at + familyAt] ?? -1;
    if ((g >= 0 && g <= SWAPPED) || (s >= 0 && s <= SWAPPED)) return;
    const one = near(xs[givenAt], ys[familyAt]);
    const two = near(xs[familyAt], ys[givenAt]);
    if (one && two) {
      into[at + givenAt] = SWAPPED;
      into[at + familyAt] = SWAPPED;
    } else if ((one || two) && (g < 0 || s < 0)) {
      into[at + givenAt] = SWAPPED;
      into[at + familyAt] = -1;
    }
  };
}

/** Builds the comparison of two rows of a table. */
export function comparison(table: Table): Compare {
  const { columns } = table;
  const compare = valueComparison(columns);
  const xs: unknown[] = columns.map(() => undefined);
  const ys: unknown[] = columns.map(() => undefined);
  return (a, b, into, at = 0) => {
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f];
      xs[f] = column?.values[column.ids[a] ?? -1];
      ys[f] = column?.values[column.ids[b] ?? -1];
    }
    compare(xs, ys, into, at);
  };
}
