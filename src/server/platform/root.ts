import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the product: where package.json, db/ and templates/ are, whether this runs from src/ or bundled from dist/. */
export const root: string = find(dirname(fileURLToPath(import.meta.url)));

function find(from: string): string {
  if (existsSync(join(from, 'package.json')) && existsSync(join(from, 'db'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json of xianke not found above the running program');
  return find(parent);
}
