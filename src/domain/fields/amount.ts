import { decimal } from './decimal.ts';

/** Reading numbers as people write them: separators, 万/亿, brackets for negative, currency signs. */
export type Amount = { ok: true; value: string; currency?: string; percent: boolean } | { ok: false; code: string };

const CURRENCY: Record<string, string> = {
  '¥': 'CNY',
  '￥': 'CNY',
  rmb: 'CNY',
  cny: 'CNY',
  人民币: 'CNY',
  元: 'CNY',
  块: 'CNY',
  $: 'USD',
  us$: 'USD',
  usd: 'USD',
  美元: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  欧元: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
  英镑: 'GBP',
  hk$: 'HKD',
  hkd: 'HKD',
  港币: 'HKD',
  港元: 'HKD',
  jpy: 'JPY',
  日元: 'JPY',
};
const BEFORE = /^(us\$|hk\$|rmb|cny|usd|eur|gbp|hkd|jpy|人民币|美元|欧元|港币|[¥￥$€£])\s*[:：]?\s*/i;
const AFTER = /\s*(rmb|cny|usd|eur|gbp|hkd|jpy|人民币|美元|欧元|英镑|港币|港元|日元|元|块|圆)(?:整|正)?$/i;
const UNITS: Record<string, number> = {
  十: 1,
  百: 2,
  千: 3,
  万: 4,
  萬: 4,
  十万: 5,
  百万: 6,
  千万: 7,
  亿: 8,
  億: 8,
  万亿: 12,
  k: 3,
  w: 4,
  m: 6,
  mn: 6,
  million: 6,
  b: 9,
  bn: 9,
  billion: 9,
};
const UNIT = /\s*(万亿|[十百千]?[万萬]|亿|億|[十百千]|million|billion|mn|bn|[kwmb])$/i;
const INEXACT = /约|左右|大概|以上|以下|多|余|近|不到|超过|\d\s*[-~～至到–—]\s*\d|\+$|[<>≤≥≈]|或|to /i;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const GROUPED_ODD = /^[+-]?\d{1,4}(?:,\d{4})+(?:\.\d+)?$/;

/** `text` is narrowed already. */
export function readAmount(text: string): Amount {
  let rest = text;
  let currency: string | undefined;
  let negative = false;
  const brackets = /^\((.+)\)$/.exec(rest);
  if (brackets?.[1]) {
    negative = true;
    rest = brackets[1];
  }
  const sign = /^([+-])\s*(?=\D)/.exec(rest);
  if (sign) {
    negative = negative !== (sign[1] === '-');
    rest = rest.slice(sign[0].length);
  }
  for (const form of [BEFORE, AFTER]) {
    const found = form.exec(rest);
    if (!found?.[1]) continue;
    currency ??= CURRENCY[found[1].toLowerCase()] ?? 'CNY';
    rest = form === BEFORE ? rest.slice(found[0].length) : rest.slice(0, found.index);
  }
  const percent = /\s*[%％]$/.test(rest);
  rest = rest.replace(/\s*[%％]$/, '');
  let shift = 0;
  const unit = UNIT.exec(rest);
  if (unit?.[1]) {
    shift = UNITS[unit[1].toLowerCase()] ?? 0;
    rest = rest.slice(0, unit.index);
  }
  rest = rest.trim();
  if (GROUPED.test(rest) || GROUPED_ODD.test(rest)) rest = rest.replaceAll(',', '');
  else if (/^[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?$/.test(rest)) rest = rest.replaceAll(' ', '');
  const value = decimal(rest, shift);
  if (value === null) {
    if (INEXACT.test(text)) return { ok: false, code: 'number-inexact' };
    return { ok: false, code: /\d,\d/.test(rest) ? 'number-separators' : 'number-form' };
  }
  const signed = negative ? decimal(value.startsWith('-') ? value.slice(1) : `-${value}`) : value;
  return { ok: true, value: signed ?? value, percent, ...(currency ? { currency } : {}) };
}
