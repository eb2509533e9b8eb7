import { type Hash, hashNode } from './tree.ts';

/** Whether a leaf is in the tree with this root: RFC 9162 §2.1.3.2, which checks what RFC 6962 §2.1.1 makes. */
export function verifyInclusion(hash: Hash, { leaf, index, size, path, root }: Inclusion<Uint8Array>): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      r = hashNode(hash, p, r);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else r = hashNode(hash, r, p);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(r, root);
}

export interface Inclusion<Bytes> {
  /** Hash of the leaf. */
  leaf: Bytes;
  index: number;
  size: number;
  path: readonly Bytes[];
  root: Bytes;
}

/** Whether the newer tree is the older one with leaves added at the end: RFC 9162 §2.1.4.2. */
export function verifyConsistency(
  hash: Hash,
  older: { size: number; root: Uint8Array },
  newer: { size: number; root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && equal(older.root, newer.root);
  // Every tree begins with nothing.
  if (older.size === 0) return path.length === 0 && equal(older.root, hash(new Uint8Array()));
  const nodes = isPowerOfTwo(older.size) ? [older.root, ...path] : path;
  const [first, ...rest] = nodes;
  if (!first || path.length === 0) return false;
  let [fn, sn] = [older.size - 1, newer.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [first, first];
  for (const c of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      fr = hashNode(hash, c, fr);
      sr = hashNode(hash, c, sr);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = hashNode(hash, sr, c);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(fr, older.root) && equal(sr, newer.root);
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isOdd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);

function isPowerOfTwo(n: number): boolean {
  let k = 1;
  while (k < n) k *= 2;
  return k === n;
}
