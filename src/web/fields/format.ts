import type { Lang } from '../../domain/issue.ts';
import type { FieldDef, FieldValue } from '../../domain/schema/types.ts';

/** What showing a value needs to know besides the value: names of what it points at, and the reader. */
export interface FormatEnv {
  lang: Lang;
  timeZone: string;
  /** Title of a related record, name of an account. */
  title(id: string): string | undefined;
  /** Path of a node of a reference tree, `制造业 / 汽车制造业`. */
  node(tree: string, code: string): string | undefined;
}

const SIGN: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', HKD: 'HK$' };

/** 1234567.5 → 1,234,567.5, from a decimal string, so that large amounts lose no digit. */
export function groupDigits(decimal: string): string {
  const [whole = '', rest] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-21 09:30` in a zone. */
export function formatMoment(iso: string, timeZone: string): string {
  let clock = clocks.get(timeZone);
  if (!clock) {
    // The Swedish form is ISO's: year-month-day hour:minute.
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    clocks.set(timeZone, clock);
  }
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : clock.format(at);
}

export function optionLabel(field: FieldDef, value: string, lang: Lang): string {
  return field.options?.find((option) => option.value === value)?.label[lang] ?? value;
}

/** Values of a field that holds one or several choices. */
export const choicesOf = (value: FieldValue | undefined): string[] =>
  Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : [];

/** The value as a person reads it. '' for nothing. */
export function formatValue(value: FieldValue | undefined, field: FieldDef, env: FormatEnv): string {
  if (value === null || value === undefined) return '';
  switch (field.type) {
    case 'money': {
      const text = String(value);
      return text === '' || !/^-?[\d.]+$/.test(text)
        ? text
        : `${SIGN[field.currency ?? 'CNY'] ?? ''}${groupDigits(text)}`;
    }
    case 'number':
      return typeof value === 'number' ? groupDigits(String(value)) : String(value);
    case 'percent':
      return typeof value === 'number' ? `${value}%` : String(value);
    case 'boolean':
      if (typeof value !== 'boolean') return String(value);
      return env.lang === 'zh' ? (value ? '是' : '否') : value ? 'Yes' : 'No';
    case 'rating':
      return typeof value === 'number' ? '★'.repeat(Math.min(10, Math.max(0, value))) : String(value);
    case 'datetime':
      return typeof value === 'string' ? formatMoment(value, env.timeZone) : '';
    case 'select':
    case 'multiselect':
    case 'tags':
      return choicesOf(value)
        .map((choice) => optionLabel(field, choice, env.lang))
        .join(env.lang === 'zh' ? '、' : ', ');
    case 'tree':
      return typeof value === 'string' ? (env.node(field.tree ?? '', value) ?? value) : '';
    case 'relation':
    case 'user':
    case 'department':
      return choicesOf(value)
        .map((id) => env.title(id) ?? '…')
        .join('、');
    case 'file': {
      const files = typeof value === 'object' && 'files' in value ? value.files : null;
      return Array.isArray(files) ? files.map((file: { name?: string }) => file.name ?? '').join('、') : '';
    }
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

/** The value as text that reads back through the same field: for the clipboard and for editing. */
export function plainText(value: FieldValue | undefined, field: FieldDef, env: FormatEnv): string {
  if (value === null || value === undefined) return '';
  switch (field.type) {
    case 'money':
    case 'number':
    case 'rating':
      return String(value);
    default:
      return formatValue(value, field, env);
  }
}
