import sql from 'sql-template-tag';
import type { z } from 'zod';
import { fieldInput, objectInput, type viewDefinition } from '../../../contract/catalog.ts';
import { AppError } from '../../../contract/errors.ts';
import { type TradeTemplate, tradeTemplate } from '../../../contract/trades.ts';
import type { Label } from '../../../domain/issue.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import { insertView } from '../views/index.ts';
import {
  asFile,
  fieldOf,
  isFirst,
  type ObjectPlan,
  objectOfPlan,
  planTrade,
  type TemplateField,
} from './plan-trade.ts';
import { forgetTrade, type InstalledTrade, installedTrades, keepTrade } from './trade-store.ts';

export interface TradeDeps {
  db: Db;
  catalog: CatalogStore;
  editor: CatalogEditor;
  /** A roll-up is to be worked out for the records there are. */
  fillSoon: () => Promise<void>;
}

type Asking = Pick<Ctx, 'workspace' | 'actor' | 'at'>;

/**
 * Adds what a workspace lacks of a template. All is looked at before the first change; a kill in between leaves whole fields, and installing again goes on.
 * What is there stays as the firm has it.
 */
export async function installTrade(
  deps: TradeDeps,
  { workspace, actor, at }: Asking,
  file: TradeTemplate,
): Promise<void> {
  const { editor, catalog, db } = deps;
  const { objects } = await catalog.get(workspace);
  const plans = planTrade(file, objects);
  const before = (await installedTrades(db, workspace)).find(({ name }) => name === file.name);
  const views = structuredClone(before?.views ?? {});
  const row: InstalledTrade = { name: file.name, version: file.version, body: file, views, at, by: actor };
  for (const plan of plans) await bringObject(editor, workspace, plan);
  for (const plan of plans) await bringFields(editor, workspace, plan, (field) => !isFirst(field) && !field.rollup);
  // Figures over others come when those are there.
  for (const plan of plans) await bringFields(editor, workspace, plan, (field) => field.rollup !== undefined);
  for (const { wanted } of plans) {
    const own = views[wanted.name] ?? {};
    views[wanted.name] = own;
    for (const [n, view] of (wanted.views ?? []).entries()) {
      if (own[view.name] !== undefined) continue;
      const definition = { ...view.definition, label: view.label } as z.output<typeof viewDefinition> & {
        label: Label;
      };
      const made = await insertView(db, workspace, {
        ...{ object: wanted.name, name: view.label.zh, owner: null, shared: true, definition, position: 50 + n },
      });
      own[view.name] = made.id;
    }
  }
  await keepTrade(db, workspace, row);
  if (file.objects.some(({ fields }) => fields.some(({ rollup }) => rollup))) await deps.fillSoon();
}

async function bringObject(editor: CatalogEditor, workspace: string, plan: ObjectPlan): Promise<void> {
  const { there, wanted } = plan;
  if (!there) {
    const input = objectOfPlan(plan);
    await editor.createObject(workspace, input, [[input.title]]);
    return;
  }
  if (there.retired) await editor.updateObject(workspace, there.name, { retired: false });
  for (const { name } of plan.returning) await editor.updateField(workspace, there.name, name, { retired: false });
  await bringFields(editor, workspace, { ...plan, wanted }, isFirst);
}

async function bringFields(
  editor: CatalogEditor,
  workspace: string,
  { there, fields, wanted }: ObjectPlan,
  which: (field: TemplateField) => boolean,
): Promise<void> {
  // Of a new object the first ones came with it.
  for (const field of fields)
    if (which(field) && (there || !isFirst(field))) await editor.createField(workspace, wanted.name, fieldOf(field));
}

const FIELD_ORDER = Object.keys(fieldInput.omit({ position: true }).shape);
const OBJECT_ORDER = Object.keys(objectInput.omit({ fields: true }).shape);

/** The template as a file, as things are now: of objects that it made all fields, of others those that it added. */
export async function tradeFile(
  deps: Pick<TradeDeps, 'db' | 'catalog'>,
  workspace: string,
  name: string,
): Promise<TradeTemplate> {
  const { body, views } = await find(deps.db, workspace, name);
  const { objects } = await deps.catalog.get(workspace);
  const rows = await deps.db.query<{ id: string; name: string; definition: object & { label?: Label } }>(
    sql`select id, name, definition from ${tableOf(workspace, 'view_def')}`,
  );
  const { format, version, label, description } = body;
  // Parsed, it has its keys in the order of the schema: jsonb keeps none, and a file that is the same should look the same.
  return tradeTemplate.parse({
    ...{ format, name, version, label, description },
    objects: body.objects.flatMap((wanted) => {
      const live = objects.find((one) => one.name === wanted.name && !one.retired);
      if (!live) return [];
      const own = wanted.label !== undefined;
      const fields = fieldsOf(live, own ? null : wanted.fields.map((field) => field.name));
      const shown = (wanted.views ?? []).flatMap((view) => {
        const row = rows.find(({ id }) => id === views[wanted.name]?.[view.name]);
        if (!row) return [];
        const { label: called = { zh: row.name, en: row.name }, ...definition } = row.definition;
        return [{ name: view.name, label: called, definition }];
      });
      return [
        {
          ...(own ? asFile<object>(live, OBJECT_ORDER) : { name: wanted.name }),
          fields: fields.map((field) => asFile(field, FIELD_ORDER)),
          ...(wanted.views && { views: shown }),
        } as TradeTemplate['objects'][number],
      ];
    }),
  });
}

function fieldsOf(live: ObjectDef, names: readonly string[] | null): FieldDef[] {
  const used = live.fields.filter(({ retired }) => !retired);
  return names ? names.flatMap((name) => used.find((field) => field.name === name) ?? []) : used;
}

/** Takes what it brought out of use: nothing is lost, installing it again brings all back. */
export async function removeTrade(deps: TradeDeps, workspace: string, name: string): Promise<void> {
  const { body, views } = await find(deps.db, workspace, name);
  const { objects } = await deps.catalog.get(workspace);
  // Figures first: what they look at can't go before them.
  const ordered = (fields: readonly TemplateField[]) =>
    [...fields].sort((a, b) => Number(!a.rollup) - Number(!b.rollup));
  for (const wanted of [...body.objects].reverse()) {
    const live = objects.find((one) => one.name === wanted.name);
    if (!live || live.retired) continue;
    for (const field of ordered(wanted.fields)) {
      const there = live.fields.find((one) => one.name === field.name);
      if (there && !there.retired && !there.builtin && (wanted.label === undefined || field.rollup))
        await deps.editor.updateField(workspace, live.name, field.name, { retired: true });
    }
    if (wanted.label !== undefined && !live.builtin)
      await deps.editor.updateObject(workspace, live.name, { retired: true });
  }
  const made = Object.values(views).flatMap((of) => Object.values(of));
  await deps.db.query(sql`delete from ${tableOf(workspace, 'view_def')} where id = any(${made}::uuid[])`);
  await forgetTrade(deps.db, workspace, name);
}

async function find(db: Db, workspace: string, name: string): Promise<InstalledTrade> {
  const row = (await installedTrades(db, workspace)).find((one) => one.name === name);
  if (!row) throw new AppError('trade-unknown', { name });
  return row;
}
