import { gramsOf, KIND } from './grams.ts';
import { compact } from './normalise.ts';

/**
 * What to look up for a typed query: OR between branches, AND inside one. `grams` are for the index (`grams @> …`); `like` are substrings that `doc` must
 * contain, checked on what the index returns. They hold letters, digits and a leading newline at most, so nothing of them needs escaping in LIKE.
 */
export interface SearchBranch {
  grams: number[];
  like: string[];
}
export interface SearchQuery {
  branches: SearchBranch[];
}

const MAX_QUERY = 64;
const MAX_BRANCHES = 12;

const text = (t: string): SearchBranch => ({
  grams: gramsOf(KIND.text, t, t.length === 1 || [...t].length === 1 ? 1 : 2),
  like: [t],
});
const both = (a: SearchBranch, b: SearchBranch): SearchBranch => ({
  grams: [...new Set([...a.grams, ...b.grams])],
  like: [...new Set([...a.like, ...b.like])],
});

/** `华为`, `hw`, `huawei`, `1380013`, `深圳 华为`, `华wei`. Words parted by spaces must all occur. Nothing typed gives no branches. */
export function searchQuery(typed: string): SearchQuery {
  const words = typed
    .slice(0, MAX_QUERY)
    .normalize('NFKC')
    .split(/\s+/)
    .map(compact)
    .filter((w) => w !== '');
  // 138 0013 8000 and h w: digits in groups are one number, single letters one row of initials
  const oneWord = words.every((w) => /^\d+$/.test(w)) || words.every((w) => /^[a-z]$/.test(w));
  const joined = oneWord && words.length > 1 ? [words.join('')] : words;
  // A single letter beside other words says too little to look up; it is only rechecked.
  const looked = joined.length > 1 ? joined.filter((w) => !/^[a-z]$/.test(w)) : joined;
  let branches: SearchBranch[] = [];
  for (const word of looked)
    branches = branches.length === 0 ? alternatives(word) : product(branches, alternatives(word), word);
  const rest = joined.filter((w) => !looked.includes(w));
  if (rest.length > 0) branches = branches.map((branch) => both(branch, { grams: [], like: rest }));
  return { branches };
}

function product(left: SearchBranch[], right: SearchBranch[], word: string): SearchBranch[] {
  // Too many ways: the words so far choose, this one is only rechecked.
  if (left.length * right.length > MAX_BRANCHES) return left.map((l) => both(l, { grams: [], like: [word] }));
  return left.flatMap((l) => right.map((r) => both(l, r)));
}

/** The ways one word without spaces can be meant. */
function alternatives(word: string): SearchBranch[] {
  if (/^[a-z]+$/.test(word)) return letters(word);
  if (/^\d+$/.test(word))
    return word.length < 3 ? [text(word)] : [{ grams: gramsOf(KIND.phone, word, 3), like: [word] }, text(word)];
  const parts = word.match(/[a-z]+|\d+|[^a-z\d]+/g) ?? [];
  const mixesHan = parts.length > 1 && parts.length <= 4 && /[^a-z\d]/.test(word);
  if (!mixesHan) return /^[a-z\d]+$/.test(word) ? [...spelled(word), text(word)] : [text(word)];
  // 华wei: either as written (3M中国) or part by part
  let split: SearchBranch[] = [];
  for (const part of parts) split = split.length === 0 ? alternatives(part) : product(split, alternatives(part), part);
  return [text(word), ...split];
}

function letters(word: string): SearchBranch[] {
  // One letter: titles that begin with it when spelled, or contain it
  if (word.length === 1) return [{ grams: gramsOf(KIND.head, word, 1), like: [`\n${word}`] }, text(word)];
  const initials: SearchBranch = { grams: gramsOf(KIND.initials, word, 2), like: [word] };
  return [initials, ...spelled(word), text(word)];
}

function spelled(word: string): SearchBranch[] {
  return [{ grams: gramsOf(KIND.spelling, word, word.length === 2 ? 2 : 3), like: [word] }];
}
