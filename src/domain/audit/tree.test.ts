import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyRanges,
  EMPTY,
  equal,
  frontierRoot,
  grow,
  type Hash,
  hashLeaf,
  inclusionRanges,
  joinNodes,
  nodeIn,
  nodesOf,
  type Range,
  rootOf,
  tileOf,
  verifyConsistency,
  verifyInclusion,
  WIDTH,
} from './index.ts';

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// Vectors of the reference implementation: google/certificate-transparency, merkletree/merkle_tree_test.cc.
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const PATHS: [index: number, size: number, path: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const PROOFS: [older: number, newer: number, path: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const leavesOf = (inputs: string[]): Uint8Array[] => inputs.map((text) => hashLeaf(sha256, Buffer.from(text, 'hex')));
const VECTORS = leavesOf(INPUTS);
const MANY = Array.from({ length: 256 }, (_, i) => hashLeaf(sha256, Buffer.from(`leaf ${i}`)));
const ROOT_AT = Array.from({ length: 257 }, (_, size) => rootOf(sha256, MANY.slice(0, size)));
const rootAt = (size: number): Uint8Array => ROOT_AT[size] ?? new Uint8Array();
const seen = new Map<string, Uint8Array>();
/** Roots of ranges; of the 256 leaves each is made once. */
const roots = (leaves: Uint8Array[], ranges: Range[]): Uint8Array[] =>
  ranges.map(({ begin, end }) => {
    const key = `${leaves.length} ${begin} ${end}`;
    const root = seen.get(key) ?? rootOf(sha256, leaves.slice(begin, end));
    seen.set(key, root);
    return root;
  });
const leafAt = (leaves: Uint8Array[], index: number): Uint8Array => leaves[index] ?? new Uint8Array();

describe('Certificate Transparency vectors', () => {
  it('has the roots of trees of 0 to 8 leaves', () => {
    expect(hex(rootOf(sha256, []))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(VECTORS.map((_, i) => hex(rootOf(sha256, VECTORS.slice(0, i + 1))))).toEqual(ROOTS);
  });

  it.each(PATHS)('has the path of leaf %i of %i', (index, size, path) => {
    expect(roots(VECTORS, inclusionRanges(index, size)).map(hex)).toEqual(path);
  });

  it.each(PROOFS)('has the proof from %i to %i', (older, newer, path) => {
    expect(roots(VECTORS, consistencyRanges(older, newer)).map(hex)).toEqual(path);
  });
});

describe('every proof up to 256 leaves', () => {
  it('of inclusion verifies', () => {
    let proofs = 0;
    for (let size = 1; size <= 256; size++)
      for (let index = 0; index < size; index++) {
        const path = roots(MANY, inclusionRanges(index, size));
        const proof = { leaf: leafAt(MANY, index), index, size, path, root: rootAt(size) };
        if (!verifyInclusion(sha256, proof)) expect([index, size]).toEqual('verifies');
        proofs++;
      }
    expect(proofs).toBe(32_896);
  });

  it('of consistency verifies', () => {
    let proofs = 0;
    for (let newer = 0; newer <= 256; newer++)
      for (let older = 0; older <= newer; older++) {
        const path = roots(MANY, consistencyRanges(older, newer));
        const [from, to] = [older, newer].map((size) => ({ size, root: rootAt(size) }));
        if (!from || !to || !verifyConsistency(sha256, from, to, path)) expect([older, newer]).toEqual('verifies');
        proofs++;
      }
    expect(proofs).toBe(33_153);
  });
});

/** Some other bytes, or one bit turned. */
const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at % bytes.length ? byte ^ (1 << (at % 8)) : byte));

describe('a proof that was tampered with', () => {
  const size = fc.integer({ min: 2, max: 256 });

  it('of inclusion never verifies', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 5 }), (n, where, bit, how) => {
        const index = where % n;
        const proof = {
          leaf: leafAt(MANY, index),
          index,
          size: n,
          path: roots(MANY, inclusionRanges(index, n)),
          root: rootAt(n),
        };
        const at = bit % proof.path.length;
        const bad = [
          { ...proof, leaf: flipped(proof.leaf, bit) },
          { ...proof, root: flipped(proof.root, bit) },
          { ...proof, path: proof.path.map((one, i) => (i === at ? flipped(one, bit) : one)) },
          { ...proof, path: proof.path.filter((_, i) => i !== at) },
          { ...proof, path: proof.path.toSpliced(at, 0, proof.root) },
          { ...proof, index: (index + 1 + (bit % (n - 1))) % n },
        ][how];
        expect(bad && verifyInclusion(sha256, bad)).toBe(false);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('of consistency never verifies', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 5 }), (n, where, bit, how) => {
        const m = 1 + (where % (n - 1));
        const [from, to] = [
          { size: m, root: rootAt(m) },
          { size: n, root: rootAt(n) },
        ];
        const path = roots(MANY, consistencyRanges(m, n));
        const at = bit % path.length;
        const bad = [
          verifyConsistency(sha256, { ...from, root: flipped(from.root, bit) }, to, path),
          verifyConsistency(sha256, from, { ...to, root: flipped(to.root, bit) }, path),
          verifyConsistency(
            sha256,
            from,
            to,
            path.map((one, i) => (i === at ? flipped(one, bit) : one)),
          ),
          verifyConsistency(
            sha256,
            from,
            to,
            path.filter((_, i) => i !== at),
          ),
          verifyConsistency(sha256, from, to, path.toSpliced(at, 0, to.root)),
          verifyConsistency(sha256, to, from, path),
        ][how];
        expect(bad).toBe(false);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
});

describe('a tree that grows', () => {
  it('has the same root leaf by leaf', () => {
    let frontier = EMPTY;
    for (const leaf of MANY) {
      frontier = grow(sha256, frontier, leaf);
      expect(equal(frontierRoot(sha256, frontier), rootAt(frontier.size))).toBe(true);
    }
  });

  it('is put together from complete subtrees, wherever tiles end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), fc.nat(), (size, where) => {
        const ranges = [...inclusionRanges(where % size, size), ...consistencyRanges(1 + (where % size), size)];
        for (const range of ranges) {
          const nodes = nodesOf(range).map((node) => {
            const { level, n, from, count } = tileOf(node);
            expect(from + count).toBeLessThanOrEqual(WIDTH);
            const tile = level === 0 ? MANY.slice(n * WIDTH, (n + 1) * WIDTH) : [rootOf(sha256, MANY.slice(0, WIDTH))];
            return nodeIn(sha256, Buffer.concat(tile), from, count);
          });
          expect(hex(joinNodes(sha256, nodes))).toBe(hex(rootOf(sha256, MANY.slice(range.begin, range.end))));
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('counts beyond 2^31 leaves', () => {
    const size = 2 ** 40 + 12_345;
    const path = inclusionRanges(2 ** 40 + 7, size);
    expect(path[path.length - 1]).toEqual({ begin: 0, end: 2 ** 40 });
    expect(path.slice(0, -1).reduce((sum, { begin, end }) => sum + end - begin, 1)).toBe(12_345);
    // Three tiles of 256 hashes carry ten million leaves; a path has at most 24 hashes.
    expect(inclusionRanges(1_234_567, 10_000_000).length).toBeLessThanOrEqual(24);
  });
});
