import type { z } from 'zod';
import type { fieldInput, fieldPatch } from '../../../contract/catalog.ts';
import type { Issue } from '../../../domain/issue.ts';
import { whyNotEncrypted } from '../../../domain/schema/encryption.ts';
import { typesFor } from '../../../domain/schema/rollups.ts';
import { wantsEncryption } from '../../../domain/schema/sealed.ts';
import type { FieldDef, FieldTypeName, ObjectDef, Rollup, SelectOption } from '../../../domain/schema/types.ts';

export type FieldInput = z.infer<typeof fieldInput>;
export type FieldPatch = z.infer<typeof fieldPatch>;

/** Which settings a type has; the drawer shows only these. */
export type Setting =
  | 'options'
  | 'open'
  | 'target'
  | 'tree'
  | 'range'
  | 'dateRange'
  | 'maxLength'
  | 'scale'
  | 'currency'
  | 'pattern'
  | 'numbering'
  | 'unique'
  | 'default'
  | 'required'
  | 'stage'
  | 'chain'
  | 'occasion';

const text: Setting[] = ['required', 'unique', 'default', 'maxLength', 'pattern'];
const plain: Setting[] = ['required', 'unique', 'default'];

export const settingsOf: Record<FieldTypeName, Setting[]> = {
  text,
  longtext: ['required', 'default', 'maxLength'],
  number: ['required', 'unique', 'default', 'range', 'scale'],
  money: ['required', 'default', 'range', 'scale', 'currency'],
  percent: ['required', 'default', 'range', 'scale'],
  date: ['required', 'default', 'dateRange', 'occasion'],
  datetime: ['required', 'default'],
  boolean: ['default'],
  select: ['required', 'default', 'options', 'stage'],
  multiselect: ['required', 'options', 'chain'],
  tags: ['options', 'open'],
  tree: ['required', 'tree'],
  phone: plain,
  email: plain,
  url: plain,
  address: ['required'],
  geo: [],
  user: ['required'],
  department: ['required'],
  relation: ['required', 'target'],
  autonumber: ['numbering'],
  idcard: ['required', 'unique'],
  uscc: ['required', 'unique'],
  bankaccount: ['required', 'unique'],
  rating: ['required', 'default'],
  file: ['required'],
};

/** What the engine keeps nobody fills, so there is nothing to set for filling it. */
export const settingsIn = (draft: Pick<FieldInput, 'type' | 'rollup'>): Setting[] =>
  draft.rollup ? [] : settingsOf[draft.type];

/** Relations of other objects that point to this one: what can be rolled up. */
export function pointingAt(objects: readonly ObjectDef[], object: string): { of: ObjectDef; via: FieldDef }[] {
  return objects
    .filter(({ retired }) => !retired)
    .flatMap((of) =>
      of.fields
        .filter((via) => via.type === 'relation' && via.target === object && !via.retired && !via.encrypted)
        .map((via) => ({ of, via })),
    );
}

/** Fields of which the function can be made. */
export const fieldsFor = (of: ObjectDef | undefined, fn: Rollup['fn']): FieldDef[] =>
  (of?.fields ?? []).filter((field) => typesFor(fn).includes(field.type) && !field.retired && !field.encrypted);

/** Kinds under which types are offered, most used first. */
export const typeGroups = [
  { key: 'text', types: ['text', 'longtext', 'autonumber', 'url'] },
  { key: 'number', types: ['number', 'money', 'percent', 'rating'] },
  { key: 'choice', types: ['select', 'multiselect', 'tags', 'boolean', 'tree'] },
  { key: 'time', types: ['date', 'datetime'] },
  { key: 'contact', types: ['phone', 'email', 'address', 'geo'] },
  { key: 'link', types: ['user', 'department', 'relation', 'file'] },
  { key: 'number-id', types: ['uscc', 'idcard', 'bankaccount'] },
] as const satisfies { key: string; types: FieldTypeName[] }[];

/** Types that a field's values can be read as without loss; others would need a new field. */
const widenings: Partial<Record<FieldTypeName, FieldTypeName[]>> = {
  text: ['longtext'],
  select: ['multiselect'],
  multiselect: ['tags'],
  number: ['money'],
};
export const canBecome = (from: FieldTypeName): FieldTypeName[] => [from, ...(widenings[from] ?? [])];

export const emptyDraft = (): FieldInput => ({ label: { zh: '', en: '' }, type: 'text' });

const writable = [
  'label',
  'type',
  'required',
  'unique',
  'default',
  'help',
  'options',
  'stage',
  'chain',
  'occasion',
  'open',
  'target',
  'tree',
  'min',
  'max',
  'maxLength',
  'scale',
  'currency',
  'pattern',
  'numbering',
  'aliases',
  'sensitivity',
  'encrypted',
  'rollup',
  'tracked',
  'priority',
  'decay',
  'minutes',
  'group',
] as const satisfies (keyof FieldInput & keyof FieldDef)[];

export const draftOf = (field: FieldDef): FieldInput =>
  Object.assign(
    emptyDraft(),
    Object.fromEntries(writable.flatMap((key) => (field[key] === undefined ? [] : [[key, field[key]]]))),
    // Where it is going to, while its values are on their way.
    { encrypted: wantsEncryption(field) || undefined },
  );

/** Only what differs, so that two people editing different settings of a field don't undo each other; null for what was taken away. */
export function patchOf(before: FieldDef, draft: FieldInput): FieldPatch {
  const was = draftOf(before);
  return Object.fromEntries(
    writable.flatMap((key) =>
      JSON.stringify(was[key]) === JSON.stringify(draft[key]) ? [] : [[key, draft[key] ?? null]],
    ),
  );
}

/** A new option: its stored key never changes, so it is made from the first label or counted. */
export function optionFrom(label: string, existing: SelectOption[]): SelectOption {
  const base =
    label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40) || 'option';
  const taken = new Set(existing.map((option) => option.value));
  let value = base;
  for (let n = 2; taken.has(value); n++) value = `${base}_${n}`;
  return { value, label: { zh: label, en: label } };
}

/** What must be put right before saving. Codes have their sentences in texts.ts. */
export function draftIssues(draft: FieldInput, others: FieldDef[]): Issue[] {
  const issues: Issue[] = [];
  const zh = draft.label.zh.trim();
  if (zh === '' && draft.label.en.trim() === '') issues.push({ code: 'label-missing', field: 'label' });
  const same = others.find((other) => !other.retired && zh !== '' && other.label.zh.trim() === zh);
  if (same) issues.push({ code: 'label-taken', field: 'label', params: { label: zh } });
  const settings = settingsIn(draft);
  const { rollup } = draft;
  if (rollup && rollup.of === '') issues.push({ code: 'rollup-of-missing', field: 'rollup' });
  else if (rollup && rollup.fn !== 'count' && !rollup.field)
    issues.push({ code: 'rollup-field-missing', field: 'rollup' });
  else if (rollup?.fn === 'last' && !rollup.by) issues.push({ code: 'rollup-by-missing', field: 'rollup' });
  if (settings.includes('options') && !draft.open && (draft.options ?? []).filter((one) => !one.retired).length === 0)
    issues.push({ code: 'options-missing', field: 'options' });
  const labels = (draft.options ?? []).filter((one) => !one.retired).map((one) => one.label.zh.trim());
  const double = labels.find((one, index) => labels.indexOf(one) !== index);
  if (double !== undefined) issues.push({ code: 'option-double', field: 'options', params: { label: double } });
  if (settings.includes('target') && !draft.target) issues.push({ code: 'target-missing', field: 'target' });
  if (settings.includes('tree') && !draft.tree) issues.push({ code: 'tree-missing', field: 'tree' });
  if (typeof draft.min === 'number' && typeof draft.max === 'number' && draft.min > draft.max)
    issues.push({ code: 'range-turned', field: 'min', params: { min: draft.min, max: draft.max } });
  if (draft.pattern && !compiles(draft.pattern.regex)) issues.push({ code: 'pattern-bad', field: 'pattern' });
  return issues;
}

function compiles(regex: string): boolean {
  try {
    new RegExp(regex, 'u');
    return regex !== '';
  } catch {
    return false;
  }
}

/** A label given in one language serves in both until someone translates it. Settings of other types are left out. */
export function finished(draft: FieldInput): FieldInput {
  const zh = draft.label.zh.trim() || draft.label.en.trim();
  const en = draft.label.en.trim() || zh;
  const has = new Set<Setting>(settingsIn(draft));
  const out: FieldInput = { ...draft, label: { zh, en } };
  if (draft.rollup) out.tracked = out.encrypted = out.default = out.required = out.unique = undefined;
  if (!has.has('options')) out.options = undefined;
  if (!has.has('open')) out.open = undefined;
  if (!has.has('stage')) out.stage = undefined;
  if (!has.has('chain')) out.chain = undefined;
  if (!has.has('occasion')) out.occasion = undefined;
  if (!has.has('target')) out.target = undefined;
  if (!has.has('tree')) out.tree = undefined;
  if (!has.has('range') && !has.has('dateRange')) {
    out.min = undefined;
    out.max = undefined;
  }
  if (!has.has('maxLength')) out.maxLength = undefined;
  if (whyNotEncrypted({ name: '', title: '' }, { name: '', type: draft.type }, [])) out.encrypted = undefined;
  if (!has.has('pattern')) out.pattern = undefined;
  if (!has.has('numbering')) out.numbering = undefined;
  return Object.fromEntries(Object.entries(out).filter(([, value]) => value !== undefined)) as FieldInput;
}
