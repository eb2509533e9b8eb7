import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { viewDefinition } from '../../../contract/catalog.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Label } from '../../../domain/issue.ts';
import { whyNotRollup } from '../../../domain/schema/rollups.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import type { CatalogEditor, FieldInput, FieldPatch, ObjectInput } from '../../records/catalog/define.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { insertView } from '../views/index.ts';

interface TemplateView {
  name: string;
  label: Label;
  definition: z.infer<typeof viewDefinition>;
  /** Version of the template that brought it. */
  since?: number;
}

type TemplateObject = ObjectInput & {
  views?: TemplateView[];
  /** Columns that the views sort and filter by; each costs write time. */
  indexes?: string[][];
};

/** A template file: objects with their fields, views and indexes, as data. */
export interface InstallableTemplate {
  name: string;
  version: number;
  objects: TemplateObject[];
}

interface Deps {
  db: Db;
  catalog: CatalogStore;
  editor: CatalogEditor;
}

/** Settings of fields that the engine came to know later, with the version of the template that first states them. Nobody can have taken them away before. */
const LATER = { stage: 2, occasion: 2, chain: 2 } as const satisfies Partial<Record<keyof FieldDef, number>>;

/** Installs `templates/NAME.json` into a workspace, or brings what a newer version of it has. Safe to repeat, and at once from several processes. */
export async function installTemplate(deps: Deps, workspace: string, name = 'crm'): Promise<void> {
  await bringTemplate(
    deps,
    workspace,
    JSON.parse(readFileSync(join(root, 'templates', `${name}.json`), 'utf8')) as InstallableTemplate,
  );
}

/**
 * Adds what a workspace lacks of a template: objects with their tables, indexes and views; fields of objects that came from a template; settings and
 * views that came with a newer version. What is there stays as the firm has it: names, order, rules, what it retired; an
 * object or field of its own that has the name already is left alone.
 */
export async function bringTemplate(deps: Deps, workspace: string, template: InstallableTemplate): Promise<void> {
  await deps.db.tx(async (tx) => {
    // One process at a time; the changes themselves are transactions of their own, each complete by itself.
    await tx.query(
      sql`select pg_advisory_xact_lock(hashtextextended(${`xianke template ${workspace} ${template.name}`}, 0))`,
    );
    const { objects } = await deps.catalog.get(workspace);
    const fresh = objects.length === 0;
    const [row] = await tx.query<{ version: number }>(
      sql`select version from ${tableOf(workspace, 'template_version')} where name = ${template.name}`,
    );
    const had = row?.version ?? (fresh ? template.version : 1);
    for (const object of template.objects) {
      const found = objects.find((one) => one.name === object.name);
      if (!found) await addObject(deps, workspace, object);
      else if (found.builtin) await completeObject(deps, workspace, object, found, had);
    }
    // Behind all objects: they look at others.
    for (const object of template.objects) await addRollups(deps, workspace, object);
    if (row?.version !== template.version)
      await tx.query(sql`insert into ${tableOf(workspace, 'template_version')} (name, version)
        values (${template.name}, ${template.version})
        on conflict (name) do update set version = greatest(template_version.version, excluded.version), at = now()`);
  });
}

async function addObject(deps: Deps, workspace: string, template: TemplateObject): Promise<void> {
  const { views = [], indexes = [], ...object } = template;
  const fields = object.fields.filter(({ rollup }) => !rollup).map((field) => ({ ...field, builtin: true }));
  try {
    await deps.editor.createObject(workspace, { ...object, fields, builtin: true }, indexes);
  } catch (error) {
    // A table of that name that is none of the template's: the firm goes on without this object.
    if (error instanceof AppError && ['object-exists', 'name-reserved'].includes(error.code)) return;
    throw error;
  }
  await addViews(deps, workspace, object.name, views, 0);
}

async function completeObject(
  deps: Deps,
  workspace: string,
  template: TemplateObject,
  found: ObjectDef,
  had: number,
): Promise<void> {
  for (const field of template.fields) {
    const there = found.fields.find((one) => one.name === field.name);
    if (field.rollup) continue;
    if (!there) await deps.editor.createField(workspace, found.name, { ...field, builtin: true });
    else if (there.builtin) {
      const patch = laterSettings(field, there, had);
      if (patch) await deps.editor.updateField(workspace, found.name, field.name, patch);
    }
  }
  const views = template.views ?? [];
  const later = views.filter((view) => (view.since ?? 1) > had);
  await addViews(deps, workspace, found.name, later, views.length);
}

async function addRollups(deps: Deps, workspace: string, template: TemplateObject): Promise<void> {
  const wanted = template.fields.filter(({ rollup }) => rollup);
  if (wanted.length === 0) return;
  const { objects } = await deps.catalog.get(workspace);
  const found = objects.find(({ name }) => name === template.name);
  if (!found?.builtin) return;
  for (const field of wanted) {
    if (found.fields.some(({ name }) => name === field.name)) continue;
    // Where the firm has made something else of what it looks at, it goes without.
    if (field.rollup && whyNotRollup(objects, found.name, field.name, field.rollup)) continue;
    await deps.editor.createField(workspace, found.name, { ...field, builtin: true });
  }
}

/** Settings of a field that neither the workspace nor the engine of then knew; null when there are none. */
function laterSettings(field: FieldInput, there: FieldDef, had: number): FieldPatch | null {
  const patch: FieldPatch = {};
  if (had < LATER.occasion && field.occasion && there.occasion === undefined) patch.occasion = field.occasion;
  if (had < LATER.chain && field.chain && there.chain === undefined) patch.chain = true;
  if (had < LATER.stage && field.stage && there.stage === undefined) {
    patch.stage = true;
    // Options of the firm's own have no setting: they count as open until somebody says what they are.
    patch.options = (there.options ?? []).map((option) => {
      const stage = field.options?.find((one) => one.value === option.value)?.stage;
      return stage ? { ...option, stage } : option;
    });
  }
  return Object.keys(patch).length > 0 ? patch : null;
}

async function addViews(deps: Deps, workspace: string, object: string, views: TemplateView[], from: number) {
  for (const [index, view] of views.entries())
    await insertView(deps.db, workspace, {
      object,
      name: view.label.zh,
      owner: null,
      shared: true,
      definition: { ...view.definition, label: view.label },
      position: from + index,
    });
}
