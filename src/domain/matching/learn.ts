import type { Candidates } from './blocking.ts';
import type { Compare } from './compare.ts';
import { addCounts, conditional, emptyCounts, type JointCounts, tree } from './dependence.ts';
import { modelOf, weigh } from './model.ts';
import { seeded } from './random.ts';
import type { Column, Table } from './table.ts';
import type { Conditional, FieldWeights, Weights } from './types.ts';

/** Comparison vectors of many pairs: `fields` levels per pair, and how many pairs of the population each stands for. */
export interface Patterns {
  fields: number;
  levels: Int8Array;
  /** Pairs of the population per vector. */
  weight: Float64Array;
  /** Sum of the squared weights of the single pairs behind each vector. */
  squares: Float64Array;
  /** 1 where a pair is known to be different things (drawn at random outside the candidates). */
  different: Uint8Array;
  /** Pairs in the whole table. */
  population: number;
}

const CANDIDATES = 400_000;
const RANDOM_PAIRS = 400_000;

/**
 * A sample that represents *all* pairs of the table: candidates with their weight, and random other pairs for the rest. Learning on
 * candidates alone would take what every candidate shares (a name, a phone) for common among strangers.
 */
export function samplePatterns(table: Table, candidates: Candidates, compare: Compare, seed: number): Patterns {
  const n = table.size;
  const fields = table.columns.length;
  const population = (n * (n - 1)) / 2;
  const random = seeded(seed);
  // Count partners of some rows first to know the density, then take every k-th row.
  let probe = 0;
  const probes = Math.min(n, 2000);
  for (let i = 0; i < probes; i++) candidates.partners(Math.floor(random() * n), () => probe++);
  const expected = (probe / Math.max(1, probes)) * n;
  const share = Math.min(1, CANDIDATES / Math.max(1, expected));
  const pairs: number[] = [];
  let rows = 0;
  for (let i = 0; i < n; i++) {
    if (share < 1 && random() > share) continue;
    rows++;
    candidates.partners(i, (j) => {
      pairs.push(i, j);
    });
  }
  const known = pairs.length / 2;
  const perCandidate = n / Math.max(1, rows);
  const others = population - known * perCandidate;
  let drawn = 0;
  if (others > known * 0.01 + 1)
    for (let t = 0; t < RANDOM_PAIRS; t++) {
      const i = Math.floor(random() * n);
      const j = Math.floor(random() * n);
      if (i === j || candidates.share(i, j)) continue;
      pairs.push(i, j);
      drawn++;
    }
  const count = known + drawn;
  const vector = new Int8Array(fields);
  // Most pairs of strangers look the same: equal vectors are kept once, with the weight of all.
  const seen = new Map<string, number>();
  const levels: number[] = [];
  const weight: number[] = [];
  const squares: number[] = [];
  const different: number[] = [];
  for (let p = 0; p < count; p++) {
    compare(pairs[2 * p] ?? 0, pairs[2 * p + 1] ?? 0, vector);
    const w = p < known ? perCandidate : others / Math.max(1, drawn);
    const key = String.fromCharCode(p < known ? 0 : 1, ...vector.map((l) => l + 1));
    let at = seen.get(key);
    if (at === undefined) {
      at = weight.length;
      seen.set(key, at);
      levels.push(...vector);
      weight.push(0);
      squares.push(0);
      different.push(p < known ? 0 : 1);
    }
    weight[at] = (weight[at] ?? 0) + w;
    squares[at] = (squares[at] ?? 0) + w * w;
  }
  return {
    fields,
    levels: Int8Array.from(levels),
    weight: Float64Array.from(weight),
    squares: Float64Array.from(squares),
    different: Uint8Array.from(different),
    population,
  };
}

export function initialWeights(columns: readonly Pick<Column, 'field' | 'kind'>[], records: number): Weights {
  const fields: Record<string, FieldWeights> = {};
  for (const c of columns) {
    const total = (of: 'm' | 'u'): number => c.kind.levels.reduce((s, l) => s + l[of], 0);
    const [m, u] = [total('m'), total('u')];
    fields[c.field.column] = {
      m: c.kind.levels.map((l) => l.m / m),
      u: c.kind.levels.map((l) => l.u / u),
      matched: c.kind.levels.map(() => 0.5),
      terms: {},
    };
  }
  const pairs = Math.max(1, (records * (records - 1)) / 2);
  return { version: 1, records, prior: Math.min(0.2, (0.15 * records) / pairs), fields, threshold: 0 };
}

/** Sums of one pass: pairs by level among duplicates and among different things. */
interface Sums {
  duplicates: number;
  m: number[][];
  u: number[][];
  jointU: JointCounts;
}

/** Bits by which a pair must be convincing before it teaches what duplicates look like. */
const MARGIN = 3;

/** Levels of a registered name that strangers hardly ever reach. */
const UNIQUE = new Set(['same', 'form', 'sound']);

/** The record's own name says that the two are different things: these pairs show what strangers share, without circular reasoning. */
function certain(columns: readonly Column[], levels: Int8Array, at: number): boolean {
  let apart = false;
  for (let f = 0; f < columns.length; f++) {
    const level = columns[f]?.kind.levels[levels[at + f] ?? -1];
    if (level?.proof === true) return false;
    if (level?.veto === true || (level?.fixed !== undefined && columns[f]?.field.subject === true)) apart = true;
  }
  return apart;
}

/** One E step: how likely each pair is a duplicate under the current weights, summed by level. */
function expect(columns: readonly Column[], patterns: Patterns, weights: Weights, joint: boolean): Sums {
  const { fields, levels, weight, squares, different } = patterns;
  const model = modelOf(columns, weights);
  const sizes = columns.map((c) => c.kind.levels.length);
  const sums: Sums = {
    duplicates: 0,
    m: sizes.map((n) => new Array<number>(n).fill(0)),
    u: sizes.map((n) => new Array<number>(n).fill(0)),
    jointU: emptyCounts(sizes),
  };
  const bits = new Float64Array(fields);
  for (let p = 0; p < weight.length; p++) {
    const at = p * fields;
    const w = weight[p] ?? 0;
    const is = different[p] === 1 ? 0 : w / (1 + 2 ** (MARGIN - model.base - weigh(model, levels, at, bits)));
    sums.duplicates += is;
    for (let f = 0; f < fields; f++) {
      const l = levels[at + f] ?? -1;
      if (l < 0) continue;
      const rowM = sums.m[f];
      const rowU = sums.u[f];
      if (rowM !== undefined) rowM[l] = (rowM[l] ?? 0) + is;
      if (rowU !== undefined) rowU[l] = (rowU[l] ?? 0) + (w - is);
    }
    if (!joint) continue;
    if (different[p] === 1 || certain(columns, levels, at)) addCounts(sums.jointU, levels, at, w, squares[p] ?? 0);
  }
  return sums;
}

/**
 * Expectation–maximisation without labels (Fellegi and Sunter 1969; Winkler 1988), first with independent fields, then with each field
 * hanging on the one it goes together with most. Starting values are shares that hold for most registers and count as a few observed
 * pairs, so a small table is not led astray. `u` is counted over all pairs of the table.
 */
export function learn(columns: readonly Column[], patterns: Patterns, start: Weights, rounds = 24): Weights {
  const { records } = start;
  let weights = start;
  for (let round = 0; round < rounds; round++) {
    const trees = round >= rounds / 2 && columns.some((c) => c.field.subject === true && c.field.kind === 'company');
    const sums = expect(columns, patterns, weights, trees);
    const pseudo = 5 + 0.05 * sums.duplicates;
    // An outcome never seen among strangers is at most as common as one record in twenty meeting one stranger that agrees.
    const floor = 0.05 / records;
    // The name of the record stands alone: strangers that agree on it are few, and most of them duplicates not yet believed.
    const alone = (f: number): boolean => columns[f]?.field.subject === true;
    const parentU = trees ? tree(sums.jointU, 20, alone) : [];
    const fields: Record<string, FieldWeights> = {};
    columns.forEach((c, f) => {
      const prior = start.fields[c.field.column];
      const m = capped(smooth(sums.m[f] ?? [], prior?.m ?? [], pseudo), c);
      // Registered names are made to be unique: strangers that agree on one are far fewer than the doubtful pairs suggest.
      const unique = c.field.subject === true && c.field.kind === 'company' && c.tokens.size < c.values.length * 0.2;
      const u = smooth(sums.u[f] ?? [], prior?.u ?? [], 2).map((x, i) =>
        unique && UNIQUE.has(c.kind.levels[i]?.name ?? '') ? floor * 0.2 : Math.max(x, floor),
      );
      const matched = m.map((_, i) => {
        const [same, not] = [sums.m[f]?.[i] ?? 0, sums.u[f]?.[i] ?? 0];
        const share = (same + 1) / (same + not + 2);
        return unique && UNIQUE.has(c.kind.levels[i]?.name ?? '') ? 1 : share;
      });
      const own: FieldWeights = { m, u, matched, terms: {} };
      const given = (parent: number | undefined, joint: JointCounts, shares: number[]): Conditional | undefined => {
        const column = columns[parent ?? -1]?.field.column;
        return column === undefined || parent === undefined
          ? undefined
          : {
              column,
              shares: conditional(joint, parent, f, shares, 15).map((row) => row.map((x) => Math.max(x, floor))),
            };
      };
      const uGiven = given(parentU[f], sums.jointU, u);
      fields[c.field.column] = uGiven === undefined ? own : { ...own, uGiven };
    });
    const prior = Math.min(0.2, Math.max(sums.duplicates, 0.001 * records, 1) / patterns.population);
    weights = { ...start, prior, fields };
  }
  for (const c of columns) {
    const own = weights.fields[c.field.column];
    if (own === undefined) continue;
    own.terms = frequent(c.termNames.map((name, i) => [name, c.termCounts[i] ?? 0]));
    if (c.tokens.size > 0) own.tokens = frequent([...c.tokens]);
  }
  return weights;
}

/**
 * Duplicates may not disagree on a field more often than its kind allows: without that bound the two classes can drift to “same town”
 * and “other town”, which fits as well and is not what is asked. A name of the record itself that agrees only in part is bounded too.
 */
function capped(m: number[], c: Column): number[] {
  const most = c.kind.disagree ?? 0.5;
  const limits = c.kind.levels.map((l) =>
    l.name === 'other' ? most : l.name === 'part' && c.field.subject === true ? most / 3 : 1,
  );
  let over = 0;
  let free = 0;
  m.forEach((x, i) => {
    const limit = limits[i] ?? 1;
    if (x > limit) over += x - limit;
    else free += x;
  });
  return over === 0 ? m : m.map((x, i) => (x > (limits[i] ?? 1) ? (limits[i] ?? 1) : x * (1 + over / free)));
}

function smooth(counts: readonly number[], prior: readonly number[], pseudo: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0) + pseudo;
  return counts.map((c, i) => (c + pseudo * (prior[i] ?? 0)) / total);
}

const MOST_TERMS = 2000;

/** The most frequent terms with their counts; rarer ones need no entry. */
function frequent(counts: [string, number][]): Record<string, number> {
  const kept = counts.filter(([, n]) => n > 2).sort((a, b) => b[1] - a[1]);
  return Object.fromEntries(kept.slice(0, MOST_TERMS));
}
