import type { FieldMode } from '../access/types.ts';
import type { Label, Lang } from '../issue.ts';
import { normaliseHeader } from '../mapping/header.ts';
import type { FieldDef } from '../schema/types.ts';

/** A column of a sheet that was exported for editing: the field as it was declared then, and how the exporter saw it. */
export interface SheetColumn {
  field: string;
  header: string;
  /** In every row. Rows may differ: some may show more. */
  mode: FieldMode;
  /** The most in some row. */
  most: FieldMode;
  def: FieldDef;
}

export const KEY_HEADER: Label = { zh: '行标识（请勿改动）', en: 'Row key (do not edit)' };
export const VERIFIED_HEADER: Label = { zh: '本行已核实', en: 'Row verified' };

/** What stands in a cell whose value the exporter may not see. */
export const HIDDEN = '***';

/** Columns with headers that differ from each other and from our own two. */
export function sheetColumns(fields: readonly Pick<SheetColumn, 'def' | 'mode' | 'most'>[], lang: Lang): SheetColumn[] {
  const taken = new Set([KEY_HEADER[lang], VERIFIED_HEADER[lang]].map(normaliseHeader));
  return fields.map(({ def, mode, most }) => {
    const label = def.label[lang].trim() || def.name;
    let header = label;
    for (let n = 2; taken.has(normaliseHeader(header)); n++) header = `${label} ${n}`;
    taken.add(normaliseHeader(header));
    return { field: def.name, header, mode, most, def };
  });
}

/** Where the columns of an export are in a file that came back. Order does not count; missing ones are simply not there. */
export interface FoundColumns {
  /** Field name → position in the file. */
  fields: Map<string, number>;
  verified: number | null;
  /** Headers that the export did not have. */
  unknown: string[];
}

export function findColumns(header: readonly string[], columns: readonly SheetColumn[], key: number): FoundColumns {
  const fields = new Map<string, number>();
  const unknown: string[] = [];
  let verified: number | null = null;
  const exactly = new Map(columns.map((column) => [column.header, column.field]));
  const loosely = new Map(columns.map((column) => [normaliseHeader(column.header), column.field]));
  const marks = new Set([VERIFIED_HEADER.zh, VERIFIED_HEADER.en].map(normaliseHeader));
  for (const [index, name] of header.entries()) {
    if (index === key) continue;
    const field = exactly.get(name.trim()) ?? loosely.get(normaliseHeader(name));
    if (field !== undefined && !fields.has(field)) fields.set(field, index);
    else if (marks.has(normaliseHeader(name))) verified ??= index;
    else unknown.push(name);
  }
  return { fields, verified, unknown };
}

/** Whether a header is our key column's, in either language. */
export const isKeyHeader = (name: string): boolean =>
  [KEY_HEADER.zh, KEY_HEADER.en].some((header) => normaliseHeader(header) === normaliseHeader(name));
