import { editDistance, editSimilarity, pairDice } from '../distance.ts';
import { type CompanyName, parseCompany } from '../standardise/company.ts';
import { soundsSame, spoken } from '../standardise/sound.ts';
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
    name: 'near',
    label: { zh: '名称只差一两个字（同音、漏字或错字）', en: 'name differs by a typing error' },
    m: 0.15,
    u: 1e-6,
    term: true,
  },
  {
    name: 'short',
    label: { zh: '一方是另一方的简称', en: 'one is the short form of the other' },
    m: 0.12,
    u: 1e-5,
    term: true,
  },
  {
    name: 'group',
    label: { zh: '字号相同，一方是集团', en: 'same name, one is the group' },
    m: 0.004,
    u: 1e-5,
    fixed: -14,
  },
  {
    name: 'trade',
    label: { zh: '字号相同，行业不同', en: 'same trade name, other line of business' },
    m: 0.004,
    u: 1e-5,
    fixed: -14,
  },
  { name: 'place', label: { zh: '名称相同，地区不同', en: 'same name, other place' }, m: 0.002, u: 1e-5, fixed: -14 },
  { name: 'part', label: { zh: '名称部分相似', en: 'partly similar names' }, m: 0.03, u: 5e-3 },
  { name: 'other', label: { zh: '名称不同', en: 'different names' }, m: 0.04, u: 0.99 },
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

const ORDINALS = /\d+|[一二三四五六七八九十]|[东西南北]/g;

/** 第一 / 第二, 东 / 西: one letter, but another organisation. */
function numbersDiffer(a: string, b: string): boolean {
  return (a.match(ORDINALS) ?? []).join() !== (b.match(ORDINALS) ?? []).join();
}

function nearCores(a: string, b: string): boolean {
  const longer = Math.max(a.length, b.length);
  if (longer < 3) return soundsSame(a, b).same;
  const sound = soundsSame(a, b);
  if (sound.same && sound.differing * 2 <= longer) return true;
  if (longer < 4) return false;
  const allowed = longer >= 9 ? 2 : 1;
  return editDistance(a, b, allowed) <= allowed && !numbersDiffer(a, b);
}

function branches(a: string, b: string): boolean {
  if (a === b) return true;
  if (a === '' || b === '') return false;
  if (numbersDiffer(a, b)) return false;
  return (
    soundsSame(a, b).same ||
    (Math.max(a.length, b.length) > 4 && editDistance(a, b, 1) <= 1 && a.slice(0, 2) === b.slice(0, 2))
  );
}

function compareHan(a: CompanyName, b: CompanyName): number {
  if (!branches(a.branch, b.branch)) {
    const alike =
      a.core === b.core || a.core.startsWith(b.core) || b.core.startsWith(a.core) || nearCores(a.core, b.core);
    return alike ? AT.branch : pairDice(a.core, b.core) >= 0.4 ? AT.part : AT.other;
  }
  if (a.full === b.full) return AT.same;
  if (a.former !== '' || b.former !== '') {
    const names = [a.full, a.former].filter((n) => n !== '');
    if (names.includes(b.full) || (b.former !== '' && names.includes(b.former))) return AT.form;
  }
  const apart =
    (a.city !== '' && b.city !== '' && a.city !== b.city) ||
    (a.province !== '' && b.province !== '' && a.province !== b.province);
  const [short, long] = a.core.length <= b.core.length ? [a, b] : [b, a];
  if (a.core === b.core) {
    if (apart) return AT.place;
    if (a.group === b.group) return AT.form;
    const noGroup = a.group ? b : a;
    return noGroup.form === '' ? AT.short : AT.group;
  }
  if (nearCores(a.core, b.core))
    return apart ? AT.place : a.group !== b.group && a.form !== '' && b.form !== '' ? AT.group : AT.near;
  if (!apart && a.group === b.group && nearCores((a.city || a.province) + a.core, (b.city || b.province) + b.core))
    return AT.near;
  const brandOnly =
    short.core.length >= 2 &&
    (long.core.startsWith(short.core) || (short.core.length >= 3 && long.core.includes(short.core)));
  if (brandOnly) {
    if (apart) return AT.place;
    if (short.form === '') return a.group !== b.group && long.form !== '' && short.group ? AT.group : AT.short;
    // 海尔集团公司 and 海尔智家股份有限公司: both are full names, so the extra word is another line of business.
    return short.group !== long.group ? AT.group : AT.trade;
  }
  if (a.brand.length >= 2 && a.brand === b.brand) return apart ? AT.place : a.group !== b.group ? AT.group : AT.trade;
  return pairDice(a.core, b.core) >= 0.5 ? AT.part : AT.other;
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
  levels: LEVELS,
  parse: parseCompany,
  text: (v) => v.full,
  compare(a, b, statistics) {
    const latinA = a.tokens.length > 0;
    const latinB = b.tokens.length > 0;
    if (latinA !== latinB) return AT.other;
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
