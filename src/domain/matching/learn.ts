import type { Candidates } from './blocking.ts';
import type { Compare } from './compare.ts';
import { seeded } from './random.ts';
import type { Column, Table } from './table.ts';
import type { FieldWeights, Level, Weights } from './types.ts';

/** Comparison vectors of many pairs: `fields` levels per pair, and how many pairs of the population each stands for. */
export interface Patterns {
  fields: number;
  levels: Int8Array;
  /** Pairs of the population per vector. */
  weight: Float64Array;
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
  const levels = new Int8Array(count * fields);
  const weight = new Float64Array(count);
  const different = new Uint8Array(count);
  for (let p = 0; p < count; p++) {
    compare(pairs[2 * p] ?? 0, pairs[2 * p + 1] ?? 0, levels, p * fields);
    weight[p] = p < known ? perCandidate : others / Math.max(1, drawn);
    different[p] = p < known ? 0 : 1;
  }
  return { fields, levels, weight, different, population };
}

/** log2(m ÷ u), or the weight that the level prescribes. */
export function levelWeight(level: Level | undefined, m: number, u: number): number {
  if (level === undefined) return 0;
  if (level.veto === true) return -40;
  if (level.fixed !== undefined) return level.fixed;
  return Math.max(-14, Math.min(24, Math.log2(m / u)));
}

export function initialWeights(columns: readonly Pick<Column, 'field' | 'kind'>[], records: number): Weights {
  const fields: Record<string, FieldWeights> = {};
  for (const c of columns) {
    const total = (of: 'm' | 'u'): number => c.kind.levels.reduce((s, l) => s + l[of], 0);
    const [m, u] = [total('m'), total('u')];
    fields[c.field.column] = {
      m: c.kind.levels.map((l) => l.m / m),
      u: c.kind.levels.map((l) => l.u / u),
      chance: 1,
      matched: 0.5,
      terms: {},
    };
  }
  const pairs = Math.max(1, (records * (records - 1)) / 2);
  return { version: 1, records, prior: Math.min(0.5, (0.15 * records) / pairs), fields, threshold: 0 };
}

/**
 * Expectation–maximisation without labels (Fellegi and Sunter 1969; Winkler 1988). Starting values are shares that hold for most
 * registers and count as a few observed pairs, so a small table is not led astray. `u` is counted over all pairs of the table.
 */
export function learn(columns: readonly Column[], patterns: Patterns, start: Weights, rounds = 30): Weights {
  const { fields, levels, weight, different, population } = patterns;
  const n = weight.length;
  const records = start.records;
  let prior = start.prior;
  const weights = columns.map((c) => ({ kind: c.kind, own: start.fields[c.field.column] }));
  const priorM = weights.map((w) => [...(w.own?.m ?? [])]);
  const priorU = weights.map((w) => [...(w.own?.u ?? [])]);
  let m = priorM.map((x) => [...x]);
  let u = priorU.map((x) => [...x]);
  const matched = columns.map(() => 0.5);
  for (let round = 0; round <= rounds; round++) {
    const log = weights.map((w, f) =>
      w.kind.levels.map((l, i) =>
        round === 0 && l.fixed === undefined && l.veto !== true
          ? Math.log2((m[f]?.[i] ?? 1) / (u[f]?.[i] ?? 1))
          : levelWeight(l, m[f]?.[i] ?? 1, u[f]?.[i] ?? 1),
      ),
    );
    const sumM = m.map((x) => x.map(() => 0));
    const sumU = u.map((x) => x.map(() => 0));
    const base = Math.log2(prior / (1 - prior));
    let duplicates = 0;
    for (let p = 0; p < n; p++) {
      let score = base;
      for (let f = 0; f < fields; f++) {
        const l = levels[p * fields + f] ?? -1;
        if (l >= 0) score += log[f]?.[l] ?? 0;
      }
      const w = weight[p] ?? 0;
      const is = different[p] === 1 ? 0 : w / (1 + 2 ** -score);
      duplicates += is;
      for (let f = 0; f < fields; f++) {
        const l = levels[p * fields + f] ?? -1;
        if (l < 0) continue;
        const rowM = sumM[f];
        const rowU = sumU[f];
        if (rowM !== undefined) rowM[l] = (rowM[l] ?? 0) + is;
        if (rowU !== undefined) rowU[l] = (rowU[l] ?? 0) + (w - is);
      }
    }
    prior = Math.min(0.5, Math.max(duplicates, 0.001 * records, 1) / population);
    const pseudo = 5 + 0.01 * duplicates;
    m = sumM.map((row, f) => smooth(row, priorM[f] ?? [], pseudo));
    // An outcome never seen among strangers is at most as common as one record in twenty meeting one stranger that agrees.
    const floor = 0.05 / records;
    u = sumU.map((row, f) => smooth(row, priorU[f] ?? [], 2).map((x) => Math.max(x, floor)));
    columns.forEach((c, f) => {
      let agree = 0;
      let all = 0;
      c.kind.levels.forEach((l, i) => {
        if (l.term !== true) return;
        agree += sumM[f]?.[i] ?? 0;
        all += (sumM[f]?.[i] ?? 0) + (sumU[f]?.[i] ?? 0);
      });
      matched[f] = all === 0 ? 0.5 : agree / all;
    });
  }
  const out: Record<string, FieldWeights> = {};
  columns.forEach((c, f) => {
    const shareU = c.kind.levels.reduce((s, l, i) => s + (l.term === true ? (u[f]?.[i] ?? 0) : 0), 0);
    out[c.field.column] = {
      m: m[f] ?? [],
      u: u[f] ?? [],
      chance: shareU * records,
      matched: matched[f] ?? 0.5,
      terms: frequentTerms(c),
    };
  });
  return { version: 1, records, prior, fields: out, threshold: start.threshold };
}

function smooth(counts: readonly number[], prior: readonly number[], pseudo: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0) + pseudo;
  return counts.map((c, i) => (c + pseudo * (prior[i] ?? 0)) / total);
}

const MOST_TERMS = 2000;

/** The most frequent terms with their counts; rarer ones need no entry. */
function frequentTerms(c: Column): Record<string, number> {
  const counted = [...c.termCounts.entries()].filter(([, n]) => n > 2);
  counted.sort((a, b) => b[1] - a[1]);
  return Object.fromEntries(counted.slice(0, MOST_TERMS).map(([i, n]) => [c.termNames[i] ?? '', n]));
}
