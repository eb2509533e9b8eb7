import type { EvidenceKindRow } from '../../../contract/evidence.ts';
import { figuresOf, groupOf, type Weight } from './kind-words.ts';

/** Types of field that whole kinds of evidence speak about. */
export const SPOKEN_TYPES = ['phone', 'email', 'address', 'url', 'bankaccount'] as const;

/** What an administrator may set of a kind, as the API takes it. */
export interface KindDefinition {
  label?: { zh: string; en: string };
  types?: string[];
  fields?: string[];
  ifRight?: number;
  ifWrong?: number;
  changes?: number;
  repeatDays?: number;
  off?: boolean;
}

/** All that is set of a row: rows are saved whole. */
export function definitionOf(row: EvidenceKindRow): KindDefinition {
  const { label, types, fields, ifRight, ifWrong, changes, repeatDays } = row;
  return {
    label,
    ...(types && { types }),
    ...(fields && { fields }),
    ...(ifRight !== undefined && ifWrong !== undefined && { ifRight, ifWrong }),
    ...(changes !== undefined && { changes }),
    ...(repeatDays !== undefined && { repeatDays }),
  };
}

export interface KindDraft {
  zh: string;
  en: string;
  types: string[];
  fields: string[];
  /** null: it says nothing. */
  weight: Weight | null;
  changes: number | null;
  repeatDays: number;
}

export const NEW_KIND: KindDraft = {
  zh: '',
  en: '',
  types: [],
  fields: [],
  weight: { direction: 'for', strength: 'middle' },
  changes: null,
  repeatDays: 7,
};

export function draftOf(row: EvidenceKindRow, weight: Weight | null): KindDraft {
  return {
    ...row.label,
    types: row.types ?? [],
    fields: row.fields ?? [],
    weight,
    changes: groupOf(row) === 'event' ? (row.changes ?? 0.5) : null,
    repeatDays: row.repeatDays ?? 0,
  };
}

/** The row as it will be. */
export function changedRow(row: EvidenceKindRow | null, kind: string, draft: KindDraft): EvidenceKindRow {
  const { zh, en, types, fields, weight, changes, repeatDays } = draft;
  return {
    kind,
    label: { zh: zh.trim(), en: en.trim() },
    types,
    fields,
    repeatDays,
    edited: true,
    ...(changes === null
      ? weight
        ? figuresOf(weight, row ?? {})
        : { ifRight: row?.ifRight ?? 0.5, ifWrong: row?.ifWrong ?? 0.5 }
      : { changes }),
  };
}
