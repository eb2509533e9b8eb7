import type { FieldDef, FieldValue } from '../schema/types.ts';

/** Fields whose value is a set of entries; members' entries are joined, and parted one by one. */
export function isList(field: FieldDef): boolean {
  return field.type === 'tags' || field.type === 'multiselect' || field.type === 'file';
}

/** Entries of a list value by their key: the entry itself, or the id of a file. */
export function entriesOf(value: FieldValue | undefined): Map<string, unknown> {
  if (Array.isArray(value)) return new Map(value.map((entry) => [entry, entry]));
  if (value !== null && typeof value === 'object' && 'files' in value && Array.isArray(value.files))
    return new Map(value.files.map((file: { id: string }) => [file.id, file]));
  return new Map();
}

/** The value made of entries; null when there are none. */
export function listOf(field: FieldDef, entries: Map<string, unknown>): FieldValue {
  if (entries.size === 0) return null;
  return field.type === 'file' ? { files: [...entries.values()] } : [...entries.keys()];
}

/** Whether two canonical values are the same; the order of lists and of keys does not count. */
export function same(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  return stable(a ?? null) === stable(b ?? null);
}

function stable(value: unknown, inside = false): string {
  if (Array.isArray(value)) {
    const parts = value.map((part) => stable(part, true));
    return `[${(inside ? parts : parts.sort()).join(',')}]`;
  }
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${stable(part, true)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}
