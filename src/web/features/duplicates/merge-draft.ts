import type { MergePreview, UnmergePreview } from '../../../contract/duplicates.ts';

/** `all`: entries of all records together. */
export const ALL = 'all';

export type MergeField = MergePreview['fields'][number];
/** Field → record (or `all`) chosen by hand. */
export type Choices = Readonly<Record<string, string>>;

const holds = (preview: MergePreview, field: string, id: string): boolean => {
  const value = preview.records.find((row) => row.id === id)?.values[field];
  return value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
};

/** Whose value of a field stays: chosen by hand, else as the rules propose. */
export const originOf = (field: MergeField, choices: Choices): string => choices[field.field] ?? field.from;

/** Chooses by hand; what the rules propose anyway is no choice. */
export function choose(choices: Choices, field: MergeField, from: string): Choices {
  const { [field.field]: _, ...rest } = choices;
  return from === field.from ? rest : { ...rest, [field.field]: from };
}

/** May this record's value be chosen? Nothing for a required field leaves it without a value. */
export const mayTake = (preview: MergePreview, field: MergeField, id: string, required: boolean): boolean =>
  field.changeable && (!required || holds(preview, field.field, id));

/** Choices that still say something under a new proposal: another record may stay than before. */
export function still(choices: Choices, preview: MergePreview): Choices {
  const kept = preview.fields.filter(
    (field) => field.changeable && choices[field.field] !== undefined && choices[field.field] !== field.from,
  );
  return Object.fromEntries(kept.map(({ field }) => [field, choices[field] ?? '']));
}

/** Versions that were seen: a later one is a conflict, not a surprise. */
export const versionsOf = (preview: MergePreview): Record<string, number> =>
  Object.fromEntries(preview.records.map(({ id, version }) => [id, version]));

type Added = UnmergePreview['added'][number];

export interface UnmergeDraft {
  /** Field → record the edit was about, or `all`. */
  answers: Record<string, string>;
  /** Record that came later → whose it is. */
  moves: Record<string, string>;
}

/** What an un-merge starts from: the proposed answers, later records with whom they hang on. */
export const draftOf = (preview: UnmergePreview): UnmergeDraft => ({
  answers: Object.fromEntries(preview.questions.map(({ field, proposed }) => [field, proposed])),
  moves: Object.fromEntries(preview.added.flatMap(({ id, suggested }) => (suggested ? [[id, suggested]] : []))),
});

/** Records that go to another than the one they stand at. */
export const movesOf = (
  preview: UnmergePreview,
  { moves }: UnmergeDraft,
): { object: string; id: string; to: string }[] =>
  preview.added.flatMap(({ object, id }: Added) => {
    const to = moves[id];
    return to !== undefined && to !== preview.winner ? [{ object, id, to }] : [];
  });
