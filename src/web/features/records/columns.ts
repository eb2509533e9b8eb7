import type { Label } from '../../../domain/issue.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { editingOf, isNumeric, markOf } from '../../fields/kinds.ts';
import type { EditorKind, SheetColumn } from '../../ui/data-sheet/types.ts';

/** A column as a view keeps it. */
export interface ViewColumn {
  field: string;
  width?: number | undefined;
  pinned?: boolean | undefined;
  hidden?: boolean | undefined;
}

export const liveFields = (object: ObjectDef): FieldDef[] =>
  object.fields.filter((field) => !field.retired).sort((a, b) => a.position - b.position);

const WIDTHS: Partial<Record<FieldDef['type'], number>> = {
  longtext: 260,
  address: 220,
  email: 190,
  url: 190,
  tree: 190,
  multiselect: 180,
  tags: 180,
  boolean: 84,
  date: 116,
  datetime: 150,
  phone: 136,
  money: 128,
  number: 104,
  percent: 96,
  autonumber: 158,
  uscc: 186,
  relation: 170,
  user: 104,
  select: 112,
};

/** Width of 13 px text, about: Han characters are nearly twice as wide as Latin letters. */
const textWidth = (text: string): number =>
  [...text].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e80 ? 13.5 : 7.6), 0);

/** A width that fits the type's values, the options and the heading, px. */
export function defaultWidth(field: FieldDef, object: ObjectDef, words: (label: Label) => string): number {
  if (field.name === object.title) return 260;
  const heading = 44 + textWidth(words(field.label));
  const options =
    field.type === 'select' ? (field.options ?? []).map((option) => 40 + textWidth(words(option.label))) : [];
  return Math.round(Math.min(240, Math.max(WIDTHS[field.type] ?? 140, heading, ...options)));
}

/**
 * All columns of an object in the order of a view; fields that the view does not know (made since) follow, shown. The title comes first and frozen
 * unless the view says otherwise.
 */
export function viewColumns(object: ObjectDef, view: readonly ViewColumn[]): ViewColumn[] {
  const fields = liveFields(object);
  const known = view.filter((column) => fields.some((field) => field.name === column.field));
  const named = new Set(known.map((column) => column.field));
  const rest = fields.filter((field) => !named.has(field.name)).map((field): ViewColumn => ({ field: field.name }));
  if (known.length > 0) return [...known, ...rest.map((column) => ({ ...column, hidden: true }))];
  const title = rest.findIndex((column) => column.field === object.title);
  const ordered = title > 0 ? [...rest.splice(title, 1), ...rest] : rest;
  return ordered.map((column) => (column.field === object.title ? { ...column, pinned: true } : column));
}

const EDITORS: Record<ReturnType<typeof editingOf>, EditorKind> = {
  text: 'text',
  multiline: 'multiline',
  pick: 'panel',
  calendar: 'panel',
  toggle: 'toggle',
  none: 'text',
};

/** Columns of the sheet, frozen ones first. */
export function sheetColumns(
  object: ObjectDef,
  columns: readonly ViewColumn[],
  sort: readonly { field: string; dir: 'asc' | 'desc' }[],
  words: (label: Label) => string,
): SheetColumn[] {
  const byName = new Map(object.fields.map((field) => [field.name, field]));
  const shown = columns.flatMap((column): SheetColumn[] => {
    const field = byName.get(column.field);
    if (!field || column.hidden) return [];
    const dir = sort.find((one) => one.field === field.name)?.dir;
    return [
      {
        key: field.name,
        title: words(field.label),
        width: column.width ?? defaultWidth(field, object, words),
        editor: EDITORS[editingOf(field)],
        frozen: column.pinned === true,
        readonly: editingOf(field) === 'none' || object.appendOnly === true,
        icon: markOf(field),
        ...(isNumeric(field) && { align: 'end' as const }),
        ...(dir && { sort: dir }),
      },
    ];
  });
  return [...shown.filter((column) => column.frozen), ...shown.filter((column) => !column.frozen)];
}
