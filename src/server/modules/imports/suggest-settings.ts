import type { ParseEnv } from '../../../domain/fields/types.ts';
import { type ColumnSample, suggestMapping } from '../../../domain/mapping/suggest.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { cellText, isEmpty } from '../../platform/tabular/cell.ts';
import type { TableReader } from '../../platform/tabular/open-table.ts';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import type { Settings } from './run-store.ts';

/** Values shown under each column of the mapping. */
const SHOWN = 4;

/** First guess of how a file goes into the catalog; a person corrects it. */
export function suggestSettings(
  catalog: Catalog,
  reader: TableReader,
  sample: readonly TableRow[],
  options: { object: string; owner: string | null; env: ParseEnv; saved: ReadonlyMap<string, string> },
): Settings {
  const objects = relatedObjects(catalog, options.object);
  const columns: ColumnSample[] = reader.header.map((header, index) => ({
    header,
    values: sample.map((row) => row.cells[index]).map((cell) => (typeof cell === 'object' ? cell.text : (cell ?? ''))),
  }));
  const first = suggestMapping(columns, objects, options.env, { saved: options.saved, related: false });
  const related = repeats(
    first.findIndex((s) => s.target === `${options.object}.${objects[0]?.title}`),
    sample,
  );
  const suggestions = related
    ? suggestMapping(columns, objects, options.env, { saved: options.saved, related })
    : first;
  const mapped = columns.map(({ header }, column) => {
    const suggestion = suggestions[column] ?? { target: null, why: 'none' as const, confidence: 0 };
    const samples = sample
      .map((row) => row.cells[column])
      .filter((cell) => cell !== undefined && !isEmpty(cell))
      .slice(0, SHOWN)
      .map((cell) => cellText(cell ?? '').slice(0, 80));
    return { column, header, ...suggestion, samples };
  });
  const targets = new Set(mapped.map((column) => column.target));
  return {
    object: options.object,
    ...(reader.sheets[reader.sheet] && { sheet: reader.sheets[reader.sheet]?.name }),
    headerRow: reader.headerRow,
    ...(reader.encoding !== undefined && { encoding: reader.encoding }),
    ...(reader.delimiter !== undefined && { delimiter: reader.delimiter }),
    columns: mapped,
    matchKeys: Object.fromEntries(objects.flatMap((object) => keysFor(object, targets))),
    onMatch: 'update',
    owner: options.owner,
  };
}

/** The object a file is about, then those whose records belong to it. */
export function relatedObjects(catalog: Catalog, main: string): ObjectDef[] {
  const object = catalog.objects.find((candidate) => candidate.name === main);
  if (!object) return [];
  const children = catalog.objects.filter((candidate) => {
    const parent = candidate.fields.find((field) => field.name === candidate.parent);
    return !candidate.retired && candidate.name !== main && parent?.target === main;
  });
  // Only what a sheet of a sales team holds beside its customers; contracts and orders have sheets of their own.
  const usual = ['contact', 'interaction'];
  return [object, ...children.filter((child) => usual.includes(child.name) || !child.builtin)];
}

/** More than a twentieth of the names come again: one row is a person or a follow-up of a customer, not the customer. */
function repeats(column: number, sample: readonly TableRow[]): boolean {
  if (column < 0 || sample.length < 10) return false;
  const names = sample.map((row) => cellText(row.cells[column] ?? '').trim()).filter((name) => name !== '');
  return names.length - new Set(names).size > names.length / 20;
}

/** Numbers first, then what names one firm or person, then the name. */
function keysFor(object: ObjectDef, targets: ReadonlySet<string | null>): [string, string[]][] {
  const rank = (field: ObjectDef['fields'][number]) =>
    field.type === 'autonumber'
      ? 0
      : field.unique
        ? 1
        : field.type === 'uscc'
          ? 2
          : field.name === object.title
            ? 9
            : object.parent && field.type === 'phone'
              ? 4
              : 99;
  const keys = object.fields
    .filter((field) => !field.retired && targets.has(`${object.name}.${field.name}`) && rank(field) < 99)
    .sort((a, b) => rank(a) - rank(b))
    .map((field) => field.name);
  return keys.length > 0 ? [[object.name, keys]] : [];
}
