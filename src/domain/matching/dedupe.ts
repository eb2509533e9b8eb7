import { allPairs, type BlockingOptions, block } from './blocking.ts';
import { cluster, type Edges } from './cluster.ts';
import { comparison } from './compare.ts';
import { initialWeights, learn, samplePatterns } from './learn.ts';
import { scorer } from './score.ts';
import { type Table, tableOf } from './table.ts';
import type { MatchSchema, Row, Weights } from './types.ts';

export interface DedupeOptions {
  /** Weights to use as they are; learned from the table when absent. */
  weights?: Weights;
  blocking?: BlockingOptions;
  /** Seed of the samples; the same seed and table give the same result. */
  seed?: number;
  /** Told about progress: what is being done. */
  onStep?: (step: string) => void;
}

export interface DedupeResult {
  /** Cluster of each row, as the lowest row number in it. */
  clusters: Int32Array;
  /** Candidate pairs at or above the threshold, with their score in bits (log2 odds). */
  edges: Edges;
  weights: Weights;
}

/** Tables up to this size are compared completely. */
const COMPLETE = 1200;

/** Finds the records of a table that are the same thing: block, learn, score, cluster. */
export function dedupeTable(table: Table, options: DedupeOptions = {}): DedupeResult {
  const step = options.onStep ?? (() => {});
  const n = table.size;
  step('block');
  const candidates = n <= COMPLETE ? allPairs(n) : block(table, options.blocking);
  const compare = comparison(table);
  step('learn');
  const weights =
    options.weights ??
    learn(
      table.columns,
      samplePatterns(table, candidates, compare, options.seed ?? 1),
      initialWeights(table.columns, n),
    );
  step('score');
  const score = scorer(table, weights);
  const vector = new Int8Array(Math.max(1, table.columns.length));
  const pairScore = (a: number, b: number): number => {
    compare(a, b, vector);
    return score(a, b, vector);
  };
  const found: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < n; i++)
    candidates.partners(i, (j) => {
      const s = pairScore(i, j);
      if (s >= weights.threshold) {
        found.push(i, j);
        scores.push(s);
      }
    });
  const edges: Edges = {
    a: Int32Array.from({ length: scores.length }, (_, k) => found[2 * k] ?? 0),
    b: Int32Array.from({ length: scores.length }, (_, k) => found[2 * k + 1] ?? 0),
    score: Float32Array.from(scores),
  };
  step('cluster');
  const exclusive = table.columns.find((c) => c.field.kind === 'uscc');
  const clusters = cluster(n, edges, {
    threshold: weights.threshold,
    score: pairScore,
    ...(exclusive === undefined ? {} : { exclusive: exclusive.ids }),
  });
  return { clusters, edges, weights };
}

/** Learns weights from a table without labels, for use on single records later (`matcherOf`). */
export function learnWeights(table: Table, options: DedupeOptions = {}): Weights {
  const n = table.size;
  const start = initialWeights(table.columns, Math.max(2, n));
  if (n < 2) return start;
  const candidates = n <= COMPLETE ? allPairs(n) : block(table, options.blocking);
  return learn(table.columns, samplePatterns(table, candidates, comparison(table), options.seed ?? 1), start);
}

/** The same for rows in memory. */
export function dedupe(rows: Iterable<Row>, schema: MatchSchema, options: DedupeOptions = {}): DedupeResult {
  return dedupeTable(tableOf(rows, schema), options);
}
