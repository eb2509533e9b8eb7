import type { Column, Table } from './table.ts';

export interface BlockingOptions {
  /** Largest block whose records are all compared with each other; larger ones only among neighbours in order of name. */
  largest?: number;
  /** How many neighbours on each side in a large block. */
  window?: number;
  /** Coarse combinations may add about this many candidate pairs per record. */
  pairsPerRecord?: number;
}

/** Which pairs are worth comparing. */
export interface Candidates {
  /** Calls `visit` for every candidate partner of `record` with a higher number, once each. */
  partners(record: number, visit: (other: number) => void): void;
  /** The two share a key. */
  share(a: number, b: number): boolean;
}

function hash(text: string, seed: number): number {
  let h = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Hashes of `make(value)` per value, as one flat list with offsets. */
function hashed(
  column: Column,
  seed: number,
  make: (value: unknown) => string[],
): { at: Int32Array; keys: Uint32Array } {
  const at = new Int32Array(column.values.length + 1);
  const all: number[][] = [];
  let n = 0;
  column.values.forEach((value, i) => {
    const list = make(value)
      .filter((k) => k !== '')
      .map((k) => hash(k, seed));
    all.push(list);
    n += list.length;
    at[i + 1] = n;
  });
  const keys = new Uint32Array(n);
  let k = 0;
  for (const list of all) for (const h of list) keys[k++] = h;
  return { at, keys };
}

/** One coarse key of a column: the `slot`-th that the kind makes. */
interface Feature {
  column: number;
  slot: number;
  /** Features of one group share their keys: a given name typed into the family name still meets its likes. */
  group: number;
}

interface Combination {
  first: Feature;
  second: Feature;
  pairs: number;
}

type Keys = { at: Int32Array; keys: Uint32Array };

/** Key of a row under a combination, −1 when a part is not known. */
function combinedKey(
  table: Table,
  coarse: readonly Keys[],
  c: { first: Feature; second: Feature },
  row: number,
): number {
  const x = coarseKey(table, coarse, c.first, row);
  const y = coarseKey(table, coarse, c.second, row);
  if (x < 0 || y < 0) return -1;
  // Two names of one person are looked up in either order.
  const [low, high] = c.first.group === c.second.group && x > y ? [y, x] : [x, y];
  return (Math.imul(low, 0x9e3779b1) ^ Math.imul(high + c.first.group * 31 + c.second.group, 0x85ebca6b)) >>> 0;
}

function coarseKey(table: Table, coarse: readonly Keys[], f: Feature, row: number): number {
  const id = table.columns[f.column]?.ids[row] ?? -1;
  const own = coarse[f.column];
  if (id < 0 || own === undefined) return -1;
  const at = (own.at[id] ?? 0) + f.slot;
  return at < (own.at[id + 1] ?? 0) ? (own.keys[at] ?? 0) : -1;
}

/** Picks pairs of coarse keys that are selective enough together, cheapest first. Costs are estimated on a sample. */
function combinations(table: Table, coarse: readonly Keys[], perRecord: number): Combination[] {
  const n = table.size;
  const step = Math.max(1, Math.floor(n / 10_000));
  const features: Feature[] = table.columns.flatMap((c, column) => {
    const slots = c.values.length === 0 ? 0 : Math.max(...c.values.slice(0, 200).map((v) => c.kind.coarse(v).length));
    const group = isName(c) ? 1000 : column;
    return Array.from({ length: slots }, (_, slot) => ({ column, slot, group }));
  });
  const found: Combination[] = [];
  for (const first of features)
    for (const second of features) {
      if (first.column >= second.column) continue;
      const counts = new Map<number, number>();
      let pairs = 0;
      let present = 0;
      for (let i = 0; i < n; i += step) {
        const key = combinedKey(table, coarse, { first, second }, i);
        if (key < 0) continue;
        present++;
        const c = counts.get(key) ?? 0;
        pairs += c;
        counts.set(key, c + 1);
      }
      if (present * step > n * 0.05) found.push({ first, second, pairs: pairs * step * step });
    }
  found.sort((a, b) => a.pairs - b.pairs);
  const most = n > 200_000 ? 6 : n > 50_000 ? 12 : 40;
  const chosen: Combination[] = [];
  let total = 0;
  for (const c of found) {
    if (chosen.length >= most || total + c.pairs > perRecord * n) break;
    total += c.pairs;
    chosen.push(c);
  }
  return chosen;
}

function isName(c: Column): boolean {
  return c.field.kind === 'given' || c.field.kind === 'family';
}

/** Position of each row in the order of its texts, so that neighbours in a large block are alike. */
function order(table: Table): Int32Array {
  const first = table.columns.filter((c) => ['company', 'person', 'family', 'text', 'given'].includes(c.field.kind));
  const by = [...first, ...table.columns.filter((c) => !first.includes(c))].slice(0, 3);
  const ranks = by.map((c) => {
    const texts = c.values.map((v) => c.kind.text(v));
    const sorted = Int32Array.from(texts.keys()).sort((a, b) => ((texts[a] ?? '') < (texts[b] ?? '') ? -1 : 1));
    const rank = new Int32Array(texts.length);
    sorted.forEach((v, i) => {
      rank[v] = i;
    });
    return (row: number): number => rank[c.ids[row] ?? -1] ?? -1;
  });
  const rows = Int32Array.from({ length: table.size }, (_, i) => i).sort((a, b) => {
    for (const r of ranks) {
      const d = r(a) - r(b);
      if (d !== 0) return d;
    }
    return a - b;
  });
  const place = new Int32Array(table.size);
  rows.forEach((row, i) => {
    place[row] = i;
  });
  return place;
}

/**
 * Standard blocking on many keys. Blocks that are too large (a switchboard number, 张伟) are not dropped: inside them each record meets
 * its neighbours in sorted order (sorted neighbourhood, Hernández and Stolfo 1995), so work stays about linear whatever the skew.
 */
export function block(table: Table, options: BlockingOptions = {}): Candidates {
  const n = table.size;
  const largest = options.largest ?? 50;
  const window = options.window ?? 6;
  const perRecord = options.pairsPerRecord ?? (n > 200_000 ? 5 : n > 50_000 ? 15 : 50);
  const direct = table.columns.map((c, f) =>
    hashed(c, c.field.kind === 'phone' ? 7001 : f * 977 + 1, (v) => c.kind.keys(v)),
  );
  const coarse = table.columns.map((c, f) => hashed(c, (isName(c) ? 0 : f) * 977 + 500_009, (v) => c.kind.coarse(v)));
  const combined = combinations(table, coarse, perRecord);

  let capacity = n * 4;
  let entries = new Float64Array(capacity);
  let size = 0;
  // hash (32 bits) and row number share one exact integer: 2^32 · 2^21 = 2^53
  const push = (key: number, row: number): void => {
    if (size === capacity) {
      capacity = Math.ceil(capacity * 1.5);
      const bigger = new Float64Array(capacity);
      bigger.set(entries);
      entries = bigger;
    }
    entries[size++] = key * 2_097_152 + row;
  };
  for (let row = 0; row < n; row++) {
    for (let f = 0; f < table.columns.length; f++) {
      const id = table.columns[f]?.ids[row] ?? -1;
      const d = direct[f];
      if (id < 0 || d === undefined) continue;
      for (let k = d.at[id] ?? 0; k < (d.at[id + 1] ?? 0); k++) push(d.keys[k] ?? 0, row);
    }
    for (const c of combined) {
      const key = combinedKey(table, coarse, c, row);
      if (key >= 0) push(key, row);
    }
  }
  const sorted = entries.subarray(0, size).sort();

  // Members of all blocks of two and more, one after the other; per row the positions where it stands.
  const members = new Int32Array(size);
  const blockOf = new Int32Array(size);
  const starts: number[] = [];
  let filled = 0;
  const perRow = new Int32Array(n + 1);
  let place: Int32Array | undefined;
  for (let i = 0; i < size; ) {
    const key = Math.floor((sorted[i] ?? 0) / 2_097_152);
    let j = i;
    const from = filled;
    let last = -1;
    while (j < size && Math.floor((sorted[j] ?? 0) / 2_097_152) === key) {
      const row = (sorted[j] ?? 0) - key * 2_097_152;
      if (row !== last) members[filled++] = row;
      last = row;
      j++;
    }
    i = j;
    if (filled - from < 2) {
      filled = from;
      continue;
    }
    if (filled - from > largest) {
      place ??= order(table);
      const rank = place;
      members.subarray(from, filled).sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
    }
    for (let k = from; k < filled; k++) {
      blockOf[k] = starts.length;
      const row = members[k] ?? 0;
      perRow[row + 1] = (perRow[row + 1] ?? 0) + 1;
    }
    starts.push(from);
  }
  starts.push(filled);
  const blockStart = Int32Array.from(starts);
  for (let i = 0; i < n; i++) perRow[i + 1] = (perRow[i + 1] ?? 0) + (perRow[i] ?? 0);
  const positions = new Int32Array(filled);
  const next = perRow.slice();
  for (let k = 0; k < filled; k++) {
    const row = members[k] ?? 0;
    const at = next[row] ?? 0;
    positions[at] = k;
    next[row] = at + 1;
  }
  const stamp = new Int32Array(n);
  let call = 0;

  return {
    partners(record, visit) {
      call++;
      for (let p = perRow[record] ?? 0; p < (perRow[record + 1] ?? 0); p++) {
        const position = positions[p] ?? 0;
        const b = blockOf[position] ?? 0;
        let from = blockStart[b] ?? 0;
        let to = blockStart[b + 1] ?? 0;
        if (to - from > largest) {
          from = Math.max(from, position - window);
          to = Math.min(to, position + window + 1);
        }
        for (let k = from; k < to; k++) {
          const other = members[k] ?? 0;
          if (other > record && stamp[other] !== call) {
            stamp[other] = call;
            visit(other);
          }
        }
      }
    },
    share(a, b) {
      let i = perRow[a] ?? 0;
      let j = perRow[b] ?? 0;
      const endA = perRow[a + 1] ?? 0;
      const endB = perRow[b + 1] ?? 0;
      while (i < endA && j < endB) {
        const x = blockOf[positions[i] ?? 0] ?? 0;
        const y = blockOf[positions[j] ?? 0] ?? 0;
        if (x === y) return true;
        if (x < y) i++;
        else j++;
      }
      return false;
    },
  };
}

/** Every pair is a candidate; for tables small enough to compare completely. */
export function allPairs(size: number): Candidates {
  return {
    partners(record, visit) {
      for (let other = record + 1; other < size; other++) visit(other);
    },
    share: () => true,
  };
}
