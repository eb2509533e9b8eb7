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
