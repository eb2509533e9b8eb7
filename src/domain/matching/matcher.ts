import type { CompareField } from './compare.ts';
import { type CompareValues, valueComparison } from './compare.ts';
import { kindOf } from './kinds/index.ts';
import { initialWeights } from './learn.ts';
import { type Model, modelOf, VETO, weigh } from './model.ts';
import { rarityBonus } from './score.ts';
import { statisticsOf } from './table.ts';
import type { MatchSchema, Row, Weights } from './types.ts';

/** A schema with weights, ready to compare single records. */
export interface Matcher {
  schema: MatchSchema;
  weights: Weights;
  fields: CompareField[];
  compare: CompareValues;
  model: Model;
}

/** Number of records assumed when nothing was learned yet. */
const ASSUMED = 10_000;

/** Makes a matcher from learned weights, or from starting values that hold for most registers. */
export function matcherOf(schema: MatchSchema, learned?: Weights): Matcher {
  const kinds = schema.fields.map((field) => ({ field, kind: kindOf(field.kind) }));
  const weights = learned ?? initialWeights(kinds, ASSUMED);
  const fields = kinds.map(({ field, kind }) => ({
    field,
    kind,
    statistics: statisticsOf(new Map(Object.entries(weights.fields[field.column]?.tokens ?? {})), weights.records),
  }));
  return { schema, weights, fields, compare: valueComparison(fields), model: modelOf(kinds, weights) };
}

/** A record, standardised once and comparable many times. Parts are in the order of the schema; `undefined` is not known. */
export interface Prepared {
  row: Row;
  values: unknown[];
}

export function prepare(matcher: Matcher, row: Row): Prepared {
  return {
    row,
    values: matcher.fields.map((f) => {
      const raw = row[f.field.column];
      return raw === null || raw === undefined || raw === '' ? undefined : (f.kind.parse(raw) ?? undefined);
    }),
  };
}

/** One compared pair: level, bits and rarity correction per field (level −1: not known). */
export interface PairScore {
  levels: Int8Array;
  bits: Float64Array;
  rarity: Float64Array;
  /** log2 odds; −1000 when the pair can't be one thing. */
  score: number;
  /** 0…1. */
  probability: number;
}

export function scorePair(matcher: Matcher, a: Prepared, b: Prepared): PairScore {
  const { fields, model, weights } = matcher;
  const levels = new Int8Array(fields.length);
  const bits = new Float64Array(fields.length);
  const rarity = new Float64Array(fields.length);
  matcher.compare(a.values, b.values, levels, 0);
  const sum = weigh(model, levels, 0, bits);
  let score = model.base + sum;
  fields.forEach((f, i) => {
    const own = weights.fields[f.field.column];
    const level = f.kind.levels[levels[i] ?? -1];
    if (level?.term !== true || own === undefined) return;
    const count = Math.max(...[a, b].map((side) => own.terms[f.kind.term(side.values[i])] ?? 2));
    rarity[i] = rarityBonus(own, levels[i] ?? 0, count, weights.records);
    score += rarity[i] ?? 0;
  });
  if (sum <= VETO) score = VETO;
  return { levels, bits, rarity, score, probability: 1 / (1 + 2 ** -score) };
}

export interface Similar<T extends Row> {
  record: T;
  /** Index in the list of candidates. */
  index: number;
  score: number;
  probability: number;
}

/**
 * Candidates that may be the same as `record`, best first. For the check at entry: the caller fetches candidates by `blockingKeys` or its
 * search index. `least` is the probability from which a candidate is listed.
 */
export function similar<T extends Row>(
  matcher: Matcher,
  record: Row,
  candidates: readonly T[],
  least = 0.5,
): Similar<T>[] {
  const own = prepare(matcher, record);
  const found: Similar<T>[] = [];
  candidates.forEach((candidate, index) => {
    const { score, probability } = scorePair(matcher, own, prepare(matcher, candidate));
    if (probability >= least) found.push({ record: candidate, index, score, probability });
  });
  return found.sort((x, y) => y.score - x.score || x.index - y.index);
}
