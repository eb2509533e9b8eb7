import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { searchDoc } from '../../../domain/text/grams.ts';
import { compact } from '../../../domain/text/normalise.ts';
import type { SearchEntry, SearchIndexer } from '../write/types.ts';
import { titleGram } from './title-gram.ts';

/*
 * Layout of `doc`: the title's group first (text, initials, spellings, a line each), then a group per further field, each
 * headed by a line with one private-use character that names the field. So a group can be left out for readers who may
 * not see its field. Typed text never holds such a character (compact drops them).
 */
const FIRST = 0xf0000;
const LAST = 0xffffd;

export function marker(field: Pick<FieldDef, 'id'>): string {
  // Field ids are small and counted per workspace; beyond 65,000 groups would be confused, so those fields aren't searched.
  return FIRST + field.id > LAST ? '' : String.fromCodePoint(FIRST + field.id);
}

/** Class of all marker characters, for regular expressions of PostgreSQL. */
export const MARKERS = `[${String.fromCodePoint(FIRST)}-${String.fromCodePoint(LAST)}]`;

const extras = new WeakMap<ObjectDef, readonly FieldDef[]>();

/** Fields besides the title that are in the index. */
export function extraFields(object: ObjectDef): readonly FieldDef[] {
  const known = extras.get(object);
  if (known) return known;
  const found = object.fields.filter(
    (field) =>
      field.name !== object.title &&
      field.search !== undefined &&
      field.search !== 'none' &&
      marker(field) !== '' &&
      // What is encrypted must not stand in the index in plain.
      !mayBeSealed(field),
  );
  extras.set(object, found);
  return found;
}

const names = new WeakMap<ObjectDef, ReadonlySet<string>>();

function fieldNames(object: ObjectDef): ReadonlySet<string> {
  const known = names.get(object) ?? new Set([object.title, ...extraFields(object).map((field) => field.name)]);
  names.set(object, known);
  return known;
}

const textOf = (value: FieldValue | undefined): string => {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(' ') : typeof value === 'number' ? String(value) : '';
};

const kindOf = (field: FieldDef | undefined): 'company' | 'person' | 'text' =>
  field?.match === 'company' || field?.match === 'person' ? field.match : 'text';

/** Row of the search index for a record with these (all) stored values; null when it has neither title nor anything else to find. */
export function searchEntry(object: ObjectDef, values: Record<string, FieldValue>, id: string): SearchEntry | null {
  const field = object.fields.find((f) => f.name === object.title);
  const title = textOf(values[object.title]);
  const head = searchDoc({ title, kind: kindOf(field) });
  const docs = [head.doc];
  const grams = new Set(head.grams);
  if (title !== '') grams.add(titleGram(compact(title)));
  for (const extra of extraFields(object)) {
    const text = textOf(values[extra.name]);
    if (text === '') continue;
    const found =
      extra.search === 'phone'
        ? searchDoc({ title: '', kind: 'text', phones: [text] })
        : extra.search === 'name'
          ? searchDoc({ title: text, kind: kindOf(extra) })
          : searchDoc({ title: '', kind: 'text', extra: [text] });
    if (found.doc === '') continue;
    docs.push(marker(extra), found.doc);
    for (const gram of found.grams) grams.add(gram);
  }
  if (grams.size === 0) return null;
  return { record: id, object: object.id, doc: docs.join('\n'), grams: [...grams] };
}

/** How the write door keeps the index. */
export const createIndexer = (): SearchIndexer => ({ fields: fieldNames, entry: searchEntry });
