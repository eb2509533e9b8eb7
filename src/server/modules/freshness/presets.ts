import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../../domain/freshness/policy.ts';
import type { Label } from '../../../domain/issue.ts';
import { root } from '../../platform/root.ts';

/** A business scenario: how often what is checked (B3). Data in templates/presets. */
export interface Preset {
  id: string;
  label: Label;
  description: Label;
  policies: Policy[];
}

/** All presets, in the order of their file names. */
export function readPresets(): Preset[] {
  const folder = join(root, 'templates', 'presets');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Preset);
}
