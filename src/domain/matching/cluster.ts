export interface Edges {
  a: Int32Array;
  b: Int32Array;
  score: Float32Array;
}

export interface ClusterOptions {
  /** Average score between two groups that is needed to join them (log2 odds). */
  threshold: number;
  /** Score of any pair, also one that was no candidate; below −500 the two must never share a cluster. */
  score(a: number, b: number): number;
  /** One pair counts at most this much, so that one shared code can't outweigh many contradictions. */
  cap?: number;
  /** A number per record of which a cluster may hold only one value (a credit code); −1 when the record has none. */
  exclusive?: Int32Array;
}

/** Pairs looked at when two groups meet; more are sampled evenly. */
const LOOK_AT = 200;

/**
 * Joins records to clusters, best pairs first (greedy average linkage). Two groups become one only when their records agree *on average*,
 * not because one weak pair happens to link them, and never when any two of their records contradict (two credit codes, two branches).
 * Returns the cluster of each record, as the lowest record number in it.
 */
export function cluster(size: number, edges: Edges, options: ClusterOptions): Int32Array {
  const cap = options.cap ?? 30;
  const of = Int32Array.from({ length: size }, (_, i) => i);
  const groups = new Map<number, number[]>();
  const held = options.exclusive?.slice();
  const order = Int32Array.from({ length: edges.a.length }, (_, i) => i).sort(
    (x, y) =>
      (edges.score[y] ?? 0) - (edges.score[x] ?? 0) ||
      (edges.a[x] ?? 0) - (edges.a[y] ?? 0) ||
      (edges.b[x] ?? 0) - (edges.b[y] ?? 0),
  );
  for (const e of order) {
    const a = edges.a[e] ?? 0;
    const b = edges.b[e] ?? 0;
    const x = of[a] ?? a;
    const y = of[b] ?? b;
    if (x === y) continue;
    const [codeX, codeY] = [held?.[x] ?? -1, held?.[y] ?? -1];
    if (codeX >= 0 && codeY >= 0 && codeX !== codeY) continue;
    const left = groups.get(x) ?? [x];
    const right = groups.get(y) ?? [y];
    if (left.length * right.length > 1 && !agree(left, right, options, cap)) continue;
    const [to, from, joined] = x < y ? [x, y, [...left, ...right]] : [y, x, [...right, ...left]];
    for (const r of to === x ? right : left) of[r] = to;
    if (held !== undefined) held[to] = Math.max(codeX, codeY);
    groups.delete(from);
    groups.set(to, joined);
  }
  return of;
}

function agree(left: readonly number[], right: readonly number[], options: ClusterOptions, cap: number): boolean {
  const all = left.length * right.length;
  const step = Math.max(1, Math.floor(all / LOOK_AT));
  let sum = 0;
  let seen = 0;
  for (let k = 0; k < all; k += step) {
    const s = options.score(left[Math.floor(k / right.length)] ?? 0, right[k % right.length] ?? 0);
    if (s < -500) return false;
    sum += Math.max(-cap, Math.min(cap, s));
    seen++;
  }
  return sum / seen >= options.threshold;
}
