import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

// docs/security/asvs.md names every requirement of OWASP ASVS 5.0 at levels 1 and 2 once, and cites what there is.

const path = join(import.meta.dirname, '../docs/security/asvs.md');
const text = readFileSync(path, 'utf8');

/** How many requirements of levels 1 and 2 each section has; they are its first ones (OWASP ASVS 5.0.0). */
const SECTIONS: Record<string, number[]> = {
  1: [2, 9, 11, 3, 2],
  2: [3, 3, 4, 1],
  3: [0, 2, 4, 6, 5, 0, 2],
  4: [3, 1, 2, 4],
  5: [1, 3, 2, 3],
  6: [3, 12, 4, 4, 5, 3, 0, 4],
  7: [3, 4, 2, 5, 2, 2],
  8: [2, 3, 1, 1],
  9: [3, 4],
  10: [2, 2, 4, 11, 5, 2, 3],
  11: [2, 3, 3, 4, 1, 1],
  12: [3, 2, 4],
  13: [1, 5, 2, 5],
  14: [2, 4, 3],
  15: [3, 3, 7],
  16: [1, 5, 4, 3, 3],
  17: [1, 4, 2],
};

const rows = [...text.matchAll(/^\| ((?:\d+\.\d+\.\d+ ?)+)\| (\w+) \|(.*)$/gm)].map(
  ([, ids = '', state = '', why = '']) => ({
    ids: ids.trim().split(' '),
    state,
    why,
  }),
);

it('names each of the 253 requirements once', () => {
  const wanted = Object.entries(SECTIONS).flatMap(([chapter, counts]) =>
    counts.flatMap((count, section) => Array.from({ length: count }, (_, n) => `${chapter}.${section + 1}.${n + 1}`)),
  );
  expect(wanted).toHaveLength(253);
  expect(rows.flatMap(({ ids }) => ids).sort()).toEqual(wanted.sort());
});

it('counts right, and says of what falls short how', () => {
  for (const state of ['tested', 'holds', 'partly', 'open', 'site', 'none']) {
    const count = rows.filter((row) => row.state === state).reduce((sum, { ids }) => sum + ids.length, 0);
    expect(text).toContain(`| ${state} | ${count} |`);
  }
  for (const { ids, state, why } of rows) {
    if (state === 'tested') expect([ids, /\[[\w-]+\]/.test(why)]).toEqual([ids, true]);
    if (state === 'partly' || state === 'open') expect([ids, why.length > 20]).toEqual([ids, true]);
  }
});

it('cites what exists', () => {
  const links = [...text.matchAll(/^\[([\w-]+)\]: (\S+)$/gm)].map(([, name = '', to = '']) => ({ name, to }));
  expect(links.filter(({ to }) => !existsSync(join(dirname(path), to)))).toEqual([]);
  const names = new Set(links.map(({ name }) => name));
  const cited = rows.flatMap(({ why }) => [...why.matchAll(/\[([\w-]+)\](?!\()/g)].map(([, name = '']) => name));
  expect(cited.filter((name) => !names.has(name))).toEqual([]);
  expect([...names].filter((name) => !cited.includes(name))).toEqual([]);
});
