import { parseField } from '../fields/parse-field.ts';
import { fieldType } from '../fields/registry.ts';
import type { ParseEnv } from '../fields/types.ts';
import type { Issue } from '../issue.ts';
import { mayBeSealed } from '../schema/sealed.ts';
import type { FieldDef, FieldValue } from '../schema/types.ts';
import { simplify } from '../text/simplify.ts';
import { cleanLine, visible } from '../text/width.ts';

/** What beyond the field's own rules is wanted; each changes how a value reads, so it is asked for. */
export interface Wanted {
  /** Traditional characters to simplified ones. */
  simplify?: boolean | undefined;
  /** Days written in text fields (2024.3.5, 2024年3月5日) to YYYY-MM-DD. */
  dates?: boolean | undefined;
}

/** What was done to a value, named for the person who decides. */
export type Rule = 'phone' | 'width' | 'spaces' | 'brackets' | 'case' | 'choice' | 'simplified' | 'date' | 'form';

export type Respelled =
  | { is: 'same' }
  | { is: 'other'; value: FieldValue; rule: Rule }
  /** Breaks today's rules: no form can be given to it, a person has to look. */
  | { is: 'invalid'; issue: Issue };

/** Filled by the engine, or names of other records: nothing in them to spell. */
const NOT_SPELLED: ReadonlySet<string> = new Set(['autonumber', 'user', 'department', 'relation', 'file', 'geo']);

/** Fields whose values are kept as text, so that one thing can be written in several ways. Other columns hold one form only; encrypted ones are left alone. */
export function isSpelled(field: FieldDef): boolean {
  if (field.retired || field.readonly || mayBeSealed(field)) return false;
  return !NOT_SPELLED.has(field.type) && fieldType(field.type).column === 'text';
}

const LIKE_A_DAY = /^\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?$/;
const TEXTS: ReadonlySet<string> = new Set(['text', 'longtext', 'address']);

/** A stored value as the door would store it today. Says the same thing, or it is `invalid`: what would become empty is left alone. */
export function respell(stored: FieldValue, field: FieldDef, env: ParseEnv, wanted: Wanted = {}): Respelled {
  if (stored === null || typeof stored !== 'string') return { is: 'same' };
  const asked = wantedForm(stored, field, env, wanted);
  const parsed = parseField(asked.text, field, env);
  if (!parsed.ok) return { is: 'invalid', issue: parsed.issue };
  if (parsed.value === null || parsed.value === stored) return { is: 'same' };
  return { is: 'other', value: parsed.value, rule: asked.rule ?? ruleOf(stored, String(parsed.value), field) };
}

function wantedForm(
  text: string,
  field: FieldDef,
  env: ParseEnv,
  { simplify: simplified, dates }: Wanted,
): { text: string; rule?: Rule } {
  if (!TEXTS.has(field.type)) return { text };
  const line = cleanLine(text);
  if (dates && field.type === 'text' && LIKE_A_DAY.test(line)) {
    const day = fieldType('date').parse(line, { ...field, type: 'date' }, env);
    if (day.ok && typeof day.value === 'string' && day.value !== text) return { text: day.value, rule: 'date' };
  }
  if (!simplified) return { text };
  // Two code points stand for one character here and there; the field's own parser keeps the usual one.
  const usual = text.normalize('NFC');
  const other = simplify(usual);
  return other === usual ? { text } : { text: other, rule: 'simplified' };
}

function ruleOf(before: string, after: string, field: FieldDef): Rule {
  if (field.type === 'phone') return 'phone';
  if (field.type === 'select' || field.type === 'tree') return 'choice';
  const gaps = /\s+/g;
  if (visible(before).replace(gaps, '') === after.replace(gaps, '')) return 'spaces';
  const line = cleanLine(before).replace(gaps, '');
  if (line === after.replace(gaps, '')) return 'width';
  if (line.toLowerCase() === after.replace(gaps, '').toLowerCase()) return 'case';
  if (line.replaceAll('(', '（').replaceAll(')', '）') === after.replace(gaps, '')) return 'brackets';
  return 'form';
}
