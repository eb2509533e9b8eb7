/**
 * String distances. Strings are compared by UTF-16 unit, which is exact for everything in the Basic Multilingual Plane.
 */

let row0 = new Uint16Array(128);
let row1 = new Uint16Array(128);
let row2 = new Uint16Array(128);
let usedA = new Uint8Array(128);
let usedB = new Uint8Array(128);
const usedPairs = new Uint8Array(1024);

/**
 * Optimal string alignment distance (Levenshtein plus swaps of neighbours), never more than `limit + 1`.
 * Damerau 1964; the restricted form, which is what typing errors need.
 */
export function editDistance(a: string, b: string, limit = 255): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const n = endA - start;
  const m = endB - start;
  if (n === 0 || m === 0) return Math.min(n + m, limit + 1);
  if (m + 1 > row0.length) {
    row0 = new Uint16Array(m * 2);
    row1 = new Uint16Array(m * 2);
    row2 = new Uint16Array(m * 2);
  }
  let before = row0;
  let last = row1;
  let now = row2;
  for (let j = 0; j <= m; j++) last[j] = j;
  for (let i = 1; i <= n; i++) {
    const x = a.charCodeAt(start + i - 1);
    const xBefore = i > 1 ? a.charCodeAt(start + i - 2) : -1;
    now[0] = i;
    let best = i;
    for (let j = 1; j <= m; j++) {
      const y = b.charCodeAt(start + j - 1);
      let d = (last[j - 1] ?? 0) + (x === y ? 0 : 1);
      const up = (last[j] ?? 0) + 1;
      if (up < d) d = up;
      const left = (now[j - 1] ?? 0) + 1;
      if (left < d) d = left;
      if (j > 1 && x === b.charCodeAt(start + j - 2) && xBefore === y) {
        const swap = (before[j - 2] ?? 0) + 1;
        if (swap < d) d = swap;
      }
      now[j] = d;
      if (d < best) best = d;
    }
    if (best > limit) return limit + 1;
    const spare = before;
    before = last;
    last = now;
    now = spare;
  }
  return Math.min(last[m] ?? 0, limit + 1);
}

/** 1 − distance ÷ longer length: 1 for equal strings, 0 for nothing in common. */
export function editSimilarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Jaro–Winkler similarity in 0…1 (Winkler 1990; prefix scale 0.1, at most 4 characters). Good for names of people. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return 0;
  const reach = Math.max(0, (Math.max(n, m) >> 1) - 1);
  if (Math.max(n, m) > usedA.length) {
    usedA = new Uint8Array(Math.max(n, m) * 2);
    usedB = new Uint8Array(Math.max(n, m) * 2);
  }
  usedA.fill(0, 0, n);
  usedB.fill(0, 0, m);
  let common = 0;
  for (let i = 0; i < n; i++) {
    const to = Math.min(m - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= to; j++) {
      if (usedB[j] === 0 && a.charCodeAt(i) === b.charCodeAt(j)) {
        usedA[i] = 1;
        usedB[j] = 1;
        common++;
        break;
      }
    }
  }
  if (common === 0) return 0;
  let swaps = 0;
  let j = 0;
  for (let i = 0; i < n; i++) {
    if (usedA[i] === 0) continue;
    while (usedB[j] === 0) j++;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) swaps++;
    j++;
  }
  const jaro = (common / n + common / m + (common - swaps / 2) / common) / 3;
  let prefix = 0;
  while (prefix < 4 && prefix < n && prefix < m && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Sørensen–Dice coefficient of character pairs, in 0…1; insensitive to the order of parts. */
export function pairDice(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length < 2 || b.length < 2) return 0;
  usedPairs.fill(0, 0, Math.min(b.length, usedPairs.length));
  let shared = 0;
  for (let i = 0; i + 1 < a.length; i++) {
    const x = a.charCodeAt(i);
    const y = a.charCodeAt(i + 1);
    for (let j = 0; j + 1 < b.length; j++)
      if (b.charCodeAt(j) === x && b.charCodeAt(j + 1) === y && usedPairs[j] !== 1) {
        usedPairs[j] = 1;
        shared++;
        break;
      }
  }
  return (2 * shared) / (a.length + b.length - 2);
}

/** American Soundex (US National Archives rules): a letter and three digits; '' when the word has no Latin letter. */
export function soundex(word: string): string {
  const codes = '01230120022455012623010202'; // a…z; 0 = not coded
  let out = '';
  let last = '';
  for (let i = 0; i < word.length && out.length < 4; i++) {
    const c = word.charCodeAt(i) - 97;
    if (c < 0 || c > 25) continue;
    const code = codes.charAt(c);
    if (out === '') {
      out = word.charAt(i);
      last = code;
      continue;
    }
    if (code !== '0') {
      if (code !== last) out += code;
      last = code;
    } else if (c !== 7 && c !== 22) last = ''; // h and w do not separate equal codes, vowels do
  }
  return out === '' ? '' : out.padEnd(4, '0');
}
