import type { FieldDef, SelectOption } from '../schema/types.ts';
import { simplify } from '../text/simplify.ts';
import { cleanLine, narrow } from '../text/width.ts';

/** Spelling differences that don't matter when an option is looked up: width, case, spaces, script, dashes, counting words. */
export function fold(text: string): string {
  return simplify(narrow(text))
    .toLowerCase()
    .replace(/[\s_]/g, '')
    .replace(/[–—−～~至]/g, '-')
    .replace(/[（）]/g, (c) => (c === '（' ? '(' : ')'));
}

const cache = new WeakMap<SelectOption[], Map<string, SelectOption>>();

function byFold(options: SelectOption[]): Map<string, SelectOption> {
  const known = cache.get(options);
  if (known) return known;
  const map = new Map<string, SelectOption>();
  // Stable keys win over labels, labels over aliases.
  for (const option of options) map.set(fold(option.value), option);
  for (const option of options)
    for (const label of [option.label.zh, option.label.en]) if (!map.has(fold(label))) map.set(fold(label), option);
  for (const option of options)
    for (const alias of option.aliases ?? []) if (!map.has(fold(alias))) map.set(fold(alias), option);
  cache.set(options, map);
  return map;
}

/** Finds an option by value, label or alias. An exact key is found even when another option's label folds alike. */
export function findOption(field: FieldDef, text: string): SelectOption | undefined {
  const options = field.options ?? [];
  return options.find((o) => o.value === text) ?? byFold(options).get(fold(text));
}

/** Parameters of a sentence that lists what is allowed: the first labels in both languages. */
export function optionList(field: FieldDef): { options: string; optionsEn: string } {
  const offered = (field.options ?? []).filter((o) => !o.retired);
  const more = offered.length > 8 ? '…' : '';
  const first = offered.slice(0, 8);
  return {
    options: first.map((o) => o.label.zh).join('、') + more,
    optionsEn: first.map((o) => o.label.en).join(', ') + more,
  };
}

export function optionLabel(field: FieldDef, value: string, lang: 'zh' | 'en'): string {
  return (field.options ?? []).find((o) => o.value === value)?.label[lang] ?? value;
}

/** Splits a cell that holds several choices. `/` separates only where the whole isn't an option itself (`A/B test`). */
export function splitChoices(field: FieldDef, text: string): string[] {
  const out: string[] = [];
  for (const part of text.split(/[、,，;；|｜\n\t]/)) {
    const piece = cleanLine(part);
    if (piece === '') continue;
    const slash = /[/／]/.test(piece) && !findOption(field, piece);
    for (const item of slash ? piece.split(/[/／]/) : [piece]) {
      const clean = cleanLine(cleanLine(item).replace(/^[#＃]+/, ''));
      if (clean !== '') out.push(clean);
    }
  }
  return out;
}
