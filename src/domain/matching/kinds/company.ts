import { editDistance, editSimilarity, pairDice } from '../distance.ts';
import { type CompanyName, parseCompany, tradeOf } from '../standardise/company.ts';
import { leadingPlace } from '../standardise/places.ts';
import { soundsSame, spoken } from '../standardise/sound.ts';
import { arabic } from '../standardise/text.ts';
import type { ColumnStatistics, Kind, Level } from '../types.ts';
import { tokenAgreement } from './tokens.ts';

const LEVELS = [
  { name: 'same', label: { zh: '名称相同', en: 'same name' }, m: 0.45, u: 1e-6, term: true },
  {
    name: 'form',
    label: { zh: '字号与行业相同，组织形式或地名写法不同', en: 'same name, other legal form or place spelling' },
    m: 0.2,
    u: 1e-6,
    term: true,
  },
  {
    name: 'sound',
    label: { zh: '名称同音，用字不同', en: 'name sounds the same, other characters' },
    m: 0.1,
    u: 1e-6,
    term: true,
  },
  {
    name: 'near',
    label: { zh: '名称只差一个字（漏字、多字或错字）', en: 'name differs by a typing error' },
    m: 0.05,
    u: 5e-6,
    term: true,
  },
  {
    name: 'short',
    label: { zh: '一方是另一方的简称', en: 'one is the short form of the other' },
    m: 0.12,
    u: 1e-5,
    term: true,
  },
  { name: 'initials', label: { zh: '一方是另一方的缩写', en: 'one abbreviates the other' }, m: 0.02, u: 1e-4 },
  {
    name: 'group',
    label: { zh: '字号相同，一方是集团', en: 'same name, one is the group' },
    m: 0.004,
    u: 1e-5,
    fixed: -20,
  },
  {
    name: 'trade',
    label: { zh: '字号相同，行业不同', en: 'same trade name, other line of business' },
    m: 0.004,
    u: 1e-5,
    fixed: -20,
  },
  { name: 'place', label: { zh: '名称相同，地区不同', en: 'same name, other place' }, m: 0.002, u: 1e-5, fixed: -20 },
  { name: 'part', label: { zh: '名称部分相似', en: 'partly similar names' }, m: 0.03, u: 5e-3 },
  { name: 'other', label: { zh: '名称不同', en: 'different names' }, m: 0.02, u: 0.99, fixed: -24 },
  {
    name: 'branch',
    label: { zh: '总部与分支，或不同分支机构', en: 'head office and branch, or two branches' },
    m: 1e-6,
    u: 1e-5,
    veto: true,
  },
] as const satisfies readonly Level[];

type LevelName = (typeof LEVELS)[number]['name'];
const AT = Object.fromEntries(LEVELS.map((l, i) => [l.name, i])) as Record<LevelName, number>;

const ORDINAL = /[\d一二三四五六七八九十东西南北]/;

/** 第一 / 第二, 东 / 西, A2 / A3: one character apart, but another organisation. Only the characters that differ are looked at. */
function numbersDiffer(a: string, b: string): boolean {
  if (a.length !== b.length) return a.replace(/\D/g, '') !== b.replace(/\D/g, '');
  for (let i = 0; i < a.length; i++)
    if (a.charAt(i) !== b.charAt(i) && ORDINAL.test(a.charAt(i)) && ORDINAL.test(b.charAt(i))) return true;
  return false;
}

/** Two known places in front that differ (山东大学, 山西大学): one character, but another organisation. */
function placesDiffer(a: string, b: string): boolean {
  const x = leadingPlace(a)?.place;
  const y = leadingPlace(b)?.place;
  return x !== undefined && y !== undefined && (x.province !== y.province || x.city !== y.city);
}

/**
 * A typing error apart: every differing character sounds the same, or one is missing, added or wrong. A wrong character of another sound
 * in a short 字号 is another 字号 (腾讯, 腾飞), so what the two end with alike (科技, 大学) does not count for the length.
 */
function nearCores(a: string, b: string): boolean {
  const longer = Math.max(a.length, b.length);
  const sound = soundsSame(a, b);
  if (sound.same) return sound.differing * 2 <= longer && !placesDiffer(a, b);
  if (longer < 4) return false;
  const allowed = longer >= 9 ? 2 : 1;
  if (editDistance(a, b, allowed) > allowed || numbersDiffer(a, b) || placesDiffer(a, b)) return false;
  return a.length !== b.length || longer - tradeLength(a, b) >= 4;
}

function tradeLength(a: string, b: string): number {
  const ending = /(?:大学|学院|医院|中学|小学|银行|政府|委员会|局|中心|研究院|研究所)$/.exec(a)?.[0] ?? tradeOf(a);
  return b.endsWith(ending) ? ending.length : 0;
}

function sameBranch(a: string, b: string): boolean {
  if (a === b || arabic(a) === arabic(b)) return true;
  if (a === '' || b === '') return false;
  if (soundsSame(a, b).same) return true;
  // Two known places are two branches (北京, 南京); otherwise one typing error is forgiven (天分公司, 天水分公司).
  if (leadingPlace(a) !== undefined && leadingPlace(b) !== undefined && a.slice(0, 2) !== b.slice(0, 2)) return false;
  return Math.max(a.length, b.length) >= 5 && editDistance(a, b, 1) <= 1 && !numbersDiffer(arabic(a), arabic(b));
}

/** 北大 of 北京大学, 上汽 of 上海汽车: the characters of the short name in order, beginning with the same one. */
function abbreviates(short: CompanyName, long: CompanyName): boolean {
  const text = short.whole;
  if (!short.informal || text.length < 2 || text.length > 5 || long.whole.length < text.length + 2) return false;
  for (const whole of [long.whole, long.whole.replace(/^中国/, '')]) {
    if (whole.charAt(0) !== text.charAt(0)) continue;
    let at = 0;
    for (let i = 0; i < whole.length && at < text.length; i++) if (whole.charAt(i) === text.charAt(at)) at++;
    if (at === text.length) return true;
  }
  return false;
}

function compareHan(a: CompanyName, b: CompanyName): number {
  const level = compareHeads(a, b);
  if (sameBranch(a.branch, b.branch)) return level;
  return level === AT.other || level === AT.part ? level : AT.branch;
}

function compareHeads(a: CompanyName, b: CompanyName): number {
  // A bare 简称 (宏达) is carried by many; only a full name is made to be unique.
  if (a.full === b.full) return a.informal && a.core.length < 4 ? AT.short : AT.same;
  if (a.former !== '' || b.former !== '') {
    const names = [a.full, a.former].filter((n) => n !== '');
    if (names.includes(b.full) || (b.former !== '' && names.includes(b.former))) return AT.form;
  }
  const apart =
    (a.city !== '' && b.city !== '' && a.city !== b.city) ||
    (a.province !== '' && b.province !== '' && a.province !== b.province);
  const groupsDiffer = a.group !== b.group && !(a.group ? b.informal : a.informal);
  if (a.core === b.core) return apart ? AT.place : a.group === b.group ? AT.form : groupsDiffer ? AT.group : AT.short;
  const close = soundsSame(a.core, b.core).same ? AT.sound : AT.near;
  if (nearCores(a.core, b.core)) return apart ? AT.place : groupsDiffer ? AT.group : close;
  // The border between place and name may have been misread on one side (绍香贡贡, 江素神马).
  if (a.group === b.group && (a.city === '' || b.city === '' || !apart) && nearCores(a.whole, b.whole))
    return soundsSame(a.whole, b.whole).same ? AT.sound : AT.near;
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const)
    if (
      x.otherCore !== '' &&
      (y.city === '' || y.city === x.otherCity) &&
      (x.otherCore === y.core || nearCores(x.otherCore, y.core))
    )
      return AT.near;
  const [short, long] = a.core.length <= b.core.length ? [a, b] : [b, a];
  const contained =
    long.core.startsWith(short.core) ||
    (short.core.length >= 3 ? long.core.includes(short.core) : short.informal && long.brand.includes(short.core));
  const misspelt =
    short.informal && short.core.length >= 3 && soundsSame(short.core, long.core.slice(0, short.core.length)).same;
  if (short.core.length >= 2 && (contained || misspelt)) {
    if (apart) return AT.place;
    if (short.informal && (!short.group || long.group)) return AT.short;
    // 海尔集团公司 and 海尔智家股份有限公司: both are full names, so the extra word is another line of business.
    return short.group !== long.group ? AT.group : AT.trade;
  }
  if (!apart && (abbreviates(a, b) || abbreviates(b, a))) return AT.initials;
  if (a.brand.length >= 2 && a.brand === b.brand) {
    if (apart) return AT.place;
    // A typing error inside the trade (科计, 科技) is no other trade.
    if (a.trade !== '' && b.trade !== '' && a.trade.length === b.trade.length && editDistance(a.trade, b.trade, 1) <= 1)
      return AT.near;
    return groupsDiffer ? AT.group : AT.trade;
  }
  if (!a.informal && !b.informal && startsAlike(a.core, b.core) >= 2) return AT.trade;
  return pairDice(a.core, b.core) >= 0.5 && pairDice(a.brand, b.brand) >= 0.3 ? AT.part : AT.other;
}

/** Characters that both begin with. */
function startsAlike(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a.charAt(n) === b.charAt(n)) n++;
  return n;
}

function compareLatin(a: CompanyName, b: CompanyName, statistics: ColumnStatistics): number {
  if (a.full === b.full) return AT.same;
  if (a.core === b.core) return AT.form;
  if (a.former !== '' && a.former === b.core.replace(/ /g, '')) return AT.form;
  if (b.former !== '' && b.former === a.core.replace(/ /g, '')) return AT.form;
  const { both, short, conflict } = tokenAgreement(a.tokens, b.tokens, statistics);
  if (conflict) return both > 0.5 ? AT.trade : AT.other;
  if (both >= 0.92 || editSimilarity(a.core, b.core) >= 0.9) return AT.near;
  if (short >= 0.97) return AT.short;
  return both >= 0.75 ? AT.near : both >= 0.45 ? AT.part : AT.other;
}

export const company: Kind<CompanyName> = {
  name: 'company',
  disagree: 0.3,
  levels: LEVELS,
  parse: parseCompany,
  text: (v) => v.full,
  compare(a, b, statistics) {
    const latinA = a.tokens.length > 0;
    const latinB = b.tokens.length > 0;
    // A Chinese and a Latin name can't be compared: not known rather than different.
    if (latinA !== latinB) return -1;
    return latinA ? compareLatin(a, b, statistics) : compareHan(a, b);
  },
  keys(v) {
    if (v.tokens.length > 0) {
      const keys = [v.core.replace(/ /g, '')];
      for (let i = 0; i + 1 < v.tokens.length && i < 4; i++) keys.push(`${v.tokens[i]} ${v.tokens[i + 1]}`);
      for (const t of v.tokens.slice(0, 4)) if (t.length > 3) keys.push(t.slice(0, 6));
      return keys;
    }
    const keys = [spoken(v.core)];
    if (v.brand.length >= 2 && v.brand.length <= 6) keys.push(`b${spoken(v.brand)}`);
    if (v.core.length >= 4) keys.push(`h${v.core.slice(0, 3)}`, `t${v.core.slice(1, 4)}`);
    return keys;
  },
  coarse: (v) => [v.tokens.length > 0 ? v.core.slice(0, 4) : v.core.slice(0, 2)],
  term: (v) => (v.tokens.length > 0 ? v.core : v.brand.length >= 2 ? v.brand : v.core),
  tokens: (v) => v.tokens,
};
