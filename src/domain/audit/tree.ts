/** SHA-256 of some bytes. An argument everywhere: this folder does arithmetic, not cryptography. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** Leaves [begin, end) of a tree. */
export interface Range {
  begin: number;
  end: number;
}

/** A complete subtree: leaves index·2^level up to (index + 1)·2^level. */
export interface Node {
  level: number;
  index: number;
}

/** RFC 6962 §2.1: leaves and inner nodes are told apart by their first byte, so that no leaf can pass for a node. */
export const hashLeaf = (hash: Hash, bytes: Uint8Array): Uint8Array => hash(join([0], bytes));
export const hashNode = (hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array => hash(join([1], left, right));

/** MTH(D[n]) of RFC 6962 §2.1 out of the hashes of the leaves. */
export function rootOf(hash: Hash, leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (!only) return hash(new Uint8Array());
  if (leaves.length === 1) return only;
  const k = splitOf(leaves.length);
  return hashNode(hash, rootOf(hash, leaves.slice(0, k)), rootOf(hash, leaves.slice(k)));
}

/** Largest power of two smaller than n, n > 1. Plain arithmetic: bit operators end at 2^31. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** PATH(m, D[n]) of RFC 6962 §2.1.1, as the ranges whose roots it consists of, lowest first. */
export function inclusionRanges(index: number, size: number): Range[] {
  const path: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      path.unshift({ begin: middle, end });
      end = middle;
    } else {
      path.unshift({ begin, end: middle });
      begin = middle;
    }
  }
  return path;
}

/** PROOF(m, D[n]) of RFC 6962 §2.1.2, as ranges; nothing to prove where m is 0 or n. */
export function consistencyRanges(older: number, newer: number): Range[] {
  if (older === 0 || older === newer) return [];
  const proof: Range[] = [];
  let [begin, end, whole] = [0, newer, true];
  while (end > older) {
    const middle = begin + splitOf(end - begin);
    if (older <= middle) {
      proof.unshift({ begin: middle, end });
      end = middle;
    } else {
      proof.unshift({ begin, end: middle });
      begin = middle;
      whole = false;
    }
  }
  return whole ? proof : [{ begin, end }, ...proof];
}

/** Complete subtrees that a range consists of, left to right. Ranges of proofs begin where a subtree may. */
export function nodesOf({ begin, end }: Range): Node[] {
  const nodes: Node[] = [];
  for (let at = begin; at < end; ) {
    let [level, width] = [0, 1];
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Root of a range out of its complete subtrees: the smaller ones at the right are joined first. */
export function joinNodes(hash: Hash, nodes: readonly Uint8Array[]): Uint8Array {
  const [last, ...rest] = [...nodes].reverse();
  if (!last) return hash(new Uint8Array());
  return rest.reduce((right, left) => hashNode(hash, left, right), last);
}

/** A tree that only grows, as the roots of its complete subtrees: at most one for each bit of its size. */
export interface Frontier {
  size: number;
  /** Largest first. */
  nodes: Uint8Array[];
}

export const EMPTY: Frontier = { size: 0, nodes: [] };

/** The tree with one leaf more. */
export function grow(hash: Hash, { size, nodes }: Frontier, leaf: Uint8Array): Frontier {
  const next = [...nodes];
  let carried = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = next.pop();
    if (!left) throw new Error('frontier of another size');
    carried = hashNode(hash, left, carried);
  }
  return { size: size + 1, nodes: [...next, carried] };
}

export const frontierRoot = (hash: Hash, { nodes }: Frontier): Uint8Array => joinNodes(hash, nodes);

function join(prefix: number[], ...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, prefix.length));
  joined.set(prefix);
  let at = prefix.length;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
