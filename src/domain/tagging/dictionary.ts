import type { Label } from '../issue.ts';
import type { Phrase } from './tagger.ts';

/** One tag with what sets it. */
export interface TagEntry {
  id: string;
  /** Field of the customer that holds it (type tags or multiselect). */
  field: string;
  /** As the field stores it. */
  tag: string;
  /** What the option is called, where the field has none of that name yet. */
  label?: Label;
  phrases: string[];
  /** Longer wordings that mean something else. */
  except: string[];
  /** Months that it lives after it was last heard; null: for good. */
  months: number | null;
  /** Tag of the same field that takes its place at the end; absent: it goes. */
  becomes?: string;
  off?: boolean;
  /** Preset it was made from. */
  preset?: string;
}

/** Where texts are read. */
export interface TextSource {
  object: string;
  /** Relation to the customer; null: the customer's own fields. */
  of: string | null;
  fields: string[];
}

export interface TagDictionary {
  on: boolean;
  /** When it was switched on; what was written before is looked at when somebody asks for it. */
  since?: string;
  entries: TagEntry[];
  sources: TextSource[];
}

/** Phrases of a dictionary at most. */
export const MOST_PHRASES = 100_000;

/** Lines for a tagger; each tag is named by the id of its entry. */
export const phrasesOf = (entries: readonly TagEntry[]): Phrase[] =>
  entries
    .filter(({ off }) => !off)
    .flatMap(({ id, phrases, except }) => [
      ...phrases.map((text) => ({ tag: id, text })),
      ...except.map((text) => ({ tag: id, text, except: true })),
    ]);

/** When a tag that was last heard at `last` ends; null: never. A month is a calendar month; of a day that it lacks, its last. */
export function endsAt(last: Date, months: number | null): Date | null {
  if (months === null) return null;
  const end = new Date(last);
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() !== last.getUTCDate()) end.setUTCDate(0);
  return end;
}

/** The latest moment whose tags have ended by `now`: what was last heard at it or before. */
export const endedBefore = (now: Date, months: number): Date => endsAt(now, -months) ?? now;
