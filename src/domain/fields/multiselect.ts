import type { Issue } from '../issue.ts';
import type { FieldDef, FieldValue } from '../schema/types.ts';
import { findOption, optionLabel, optionList, splitChoices } from './options.ts';
import { bad, excerpt, good, NOTHING, rawText, warning } from './outcome.ts';
import type { FieldType, Parsed } from './types.ts';

/** Shared with tags: a list or a text with separators becomes a list of option values, each once, in the order given. */
export function readChoices(raw: unknown, field: FieldDef, open: boolean): Parsed {
  const items: string[] = [];
  for (const part of Array.isArray(raw) ? raw : [raw]) {
    const input = rawText(part);
    if (input === undefined) return bad('not-text');
    // An element of a list is one choice, whatever it contains, when it is known as such.
    if (Array.isArray(raw) && findOption(field, input.trim())) items.push(input.trim());
    else items.push(...splitChoices(field, input));
  }
  const values = new Set<string>();
  const warnings: Issue[] = [];
  for (const item of items) {
    const option = findOption(field, item);
    if (!option && !open) return bad('select-unknown', { value: excerpt(item), ...optionList(field) });
    if (option?.retired) warnings.push(warning('select-retired', { value: item }));
    values.add(option?.value ?? item);
  }
  return values.size === 0 ? NOTHING : good([...values], ...warnings);
}

export function formatChoices(value: FieldValue, field: FieldDef, lang: 'zh' | 'en'): string {
  if (!Array.isArray(value)) return '';
  return value.map((v) => optionLabel(field, v, lang)).join(lang === 'zh' ? '、' : ', ');
}

export const multiselect: FieldType = {
  name: 'multiselect',
  label: { zh: '多选', en: 'Multiple choice' },
  kind: 'set',
  column: 'text[]',
  parse: (raw, field) => readChoices(raw, field, field.open ?? false),
  format: formatChoices,
};
