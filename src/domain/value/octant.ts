import type { Label } from '../issue.ts';

/** What a customer's deals add up to. */
export interface Deals {
  /** Deals of the period, and what they were worth. */
  count: number;
  amount: number;
  /** Years since the first deal ever. */
  years: number;
}

/** From here on each of the three counts as high. */
export type Thresholds = Deals;

export type Octant = 'diamond' | 'rising' | 'gold' | 'potential' | 'loyal' | 'active' | 'old-friend' | 'watch';

/** The eight corners of the cube, the most valuable first. High: frequency, amount, years. */
export const OCTANTS: readonly {
  value: Octant;
  high: readonly [boolean, boolean, boolean];
  label: Label;
  about: Label;
}[] = [
  {
    value: 'diamond',
    high: [true, true, true],
    label: { zh: '钻石', en: 'Diamond' },
    about: { zh: '常买、买得多、合作久', en: 'Buys often, buys much, for years' },
  },
  {
    value: 'rising',
    high: [true, true, false],
    label: { zh: '新星', en: 'Rising star' },
    about: { zh: '常买、买得多、刚合作不久', en: 'Buys often and much, and has not been here for long' },
  },
  {
    value: 'gold',
    high: [false, true, true],
    label: { zh: '黄金', en: 'Gold' },
    about: { zh: '单子大、合作久、次数不多', en: 'Large deals for years, though few' },
  },
  {
    value: 'potential',
    high: [false, true, false],
    label: { zh: '潜力', en: 'Promising' },
    about: { zh: '单子大，刚开始合作', en: 'Large deals, just beginning' },
  },
  {
    value: 'loyal',
    high: [true, false, true],
    label: { zh: '忠诚', en: 'Loyal' },
    about: { zh: '常买、合作久，每次不多', en: 'Buys often, for years, a little each time' },
  },
  {
    value: 'active',
    high: [true, false, false],
    label: { zh: '活跃', en: 'Active' },
    about: { zh: '刚合作就常买，金额还小', en: 'New, buys often, small amounts so far' },
  },
  {
    value: 'old-friend',
    high: [false, false, true],
    label: { zh: '老友', en: 'Old friend' },
    about: { zh: '合作很久，近来买得少', en: 'Here for years, buys little lately' },
  },
  {
    value: 'watch',
    high: [false, false, false],
    label: { zh: '观察', en: 'To watch' },
    about: { zh: '次数、金额、年限都不高', en: 'Few deals, small amounts, not for long' },
  },
];

/** The corner of the cube that a customer stands in. */
export function octantOf(deals: Deals, thresholds: Thresholds): Octant {
  const high = [deals.count >= thresholds.count, deals.amount >= thresholds.amount, deals.years >= thresholds.years];
  return OCTANTS.find((one) => one.high.every((is, n) => is === high[n]))?.value ?? 'watch';
}

const DAYS_A_YEAR = 365.2425;
const DAY_MS = 86_400_000;

/** Years between two days (`YYYY-MM-DD`); 0 where the first is the later. */
export const yearsBetween = (from: string, to: string): number =>
  Math.max(0, Date.parse(to) - Date.parse(from)) / DAY_MS / DAYS_A_YEAR;
