import type { Writable } from 'node:stream';
import { AppError } from '../../../contract/errors.ts';
import { ceilingOf, modeOf } from '../../../domain/access/reach.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { HIDDEN, type SheetColumn, sheetColumns } from '../../../domain/round-trip/columns.ts';
import { writtenCell } from '../../../domain/round-trip/written-cell.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Provenance } from '../../platform/tabular/provenance.ts';
import { FORM_ROWS, writeForm } from '../../platform/tabular/write-form.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, Query, ReadDoor, Row } from '../../records/types.ts';
import { writeRowKey } from './row-key.ts';
import { declaredChoices, isFixed, sheetForm } from './sheet-form.ts';
import { countSheet, type SheetExport, saveSheet } from './sheet-store.ts';
import { peopleWords, relationWords, titleChoices } from './sheet-words.ts';

export interface SheetDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  accounts: () => Promise<{ id: string; name: string }[]>;
}

/** Records of another object that a drop-down may list. */
const MOST_TITLES = 1000;

/** An export for editing that is decided on; nothing is written yet. */
export interface PreparedSheet {
  sheet: SheetExport;
  /** Streams the workbook; resolves with the number of rows. */
  write(out: Writable, made?: SheetMaking): Promise<number>;
}

/** What the exports module puts into the workbook, and learns while it is written. */
export interface SheetMaking {
  provenance?: Provenance;
  /** Marks the cells of a row in place. */
  mark?: (cells: (string | number)[], fields: readonly FieldDef[], row: number) => void;
  seen?: (rows: readonly Row[]) => void;
}

/**
 * What a query finds as a workbook to be edited and brought back: drop-downs, formats, and per row a hidden signed key with the version
 * that was exported. Throws `invalid-input` for the past and the recycle bin, and for more rows than a sheet has.
 */
export async function prepareSheet(deps: SheetDeps, ctx: Ctx, query: Query): Promise<PreparedSheet> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const object = objectOf(catalog, query.object);
  if (query.asOf !== undefined || query.deleted) refuse('sheet-past');
  const { count } = await deps.read.list(ctx, { ...query, page: { limit: 1 }, count: 'estimated' });
  if (count && count.value > FORM_ROWS) refuse('sheet-rows', { limit: FORM_ROWS });
  const env = deps.env(ctx);
  const columns = sheetColumns(visibleFields(ctx, object, query.fields), ctx.lang);
  const people = peopleWords(await deps.accounts());
  const sheet = await saveSheet(deps.db, ctx, { object: object.name, columns, people });
  const choices = await choicesOf(deps, ctx, catalog, columns, people, env);
  const when = ctx.at.toLocaleString(ctx.lang === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: env.timeZone });
  const form = sheetForm(object, columns, choices, ctx.lang, when);
  return {
    sheet,
    async write(out, made = {}) {
      const { rows } = await writeForm(
        out,
        form,
        sheetRows(deps, { ...ctx, act: sheet.id }, query, sheet, env, made),
        made.provenance,
      );
      await countSheet(deps.db, ctx.workspace, sheet.id, rows);
      return rows;
    },
  };
}

function refuse(code: string, params: Record<string, number> = {}): never {
  throw new AppError('invalid-input', { count: 1 }, { issues: [{ code, params }] });
}

/** Fields of the query in its order (a view's columns), else all that are not hidden; the title comes first. */
function visibleFields(
  ctx: Ctx,
  object: ObjectDef,
  wanted: readonly string[] | undefined,
): Pick<SheetColumn, 'def' | 'mode' | 'most'>[] {
  const access = ctx.access.objects[object.name];
  const seen = object.fields
    // What is encrypted isn't changed by way of files that lie about.
    .filter(
      (field) =>
        !field.retired &&
        !mayBeSealed(field) &&
        (!wanted || wanted.includes(field.name) || field.name === object.title),
    )
    .map((def) => ({ def, mode: modeOf(access, def.name), most: ceilingOf(access, def.name) }))
    .filter(({ most }) => most !== 'hidden');
  const place = (name: string): number => (name === object.title ? -1 : (wanted?.indexOf(name) ?? 0));
  return seen.sort((a, b) => place(a.def.name) - place(b.def.name));
}

async function choicesOf(
  deps: SheetDeps,
  ctx: Ctx,
  catalog: Catalog,
  columns: readonly SheetColumn[],
  people: Record<string, string>,
  env: ParseEnv,
): Promise<Map<string, readonly string[]>> {
  const choices = new Map<string, readonly string[]>();
  for (const column of columns) {
    if (isFixed(column)) continue;
    const { def, field } = column;
    let values = declaredChoices(def, ctx.lang, env);
    if (def.type === 'user') values = Object.values(people);
    if (def.type === 'relation' && def.target && ctx.access.objects[def.target]?.actions.includes('read'))
      values = await titleChoices(deps, ctx, objectOf(catalog, def.target), MOST_TITLES);
    if (values) choices.set(field, values);
  }
  return choices;
}

async function* sheetRows(
  deps: SheetDeps,
  ctx: Ctx,
  query: Query,
  sheet: SheetExport,
  env: ParseEnv,
  made: SheetMaking,
): AsyncGenerator<(string | number)[][]> {
  const { freshness: _, page: __, count: ___, ...wanted } = query;
  const defs = sheet.columns.map((column) => column.def);
  let count = 0;
  // Of what he sees, what he may take out of the house.
  const shown: Query = { ...wanted, fields: sheet.columns.map((column) => column.field), purpose: 'export' };
  for await (const rows of deps.read.stream(ctx, shown)) {
    const titles = await relationWords(deps, ctx, defs, rows);
    const words = (id: string): string | undefined => sheet.people[id] ?? titles.get(id);
    made.seen?.(rows);
    yield rows.map((row, n) => {
      const cells = sheet.columns.map(({ field, def }) =>
        cellOf(def, row.modes?.[field] ?? 'edit', row.values[field] ?? null, ctx.lang, env, words),
      );
      made.mark?.(cells, defs, count + n);
      return [writeRowKey(sheet.id, sheet.secret, row.id, row.version), ...cells, ''];
    });
    count += rows.length;
  }
}

/** The cell of a value as somebody sees it in a row: masked and ranged values are text already. */
export function cellOf(
  def: FieldDef,
  mode: FieldMode,
  value: FieldValue,
  lang: Ctx['lang'],
  env: ParseEnv,
  words: (id: string) => string | undefined,
): string | number {
  if (mode === 'hidden') return HIDDEN;
  if (mode === 'masked' || mode === 'ranged') return value === null ? '' : String(value);
  return writtenCell(value, def, lang, env, words);
}
