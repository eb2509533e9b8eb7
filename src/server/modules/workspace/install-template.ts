import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { viewDefinition } from '../../../contract/catalog.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import type { CatalogEditor, ObjectInput } from '../../records/catalog/define.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { insertView } from '../views/index.ts';

/** A template file: objects with their fields, views and indexes, as data. */
interface Template {
  objects: (ObjectInput & {
    views?: { name: string; label: Label; definition: z.infer<typeof viewDefinition> }[];
    /** Columns that the views sort and filter by; each costs write time. */
    indexes?: string[][];
  })[];
}

/**
 * Installs `templates/NAME.json` into a workspace: objects that are not there yet, each with its table, indexes and shared views.
 * Objects that exist are left as they are.
 */
export async function installTemplate(
  deps: { db: Db; catalog: CatalogStore; editor: CatalogEditor },
  workspace: string,
  name = 'crm',
): Promise<void> {
  const template = JSON.parse(readFileSync(join(root, 'templates', `${name}.json`), 'utf8')) as Template;
  const existing = new Set((await deps.catalog.get(workspace)).objects.map((object) => object.name));
  for (const { views = [], indexes = [], ...object } of template.objects) {
    if (existing.has(object.name)) continue;
    const fields = object.fields.map((field) => ({ ...field, builtin: true }));
    await deps.editor.createObject(workspace, { ...object, fields, builtin: true }, indexes);
    for (const [position, view] of views.entries())
      await insertView(deps.db, workspace, {
        object: object.name,
        name: view.label.zh,
        owner: null,
        shared: true,
        definition: { ...view.definition, label: view.label },
        position,
      });
  }
}
