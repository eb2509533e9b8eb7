import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Row } from '../../records/types.ts';

interface Entry {
  object: ObjectDef;
  row: Row;
}

/** Whom to call: a person with a phone number before a person without, and a person before the firm's switchboard. */
export function bestContact(entries: Entry[]): { name?: string; phone?: string; email?: string } | null {
  const ranked = entries
    .map((entry) => ({
      entry,
      person: entry.object.parent !== undefined,
      phone: firstOf(entry, 'phone'),
      email: firstOf(entry, 'email'),
    }))
    .filter(({ phone, email }) => phone !== undefined || email !== undefined)
    .sort(
      (a, b) => Number(b.phone !== undefined) - Number(a.phone !== undefined) || Number(b.person) - Number(a.person),
    );
  const best = ranked[0];
  if (!best) return null;
  const { entry, person, phone, email } = best;
  const name = person ? String(entry.row.values[entry.object.title] ?? '') : '';
  return { ...(name && { name }), ...(phone !== undefined && { phone }), ...(email !== undefined && { email }) };
}

function firstOf({ object, row }: Entry, type: 'phone' | 'email'): string | undefined {
  for (const field of object.fields) {
    const value = field.type === type && !field.retired ? row.values[field.name] : null;
    if (typeof value === 'string') return value;
  }
  return undefined;
}
