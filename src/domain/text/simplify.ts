import pairs from 'opencc-js/dict/TSCharacters';

/**
 * Traditional to simplified, character by character (OpenCC's TSCharacters). Phrases are left out on purpose: the table is 30 kB
 * instead of 1 MB, and search and matching only need both sides mapped alike. One exception is kept: 乾 stays (乾坤, 乾隆, 李乾).
 */
let table: Map<string, string> | undefined;

function load(): Map<string, string> {
  const map = new Map<string, string>();
  for (const pair of pairs.split('|')) {
    const [from, to] = pair.split(' ');
    if (from && to && from !== '乾') map.set(from, to);
  }
  // 薴 stands as 苧, which is itself simplified to 苎: both ends must meet.
  for (const [from, to] of map) map.set(from, map.get(to) ?? to);
  return map;
}

export function simplify(text: string): string {
  table ??= load();
  let out: string | undefined;
  let at = 0;
  for (const c of text) {
    const to = table.get(c);
    if (to !== undefined) out = (out ?? text.slice(0, at)) + to;
    else if (out !== undefined) out += c;
    at += c.length;
  }
  return out ?? text;
}
