import sql, { raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { sortColumn } from '../catalog/collation.ts';

/** JSON key as a SQL literal: field names are identifiers by their pattern, so that indexes on expressions can be matched. */
export function keyLiteral(field: Pick<FieldDef, 'name'>): Sql {
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(field.name)) throw new Error(`not a field name: ${field.name}`);
  return raw(`'${field.name}'`);
}

/** A field's value inside a delta's `before` (any jsonb expression), in the type of its column; null where it was empty. */
export function formerValue(field: FieldDef, before: Sql): Sql {
  const key = keyLiteral(field);
  const type = fieldType(field.type).column;
  if (type === 'text') return sql`(${before}->>${key})`;
  if (type === 'jsonb') return sql`nullif(${before}->${key}, 'null'::jsonb)`;
  if (type === 'text[]')
    return sql`(case jsonb_typeof(${before}->${key}) when 'array' then array(select jsonb_array_elements_text(${before}->${key})) end)`;
  return sql`(${before}->>${key})::${raw(type)}`;
}

/** Types whose text does not turn into a value without regard to settings, so that no index can hold it: ISO text sorts the same. */
const AS_TEXT = new Set(['date', 'timestamptz']);

/** What an index on former values is made of, and what lists as of a moment sort former values by. */
export function formerKey(field: FieldDef, before: Sql): Sql {
  const key = keyLiteral(field);
  const type = fieldType(field.type).column;
  if (AS_TEXT.has(type)) return sql`(${before}->>${key}) collate "C"`;
  if (type === 'text') return sql`${formerValue(field, before)}${raw(collationOf(field))}`;
  return sql`(${formerValue(field, before)})`;
}

function collationOf(field: FieldDef): string {
  return sortColumn(field).sql.slice(`"${field.name}"`.length);
}

/** A cursor's value (text of the column) in the form that formerKey compares. */
export function formerBound(field: FieldDef, value: string): Sql {
  const type = fieldType(field.type).column;
  if (type === 'timestamptz') return sql`${new Date(value).toISOString()}`;
  return AS_TEXT.has(type) ? sql`${value}` : sql`${value}::${raw(type)}`;
}
