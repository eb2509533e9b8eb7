import { pinyin } from '../../src/domain/text/pinyin.ts';
import { searchQuery } from '../../src/domain/text/query-grams.ts';
import { type Bench, customers } from '../harness/context.ts';
import { cpuNote } from '../harness/cpu.ts';
import { round } from '../harness/figure.ts';
import { type Floors, openFloors } from '../harness/floors.ts';
import { compare } from '../harness/load.ts';

const BAR = 30;
const EACH = 60;

/** What people type into the search box, taken from customers there are. */
export async function measureSearch(bench: Bench): Promise<void> {
  const { add, db, member, options } = bench;
  const floors = await openFloors(bench);
  try {
    const size = (await customers(db)).toLocaleString('en');
    const object = Number((await db.query(`select id from w_main.object_def where name = 'customer'`)).rows[0]?.id);
    const kinds = await typed(bench);
    let slowest = { p95: 0, kind: '' };
    for (const [kind, texts] of Object.entries(kinds)) {
      const floor = new Map<string, [string, unknown[]]>();
      for (const text of texts) floor.set(text, await quickest(floors, object, text));
      const pick = (i: number) => texts[i % texts.length] ?? '';
      const found = await compare(
        {
          product: (i) => member.send({ path: `/api/v1/search?limit=20&q=${encodeURIComponent(pick(i))}` }),
          thin: (i) => floors.thin(...(floor.get(pick(i)) ?? ['', []])),
        },
        { connections: 1, requests: EACH, rounds: options.rounds, cpu: floors.cpu },
      );
      const { product, thin } = found.of;
      if (product.p95 > slowest.p95) slowest = { p95: product.p95, kind };
      add({
        name: `search.${kind}`,
        title: `search among ${size}: ${TITLES[kind]}, p95`,
        value: product.p95,
        unit: 'ms',
        floor: { value: thin.p95, unit: 'ms', what: 'thin server, the quicker of two plans chosen beforehand' },
        ratio: found.ratio('p95', 'product', 'thin'),
        bar: { of: 'value', most: BAR },
        note: `p50 ${round(product.p50)} (thin ${round(thin.p50)}) ms, longest ${round(product.times.at(-1) ?? 0)} ms; ${cpuNote(found.cpu.product, found.cpu.thin)}`,
      });
    }
    add({
      name: 'search.p95',
      title: `search among ${size}: the slowest kind`,
      value: slowest.p95,
      unit: 'ms',
      bar: { of: 'value', most: BAR },
      note: `${slowest.kind}; over HTTP, so the server’s own time is less`,
    });
  } finally {
    await floors.close();
  }
}

const TITLES: Record<string, string> = {
  one: 'one character',
  two: 'two characters',
  brand: 'three or four characters',
  initials: 'pinyin initials',
  phone: 'last four digits of a phone',
};

async function typed({ db }: Bench): Promise<Record<string, string[]>> {
  const { rows } = await db.query<{ name: string; mobile: string }>(
    `select name, mobile from w_main.customer where deleted_at is null and mobile is not null order by md5(id::text) limit $1`,
    [EACH],
  );
  const cut = (length: number, skip: number) =>
    rows.map(({ name }, i) => {
      const letters = [...name].filter((letter) => /\p{Script=Han}/u.test(letter));
      const at = (i * 7 + skip) % Math.max(1, letters.length - length);
      return letters.slice(at, at + length).join('');
    });
  return {
    one: cut(1, 0),
    two: cut(2, 1),
    brand: cut(3, 2).map((text, i) => (i % 2 === 0 ? text : (cut(4, 2)[i] ?? text))),
    initials: cut(4, 0).map((text, i) => (pinyin(text, 'other').initials[0] ?? 'sz').slice(0, 2 + (i % 3))),
    phone: rows.map(({ mobile }) => mobile.slice(-4)),
  };
}

/** A floor with perfect knowledge: the quicker of walking the newest and asking the index, tried out before anything is measured. */
async function quickest(floors: Floors, object: number, text: string): Promise<[string, unknown[]]> {
  const [branch] = searchQuery(text).branches;
  if (!branch) throw new Error(`nothing to search for in ${text}`);
  const like = `%${branch.like[0] ?? ''}%`;
  const ways: [string, unknown[]][] = [
    ['search.newest', [object, like]],
    ['search.grams', [branch.grams, like]],
  ];
  const times: number[] = [];
  for (const way of ways) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2; i++) {
      const began = performance.now();
      await floors.bare(...way);
      best = Math.min(best, performance.now() - began);
    }
    times.push(best);
  }
  return ((times[0] ?? 0) < (times[1] ?? 0) ? ways[0] : ways[1]) ?? ['', []];
}
