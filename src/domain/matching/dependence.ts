/** Pairwise counts of the levels of two fields, and trees of dependence learned from them (Chow and Liu 1968). */
export interface JointCounts {
  /** Levels per field. */
  sizes: readonly number[];
  /** counts[f * fields + g][level of f * sizes[g] + level of g], f < g. Pairs with an unknown side are not counted. */
  counts: Float64Array[];
  /** Sum of squared weights, to know how many observations a count really stands for. */
  squares: Float64Array[];
}

export function emptyCounts(sizes: readonly number[]): JointCounts {
  const n = sizes.length;
  const make = (): Float64Array[] =>
    Array.from({ length: n * n }, (_, k) => {
      const [f, g] = [Math.floor(k / n), k % n];
      return new Float64Array(f < g ? (sizes[f] ?? 0) * (sizes[g] ?? 0) : 0);
    });
  return { sizes, counts: make(), squares: make() };
}

export function addCounts(joint: JointCounts, levels: Int8Array, at: number, weight: number, square: number): void {
  const n = joint.sizes.length;
  for (let f = 0; f < n; f++) {
    const l = levels[at + f] ?? -1;
    if (l < 0) continue;
    for (let g = f + 1; g < n; g++) {
      const k = levels[at + g] ?? -1;
      if (k < 0) continue;
      const cell = l * (joint.sizes[g] ?? 0) + k;
      const c = joint.counts[f * n + g];
      const s = joint.squares[f * n + g];
      if (c !== undefined) c[cell] = (c[cell] ?? 0) + weight;
      if (s !== undefined) s[cell] = (s[cell] ?? 0) + square;
    }
  }
}

function cells(joint: JointCounts, parent: number, child: number, p: number, c: number): [number, number] {
  const n = joint.sizes.length;
  const [f, g, l, k] = parent < child ? [parent, child, p, c] : [child, parent, c, p];
  const cell = l * (joint.sizes[g] ?? 0) + k;
  return [joint.counts[f * n + g]?.[cell] ?? 0, joint.squares[f * n + g]?.[cell] ?? 0];
}

/** Mutual information of two fields in bits, times the number of pairs it was seen on. */
function information(joint: JointCounts, f: number, g: number): number {
  const n = joint.sizes.length;
  const counts = joint.counts[f * n + g];
  const [a, b] = [joint.sizes[f] ?? 0, joint.sizes[g] ?? 0];
  if (counts === undefined) return 0;
  const rows = new Float64Array(a);
  const columns = new Float64Array(b);
  let total = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) {
      const c = counts[i * b + j] ?? 0;
      rows[i] = (rows[i] ?? 0) + c;
      columns[j] = (columns[j] ?? 0) + c;
      total += c;
    }
  let bits = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++) {
      const c = counts[i * b + j] ?? 0;
      if (c > 0) bits += c * Math.log2((c * total) / ((rows[i] ?? 1) * (columns[j] ?? 1)));
    }
  return bits;
}

/**
 * Parent of each field in the maximum spanning tree of mutual information, −1 for roots and fields that hang on nothing. Trees that share
 * less than `least` bits are kept apart, and so are fields that must stand `alone`.
 */
export function tree(joint: JointCounts, least: number, alone: (field: number) => boolean = () => false): number[] {
  const n = joint.sizes.length;
  const parent = new Array<number>(n).fill(-1);
  const inside = new Array<boolean>(n).fill(false);
  const best = new Array<number>(n).fill(0);
  const from = new Array<number>(n).fill(-1);
  for (let round = 0; round < n; round++) {
    let next = -1;
    for (let f = 0; f < n; f++) if (inside[f] !== true && (next < 0 || (best[f] ?? 0) > (best[next] ?? 0))) next = f;
    inside[next] = true;
    parent[next] = (best[next] ?? 0) > least ? (from[next] ?? -1) : -1;
    for (let f = 0; f < n; f++) {
      if (inside[f] === true || alone(f) || alone(next)) continue;
      const bits = information(joint, Math.min(f, next), Math.max(f, next));
      if (bits > (best[f] ?? 0)) {
        best[f] = bits;
        from[f] = next;
      }
    }
  }
  return parent;
}

/**
 * Shares of the child's levels per level of the parent. Where few pairs were seen they are drawn to the shares without parent:
 * `shrink` observations weigh as much as those.
 */
export function conditional(
  joint: JointCounts,
  parent: number,
  child: number,
  shares: readonly number[],
  shrink: number,
): number[][] {
  const out: number[][] = [];
  for (let p = 0; p < (joint.sizes[parent] ?? 0); p++) {
    let total = 0;
    let squares = 0;
    const row = shares.map((_, c) => {
      const [count, square] = cells(joint, parent, child, p, c);
      total += count;
      squares += square;
      return count;
    });
    // Kish's effective sample size: a pair that stands for a thousand is still one observation.
    const seen = squares === 0 ? 0 : (total * total) / squares;
    const trust = seen / (seen + shrink);
    out.push(row.map((count, c) => (total === 0 ? 0 : (trust * count) / total) + (1 - trust) * (shares[c] ?? 0)));
  }
  return out;
}
