import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ceilingOf } from '../../../domain/access/reach.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import type { Provenance } from '../../platform/tabular/provenance.ts';
import { writeCsv } from '../../platform/tabular/write-csv.ts';
import { type WriteCell, type WriteColumn, writeXlsx } from '../../platform/tabular/write-xlsx.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, Query, ReadDoor, Row } from '../../records/types.ts';

export interface ExportDeps {
  read: ReadDoor;
  catalog: CatalogStore;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

export type ExportFormat = 'xlsx' | 'csv' | 'json';

/** What the exports module puts into a file, and learns while it is written. */
export interface Making {
  provenance?: Provenance;
  /** Marks the cells of a row in place. */
  mark?: (cells: WriteCell[], fields: readonly FieldDef[], row: number) => void;
  seen?: (rows: readonly Row[]) => void;
}

/**
 * Writes what a query finds into a stream, a page at a time; the number of rows comes back. Values as a person reads them, so that the file
 * can be imported again: headers are the labels, options their words, people their names. JSON carries stored values and ids.
 */
export async function exportRows(
  deps: ExportDeps,
  ctx: Ctx,
  query: Query,
  format: ExportFormat,
  out: Writable,
  made: Making = {},
): Promise<number> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), query.object);
  const access = ctx.access.objects[object.name];
  const fields = object.fields.filter(
    (field) =>
      !field.retired &&
      ceilingOf(access, field.name) !== 'hidden' &&
      (!query.fields || query.fields.includes(field.name)),
  );
  if (format === 'json') return writeJson(deps, ctx, query, out, made);
  let count = 0;
  const env = deps.env(ctx);
  async function* batches(): AsyncGenerator<WriteCell[][]> {
    for await (const rows of deps.read.stream(ctx, query)) {
      const words = await wordsFor(deps, ctx, fields, rows);
      made.seen?.(rows);
      yield rows.map((row, n) => {
        const cells = fields.map((field) => cellOf(field, row.values[field.name] ?? null, ctx, env, words));
        made.mark?.(cells, fields, count + n);
        return cells;
      });
      count += rows.length;
    }
  }
  const columns = fields.map((field): WriteColumn => ({ header: field.label[ctx.lang], kind: kindOf(field) }));
  if (format === 'csv')
    await writeCsv(
      out,
      columns.map((column) => column.header),
      batches(),
    );
  else await writeXlsx(out, columns, batches(), made.provenance ? { provenance: made.provenance } : {});
  return count;
}

/** Text where Excel would spoil it: long digits, leading zeros. */
function kindOf(field: FieldDef): NonNullable<WriteColumn['kind']> {
  switch (field.type) {
    case 'number':
    case 'money':
    case 'rating':
      return 'number';
    case 'date':
      return 'date';
    default:
      return 'text';
  }
}

function cellOf(field: FieldDef, value: FieldValue, ctx: Ctx, env: ParseEnv, words: Map<string, string>): WriteCell {
  if (value === null) return '';
  // A masked or ranged value is text already and stays what it is.
  if (field.type === 'money' && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if ((field.type === 'number' || field.type === 'rating') && typeof value === 'number') return value;
  if (field.type === 'user' || field.type === 'relation') return words.get(String(value)) ?? String(value);
  return fieldType(field.type).format(value, field, ctx.lang, env);
}

/** Names of people and titles of related records in a page of rows. */
async function wordsFor(deps: ExportDeps, ctx: Ctx, fields: FieldDef[], rows: Row[]): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  const people = new Set<string>();
  for (const field of fields) {
    const ids = [...new Set(rows.map((row) => row.values[field.name]).filter((value) => typeof value === 'string'))];
    if (field.type === 'user') for (const id of ids) people.add(id);
    if (field.type !== 'relation' || !field.target || ids.length === 0 || !ctx.access.objects[field.target]) continue;
    const target = objectOf(await deps.catalog.get(ctx.workspace), field.target);
    for (let at = 0; at < ids.length; at += 500) {
      const page = await deps.read.list(ctx, {
        object: field.target,
        fields: [target.title],
        filter: { field: '$id', op: 'in', value: ids.slice(at, at + 500) },
        page: { limit: 500 },
      });
      for (const row of page.rows) words.set(row.id, String(row.values[target.title] ?? ''));
    }
  }
  for (const [id, name] of Object.entries(await deps.names(ctx.workspace, [...people]))) words.set(id, name);
  return words;
}

async function writeJson(deps: ExportDeps, ctx: Ctx, query: Query, out: Writable, made: Making): Promise<number> {
  let count = 0;
  out.write('[');
  for await (const rows of deps.read.stream(ctx, query)) {
    made.seen?.(rows);
    for (const row of rows) {
      const line = JSON.stringify({ id: row.id, ...row.values });
      if (!out.write(`${count > 0 ? ',' : ''}\n${line}`)) await once(out, 'drain');
      count += 1;
    }
  }
  out.end('\n]\n');
  await finished(out);
  return count;
}
