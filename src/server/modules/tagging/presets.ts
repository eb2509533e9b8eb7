import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Label } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { TagEntry, TextSource } from '../../../domain/tagging/index.ts';
import { root } from '../../platform/root.ts';

/** A tag that comes with the product. Data: templates/tags.json. */
export interface TagPreset extends Omit<TagEntry, 'label'> {
  label: Label;
  about: Label;
}

interface Data {
  sources: TextSource[];
  tags: TagPreset[];
}

let known: Data | undefined;

function read(): Data {
  known ??= JSON.parse(readFileSync(join(root, 'templates', 'tags.json'), 'utf8')) as Data;
  return known;
}

/** Texts that are read until somebody says otherwise. */
export const standardSources = (): TextSource[] => read().sources;

/** Those whose fields the workspace has. */
export function tagPresets(catalog: Catalog, object: string): TagPreset[] {
  const fields = catalog.objects.find(({ name }) => name === object)?.fields ?? [];
  return read().tags.filter(({ field }) => fields.some(({ name, retired }) => name === field && !retired));
}
