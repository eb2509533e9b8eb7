import { AppError } from '../../../contract/errors.ts';
import type { Phase, Place, SortPlan } from './sort-key.ts';

/** A cursor is a place in one sort order. It carries no rights: scope and filter apply anew to every page. */
export interface Cursor extends Place {
  phase: Exclude<Phase, 'both'>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const FORMS: Record<string, RegExp> = {
  uuid: UUID,
  smallint: /^-?\d{1,4}$/,
  real: /^-?\d{1,40}(\.\d{1,40})?(e[+-]\d{1,2})?$/,
  numeric: /^-?\d{1,40}(\.\d{1,40})?$/,
  'double precision': /^-?\d{1,40}(\.\d{1,40})?(e[+-]\d{1,3})?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamptz: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}(:\d{2}){0,2}$/,
  boolean: /^(true|false)$/,
};

const shapeOf = (plan: SortPlan): string => [...plan.keys.map((k) => `${k.field} ${k.dir}`), plan.id].join();

export function writeCursor(plan: SortPlan, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([shapeOf(plan), cursor.phase, cursor.id, ...cursor.values])).toString('base64url');
}

/** Reads a cursor made for the same sort order; anything else is a 422. Values are checked so that none can fail a cast in SQL. */
export function readCursor(plan: SortPlan, text: string): Cursor {
  const invalid = new AppError('invalid-input', { count: 1 }, { issues: [{ code: 'cursor' }] });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw invalid;
  }
  if (!Array.isArray(parts) || parts.length !== plan.keys.length + 3) throw invalid;
  const [shape, phase, id, ...values] = parts as unknown[];
  if (shape !== shapeOf(plan) || (phase !== 'filled' && phase !== 'empty')) throw invalid;
  if (typeof id !== 'string' || !UUID.test(id)) throw invalid;
  const read = plan.keys.map((key, i): string | null => {
    const value = values[i];
    if (value === null) return null;
    const form = FORMS[key.type];
    if (typeof value !== 'string' || value.includes('\0') || (form && !form.test(value))) throw invalid;
    if (key.type === 'text[]' && !isTextList(value)) throw invalid;
    return value;
  });
  const [first] = read;
  if (plan.keys[0]?.nullable && (first === null) !== (phase === 'empty')) throw invalid;
  return { phase, id, values: read };
}

function isTextList(text: string): boolean {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}
