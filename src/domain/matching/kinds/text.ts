import { editSimilarity, jaroWinkler, pairDice } from '../distance.ts';
import { hasHan, letters, plain, words } from '../standardise/text.ts';
import type { Kind } from '../types.ts';
import { tokenAgreement } from './tokens.ts';

/** Text that is none of the other kinds: words, compared by how rare the shared ones are; Chinese by neighbouring characters. */
export interface FreeText {
  text: string;
  tokens: readonly string[];
}

const STOP = new Set('the of and a an in on at for to by de la le el und der die das'.split(' '));

function parseText(raw: string): FreeText | null {
  const base = plain(raw);
  if (hasHan(base)) {
    const text = letters(base);
    return text === '' ? null : { text, tokens: [] };
  }
  const all = words(base);
  const kept = all.filter((w) => !STOP.has(w));
  const tokens = kept.length > 0 ? kept : all;
  return tokens.length === 0 ? null : { text: tokens.join(' '), tokens };
}

export const text: Kind<FreeText> = {
  name: 'text',
  levels: [
    { name: 'same', label: { zh: '内容相同', en: 'the same' }, m: 0.5, u: 1e-3, term: true },
    { name: 'near', label: { zh: '内容几乎相同', en: 'almost the same' }, m: 0.15, u: 1e-3, term: true },
    { name: 'most', label: { zh: '大部分相同', en: 'mostly the same' }, m: 0.1, u: 1e-3 },
    { name: 'inside', label: { zh: '一方包含另一方', en: 'one contains the other' }, m: 0.07, u: 2e-3 },
    { name: 'part', label: { zh: '部分相同', en: 'partly the same' }, m: 0.06, u: 3e-2 },
    { name: 'other', label: { zh: '不同', en: 'different' }, m: 0.12, u: 0.96 },
  ],
  parse: parseText,
  text: (v) => v.text,
  compare(a, b, statistics) {
    if (a.text === b.text) return 0;
    if (a.tokens.length === 0 || b.tokens.length === 0) {
      const s = Math.max(editSimilarity(a.text, b.text), pairDice(a.text, b.text));
      if (s >= 0.85) return 1;
      if (s >= 0.7) return 2;
      if (Math.min(a.text.length, b.text.length) >= 2 && (a.text.includes(b.text) || b.text.includes(a.text))) return 3;
      return s >= 0.4 ? 4 : 5;
    }
    const { both, short } = tokenAgreement(a.tokens, b.tokens, statistics);
    if (both >= 0.88 || (a.text.length >= 5 && jaroWinkler(a.text, b.text) >= 0.95)) return 1;
    if (both >= 0.7) return 2;
    if (short >= 0.9) return 3;
    return both >= 0.35 ? 4 : 5;
  },
  keys(v) {
    if (v.tokens.length === 0) return v.text.length >= 4 ? [v.text, v.text.slice(0, 4)] : [v.text];
    const keys = [v.tokens.join('')];
    for (let i = 0; i + 1 < v.tokens.length && i < 4; i++) keys.push(`${v.tokens[i]} ${v.tokens[i + 1]}`);
    for (const t of v.tokens.slice(0, 4)) if (t.length > 3) keys.push(t.slice(0, 6));
    return keys;
  },
  coarse: (v) => [v.text.slice(0, 4)],
  term: (v) => v.text,
  tokens: (v) => v.tokens,
};

/** One of few values (sex, trade, state): equal, alike or not. */
export const category: Kind<string> = {
  name: 'category',
  disagree: 0.8,
  levels: [
    { name: 'same', label: { zh: '类别相同', en: 'same category' }, m: 0.8, u: 0.2, term: true },
    { name: 'part', label: { zh: '类别相近', en: 'similar categories' }, m: 0.08, u: 0.05 },
    { name: 'other', label: { zh: '类别不同', en: 'different categories' }, m: 0.12, u: 0.75 },
  ],
  parse: (raw) => words(plain(raw)).join(' ') || null,
  text: (v) => v,
  compare(a, b) {
    if (a === b) return 0;
    const shorter = Math.min(a.length, b.length);
    return (shorter >= 3 && jaroWinkler(a, b) >= 0.9) ||
      a.split(' ').some((t) => t.length > 2 && b.split(' ').includes(t))
      ? 1
      : 2;
  },
  keys: () => [],
  coarse: (v) => [v],
  term: (v) => v,
};
