import type { FieldDef, FieldValue } from '../schema/types.ts';

/** A value of a person, with the field that it stood in. */
export interface Held {
  field: Pick<FieldDef, 'type' | 'sensitivity'> & { title?: boolean };
  value: FieldValue;
}

/**
 * What to look for. Sources of regular expressions, to be used without regard to case; JavaScript and PostgreSQL read them alike.
 * `sure` tells the person wherever it stands: numbers, addresses, long texts. `names` only where it is known that the text is about him.
 */
export interface Traces {
  sure: string[];
  names: string[];
}

/** Characters of one expression: compilers of regular expressions have limits. */
const MOST = 4000;
const DIGITS = new Set<FieldDef['type']>(['phone', 'idcard', 'bankaccount']);
const TEXTS = new Set<FieldDef['type']>([
  'text',
  'longtext',
  'email',
  'url',
  'address',
  'uscc',
  'autonumber',
  'tags',
  'file',
  'geo',
]);
/** Fewer say too little: 经理, 上海. */
const SURE_LENGTH = 6;
const SURE_DIGITS = 7;

/** Traces of one person or several. Values that others have too must be left out before. */
export function tracesOf(held: readonly Held[]): Traces {
  const sure = new Set<string>();
  const names = new Set<string>();
  for (const { field, value } of held)
    for (const text of textsOf(value)) {
      if (DIGITS.has(field.type)) {
        const pattern = digitsPattern(text);
        if (pattern) sure.add(pattern);
      } else if (TEXTS.has(field.type)) {
        const plain = text.trim();
        if (isSure(plain, field)) for (const spelled of spellings(plain)) sure.add(spelled);
        else if (isName(plain, field)) names.add(namePattern(plain));
      }
    }
  return { sure: gathered(sure), names: gathered(names) };
}

function textsOf(value: FieldValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap((one) => textsOf(one as FieldValue));
  if (value !== null && typeof value === 'object')
    return Object.values(value).flatMap((one) => textsOf(one as FieldValue));
  return [];
}

const length = (text: string): number => [...text].length;

function isSure(text: string, { type, sensitivity }: Held['field']): boolean {
  if (type === 'email' || type === 'uscc') return length(text) >= 5;
  if (length(text) >= SURE_LENGTH && !/^[A-Za-z]+$/.test(text)) return true;
  const marked = sensitivity === 'personal' || sensitivity === 'sensitive';
  return marked && length(text) >= SURE_LENGTH - 1 && /[A-Za-z]/.test(text) && /[\d_@-]/.test(text);
}

function isName(text: string, { title, sensitivity }: Held['field']): boolean {
  if (!title && sensitivity !== 'personal' && sensitivity !== 'sensitive') return false;
  return /^[\p{Script=Han}·]{2,}$/u.test(text) || (/^[A-Za-z][A-Za-z .'-]{3,}$/.test(text) && length(text) >= 4);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As it is, and as JSON writes it. */
function spellings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return (json === text ? [text] : [text, json]).map(escaped);
}

function namePattern(name: string): string {
  return /^[A-Za-z]/.test(name) ? `(?<![A-Za-z])${escaped(name)}(?![A-Za-z])` : escaped(name);
}

/** 13800138000 as 138-0013-8000, １３８…, +86 138 0013 8000, but not inside a longer number or an id (a UUID has such digits too). */
function digitsPattern(value: string): string | null {
  const all = value.replace(/[^\dXx]/g, '');
  const digits = /^86\d{11}$/.test(all) ? all.slice(2) : all;
  if (digits.length < SURE_DIGITS) return null;
  const each = [...digits].map((digit) =>
    /\d/.test(digit) ? `[${digit}${String.fromCodePoint(0xff10 + Number(digit))}]` : '[Xx]',
  );
  return `(?<![0-9])(?<![0-9a-f]{4}-[0-9a-f]?)${each.join('[-. ()]{0,2}')}(?![0-9])(?!-[0-9a-f]{4}-)`;
}

function gathered(patterns: ReadonlySet<string>): string[] {
  const groups: string[] = [];
  let group = '';
  for (const pattern of [...patterns].sort((a, b) => b.length - a.length)) {
    if (group !== '' && group.length + pattern.length > MOST) {
      groups.push(group);
      group = '';
    }
    group += group === '' ? pattern : `|${pattern}`;
  }
  return group === '' ? groups : [...groups, group];
}

/** Tells whether a text names the person; `alsoNames` where short names count too. */
export function tracer({ sure, names }: Traces, alsoNames: boolean): (text: string) => boolean {
  const expressions = [...sure, ...(alsoNames ? names : [])].map((source) => new RegExp(source, 'iu'));
  return (text) => expressions.some((one) => one.test(text));
}
