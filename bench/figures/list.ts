import type { Bench } from '../harness/context.ts';
import { customers, delay } from '../harness/context.ts';
import { cpuNote } from '../harness/cpu.ts';
import { type Figure, round } from '../harness/figure.ts';
import { type Floors, openFloors } from '../harness/floors.ts';
import { compare } from '../harness/load.ts';
import { TEAM } from '../harness/product.ts';
import { VIEW_FIELDS } from '../harness/thin-queries.ts';
import { measureEdits } from './edit.ts';

interface Query {
  filter?: unknown;
  sort: { field: string; dir: 'asc' | 'desc' }[];
  page: { limit: number; offset?: number };
}

/** One question, to the product and to its floor. */
interface Question {
  query: Query;
  floor: [query: string, values?: unknown[]];
}

const PAGE = { limit: 50 };
/** Requests of a kind before it is measured. */
const WARM_UP = 2500;
const BARS = { ms: 50, ratio: 2 };

/** Lists of 50 with the columns of the template's first view, as one of the sales team sees them. */
export async function measureLists(bench: Bench): Promise<void> {
  const { add, db, member, options, say } = bench;
  const floors = await openFloors(bench);
  try {
    const size = (await customers(db)).toLocaleString('en');
    const kinds = await questions(bench);
    const ask = (query: Query) =>
      member.send({
        path: '/api/v1/records/query',
        body: { object: 'customer', fields: VIEW_FIELDS, count: 'none', ...query },
      });
    // As after a morning's work: what is asked for again and again has got its index.
    for (let i = 0; i < 10; i++)
      for (const { query } of Object.values(kinds).flatMap((list) => list.slice(0, 40))) await ask(query);
    const wanted = performance.now();
    await indexesMade(bench);
    say(`indexes on demand made after ${Math.round((performance.now() - wanted) / 1000)} s`);
    // What the product remembers of its indexes may be a minute old.
    await delay(2000);
    const measured: { p95: number; ratio: number; name: string }[] = [];
    for (const [name, list] of Object.entries(kinds)) {
      await checkSame(ask, floors, list);
      for (const connections of [1, 16]) {
        const pick = (i: number) => list[i % list.length] as Question;
        const found = await compare(
          {
            product: (i) => ask(pick(i).query),
            thin: (i) => floors.thin(...pick(i).floor),
            bare: (i) => floors.bare(...pick(i).floor),
          },
          {
            connections,
            requests: connections === 1 ? 120 : 480,
            rounds: options.rounds,
            // Everybody's first thousands of requests run code that V8 still compiles: as after a morning's work, for the floors too.
            warmUp: WARM_UP,
            cpu: floors.cpu,
          },
        );
        const { product, thin, bare } = found.of;
        const ratio = found.ratio('p95', 'product', 'thin');
        if (connections === 1) measured.push({ name, p95: product.p95, ratio });
        add({
          name: `list.${name}${connections === 1 ? '' : `.${connections}`}`,
          title: `list of 50 among ${size}, ${TITLES[name]}, ${connections === 1 ? 'one reader' : `${connections} readers`}: p95`,
          value: product.p95,
          unit: 'ms',
          floor: { value: thin.p95, unit: 'ms', what: 'thin server' },
          ratio,
          ...(connections === 1 && { bar: { of: 'ratio' as const, most: BARS.ratio } }),
          note: `p50 ${round(product.p50)} (thin ${round(thin.p50)}, bare driver ${round(bare.p50)}) ms; ${Math.round(product.rate)}/s (thin ${Math.round(thin.rate)}, bare ${Math.round(bare.rate)}); ${cpuNote(found.cpu.product, found.cpu.thin)}`,
        });
      }
    }
    add(worst(measured, size));
  } finally {
    await floors.close();
  }
}

const TITLES: Record<string, string> = {
  sorted: 'sorted',
  filtered: 'filtered by two fields and sorted',
  page200: 'page 200',
};

function worst(measured: { p95: number; ratio: number; name: string }[], size: string): Figure {
  const slowest = Math.max(...measured.map(({ p95 }) => p95));
  return {
    name: 'list.p95',
    title: `list of 50 among ${size}: the slowest of the three kinds`,
    value: slowest,
    unit: 'ms',
    ratio: Math.max(...measured.map(({ ratio }) => ratio)),
    bar: { of: 'value', most: BARS.ms },
    note: measured.map(({ name, p95, ratio }) => `${name} ${round(p95)} ms, ${round(ratio)} ×`).join('; '),
  };
}

async function questions({ db }: Bench): Promise<Record<'sorted' | 'filtered' | 'page200', Question[]>> {
  const { rows } = await db.query<{ id: string }>(`select id::text as id from auth."user" where name = any($1)`, [
    TEAM,
  ]);
  const by = (field: string, dir: 'asc' | 'desc') => [{ field, dir }];
  const both = (a: string, x: string, b: string, y: string) => ({
    all: [
      { field: a, op: 'eq', value: x },
      { field: b, op: 'eq', value: y },
    ],
  });
  const levels = ['a', 'b', 'c'];
  return {
    sorted: [
      { query: { sort: by('name', 'asc'), page: PAGE }, floor: ['sorted.name'] },
      { query: { sort: by('last_followup_at', 'desc'), page: PAGE }, floor: ['sorted.last_followup_at'] },
      { query: { sort: by('$updated_at', 'desc'), page: PAGE }, floor: ['sorted.$updated_at'] },
    ],
    filtered: [
      ...levels.flatMap((level) =>
        ['potential', 'interested', 'signed', 'lost'].map(
          (type): Question => ({
            query: {
              filter: both('customer_type', type, 'level', level),
              sort: by('last_followup_at', 'desc'),
              page: PAGE,
            },
            floor: ['filtered.type', [type, level]],
          }),
        ),
      ),
      ...rows.map(({ id }, i): Question => {
        const level = levels[i % 3] ?? 'a';
        return {
          query: { filter: both('owner', id, 'level', level), sort: by('name', 'asc'), page: PAGE },
          floor: ['filtered.owner', [id, level]],
        };
      }),
    ],
    page200: [{ query: { sort: by('name', 'asc'), page: { limit: 50, offset: 9950 } }, floor: ['page.200'] }],
  };
}

/** Waits until every index that was asked for is there. */
async function indexesMade({ db }: Bench): Promise<void> {
  const began = performance.now();
  for (;;) {
    const { rows } = await db.query<{ n: string }>(
      `select count(*) as n from w_main.demand_index where state = 'wanted'`,
    );
    if (rows[0]?.n === '0') break;
    if (performance.now() - began > 600_000) throw new Error('indexes that are wanted are not made');
    await delay(500);
  }
}

/** The floor must do the same work: same records in the same order. */
async function checkSame(ask: (query: Query) => Promise<string>, floors: Floors, list: Question[]): Promise<void> {
  for (const { query, floor } of list) {
    const ids = (reply: string) => (JSON.parse(reply) as { rows: { id: string }[] }).rows.map((row) => row.id).join();
    const [product, thin] = [ids(await ask(query)), ids(await floors.thin(...floor))];
    if (product !== thin)
      throw new Error(`product and floor differ for ${JSON.stringify(query)}:\n${product}\n${thin}`);
  }
}

/** Columns that no view of the template sorts by: what the first person who does so waits, and what edits cost once all these have an index. */
export async function measureFirstUse(bench: Bench): Promise<void> {
  const { add, admin, say } = bench;
  say('columns nobody sorted by before');
  const queries = [
    ...['contact_name', 'amount', 'signed_on', 'email', 'size', 'address', 'region', 'industry', 'remark'].flatMap(
      (field) => (['asc', 'desc'] as const).map((dir) => ({ sort: [{ field, dir }] })),
    ),
    { filter: { field: 'source', op: 'eq', value: 'exhibition' }, sort: [{ field: 'amount', dir: 'desc' }] },
    { filter: { field: 'region', op: 'under', value: '440300' }, sort: [{ field: 'contact_name', dir: 'asc' }] },
    { filter: { field: 'address', op: 'contains', value: '软件大道888号' }, sort: [{ field: 'name', dir: 'asc' }] },
  ];
  let slowest = { ms: 0, what: '' };
  for (const query of queries) {
    const began = performance.now();
    await admin.send({
      path: '/api/v1/records/query',
      body: { object: 'customer', fields: VIEW_FIELDS, page: PAGE, ...query },
    });
    const ms = performance.now() - began;
    if (ms > slowest.ms) slowest = { ms, what: JSON.stringify(query) };
    // The next one is somebody else's, another day.
    await indexesMade(bench);
  }
  add({
    name: 'list.first',
    title: `list of 50 by any other column, first use: the slowest of ${queries.length}`,
    value: slowest.ms,
    unit: 'ms',
    bar: { of: 'value', most: 1000 },
    note: slowest.what,
  });
  await measureEdits(bench, 'indexed');
}
