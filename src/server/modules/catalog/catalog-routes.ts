import { catalog } from '../../../contract/catalog.ts';
import { AppError } from '../../../contract/errors.ts';
import { ceilingOf } from '../../../domain/access/reach.ts';
import type { Tree, TreeNode } from '../../../domain/fields/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogEditor, FieldInput, FieldPatch, ObjectInput, ObjectPatch } from '../../records/catalog/define.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { freeName } from './free-name.ts';

export interface CatalogDeps {
  catalog: CatalogStore;
  editor: CatalogEditor;
  trees: Record<string, Tree>;
  ctxOf: MakeCtx;
  /** Values of a field are to be moved into encryption or out of it. */
  encryptSoon: () => Promise<void>;
  /** A roll-up is to be worked out for the records there are. */
  fillSoon: () => Promise<void>;
}

/** The HTTP edge of metadata: what objects and fields there are, and the field designer. */
export function catalogRoutes(
  app: App,
  { catalog: store, editor, trees, ctxOf, encryptSoon, fillSoon }: CatalogDeps,
): void {
  route(app, catalog.get, async (call) => {
    const ctx = await ctxOf(call);
    return visible(ctx, await store.get(ctx.workspace));
  });

  route(app, catalog.createObject, async (call) => {
    const ctx = await ctxOf(call);
    const taken = (await store.get(ctx.workspace)).objects.map((object) => object.name);
    const name = call.body.name ?? freeName(call.body.label.en, call.body.label.zh, taken, 'object');
    const named = nameFields(call.body.fields ?? []);
    const title = call.body.title ?? named.find((field) => field.type === 'text')?.name ?? 'name';
    // A record without a name can't be listed: an object gets a title field if its maker forgot.
    const fields = named.some((field) => field.name === title)
      ? named
      : [
          {
            name: title,
            label: { zh: '名称', en: 'Name' },
            type: 'text' as const,
            required: true,
            search: 'name' as const,
          },
          ...named,
        ];
    const input: ObjectInput = { ...call.body, name, plural: call.body.plural ?? call.body.label, title, fields };
    return editor.createObject(ctx.workspace, input, [[title]]);
  });

  route(app, catalog.updateObject, async (call) => {
    const ctx = await ctxOf(call);
    const { name: _name, fields: _fields, ...patch } = call.body;
    return editor.updateObject(ctx.workspace, call.params.object, patch as ObjectPatch);
  });

  route(app, catalog.createField, async (call) => {
    const ctx = await ctxOf(call);
    const object = (await store.get(ctx.workspace)).objects.find((candidate) => candidate.name === call.params.object);
    const taken = object?.fields.map((field) => field.name) ?? [];
    const name = call.body.name ?? freeName(call.body.label.en, call.body.label.zh, taken, 'field');
    const field = await editor.createField(ctx.workspace, call.params.object, { ...call.body, name } as FieldInput);
    if (field.rollup) await fillSoon();
    return field;
  });

  route(app, catalog.updateField, async (call) => {
    const ctx = await ctxOf(call);
    const { name: _name, ...patch } = call.body;
    const field = await editor.updateField(ctx.workspace, call.params.object, call.params.field, patch as FieldPatch);
    if (field.moving) await encryptSoon();
    if (field.rollup) await fillSoon();
    return field;
  });

  route(app, catalog.reorderFields, async (call) => {
    const ctx = await ctxOf(call);
    return editor.reorderFields(ctx.workspace, call.params.object, call.body.names);
  });

  route(app, catalog.tree, async (call) => {
    const tree = trees[call.params.tree];
    if (!tree) throw new AppError('not-found');
    const { parent, q, all } = call.query;
    const found = q ? tree.find(q) : null;
    const nodes = q ? (found ? [found] : []) : all ? wholeTree(tree, null) : tree.children(parent ?? null);
    return { nodes: nodes.map((node) => described(tree, node)) };
  });
}

/** Without hidden fields and objects that the actor has nothing to do with. */
function visible(ctx: Ctx, all: Catalog): Catalog {
  if (ctx.access.admin) return all;
  const objects = all.objects.flatMap((object) => {
    const access = ctx.access.objects[object.name];
    if (!access) return [];
    const fields = object.fields.filter((field) => ceilingOf(access, field.name) !== 'hidden');
    // Rules for duplicates name fields that may be hidden; who keeps them reads them elsewhere.
    const { matchRules: _, ...rest } = object;
    return [{ ...rest, fields }];
  });
  return { ...all, objects };
}

function wholeTree(tree: Tree, parent: string | null): TreeNode[] {
  return tree.children(parent).flatMap((node) => [node, ...wholeTree(tree, node.code)]);
}

function described(tree: Tree, node: TreeNode) {
  return {
    ...node,
    leaf: tree.children(node.code).length === 0,
    path: tree
      .path(node.code)
      .map((step) => step.label.zh)
      .join(' / '),
  };
}

function nameFields(fields: { name?: string | undefined; label: { zh: string; en: string } }[]): FieldInput[] {
  const taken: string[] = [];
  return fields.map((field) => {
    const name = field.name ?? freeName(field.label.en, field.label.zh, taken, 'field');
    taken.push(name);
    return { ...field, name } as FieldInput;
  });
}
