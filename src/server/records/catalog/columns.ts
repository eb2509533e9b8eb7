import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { liveFields } from './lookup.ts';

/** A row of an object table as the driver gives it. */
export type TableRow = Record<string, unknown> & { id: string; version: number };

/** A column's value in the canonical form of its field: the inverse of what the write door stores. */
export function fromColumn(field: FieldDef, stored: unknown): FieldValue {
  if (stored === null || stored === undefined) return null;
  if (stored instanceof Date) return field.type === 'date' ? stored.toISOString().slice(0, 10) : stored.toISOString();
  return stored as FieldValue;
}

/** All values of living fields, canonical; empty ones are null. */
export function valuesOf(object: ObjectDef, row: Record<string, unknown>): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const field of liveFields(object)) values[field.name] = fromColumn(field, row[field.name]);
  return values;
}

/** Equality of canonical values: order of sets does not count. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    const sorted = [...b].sort();
    return [...a].sort().every((item, index) => item === sorted[index]);
  }
  if (typeof a === 'object' && typeof b === 'object') return stable(a) === stable(b);
  return false;
}

/** JSON with sorted keys: jsonb gives keys back in its own order. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stable(item)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
