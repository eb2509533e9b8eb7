import { isPlain } from '../../../domain/access/reach.ts';
import { placesIn } from '../../../domain/campaigns/index.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Lang } from '../../../domain/issue.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import type { Row } from '../../records/types.ts';
import type { Say } from './write-letter.ts';

/** Places that are not fields: our own name and the sender's. */
const OWN = ['firm', 'sender'] as const;

/** Fields of the record that the letters speak of, and places that mean nothing. */
export function namesIn(object: ObjectDef, letters: readonly { subject: string; text: string }[]) {
  const places = [...new Set(letters.flatMap(({ subject, text }) => [...placesIn(subject), ...placesIn(text)]))];
  const fields = places.filter((name) => {
    const field = fieldOf(object, name);
    return field !== undefined && !field.retired && !mayBeSealed(field);
  });
  const unknown = places.filter((name) => !fields.includes(name) && !OWN.some((own) => own === name));
  return { fields, unknown };
}

/**
 * What the places say of one record. The sender's view decides: what he sees, or sees masked, is filled in as it is, for the letter goes to the person
 * himself; what is hidden from him stays empty.
 * @param plain the record with these fields as they are; absent: as the sender sees it (previews, letters to himself)
 */
export function sayOf(
  object: ObjectDef,
  row: Row | null,
  plain: Row | null,
  words: { firm: string; sender: string; titles: Record<string, string>; lang: Lang; env: ParseEnv },
): Say {
  return (name) => {
    if (name === 'firm') return words.firm;
    if (name === 'sender') return words.sender;
    const field = fieldOf(object, name);
    if (!field || field.retired || mayBeSealed(field)) return undefined;
    if (!row || !(name in row.values)) return '';
    const mode = row.modes?.[name] ?? 'edit';
    if (mode === 'masked' && plain === null) return String(row.values[name] ?? '');
    const value = mode === 'masked' ? (plain?.values[name] ?? null) : (row.values[name] ?? null);
    if (value === null || (!isPlain(mode) && mode !== 'masked')) return '';
    if (typeof value === 'string' && words.titles[value] !== undefined) return words.titles[value];
    // A record that the sender can't see by name is not named by its id.
    if (field.type === 'relation' || field.type === 'user') return '';
    return fieldType(field.type).format(value, field, words.lang, words.env);
  };
}
