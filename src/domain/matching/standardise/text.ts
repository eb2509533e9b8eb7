import { simplify } from '../../text/simplify.ts';

const PLAIN = /^[\x20-\x7e]*$/;
const MARKS = /\p{M}+/gu;
const SPACES = /\s+/g;
const HAN = /\p{Script=Han}/u;

/** Letters that carry no separable accent but are commonly typed without their stroke. */
const STROKED: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

/**
 * Text as it is compared: half width, simplified, lower case, no accents, single spaces. Idempotent.
 * Only for comparing — nothing made here is stored or shown as a record's value.
 */
export function plain(raw: string): string {
  if (PLAIN.test(raw)) return raw.toLowerCase().replace(SPACES, ' ').trim();
  const folded = raw.normalize('NFKD').replace(MARKS, '').normalize('NFKC').toLowerCase();
  return simplify(folded.replace(/[øłđðþßæœı]/g, (c) => STROKED[c] ?? c))
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/[’‘`´ʼ]/g, "'")
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/[【〔［「『《]/g, '(')
    .replace(/[】〕］」』》]/g, ')')
    .replace(SPACES, ' ')
    .trim();
}

export function hasHan(text: string): boolean {
  return HAN.test(text);
}

const APART = /[^\p{L}\p{N}]+/gu;

/** Words of plain text: letters and digits, everything else parts them; an apostrophe inside a word is dropped. */
export function words(text: string): string[] {
  const out: string[] = [];
  for (const w of text
    .replace(/(\p{L})'(\p{L})/gu, '$1$2')
    .replace(/&/g, ' and ')
    .split(APART))
    if (w !== '') out.push(w);
  return out;
}

/** Letters and digits only, joined. */
export function letters(text: string): string {
  return text.replace(APART, '');
}

const DIGIT_OF: Record<string, string> = {
  〇: '0',
  零: '0',
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
};

/** Chinese numbers up to 99 in front of a counter (十一号楼, 第二分公司) as digits; other characters stay. */
export function arabic(text: string): string {
  return text.replace(/[〇零一二三四五六七八九十]+/g, (run) => {
    const ten = run.indexOf('十');
    if (ten < 0) return [...run].map((c) => DIGIT_OF[c] ?? c).join('');
    if (run.length > 3 || ten > 1) return run;
    const tens = ten === 0 ? '1' : (DIGIT_OF[run.charAt(0)] ?? '1');
    const rest = run.slice(ten + 1);
    return tens + (rest === '' ? '0' : (DIGIT_OF[rest] ?? rest));
  });
}
