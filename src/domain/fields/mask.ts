import type { Lang } from '../issue.ts';
import type { FieldDef, FieldValue } from '../schema/types.ts';

const COMPOUND_SURNAME =
  /^(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|百里|呼延|南宫|长孙|宇文|轩辕|西门)/;
const stars = (length: number): string => '*'.repeat(Math.max(1, Math.min(length, 8)));

/** What someone may see who may know that a value is there, not the value. Never longer in information than its last 4 digits or first character. */
export function maskValue(value: FieldValue, field: Pick<FieldDef, 'type' | 'match'>): string | null {
  if (value === null) return null;
  const text =
    typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  switch (field.type) {
    case 'phone':
      return maskPhone(text);
    case 'email': {
      const at = text.lastIndexOf('@');
      return at > 0 ? `${[...text][0]}***${text.slice(at)}` : '***';
    }
    case 'idcard':
    case 'uscc':
    case 'bankaccount':
      return text.length >= 8 ? `${'*'.repeat(text.length - 4)}${text.slice(-4)}` : '****';
    case 'text':
      return field.match === 'person' ? maskName(text) : maskText(text);
    case 'date':
      return `${text.slice(0, 4)}-**-**`;
    case 'datetime':
      return `${text.slice(0, 4)}-**-** **:**`;
    case 'address':
      return maskAddress(text);
    default:
      return '***';
  }
}

function maskPhone(text: string): string {
  if (/^1\d{10}$/.test(text)) return `${text.slice(0, 3)}****${text.slice(-4)}`;
  const landline = /^(0\d{2,3}|[48]00)-(\d+)(-\d+)?$/.exec(text);
  if (landline?.[1] && landline[2]) return `${landline[1]}-****${landline[2].slice(-4)}`;
  return text.length > 8 ? `${text.slice(0, 3)}****${text.slice(-2)}` : '****';
}

/** 张三 → 张*, 欧阳娜娜 → 欧阳**, John Smith → J*** S***. */
function maskName(text: string): string {
  if (/[A-Za-z]/.test(text))
    return text
      .split(/\s+/)
      .map((word) => `${[...word][0] ?? ''}***`)
      .join(' ');
  const points = [...text];
  const shown = points.length > 2 && COMPOUND_SURNAME.test(text) ? 2 : 1;
  return points.slice(0, shown).join('') + stars(points.length - shown);
}

function maskText(text: string): string {
  const points = [...text];
  return points.length <= 2 ? stars(points.length) : `${points[0]}${stars(points.length - 1)}`;
}

/** Province and city stay, or the first three characters. */
function maskAddress(text: string): string {
  const known =
    /^(?:[^省市区县]{2,8}(?:省|自治区|特别行政区))?(?:[^省市区县]{1,10}(?:市|州|盟|地区))?/.exec(text)?.[0] ?? '';
  return `${known || [...text].slice(0, 3).join('')}****`;
}

const STEPS = [1, 5, 10, 50];

/** The band a number lies in: `50–100 万`, `500K–1M`; dates show their year. What isn't a number or date is masked. */
export function rangeValue(value: FieldValue, field: Pick<FieldDef, 'type' | 'match'>, lang: Lang): string | null {
  if (value === null) return null;
  if (field.type === 'date' || field.type === 'datetime')
    return String(value).slice(0, 4) + (lang === 'zh' ? ' 年' : '');
  const number = Number(value);
  if (!['number', 'money', 'percent'].includes(field.type) || typeof value === 'object' || !Number.isFinite(number))
    return maskValue(value, field);
  if (number === 0) return '0';
  const negative = number < 0;
  const [low, high] = field.type === 'percent' ? tens(Math.abs(number)) : band(Math.abs(number));
  const unit = field.type === 'percent' ? '%' : '';
  const text = lang === 'zh' ? chinese(low, high) : english(low, high);
  return `${negative ? '-(' : ''}${text}${unit}${negative ? ')' : ''}`;
}

function tens(n: number): [number, number] {
  const low = Math.floor(n / 10) * 10;
  return [low, low + 10];
}

/** Bands run 1–5–10–50–… : wide enough that the value can't be told, narrow enough to act on. */
function band(n: number): [number, number] {
  if (n < 1) return [0, 1];
  // Not by logarithms, which round just below a power.
  let power = 1;
  while (n >= power * 100) power *= 100;
  let low = power;
  for (const step of STEPS) if (n >= step * power) low = step * power;
  const next = STEPS[STEPS.indexOf(low / power) + 1];
  return [low, next === undefined ? power * 100 : next * power];
}

function chinese(low: number, high: number): string {
  for (const [size, name] of [
    [1e8, '亿'],
    [1e4, '万'],
  ] as const)
    if (low >= size || (low > 0 && high >= size * 10)) return `${low / size}–${high / size} ${name}`;
  return high === 10_000 ? `${low}–1 万` : `${low}–${high}`;
}

function english(low: number, high: number): string {
  const short = (n: number): string => {
    if (n >= 1e9) return `${n / 1e9}B`;
    if (n >= 1e6) return `${n / 1e6}M`;
    return n >= 1e3 ? `${n / 1e3}K` : String(n);
  };
  return `${short(low)}–${short(high)}`;
}
