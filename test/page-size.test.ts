import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from '../scripts/build.mjs';

// What a browser fetches before a screen stands, JavaScript compressed: entry, screen and everything they import. The sheet is fetched beside it.

const BUDGET = 300_000;
const web = join(import.meta.dirname, '../dist/web');

interface Chunk {
  file: string;
  imports?: string[];
}

describe('JavaScript of a first load', () => {
  let manifest: Record<string, Chunk>;

  beforeAll(async () => {
    await build(['web']);
    manifest = JSON.parse(readFileSync(join(web, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  });

  const closure = (name: string, seen = new Set<string>()): Set<string> => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`${name} is not in the manifest`);
    if (seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const next of chunk.imports ?? []) closure(next, seen);
    return seen;
  };
  const size = (...names: string[]): number => {
    const files = new Set(names.flatMap((name) => [...closure(name)]));
    return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(web, file))).length, 0);
  };

  it('of every screen stays within 300 kB', () => {
    const screens = Object.keys(manifest).filter((name) => name.startsWith('screens/'));
    expect(screens.length).toBeGreaterThan(10);
    expect(screens.filter((screen) => size('index.html', screen) > BUDGET)).toEqual([]);
  });

  it.each(['mapping', 'preview', 'run', 'result'])('of the import wizard at its step %s too', (step) => {
    const files = ['index.html', 'screens/import.tsx', `features/imports/${step}-step.tsx`];
    expect(size(...files)).toBeLessThanOrEqual(BUDGET);
  });

  it('carries no validator: schemas are the server’s', () => {
    const files = [...closure('index.html'), ...closure('screens/table.tsx')];
    const text = files.map((file) => readFileSync(join(web, file), 'utf8')).join('\n');
    expect(text).not.toContain('ZodError');
  });
});
