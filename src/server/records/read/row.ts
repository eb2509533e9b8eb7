import sql, { join, type Sql } from 'sql-template-tag';
import type { FieldMode } from '../../../domain/access/types.ts';
import { maskValue, rangeValue } from '../../../domain/fields/mask.ts';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import { fromColumn, type TableRow } from '../catalog/columns.ts';
import { ident } from '../catalog/names.ts';
import type { Row } from '../types.ts';

/** A field as one actor sees it. */
export interface Seen {
  field: FieldDef;
  mode: FieldMode;
}

const SYSTEM = ['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by', 'deleted_at'];

/** Columns of a row under `alias`: the system's and those fields. */
export function selectSql(fields: Seen[], alias: string): Sql {
  const names = [...SYSTEM, ...fields.map(({ field }) => field.name)];
  return join(
    names.map((name) => sql`${ident(alias)}.${ident(name)}`),
    ', ',
  );
}

/** What an actor gets to see of a value. */
export function shown(value: FieldValue, { field, mode }: Seen, lang: 'zh' | 'en'): FieldValue {
  if (mode === 'masked') return maskValue(value, field);
  if (mode === 'ranged') return rangeValue(value, field, lang);
  return value;
}

const iso = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** Canonical values as stored, before any masking. */
export function plainValues(stored: TableRow, fields: Seen[]): Record<string, FieldValue> {
  return Object.fromEntries(fields.map(({ field }) => [field.name, fromColumn(field, stored[field.name])]));
}

export function toRow(stored: TableRow, fields: Seen[], lang: 'zh' | 'en'): Row {
  const values: Record<string, FieldValue> = {};
  for (const seen of fields)
    values[seen.field.name] = shown(fromColumn(seen.field, stored[seen.field.name]), seen, lang);
  return {
    id: stored.id,
    version: stored.version,
    createdAt: iso(stored.created_at),
    createdBy: String(stored.created_by),
    updatedAt: iso(stored.updated_at),
    updatedBy: String(stored.updated_by),
    ...(stored.deleted_at != null && { deletedAt: iso(stored.deleted_at) }),
    values,
  };
}
