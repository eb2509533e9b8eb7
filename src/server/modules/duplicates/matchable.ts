import { blockingKeys, type Row as MatchRow, type MatchSchema, matchSchemaOf } from '../../../domain/matching/index.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';

/** Values that many share by nature find nobody: titles of jobs, cities, categories. */
const TELLING = new Set(['company', 'person', 'phone', 'email', 'uscc', 'identifier', 'url', 'address']);

/** Objects whose fields say who a record is: more than one of them, or the title. Others have nothing to compare. */
export function matchableObjects(catalog: Catalog): ObjectDef[] {
  return catalog.objects.filter((object) => {
    const { fields } = matchSchemaOf(object);
    return !object.retired && !object.appendOnly && fields.length > 1 && fields.some((field) => field.subject);
  });
}

const schemas = new WeakMap<ObjectDef, MatchSchema>();

export function schemaOf(object: ObjectDef): MatchSchema {
  const known = schemas.get(object) ?? matchSchemaOf(object);
  schemas.set(object, known);
  return known;
}

/** A record as the comparison reads it. */
export function matchRow(values: Readonly<Record<string, unknown>>, { fields }: MatchSchema): MatchRow {
  return Object.fromEntries(fields.map(({ column }) => [column, textOf(values[column] as FieldValue | undefined)]));
}

function textOf(value: FieldValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'object' ? null : String(value);
}

/** Keys of a record for table match_entry: sorted, each once. */
export function hashedKeys(row: MatchRow, schema: MatchSchema): number[] {
  const fields = schema.fields.filter(({ kind, subject }) => subject || TELLING.has(kind));
  return [...new Set(blockingKeys(row, { fields }).map(hash))].sort((a, b) => a - b);
}

/** FNV-1a, signed as PostgreSQL's int is. Keys that collide cost one comparison. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) | 0;
}
