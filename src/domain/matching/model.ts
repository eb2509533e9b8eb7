import type { AnyKind } from './kinds/index.ts';
import type { Conditional, FieldWeights, Level, MatchField, Weights } from './types.ts';

/** What the model needs to know of a column. */
export interface ModelField {
  field: MatchField;
  kind: AnyKind;
}

const LOWEST = -14;
const HIGHEST = 24;
export const VETO = -1000;

/** Weights prepared for scoring: a table of bits per field, indexed by the levels it hangs on. */
export interface Model {
  /** log2 odds before looking. */
  base: number;
  fields: {
    levels: readonly Level[];
    subject: boolean;
    /** Index of the field that the level hangs on among different things, −1 when none. */
    parent: number;
    /** log2 m by level; log2 u by (parent level + 1) · levels + level, row 0 when the parent is not known. */
    logM: Float64Array;
    logU: Float64Array;
    /** Level is `term`. */
    term: Uint8Array;
    /** Bits that reviewers' decisions add. */
    adjust: Float64Array;
  }[];
}

function logs(shares: readonly number[], given: Conditional | undefined, parentLevels: number): Float64Array {
  const n = shares.length;
  const out = new Float64Array(n * (parentLevels + 1));
  for (let l = 0; l < n; l++) out[l] = Math.log2(shares[l] ?? 1);
  for (let p = 0; p < parentLevels; p++)
    for (let l = 0; l < n; l++) out[(p + 1) * n + l] = Math.log2(given?.shares[p]?.[l] ?? shares[l] ?? 1);
  return out;
}

export function modelOf(fields: readonly ModelField[], weights: Weights): Model {
  const at = (column: string | undefined): number => fields.findIndex((f) => f.field.column === column);
  return {
    base: Math.log2(weights.prior / (1 - weights.prior)),
    fields: fields.map(({ field, kind }) => {
      const own: FieldWeights | undefined = weights.fields[field.column];
      const parent = at(own?.uGiven?.column);
      const even = kind.levels.map(() => 1);
      return {
        levels: kind.levels,
        subject: field.subject === true,
        parent,
        logM: logs(own?.m ?? even, undefined, 0),
        logU: logs(own?.u ?? even, own?.uGiven, fields[parent]?.kind.levels.length ?? 0),
        adjust: Float64Array.from(kind.levels, (_, i) => own?.adjust?.[i] ?? 0),
        term: Uint8Array.from(kind.levels, (l) => (l.term === true ? 1 : 0)),
      };
    }),
  };
}

/**
 * Bits that each field gives to one comparison vector, into `into`; returns their sum (without base), or VETO.
 * `levels[at + f]` is −1 where a side is not known.
 */
export function weigh(model: Model, levels: Int8Array, at: number, into: Float64Array): number {
  const { fields } = model;
  let sum = 0;
  let proven = false;
  let veto = false;
  for (let f = 0; f < fields.length; f++) {
    const own = fields[f];
    const l = levels[at + f] ?? -1;
    into[f] = 0;
    if (own === undefined || l < 0) continue;
    const level = own.levels[l];
    if (level?.proof === true) proven = true;
    if (level?.veto === true) veto = true;
    const n = own.levels.length;
    const row = own.parent < 0 ? 0 : (levels[at + own.parent] ?? -1) + 1;
    const bits = (own.logM[l] ?? 0) - (own.logU[row * n + l] ?? 0);
    into[f] = (bits < LOWEST ? LOWEST : bits > HIGHEST ? HIGHEST : bits) + (own.adjust[l] ?? 0);
    sum += into[f] ?? 0;
  }
  for (let f = 0; f < fields.length; f++) {
    const own = fields[f];
    const fixed = own?.levels[levels[at + f] ?? -1]?.fixed;
    if (own?.subject !== true || fixed === undefined) continue;
    const bits = proven ? Math.min(into[f] ?? 0, -2) : fixed + (own.adjust[levels[at + f] ?? 0] ?? 0);
    sum += bits - (into[f] ?? 0);
    into[f] = bits;
  }
  return veto ? VETO : sum;
}
