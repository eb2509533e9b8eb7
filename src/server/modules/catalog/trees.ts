import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTree } from '../../../domain/fields/tree.ts';
import type { Tree } from '../../../domain/fields/types.ts';
import { root } from '../../platform/root.ts';

const FILES = { industry: 'gbt4754.json', division: 'gbt2260.json' } as const;

/** Reference trees of the product, read when first asked for: industries (GB/T 4754) and divisions (GB/T 2260). */
export function openTrees(): Record<string, Tree> {
  const trees: Record<string, Tree> = {};
  for (const [name, file] of Object.entries(FILES)) {
    let tree: Tree | undefined;
    Object.defineProperty(trees, name, {
      enumerable: true,
      get: () => {
        tree ??= makeTree(JSON.parse(readFileSync(join(root, 'templates', 'reference', file), 'utf8')));
        return tree;
      },
    });
  }
  return trees;
}
