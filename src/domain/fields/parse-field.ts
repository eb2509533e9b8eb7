import type { Issue } from '../issue.ts';
import type { FieldDef, FieldValue } from '../schema/types.ts';
import { narrow } from '../text/width.ts';
import { localDay } from './calendar.ts';
import { excerpt, warning } from './outcome.ts';
import { fieldType } from './registry.ts';
import type { Parsed, ParseEnv } from './types.ts';

/** What spreadsheets contain for "nothing"; only where the type itself could not read it. */
const PLACEHOLDER =
  /^(?:无|没有|暂无|未知|不详|空|待定|待补充?|n\/?a|none|null|nil|undefined|unknown|tbd|[-–—_/\\.*?]+)$/i;
const EXCEL_ERROR = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$/;
const TEXT_CAP: Partial<Record<FieldDef['type'], number>> = {
  text: 1_000,
  longtext: 100_000,
  address: 500,
  url: 2_000,
};

const warned = (value: FieldValue, issue: Issue): Parsed => ({ ok: true, value, warnings: [issue] });

/**
 * One raw value through its type's parser and the rules declared on the field (maxLength, min, max, pattern, options). `required` and `unique` are the
 * door's, which knows the record. Issues and warnings carry the field's name. Never throws, whatever JSON comes in.
 */
export function parseField(raw: unknown, field: FieldDef, env: ParseEnv): Parsed {
  if (raw === null || raw === undefined || raw === '') return { ok: true, value: null };
  const short = typeof raw === 'string' && raw.length < 20 ? raw : undefined;
  if (short && /^\s*[#＃]/.test(short) && EXCEL_ERROR.test(narrow(short)))
    return named(warned(null, warning('excel-error', { value: narrow(short) })), field);
  const parsed = fieldType(field.type).parse(raw, field, env);
  if (!parsed.ok) {
    if (short && PLACEHOLDER.test(narrow(short)))
      return named(warned(null, warning('placeholder', { value: narrow(short) })), field);
    return named(parsed, field);
  }
  const issue = parsed.value === null ? null : brokenRule(parsed.value, field, env);
  return named(issue ? { ok: false, issue } : parsed, field);
}

function named(parsed: Parsed, field: FieldDef): Parsed {
  if (!parsed.ok) return { ok: false, issue: { ...parsed.issue, field: field.name } };
  if (!parsed.warnings) return parsed;
  return { ...parsed, warnings: parsed.warnings.map((w) => ({ ...w, field: field.name })) };
}

/** The first declared rule that a canonical value breaks. */
function brokenRule(value: FieldValue, field: FieldDef, env: ParseEnv): Issue | null {
  if (typeof value === 'string') {
    const cap = field.maxLength ?? TEXT_CAP[field.type];
    if (cap !== undefined && value.length > cap) {
      const length = [...value].length;
      if (length > cap) return { code: 'too-long', params: { max: cap, length } };
    }
    if (field.pattern && !matches(field.pattern.regex, value))
      return {
        code: 'pattern',
        params: { value: excerpt(value), zh: field.pattern.message.zh, en: field.pattern.message.en },
      };
  }
  if (field.type === 'rating') return null;
  return outOfRange(value, field, env);
}

const NUMERIC = new Set(['number', 'money', 'percent']);

function outOfRange(value: FieldValue, field: FieldDef, env: ParseEnv): Issue | null {
  if (field.min === undefined && field.max === undefined) return null;
  if (NUMERIC.has(field.type)) {
    const n = Number(value);
    if (field.min !== undefined && n < Number(field.min))
      return { code: 'below-min', params: { min: field.min, value: String(value) } };
    if (field.max !== undefined && n > Number(field.max))
      return { code: 'above-max', params: { max: field.max, value: String(value) } };
  }
  if (field.type === 'date' || field.type === 'datetime') {
    const day = field.type === 'date' ? String(value) : localDay(new Date(String(value)), env.timeZone);
    const bound = (limit: number | string): string =>
      limit === 'today' ? localDay(env.now, env.timeZone) : String(limit);
    if (field.min !== undefined && day < bound(field.min))
      return { code: 'before-min', params: { min: bound(field.min), value: day } };
    if (field.max !== undefined && day > bound(field.max))
      return { code: 'after-max', params: { max: bound(field.max), value: day } };
  }
  return null;
}

const patterns = new Map<string, RegExp | null>();

/** A pattern that doesn't compile (metadata refuses it, see schema) stops nobody. */
function matches(regex: string, value: string): boolean {
  let compiled = patterns.get(regex);
  if (compiled === undefined) {
    try {
      compiled = new RegExp(regex, 'u');
    } catch {
      compiled = null;
    }
    patterns.set(regex, compiled);
  }
  return compiled === null || compiled.test(value);
}
