import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../../../domain/change/types.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Matcher } from './match-rows.ts';
import type { CellProblem, ReadRow } from './row-values.ts';
import type { Settings } from './run-store.ts';

export type RowAction = 'create' | 'update' | 'skip' | 'duplicate' | 'reject';

/** What one row of the file becomes. */
export interface RowPlan {
  row: ReadRow;
  action: RowAction;
  changes: Change[];
  /** Why it is refused as a whole. */
  refused: CellProblem[];
}

/** Decides row by row: recognise, then create, update, fill or skip; related records hang on the main one. */
export function planRows(
  rows: readonly ReadRow[],
  objects: readonly ObjectDef[],
  settings: Settings,
  matcher: Matcher,
): RowPlan[] {
  const [main, ...related] = objects;
  if (!main) return [];
  return rows.map((row) => {
    const refused = refusal(row, main, settings);
    if (refused.length > 0) return { row, action: 'reject', changes: [], refused };
    const values = row.values.get(main);
    if (!values) return { row, action: 'reject', changes: [], refused: [emptyRow(main)] };
    const head = changeOf(main, values, null, settings, matcher);
    const changes = head.change ? [withBorrowed(head.change, main, row)] : [];
    let added = false;
    for (const object of related) {
      const own = row.values.get(object);
      if (!own || !object.parent) continue;
      const child = changeOf(object, { ...own, [object.parent]: head.id }, head.id, settings, matcher);
      if (!child.change) continue;
      changes.push(child.change);
      added = true;
    }
    // A known customer with a new contact or follow-up is news even where known customers are left alone.
    const action = head.action === 'skip' && added ? 'update' : head.action;
    return { row, action, changes, refused: [] };
  });
}

/** A new customer shows the person he came with: his own columns are what lists, searches and calls look at. */
function withBorrowed(change: Change, main: ObjectDef, row: ReadRow): Change {
  if (change.op !== 'create') return change;
  const borrowed: Record<string, FieldValue> = {};
  for (const [object, values] of row.values)
    for (const { field, source } of borrowers(main, object.name)) {
      const value = values[source] ?? null;
      if (value !== null) borrowed[field] = value;
    }
  return { ...change, set: { ...borrowed, ...change.set } };
}

function borrowers(main: ObjectDef, from: string): { field: string; source: string }[] {
  return main.fields.flatMap(({ name, from: place, retired }) => {
    const [object, source] = place?.split('.') ?? [];
    return object === from && source !== undefined && !retired ? [{ field: name, source }] : [];
  });
}

function changeOf(
  object: ObjectDef,
  values: Record<string, FieldValue>,
  parent: string | null,
  settings: Settings,
  matcher: Matcher,
): { id: string; change: Change | null; action: RowAction } {
  const match = settings.onMatch === 'create' && !object.appendOnly ? null : matcher.find(object, values, parent);
  // The same follow-up of the same customer, imported again: it is there.
  if (match && object.appendOnly) return { id: match.id, change: null, action: 'skip' };
  if (!match) {
    const id = uuidv7();
    const owner = object.owner && settings.owner && !(object.owner in values) ? { [object.owner]: settings.owner } : {};
    matcher.made(object, values, id, parent);
    return { id, change: { op: 'create', object: object.name, id, set: { ...owner, ...values } }, action: 'create' };
  }
  // The second mention in one file adds what the first one lacks; it never overwrites it.
  const fill = settings.onMatch === 'fill' || match.fromThisFile;
  const change: Change = {
    op: 'update',
    object: object.name,
    id: match.id,
    set: values,
    ...(fill && { onlyEmpty: true }),
  };
  if (settings.onMatch === 'skip' && !match.fromThisFile) return { id: match.id, change: null, action: 'skip' };
  return { id: match.id, change, action: match.fromThisFile ? 'duplicate' : 'update' };
}

/** A bad cell costs the cell; the row only where it can't do without (its name, what is required) or where the person wants it so. */
function refusal(row: ReadRow, main: ObjectDef, settings: Settings): CellProblem[] {
  if (row.problems.length === 0) return [];
  if (settings.onBadCell === 'reject') return row.problems;
  const needed = new Set([
    main.title,
    ...main.fields.filter((field) => field.required && field.default === undefined).map((field) => field.name),
  ]);
  const fatal = row.problems.some(
    (problem) => problem.object === main.name && problem.field !== null && needed.has(problem.field),
  );
  return fatal ? row.problems : [];
}

function emptyRow(main: ObjectDef): CellProblem {
  return { column: '', field: main.title, object: main.name, text: '', issue: { code: 'required', field: main.title } };
}
