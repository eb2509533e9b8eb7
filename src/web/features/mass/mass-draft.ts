import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { VerifyMethod } from '../../fields/freshness-words.ts';
import { editingOf } from '../../fields/kinds.ts';
import type { MassAction } from './mass-api.ts';

/** What one can begin with. */
export type MassKind = 'set' | 'verify' | 'assign' | 'delete' | 'restore' | 'standardise' | 'replace';

/** What was filled in so far. */
export interface MassDraft {
  kind: MassKind;
  field: string | null;
  how: 'set' | 'clear' | 'append' | 'remove';
  value: FieldValue;
  find: string;
  with: string;
  fields: string[];
  method: VerifyMethod;
  simplify: boolean;
  dates: boolean;
  reason: string;
}

export const newDraft = (kind: MassKind): MassDraft => ({
  kind,
  field: null,
  how: 'set',
  value: null,
  find: '',
  with: '',
  fields: [],
  method: 'phone',
  simplify: false,
  dates: false,
  reason: '',
});

const live = (object: ObjectDef): FieldDef[] => object.fields.filter((field) => !field.retired);

/** Fields that can get one value in many records. */
export const settable = (object: ObjectDef): FieldDef[] =>
  live(object).filter((field) => editingOf(field) !== 'none' && !field.unique);

const TEXTS: ReadonlySet<string> = new Set(['text', 'longtext', 'address', 'url', 'email']);

export const replaceable = (object: ObjectDef): FieldDef[] => settable(object).filter((field) => TEXTS.has(field.type));

export const verifiable = (object: ObjectDef): FieldDef[] => live(object).filter((field) => field.tracked);

export const isList = (field: FieldDef): boolean => field.type === 'tags' || field.type === 'multiselect';

/** What is asked of the server; null: something is still missing. */
export function actionOf(draft: MassDraft, object: ObjectDef): MassAction | null {
  switch (draft.kind) {
    case 'delete':
    case 'restore':
      return { kind: draft.kind };
    case 'verify':
      return draft.fields.length > 0 ? { kind: 'verify', fields: draft.fields, method: draft.method } : null;
    case 'assign':
      return object.owner ? { kind: 'set', field: object.owner, value: draft.value } : null;
    case 'standardise':
      return {
        kind: 'standardise',
        ...(draft.fields.length > 0 && { fields: draft.fields }),
        ...(draft.simplify && { simplify: true }),
        ...(draft.dates && { dates: true }),
      };
    case 'replace':
      return draft.field && draft.find !== ''
        ? { kind: 'replace', field: draft.field, find: draft.find, with: draft.with }
        : null;
    default: {
      if (!draft.field) return null;
      if (draft.how === 'clear') return { kind: 'set', field: draft.field, value: null };
      if (draft.value === null || draft.value === '') return null;
      return { kind: draft.how, field: draft.field, value: draft.value };
    }
  }
}
