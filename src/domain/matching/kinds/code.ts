import { editDistance } from '../distance.ts';
import { dateText, type PartialDate, parseDate } from '../standardise/date.ts';
import { letters, plain } from '../standardise/text.ts';
import { validUscc } from '../standardise/uscc.ts';
import type { Kind, KindName, Level } from '../types.ts';

const ID_LEVELS: readonly Level[] = [
  { name: 'same', label: { zh: '编号相同', en: 'same number' }, m: 0.85, u: 1e-6, term: true },
  { name: 'near', label: { zh: '编号只差一个字符', en: 'one character apart' }, m: 0.07, u: 1e-5 },
  { name: 'close', label: { zh: '编号差两个字符', en: 'two characters apart' }, m: 0.03, u: 1e-4 },
  { name: 'other', label: { zh: '编号不同', en: 'different numbers' }, m: 0.05, u: 0.999 },
];

const readCode = (raw: string): string | null => letters(plain(raw)).toUpperCase() || null;

export const identifier: Kind<string> = {
  name: 'identifier',
  disagree: 0.3,
  levels: ID_LEVELS,
  parse: readCode,
  text: (v) => v,
  compare(a, b) {
    if (a === b) return 0;
    if (Math.min(a.length, b.length) < 6) return 3;
    const d = editDistance(a, b, 2);
    return d === 1 ? 1 : d === 2 && Math.min(a.length, b.length) >= 7 ? 2 : 3;
  },
  keys: (v) => [v],
  coarse: (v) => [v.slice(0, 4), `e${v.slice(-4)}`],
  term: (v) => v,
};

/** 统一社会信用代码 (GB 32100-2015): two valid and different codes are two organisations, whatever else agrees. */
export const uscc: Kind<string> = {
  ...identifier,
  name: 'uscc',
  levels: [
    ...ID_LEVELS.map((l) =>
      l.name === 'same'
        ? { ...l, m: 0.98, proof: true, label: { zh: '统一社会信用代码相同', en: 'same credit code' } }
        : l,
    ),
    {
      name: 'conflict',
      label: { zh: '两个有效的统一社会信用代码不同', en: 'two valid credit codes that differ' },
      m: 1e-6,
      u: 0.5,
      veto: true,
    },
  ],
  compare(a, b) {
    if (a === b) return 0;
    if (validUscc(a) && validUscc(b)) return 4;
    return identifier.compare(a, b, { rarity: () => 1 });
  },
};

export const date: Kind<PartialDate> = {
  name: 'date',
  disagree: 0.3,
  levels: [
    { name: 'same', label: { zh: '日期相同', en: 'same date' }, m: 0.7, u: 1e-4, term: true },
    {
      name: 'typo',
      label: { zh: '日期只差一位，或日月颠倒', en: 'one digit apart, or day and month swapped' },
      m: 0.1,
      u: 2e-3,
    },
    {
      name: 'partial',
      label: { zh: '同年，一方不知道具体日期', en: 'same year, one side without an exact day' },
      m: 0.04,
      u: 2e-3,
    },
    { name: 'two', label: { zh: '年、月、日中两项相同', en: 'two of year, month and day the same' }, m: 0.05, u: 5e-3 },
    { name: 'digits', label: { zh: '日期差两位', en: 'two digits apart' }, m: 0.03, u: 2e-2 },
    { name: 'close', label: { zh: '相差不到两年', en: 'less than two years apart' }, m: 0.03, u: 5e-2 },
    { name: 'other', label: { zh: '日期不同', en: 'different dates' }, m: 0.05, u: 0.9 },
  ],
  parse: parseDate,
  text: dateText,
  compare(a, b) {
    const x = dateText(a);
    const y = dateText(b);
    if (x === y) return 0;
    const vague = (d: PartialDate): boolean => d.month === 0 || d.day === 0 || (d.month === 1 && d.day === 1);
    if (a.year === b.year && (vague(a) || vague(b))) return 2;
    // Two bare years: only the year can agree.
    if (a.month === 0 && b.month === 0) return Math.abs(a.year - b.year) <= 2 ? 5 : editDistance(x, y, 1) <= 1 ? 4 : 6;
    if (a.year === b.year && a.month === b.day && a.day === b.month) return 1;
    const d = editDistance(x, y, 2);
    if (d === 1) return 1;
    const parts = Number(a.year === b.year) + Number(a.month === b.month) + Number(a.day === b.day);
    if (parts === 2) return 3;
    if (d === 2) return 4;
    return Math.abs(a.year - b.year) <= 1 ? 5 : 6;
  },
  keys: () => [],
  coarse: (v) => (v.month === 0 ? [String(v.year)] : [dateText(v), String(v.year), `m${dateText(v).slice(4)}`]),
  term: dateText,
};

function exactish(
  name: KindName,
  levels: readonly Level[],
  compare: (a: string, b: string) => number,
  parse = readCode,
): Kind<string> {
  return { name, levels, parse, text: (v) => v, compare, keys: () => [], coarse: (v) => [v], term: (v) => v };
}

/** House number, room, any short number. */
export const number = exactish(
  'number',
  [
    { name: 'same', label: { zh: '号码相同', en: 'same number' }, m: 0.75, u: 1e-2, term: true },
    { name: 'near', label: { zh: '号码只差一位', en: 'one character apart' }, m: 0.1, u: 3e-2 },
    { name: 'other', label: { zh: '号码不同', en: 'different numbers' }, m: 0.15, u: 0.96 },
  ],
  (a, b) => (a === b ? 0 : Math.max(a.length, b.length) >= 2 && editDistance(a, b, 1) <= 1 ? 1 : 2),
);

export const postcode: Kind<string> = {
  ...exactish(
    'postcode',
    [
      { name: 'same', label: { zh: '邮编相同', en: 'same postcode' }, m: 0.75, u: 1e-3, term: true },
      { name: 'near', label: { zh: '邮编只差一位', en: 'one character apart' }, m: 0.08, u: 3e-3 },
      { name: 'area', label: { zh: '邮编同一片区', en: 'same postal area' }, m: 0.05, u: 2e-2 },
      { name: 'other', label: { zh: '邮编不同', en: 'different postcodes' }, m: 0.12, u: 0.97 },
    ],
    (a, b) => {
      if (a === b) return 0;
      if (editDistance(a, b, 1) <= 1) return 1;
      // British postcodes: the last three characters are the inward part; else the first three digits name the area.
      const area = (v: string): string =>
        /\d[A-Z]{2}$/.test(v) ? v.slice(0, -3) : v.slice(0, Math.max(2, v.length - 2));
      return area(a) === area(b) ? 2 : 3;
    },
  ),
  coarse: (v) => [v, `p${v.slice(0, 3)}`],
};
