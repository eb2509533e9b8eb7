import type { EvidenceKindRow } from '../../../contract/evidence.ts';
import { applyEvidence, type EvidenceKind, fieldsOfKind } from '../../../domain/freshness/cell.ts';
import type { FieldTypeName, ObjectDef } from '../../../domain/schema/types.ts';

export const DIRECTIONS = ['for', 'against'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export const STRENGTHS = ['weak', 'middle', 'strong'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** How often likelier the sign is when the value is right (or wrong): ratio chosen for each word, and the least that still goes by it. */
const RATIO: Record<Strength, number> = { weak: 2, middle: 6, strong: 20 };
const LEAST: Record<Strength, number> = { weak: 1, middle: 3, strong: 10 };
/** Share of values that an event changes, in the same words. */
const SHARE: Record<Strength, number> = { weak: 0.1, middle: 0.3, strong: 0.5 };
/** The likelier of the two probabilities where somebody chooses a word: only the ratio matters. */
const LIKELY = 0.6;

/** Signals are seen, events happen to values, verifications are made by people. */
export type Group = 'signal' | 'event' | 'verification';

export function groupOf(row: Pick<EvidenceKind, 'confidence' | 'changes'>): Group {
  if (row.confidence !== undefined) return 'verification';
  return row.changes === undefined ? 'signal' : 'event';
}

export interface Weight {
  direction: Direction;
  strength: Strength;
}

/** What the figures of a signal say in words; null: as likely either way, it says nothing. */
export function weightOf({ ifRight = 1, ifWrong = 1 }: Pick<EvidenceKind, 'ifRight' | 'ifWrong'>): Weight | null {
  const ratio = ifRight / ifWrong;
  const size = Math.max(ratio, 1 / ratio);
  const strength = [...STRENGTHS].reverse().find((one) => size >= LEAST[one]);
  return size < 1.05 || Number.isNaN(size) || strength === undefined
    ? null
    : { direction: ratio > 1 ? 'for' : 'against', strength };
}

/** Figures for words; those there are stay where the words say the same. */
export function figuresOf(
  weight: Weight,
  now: Pick<EvidenceKind, 'ifRight' | 'ifWrong'>,
): { ifRight: number; ifWrong: number } {
  const said = weightOf(now);
  if (said?.direction === weight.direction && said.strength === weight.strength)
    return { ifRight: now.ifRight ?? 1, ifWrong: now.ifWrong ?? 1 };
  const rare = LIKELY / RATIO[weight.strength];
  return weight.direction === 'for' ? { ifRight: LIKELY, ifWrong: rare } : { ifRight: rare, ifWrong: LIKELY };
}

export function shareWord(changes: number): Strength {
  return changes >= 0.4 ? 'strong' : changes >= 0.2 ? 'middle' : 'weak';
}

export const shareOf = (strength: Strength, now: number): number =>
  shareWord(now) === strength ? now : SHARE[strength];

/** Belief before and after, 0..1, in a value verified by phone so many months ago; 22 % of contact data is lost in a year. */
export function effectOn(months: number, row: EvidenceKind): { before: number; after: number } {
  const before = beliefAfter(months);
  return { before, after: applyEvidence(before, row) };
}

export const beliefAfter = (months: number): number => 0.99 * 0.78 ** (months / 12);

/** Fields a kind speaks about by itself, in the catalog's order. */
export function spokenOf(row: EvidenceKindRow, objects: readonly ObjectDef[]): { object: ObjectDef; field: string }[] {
  const kind = { ...row, types: row.types as FieldTypeName[] | undefined };
  return objects
    .filter((object) => !object.retired)
    .flatMap((object) => {
      const tracked = object.fields.filter((field) => field.tracked && !field.retired);
      const { types, ...rest } = kind;
      return fieldsOfKind({ ...rest, ...(types && { types }) } as EvidenceKind, object.name, tracked).map((field) => ({
        object,
        field,
      }));
    });
}

/** A name for an own kind that none has yet: `own-1`, `own-2`, … */
export function freeName(taken: readonly string[]): string {
  let n = 1;
  while (taken.includes(`own-${n}`)) n++;
  return `own-${n}`;
}

/** Whole percent; nothing that was only heard of is shown as certain. */
export const percent = (p: number): number => Math.min(99, Math.round(100 * p));
