import { editDistance, jaroWinkler, soundex } from '../distance.ts';
import { type PersonName, parsePerson, sameNickname } from '../standardise/person.ts';
import { soundsSame, spoken } from '../standardise/sound.ts';
import { hasHan, letters, plain } from '../standardise/text.ts';
import type { ColumnStatistics, Kind, KindName, Level } from '../types.ts';
import { tokenAgreement } from './tokens.ts';

const PERSON_LEVELS: readonly Level[] = [
  { name: 'same', label: { zh: '姓名相同', en: 'same name' }, m: 0.6, u: 1e-4, term: true },
  {
    name: 'sound',
    label: { zh: '姓名同音，或词序、缩写不同', en: 'same name by sound, order or short form' },
    m: 0.1,
    u: 1e-4,
    term: true,
  },
  { name: 'near', label: { zh: '姓名只差一个字符', en: 'name differs by a typing error' }, m: 0.1, u: 1e-4 },
  {
    name: 'title',
    label: { zh: '一方只有姓氏或首字母，不矛盾', en: 'only a surname or initial on one side, compatible' },
    m: 0.05,
    u: 5e-3,
  },
  { name: 'part', label: { zh: '姓名部分相同', en: 'names partly the same' }, m: 0.05, u: 2e-2 },
  { name: 'other', label: { zh: '姓名不同', en: 'different names' }, m: 0.1, u: 0.97 },
];

function compareHanPerson(a: PersonName, b: PersonName): number {
  if (a.full === b.full) return a.given === '' ? 3 : 0;
  if (soundsSame(a.full, b.full).same && a.given !== '') return 1;
  if (a.given === '' || b.given === '') return a.surname === b.surname ? 3 : 5;
  if (a.full.length >= 3 && b.full.length >= 2 && editDistance(a.full, b.full, 1) <= 1) return 2;
  if (a.full.length === 2 && b.full.length === 2 && a.full === b.given + b.surname) return 1;
  return a.surname === b.surname || a.given === b.given ? 4 : 5;
}

function compareLatinPerson(a: PersonName, b: PersonName, statistics: ColumnStatistics): number {
  if (a.full === b.full) return 0;
  if ([...a.tokens].sort().join(' ') === [...b.tokens].sort().join(' ')) return 1;
  const variant =
    a.tokens.length === b.tokens.length &&
    a.tokens.every((t, i) => {
      const other = b.tokens[i] ?? '';
      return (
        t === other ||
        sameNickname(t, other) ||
        (t.length > 3 && soundex(t) === soundex(other) && jaroWinkler(t, other) > 0.85)
      );
    });
  if (variant) return 1;
  const { both, short } = tokenAgreement(a.tokens, b.tokens, statistics);
  if (both >= 0.88 || editDistance(a.full, b.full, 2) <= (a.full.length > 8 ? 2 : 1)) return 2;
  if (short >= 0.86) return 3;
  return both >= 0.35 ? 4 : 5;
}

export const person: Kind<PersonName> = {
  name: 'person',
  disagree: 0.35,
  levels: PERSON_LEVELS,
  parse: parsePerson,
  text: (v) => (v.han && v.given === '' ? `${v.full}…` : v.full),
  compare(a, b, statistics) {
    if (a.han && b.han) return compareHanPerson(a, b);
    if (a.han !== b.han) {
      const [han, latin] = a.han ? [a, b] : [b, a];
      const written = latin.tokens.join('');
      return written === spoken(han.full) || written === spoken(han.given) + spoken(han.surname) ? 1 : 5;
    }
    return compareLatinPerson(a, b, statistics);
  },
  keys(v) {
    if (v.han) return v.given === '' ? [] : [spoken(v.full)];
    const sorted = v.tokens
      .filter((t) => t.length > 1)
      .map(soundexOrWord)
      .sort();
    return [v.full, ...(sorted.length > 1 ? [sorted.join(' ')] : [])];
  },
  coarse(v) {
    if (v.han) return v.given === '' ? [] : [spoken(v.surname) + spoken(v.given.slice(-1))];
    const first = v.tokens[0] ?? '';
    const last = v.tokens[v.tokens.length - 1] ?? '';
    return first === last ? [soundexOrWord(last)] : [soundexOrWord(last), `1${soundexOrWord(first)}`];
  },
  term: (v) => v.full,
  tokens: (v) => v.tokens,
};

function soundexOrWord(word: string): string {
  const code = soundex(word);
  return code === '' ? word.slice(0, 3) : code;
}

const NAME_LEVELS: readonly Level[] = [
  { name: 'same', label: { zh: '相同', en: 'the same' }, m: 0.7, u: 2e-3, term: true },
  { name: 'variant', label: { zh: '同音、昵称或缩写', en: 'same sound, nickname or initial' }, m: 0.06, u: 5e-3 },
  { name: 'near', label: { zh: '只差一个字符', en: 'a typing error apart' }, m: 0.1, u: 5e-3 },
  { name: 'swapped', label: { zh: '姓与名写反了', en: 'given and family name swapped' }, m: 0.04, u: 1e-4 },
  { name: 'far', label: { zh: '有些相似', en: 'somewhat similar' }, m: 0.03, u: 3e-2 },
  { name: 'other', label: { zh: '不同', en: 'different' }, m: 0.07, u: 0.96 },
];
/** Level of two swapped names; the comparison of a pair of records sets it, a single column can't see it. */
export const SWAPPED = 3;

function compareName(a: string, b: string): number {
  if (a === b) return 0;
  if (hasHan(a) || hasHan(b))
    return soundsSame(a, b).same || spoken(a) === spoken(b)
      ? 1
      : editDistance(a, b, 1) <= 1 && Math.max(a.length, b.length) >= 2
        ? 2
        : 5;
  const shorter = Math.min(a.length, b.length);
  if (shorter <= 1) return a.charAt(0) === b.charAt(0) ? 1 : 5;
  if (sameNickname(a, b)) return 1;
  const s = jaroWinkler(a, b);
  if (shorter >= 3 && editDistance(a, b, 1) <= 1) return 2;
  if (s >= 0.93) return 2;
  if (shorter >= 3 && (a.startsWith(b) || b.startsWith(a))) return 1;
  if (soundex(a) === soundex(b) && s >= 0.8) return 1;
  return s >= 0.82 ? 4 : 5;
}

function nameKind(name: KindName): Kind<string> {
  return {
    name,
    disagree: 0.25,
    levels: NAME_LEVELS,
    parse: (raw) => letters(plain(raw)) || null,
    text: (v) => v,
    compare: compareName,
    keys: () => [],
    coarse: (v) => (hasHan(v) ? [spoken(v)] : [soundexOrWord(v), v.slice(0, 3)]),
    term: (v) => v,
  };
}

export const given = nameKind('given');
export const family = nameKind('family');
