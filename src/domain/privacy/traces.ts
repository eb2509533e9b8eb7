import type { FieldDef, FieldValue } from '../schema/types.ts';

/** A value of a person, with the field that it stood in. */
export interface Held {
  field: Pick<FieldDef, 'type' | 'sensitivity'> & { title?: boolean };
  value: FieldValue;
}

/**
 * What to look for. Sources of regular expressions, to be used without regard to case; JavaScript and PostgreSQL read them alike.
 * `sure`: numbers and addresses that tell the person wherever they stand. `texts`: long values, and `names`: short ones; both may be part of what is said
 * of somebody else, so they count only where it is known that the text is about him.
 */
export interface Traces {
  sure: string[];
  texts: string[];
  names: string[];
  /** Pieces of `needleText` of any text in which `sure` finds something: quick to look for first. */
  needles: string[];
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
/** Fewer characters say too little: 经理, 上海. */
const TEXT_LENGTH = 6;
const SURE_DIGITS = 7;

/** Traces of one person or several. Values that others have too must be left out before. */
export function tracesOf(held: readonly Held[]): Traces {
  const sure = new Set<string>();
  const texts = new Set<string>();
  const names = new Set<string>();
  const needles = new Set<string>();
  for (const { field, value } of held)
    for (const text of textsOf(value)) {
      const plain = text.trim();
      if (DIGITS.has(field.type)) {
        const digits = digitsOf(plain);
        if (digits === null) continue;
        sure.add(digitsPattern(digits));
        needles.add(needleText(digits));
      } else if (TEXTS.has(field.type)) {
        if (isHandle(plain, field)) {
          for (const spelled of spellings(plain)) sure.add(escaped(spelled));
          for (const spelled of spellings(plain)) needles.add(needleText(spelled));
        } else if (length(plain) >= TEXT_LENGTH && !/^[A-Za-z]+$/.test(plain))
          for (const spelled of spellings(plain)) texts.add(bounded(spelled));
        else if (isName(plain, field)) names.add(bounded(plain));
      }
    }
  return { sure: gathered(sure), texts: gathered(texts), names: gathered(names), needles: [...needles] };
}

/** Lower case, plain digits, without what people put between digits. PostgreSQL does the same: records/erase/sweep.ts. */
export const needleText = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[０-９]/g, (digit) => String((digit.codePointAt(0) ?? 0) - 0xff10))
    .replace(/[-. ()]/g, '');

function textsOf(value: FieldValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap((one) => textsOf(one as FieldValue));
  if (value !== null && typeof value === 'object')
    return Object.values(value).flatMap((one) => textsOf(one as FieldValue));
  return [];
}

const length = (text: string): number => [...text].length;

/** A mail address, an account: letters with digits or signs in a field about a person. */
function isHandle(text: string, { type, sensitivity }: Held['field']): boolean {
  if (type === 'email') return length(text) >= 5;
  const marked = sensitivity === 'personal' || sensitivity === 'sensitive';
  return marked && /^[\w.@-]{5,}$/.test(text) && /[A-Za-z]/.test(text) && /[\d_@-]/.test(text);
}

function isName(text: string, { title, sensitivity }: Held['field']): boolean {
  if (!title && sensitivity !== 'personal' && sensitivity !== 'sensitive') return false;
  return /^[\p{Script=Han}·]{2,}$/u.test(text) || (/^[A-Za-z][A-Za-z .'-]{3,}$/.test(text) && length(text) >= 4);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As it is, and as JSON writes it. */
function spellings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return json === text ? [text] : [text, json];
}

/** Not as the beginning of a longer word or number: 编号 1 is not 编号 10. */
function bounded(text: string): string {
  const head = /^[A-Za-z]/.test(text) ? '(?<![A-Za-z])' : /^\d/.test(text) ? '(?<!\\d)' : '';
  const tail = /[A-Za-z]$/.test(text) ? '(?![A-Za-z])' : /\d$/.test(text) ? '(?!\\d)' : '';
  return head + escaped(text) + tail;
}

function digitsOf(value: string): string | null {
  const all = value.replace(/[^\dXx]/g, '');
  const digits = /^86\d{11}$/.test(all) ? all.slice(2) : all;
  return digits.length < SURE_DIGITS ? null : digits;
}

/** 13800138000 as 138-0013-8000, １３８…, +86 138 0013 8000, but not inside a longer number or an id (a UUID has such digits too). */
function digitsPattern(digits: string): string {
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

/** Tells whether a text names the person; `also` where it is known to be about him. */
export function tracer({ sure, texts, names }: Traces, also: boolean): (text: string) => boolean {
  const expressions = [...sure, ...(also ? [...texts, ...names] : [])].map((source) => new RegExp(source, 'iu'));
  return (text) => expressions.some((one) => one.test(text));
}
