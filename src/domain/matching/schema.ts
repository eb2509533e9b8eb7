import { mayBeSealed } from '../schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../schema/types.ts';
import type { KindName, MatchField, MatchSchema } from './types.ts';

const BY_MATCH: Record<NonNullable<FieldDef['match']>, KindName | null> = {
  none: null,
  exact: 'identifier',
  company: 'company',
  person: 'person',
  phone: 'phone',
  email: 'email',
  address: 'address',
  text: 'text',
};

/** Types that say by themselves what they hold, for fields that declare no comparison. */
const BY_TYPE: Partial<Record<FieldDef['type'], KindName>> = {
  phone: 'phone',
  email: 'email',
  url: 'url',
  uscc: 'uscc',
  address: 'address',
  text: 'text',
  longtext: 'text',
  date: 'date',
  number: 'number',
  money: 'number',
  idcard: 'identifier',
  bankaccount: 'identifier',
  autonumber: 'identifier',
};

/** How a rule compares a field: as declared, else by its type; null: nothing that two records could be recognised by. */
function ruleKindOf(field: FieldDef): KindName | null {
  if (field.type === 'relation' || field.type === 'user' || field.type === 'select') return 'category';
  return kindOfField(field) ?? BY_TYPE[field.type] ?? null;
}

const TEXTUAL: ReadonlySet<KindName> = new Set(['text', 'company', 'person', 'identifier']);

/** The kind by which two fields can be compared; texts of two kinds by the one that knows more. null: they hold different things. */
export function sharedKindOf(a: FieldDef, b: FieldDef): KindName | null {
  if (mayBeSealed(a) || mayBeSealed(b)) return null;
  const [x, y] = [ruleKindOf(a), ruleKindOf(b)];
  if (x === null || y === null) return null;
  if (x === y) return x === 'category' && (a.type !== b.type || a.target !== b.target) ? null : x;
  if (!TEXTUAL.has(x) || !TEXTUAL.has(y)) return null;
  return x === 'text' ? y : y === 'text' ? x : 'text';
}

/** The comparison that an object's fields declare (`match`). The title field names the record. */
export function matchSchemaOf(object: ObjectDef): MatchSchema {
  const fields: MatchField[] = [];
  for (const f of object.fields) {
    const kind = kindOfField(f);
    // Ciphertext is like nothing else.
    if (kind === null || f.retired === true || mayBeSealed(f)) continue;
    fields.push({ column: f.name, kind, label: f.label, ...(f.name === object.title ? { subject: true } : {}) });
  }
  return { fields };
}

function kindOfField(f: FieldDef): KindName | null {
  const declared = BY_MATCH[f.match ?? 'none'];
  if (declared === null) return null;
  if (f.type === 'uscc' || f.type === 'url') return f.type;
  if (f.type === 'date' && declared !== 'text') return 'date';
  return f.type === 'select' ? 'category' : declared;
}
