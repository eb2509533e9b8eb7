import { jaroWinkler } from '../distance.ts';
import type { ColumnStatistics } from '../types.ts';

export interface TokenAgreement {
  /** Share of the rarity of both sides' tokens that is found on the other side, 0…1. */
  both: number;
  /** The same for the side that says less: 1 when one is contained in the other. */
  short: number;
  /** Rarity of what is shared, in bits. */
  shared: number;
  /** Both carry numbers and they differ. */
  conflict: boolean;
}

const NUMBER = /^\d+(?:st|nd|rd|th)?$/;

function initials(tokens: readonly string[]): string {
  return tokens.map((t) => t.charAt(0)).join('');
}

/**
 * Soft TF-IDF: tokens of two texts are paired one to one, equal or nearly equal (typing errors, abbreviations, joined words), and each
 * counts by how rare it is (Cohen, Ravikumar, Fienberg 2003).
 */
export function tokenAgreement(
  a: readonly string[],
  b: readonly string[],
  statistics: ColumnStatistics,
): TokenAgreement {
  let allA = 0;
  let allB = 0;
  for (const t of a) allA += statistics.rarity(t);
  for (const t of b) allB += statistics.rarity(t);
  const used = new Uint8Array(b.length);
  const usedA = new Uint8Array(a.length);
  let gotA = 0;
  let gotB = 0;
  const take = (i: number, j: number, share: number): void => {
    usedA[i] = 1;
    used[j] = 1;
    gotA += share * statistics.rarity(a[i] ?? '');
    gotB += share * statistics.rarity(b[j] ?? '');
  };
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < b.length; j++)
      if (used[j] === 0 && a[i] === b[j]) {
        take(i, j, 1);
        break;
      }
  let conflict = false;
  for (let i = 0; i < a.length; i++) {
    if (usedA[i] === 1) continue;
    const x = a[i] ?? '';
    let best = 0.84;
    let at = -1;
    for (let j = 0; j < b.length; j++) {
      if (used[j] === 1) continue;
      const y = b[j] ?? '';
      if (NUMBER.test(x) || NUMBER.test(y)) {
        if (NUMBER.test(x) && NUMBER.test(y)) conflict = true;
        continue;
      }
      // Words that share neither of their first two letters and differ in length are never near enough.
      const start =
        x.charCodeAt(0) === y.charCodeAt(0) ||
        x.charCodeAt(1) === y.charCodeAt(1) ||
        x.charCodeAt(0) === y.charCodeAt(1) ||
        x.charCodeAt(1) === y.charCodeAt(0);
      if (!start) continue;
      let s = x.length > 1 && y.length > 1 ? jaroWinkler(x, y) : 0;
      if (s < 0.9 && Math.min(x.length, y.length) >= 3 && (x.startsWith(y) || y.startsWith(x))) s = 0.9;
      if (s < 0.86 && (x.length === 1 || y.length === 1) && x.charAt(0) === y.charAt(0)) s = 0.86;
      if (s > best) {
        best = s;
        at = j;
      }
    }
    if (at >= 0) take(i, at, best);
  }
  let both = allA + allB === 0 ? 0 : (gotA + gotB) / (allA + allB);
  let short = allA <= allB ? (allA === 0 ? 0 : gotA / allA) : allB === 0 ? 0 : gotB / allB;
  if (short < 0.9) {
    // Joined or split words, and acronyms: "mackenzie street" / "mackenziestreet", "mit" / "massachusetts institute technology".
    const joinedA = a.join('');
    const joinedB = b.join('');
    const alike = joinedA.charCodeAt(0) === joinedB.charCodeAt(0) && Math.abs(joinedA.length - joinedB.length) <= 2;
    const joined = !alike ? 0 : joinedA === joinedB ? 1 : jaroWinkler(joinedA, joinedB) >= 0.96 ? 0.93 : 0;
    if (joined > both) both = short = joined;
    const acronym = (x: readonly string[], y: readonly string[]) =>
      x.length === 1 && y.length >= 3 && x[0] === initials(y);
    if (acronym(a, b) || acronym(b, a)) short = 1;
  }
  return { both, short, shared: Math.max(gotA, gotB), conflict };
}
