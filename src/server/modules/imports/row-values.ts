import { parseField } from '../../../domain/fields/parse-field.ts';
import type { Parsed, ParseEnv } from '../../../domain/fields/types.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { type Cell, cellText, isEmpty } from '../../platform/tabular/cell.ts';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import type { Settings } from './run-store.ts';

/** A column of the file with the field it fills. */
export interface Route {
  column: number;
  header: string;
  object: ObjectDef;
  field: FieldDef;
}

/** What is wrong with one cell. */
export interface CellProblem {
  column: string;
  field: string | null;
  object: string | null;
  text: string;
  issue: Issue;
}

/** A row of the file as values of records, before it is known which records. */
export interface ReadRow {
  number: number;
  cells: Cell[];
  /** Canonical values per object; objects whose cells are all empty are absent. */
  values: Map<ObjectDef, Record<string, FieldValue>>;
  /** Names to be resolved: of people (user) and of related records. */
  names: { object: ObjectDef; field: FieldDef; text: string; header: string }[];
  problems: CellProblem[];
  warnings: CellProblem[];
}

/** Columns that go somewhere, in the order in which records must be written: the main object first. */
export function routesOf(catalog: Catalog, settings: Settings): Route[] {
  return settings.columns.flatMap((mapping) => {
    const [objectName = '', fieldName = ''] = mapping.target?.split('.') ?? [];
    const object = catalog.objects.find((candidate) => candidate.name === objectName && !candidate.retired);
    const field = object && fieldOf(object, fieldName);
    return object && field && !field.retired ? [{ column: mapping.column, header: mapping.header, object, field }] : [];
  });
}

/** Objects of a mapping: the one the file is about, then the related ones. */
export function objectsOf(routes: readonly Route[], main: string): ObjectDef[] {
  const objects = [...new Set(routes.map((route) => route.object))];
  return objects.sort((a, b) => Number(b.name === main) - Number(a.name === main));
}

/** Parses the cells of one row. What can't be read becomes a problem with its cell; nothing is guessed. */
export function readRow(row: TableRow, routes: readonly Route[], env: ParseEnv): ReadRow {
  const read: ReadRow = {
    number: row.number,
    cells: row.cells,
    values: new Map(),
    names: [],
    problems: [],
    warnings: [],
  };
  for (const { column, header, object, field } of routes) {
    const cell = row.cells[column];
    if (cell === undefined || isEmpty(cell)) continue;
    const raw = rawOf(cell);
    if (field.type === 'user' || field.type === 'relation') {
      const text = cellText(cell).trim();
      if (text !== '') read.names.push({ object, field, text, header });
      continue;
    }
    const parsed = parseOften(raw, field, env);
    const place = { column: header, field: field.name, object: object.name, text: cellText(cell) };
    if (!parsed.ok) {
      read.problems.push({ ...place, issue: parsed.issue });
      // Two numbers in one cell are one too many, but no reason to lose the first.
      const first = parsed.issue.code === 'phone-several' ? firstPhone(place.text, field, env) : null;
      if (first !== null) valuesFor(read, object)[field.name] = first;
      continue;
    }
    if (parsed.warnings) for (const issue of parsed.warnings) read.warnings.push({ ...place, issue });
    if (parsed.value === null) continue;
    valuesFor(read, object)[field.name] = parsed.value;
  }
  return read;
}

export function valuesFor(read: ReadRow, object: ObjectDef): Record<string, FieldValue> {
  let values = read.values.get(object);
  if (!values) {
    values = {};
    read.values.set(object, values);
  }
  return values;
}

/** Types whose columns hold few distinct values, dear to read: what one cell said is remembered for the next. */
const REPEATING = new Set<FieldDef['type']>(['tree', 'select', 'multiselect', 'tags', 'boolean']);
const REMEMBERED = 5000;
const readings = new WeakMap<FieldDef, Map<string, Parsed>>();

function parseOften(raw: unknown, field: FieldDef, env: ParseEnv): Parsed {
  if (typeof raw !== 'string' || !REPEATING.has(field.type)) return parseField(raw, field, env);
  let known = readings.get(field);
  if (!known) {
    known = new Map();
    readings.set(field, known);
  }
  let parsed = known.get(raw);
  if (!parsed) {
    parsed = parseField(raw, field, env);
    if (known.size < REMEMBERED) known.set(raw, parsed);
  }
  return parsed;
}

function firstPhone(text: string, field: FieldDef, env: ParseEnv): FieldValue {
  for (const part of text.split(/[、,，;；/／|\n]+/)) {
    const parsed = parseField(part, field, env);
    if (parsed.ok && parsed.value !== null) return parsed.value;
  }
  return null;
}

/** Numbers stay numbers (a phone stored as one is known to have been), dates come as text, errors under their name. */
function rawOf(cell: Cell): unknown {
  return typeof cell === 'object' ? cell.text : cell;
}
