import type { FieldDef, FieldValue } from '../schema/types.ts';
import { entriesOf, isList, listOf, same } from './list-value.ts';
import { ALL, type Values } from './types.ts';

export interface PartInput {
  fields: readonly FieldDef[];
  /** First the winner, then the losers: values each had before the merge. */
  members: readonly { id: string; before: Values }[];
  /** The winner right after the merge, and now. */
  merged: Values;
  current: Values;
  /** Fields that a later merge of the winner wrote last: they are of a third record and stay. */
  settled?: ReadonlySet<string>;
  /** Field → id of the member an edit was about, or `all`. */
  answers?: Readonly<Record<string, string>>;
}

/** An edit since the merge that could be about several of the records. */
export interface Question {
  field: string;
  /** What was there right after the merge, and what is there now. */
  merged: FieldValue;
  current: FieldValue;
  /** Members it may be about; `all` is always possible too. */
  candidates: string[];
  /** Taken when nobody answers. */
  proposed: string;
}

export interface Parted {
  /** Member → all its values. */
  values: Record<string, Values>;
  /** Field → members whose value the edit (or confirmation) since the merge is about; fields nobody edited are not in it. */
  about: Record<string, string[]>;
  questions: Question[];
}

/**
 * Un-merges values. Fields nobody edited return to what each record had. An edit since belongs to the record whose value it replaced; when several
 * had said the same, or none anything, or the new value is what another of them had, only a person knows: that is a question.
 */
export function part(input: PartInput): Parted {
  const out: Parted = {
    values: Object.fromEntries(input.members.map(({ id, before }) => [id, { ...before }])),
    about: {},
    questions: [],
  };
  for (const field of input.fields) {
    const current = input.current[field.name] ?? null;
    if (same(current, input.merged[field.name])) continue;
    if (input.settled?.has(field.name)) give(input, out, field.name, [input.members[0]?.id ?? ''], current);
    else if (isList(field)) partList(input, out, field);
    else partValue(input, out, field.name);
  }
  return out;
}

function partValue(input: PartInput, out: Parted, field: string): void {
  const merged = input.merged[field] ?? null;
  const current = input.current[field] ?? null;
  const holders = input.members.filter(({ before }) => same(before[field], merged)).map(({ id }) => id);
  const known = current !== null && input.members.some(({ before }) => same(before[field], current));
  const [only] = holders;
  if (only !== undefined && holders.length === 1 && merged !== null && !known) {
    give(input, out, field, [only], current);
    return;
  }
  const candidates = holders.length > 1 ? holders : input.members.map(({ id }) => id);
  give(input, out, field, ask(input, out, field, candidates, holders.length === 1 ? only : undefined), current);
}

/** Entries taken away are taken from whoever had them; added ones are of the records named by the answer. */
function partList(input: PartInput, out: Parted, field: FieldDef): void {
  const { name } = field;
  const merged = entriesOf(input.merged[name]);
  const current = entriesOf(input.current[name]);
  const added = [...current].filter(([key]) => !merged.has(key));
  const about =
    added.length > 0
      ? ask(
          input,
          out,
          name,
          input.members.map(({ id }) => id),
        )
      : [];
  const touched = new Set(about);
  for (const { id, before } of input.members) {
    const entries = entriesOf(before[name]);
    for (const key of [...entries.keys()])
      if (merged.has(key) && !current.has(key)) {
        entries.delete(key);
        touched.add(id);
      }
    if (about.includes(id)) for (const [key, entry] of added) entries.set(key, entry);
    const values = out.values[id];
    const value = listOf(field, entries);
    if (values && !same(value, before[name])) values[name] = value;
  }
  out.about[name] = [...touched];
}

/** Members an ambiguous edit is about: by the answer, else the proposed one. */
function ask(input: PartInput, out: Parted, field: string, candidates: string[], likely?: string): string[] {
  const winner = input.members[0]?.id ?? '';
  const proposed = likely ?? (candidates.includes(winner) ? winner : (candidates[0] ?? winner));
  const merged = input.merged[field] ?? null;
  const current = input.current[field] ?? null;
  out.questions.push({ field, merged, current, candidates, proposed });
  const answer = input.answers?.[field] ?? proposed;
  if (answer === ALL) return candidates;
  return [input.members.some(({ id }) => id === answer) ? answer : proposed];
}

function give(input: PartInput, out: Parted, field: string, ids: string[], value: FieldValue): void {
  out.about[field] = ids.filter((id) => input.members.some((member) => member.id === id));
  for (const id of out.about[field] ?? []) {
    const values = out.values[id];
    if (values) values[field] = value;
  }
}
