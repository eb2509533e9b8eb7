import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { type SearchSource, searchDoc } from '../../../domain/text/grams.ts';
import type { SearchEntry, SearchIndexer } from '../write/types.ts';

interface Parts {
  names: ReadonlySet<string>;
  texts: FieldDef[];
  phones: FieldDef[];
  kind: SearchSource['kind'];
}

/** Makes search entries from stored values: the title in all its spellings, other searched texts, digits of phones. */
export function createIndexer(): SearchIndexer {
  const known = new WeakMap<ObjectDef, Parts>();
  const partsOf = (object: ObjectDef): Parts => {
    let parts = known.get(object);
    if (!parts) {
      parts = readParts(object);
      known.set(object, parts);
    }
    return parts;
  };
  return {
    fields: (object) => partsOf(object).names,
    entry(object, values, id): SearchEntry | null {
      const { texts, phones, kind } = partsOf(object);
      const title = textOf(values[object.title]);
      const extra = texts.map((field) => textOf(values[field.name])).filter((text) => text !== '');
      const numbers = phones.map((field) => textOf(values[field.name])).filter((text) => text !== '');
      if (title === '' && extra.length === 0 && numbers.length === 0) return null;
      const { doc, grams } = searchDoc({ title, kind, phones: numbers, extra });
      return { record: id, object: object.id, doc, grams };
    },
  };
}

function readParts(object: ObjectDef): Parts {
  const live = object.fields.filter((field) => !field.retired);
  const phones = live.filter((field) => field.search === 'phone');
  const texts = live.filter(
    (field) => field.name !== object.title && (field.search === 'name' || field.search === 'text'),
  );
  const title = live.find((field) => field.name === object.title);
  return {
    names: new Set([object.title, ...[...phones, ...texts].map((field) => field.name)]),
    phones,
    texts,
    kind: title?.match === 'person' ? 'person' : title?.match === 'company' ? 'company' : 'text',
  };
}

function textOf(value: FieldValue | undefined): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(' ') : '';
}
