import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { endsAt, type TagDictionary, type TextSource } from '../../../domain/tagging/index.ts';
import { CUSTOMER } from './deps.ts';
import type { Words } from './dictionary-store.ts';

/** A source of texts, found in the catalog. */
export interface Source {
  object: ObjectDef;
  /** null: the customer himself. */
  of: FieldDef | null;
  fields: FieldDef[];
  /** When it was said; null: when it was written. */
  when: FieldDef | null;
}

/** Sources as far as they are there; encrypted texts are not read, tags would tell of them. */
export function sourcesOf(catalog: Catalog, { sources }: Pick<TagDictionary, 'sources'>): Source[] {
  return sources.flatMap((source) => sourceOf(catalog, source) ?? []);
}

function sourceOf(catalog: Catalog, { object: name, of, fields: names }: TextSource): Source | null {
  const object = findObject(catalog, name);
  if (!object || object.retired) return null;
  const live = (field: string) => {
    const found = findField(object, field);
    return found && !found.retired ? found : undefined;
  };
  const relation = of === null ? null : live(of);
  if (relation === undefined || (relation === null && name !== CUSTOMER)) return null;
  if (relation && (relation.type !== 'relation' || relation.target !== CUSTOMER)) return null;
  const fields = names.flatMap((field) => live(field) ?? []).filter(isText);
  if (fields.length === 0) return null;
  const when = object.fields.find(
    ({ type, name: field, retired }) => type === 'datetime' && field === 'at' && !retired,
  );
  return { object, of: relation, fields, when: when ?? null };
}

export const isText = ({ type, encrypted, retired, readonly }: FieldDef): boolean =>
  (type === 'longtext' || type === 'text') && !encrypted && !retired && !readonly;

/** Texts that can be read: those of customers, and of what belongs to one. */
export function readableTexts(catalog: Catalog): TextSource[] {
  return catalog.objects.flatMap((object) => {
    if (object.retired) return [];
    const fields = object.fields.filter(isText).map(({ name }) => name);
    const relations = object.fields.filter((f) => f.type === 'relation' && f.target === CUSTOMER && !f.retired);
    const of = object.name === CUSTOMER ? [null] : relations.map(({ name }) => name);
    return fields.length === 0 ? [] : of.map((relation) => ({ object: object.name, of: relation, fields }));
  });
}

/** A phrase found: evidence for a tag of a customer. */
export interface Found {
  record: string;
  field: string;
  tag: string;
  source_object: string;
  source_record: string;
  source_field: string;
  phrase: string;
  place: number;
  length: number;
  at: string;
}

/** Tags that a text denies: `field tag`, so that a look can say how many were passed by. */
export interface Heard {
  found: Found[];
  denied: { field: string; tag: string }[];
}

/**
 * What one record says. Of several mentions of a tag in one text the first that counts is the evidence; what was said so long ago that its tag would
 * have ended is none.
 */
export function hear(
  words: Words,
  source: Source,
  record: { id: string; values: Record<string, FieldValue>; writtenAt: Date },
  now: Date,
): Heard {
  const heard: Heard = { found: [], denied: [] };
  const { values, id } = record;
  const customer = source.of === null ? id : values[source.of.name];
  if (typeof customer !== 'string') return heard;
  const said = source.when ? values[source.when.name] : null;
  const told = typeof said === 'string' ? new Date(said) : record.writtenAt;
  // A date in the future is a typing error, or a plan: it was said today at the latest.
  const at = told > now ? now : told;
  const denied = new Map<string, { field: string; tag: string }>();
  for (const { name } of source.fields) {
    const text = values[name];
    if (typeof text !== 'string') continue;
    const seen = new Set<string>();
    for (const mention of words.tagger.find(text)) {
      const entry = words.entries.get(mention.tag);
      if (!entry) continue;
      const { field, tag } = entry;
      const key = `${field} ${tag}`;
      if (!mention.counts) {
        if (mention.because?.why === 'denied') denied.set(key, { field, tag });
        continue;
      }
      if (seen.has(key)) continue;
      seen.add(key);
      const end = endsAt(at, entry.months);
      if (end !== null && end <= now) continue;
      heard.found.push({
        ...{ record: customer, field, tag, phrase: mention.phrase, at: at.toISOString() },
        ...{ source_object: source.object.name, source_record: id, source_field: name },
        ...{ place: mention.start, length: mention.end - mention.start },
      });
    }
  }
  const counted = new Set(heard.found.map(({ field, tag }) => `${field} ${tag}`));
  heard.denied = [...denied].flatMap(([key, one]) => (counted.has(key) ? [] : [one]));
  return heard;
}
