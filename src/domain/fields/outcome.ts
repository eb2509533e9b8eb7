import type { Issue } from '../issue.ts';
import type { FieldValue } from '../schema/types.ts';
import { cleanLine, narrow } from '../text/width.ts';
import type { Parsed } from './types.ts';

export const NOTHING: Parsed = { ok: true, value: null };

export function good(value: FieldValue, ...warnings: (Issue | null)[]): Parsed {
  const kept = warnings.filter((w): w is Issue => w !== null);
  return kept.length > 0 ? { ok: true, value, warnings: kept } : { ok: true, value };
}

export function bad(code: string, params?: Issue['params']): Parsed {
  return { ok: false, issue: params ? { code, params } : { code } };
}

export function warning(code: string, params?: Issue['params']): Issue {
  return params ? { code, params, level: 'warning' } : { code, level: 'warning' };
}

/** A raw value as text; undefined when it is no text, number or yes/no at all. */
export function rawText(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  if (raw === null || raw === undefined) return '';
  if (typeof raw === 'number') return Number.isFinite(raw) ? String(raw) : undefined;
  if (typeof raw === 'boolean' || typeof raw === 'bigint') return String(raw);
  return undefined;
}

/** Like rawText, cleaned for reading prose. */
export function rawLine(raw: unknown): string | undefined {
  const text = rawText(raw);
  return text === undefined ? undefined : cleanLine(text);
}

/** Like rawText, with everything narrowed, for codes, numbers and dates. A leading apostrophe is Excel's text mark. */
export function rawCode(raw: unknown): string | undefined {
  const text = rawText(raw);
  return text === undefined ? undefined : narrow(text).replace(/^['’`]+/, '');
}

/** Shortens a text for a sentence; shows what isn't text as JSON. */
export function excerpt(raw: unknown, length = 24): string {
  const text = rawText(raw) ?? JSON.stringify(raw) ?? '';
  const points = [...text];
  return points.length > length ? `${points.slice(0, length).join('')}…` : text;
}

/** Excel shows long numbers as `1.38E+10`; saved as text the digits are gone. */
export const SCIENTIFIC = /^[+-]?\d(?:\.\d+)?e\+?\d{1,3}$/i;
