import { type Hash, hashNode, type Node } from './tree.ts';

// Inner nodes are kept in tiles of 256, as in https://c2sp.org/tlog-tiles: tile (L, n) holds the roots of the complete
// subtrees of 256^L leaves with the indexes 256·n to 256·n + 255. What lies between two levels of tiles is computed.

export const WIDTH = 256;
const LEVELS = 8;
export const HASH_BYTES = 32;

export interface TilePlace {
  level: number;
  n: number;
}

/** The tile that a node is found in, and which of its hashes the node is made of. */
export function tileOf({ level, index }: Node): TilePlace & { from: number; count: number } {
  const above = level % LEVELS;
  const count = 2 ** above;
  const first = index * count;
  return { level: (level - above) / LEVELS, n: Math.floor(first / WIDTH), from: first % WIDTH, count };
}

/** Root of some hashes of a tile; their number is a power of two. Throws when the tile is shorter. */
export function nodeIn(hash: Hash, tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) {
    const found = tile.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES);
    if (found.length !== HASH_BYTES) throw new RangeError('tile is too short');
    return found;
  }
  const middle = count / 2;
  return hashNode(hash, nodeIn(hash, tile, from, middle), nodeIn(hash, tile, from + middle, middle));
}
