/**
 * npm run bench -- reports [--customers 1000000] [--orders 10000000] [--work DIR]: reports beside the plain SQL of the same question over the same tables, in turn.
 * Rows are put into the tables directly: what is measured is reading, and ten million orders through the write door would take an hour.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { percentile, round } from './harness/figure.ts';
import { Client } from './harness/load.ts';
import { describeMachine, loadNow } from './harness/machine.ts';
import { openDatabase, setUpPeople, startProduct } from './harness/product.ts';

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000000' },
    orders: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
    work: { type: 'string', default: join(tmpdir(), 'xianke-bench') },
  },
});
const [CUSTOMERS, ORDERS, ROUNDS] = [values.customers, values.orders, values.rounds].map(Number) as [
  number,
  number,
  number,
];

execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' });
mkdirSync(values.work, { recursive: true });
const dataDir = mkdtempSync(join(values.work, 'data-'));
const product = await startProduct(dataDir);
const people = await setUpPeople(product.url);
const admin = new Client(product.url, people.admin);
const db = await openDatabase(dataDir);

const SYSTEM = `now(), 'user:bench', gen_random_uuid(), now(), 'user:bench'`;
const SYSTEM_COLUMNS = 'created_at, created_by, created_in, updated_at, updated_by';
/** Industries of GB/T 4754 at the second level. */
const INDUSTRIES = [
  '01',
  '13',
  '14',
  '17',
  '18',
  '26',
  '27',
  '29',
  '33',
  '34',
  '35',
  '36',
  '38',
  '39',
  '51',
  '52',
  '64',
  '65',
  '70',
  '72',
];
const pick = (list: readonly string[], seed: string) =>
  `(array[${list.map((one) => `'${one}'`).join(',')}])[1 + (${seed}) % ${list.length}]`;

async function fill(): Promise<void> {
  await db.query(`insert into w_main.customer (id, ${SYSTEM_COLUMNS}, name, industry, level, customer_type, amount)
    select gen_random_uuid(), ${SYSTEM}, '客户' || i, ${pick(INDUSTRIES, 'i * 7919')}, ${pick(['a', 'b', 'c', 'd'], '(i / 20) * 31')},
      ${pick(['potential', 'interested', 'signed', 'lost'], 'i * 17')}, (i * 7919) % 1000000 from generate_series(1, ${CUSTOMERS}) i`);
  await db.query(`create temp table of_customer as select row_number() over () as n, id from w_main.customer`);
  await db.query('create unique index on of_customer (n)');
  await db.query(`insert into w_main.sales_order (id, ${SYSTEM_COLUMNS}, customer, amount, ordered_on)
    select gen_random_uuid(), ${SYSTEM}, c.id, (i * 7919) % 500000, date '2024-01-01' + ((i * 104729) % 1000)::int
    from generate_series(1, ${ORDERS}::bigint) i join of_customer c on c.n = 1 + (i * 15485863) % ${CUSTOMERS}`);
  for (const table of ['customer', 'sales_order']) await db.query(`vacuum (analyze) w_main.${table}`);
}

interface Question {
  name: string;
  ask: object;
  sql: string;
}
const ALIVE = 'deleted_at is null';
const QUESTIONS: Question[] = [
  {
    name: `reports.orders: ${ORDERS.toLocaleString('en')} orders by month × industry`,
    ask: {
      query: { object: 'sales_order' },
      by: [{ field: 'ordered_on', bucket: 'month' }, { field: 'customer.industry' }],
      measures: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
      limit: 2000,
    },
    sql: `select date_trunc('month', o.ordered_on)::date, c.industry, sum(o.amount), count(*) from w_main.sales_order o
      left join w_main.customer c on c.id = o.customer and c.${ALIVE} where o.${ALIVE} group by 1, 2`,
  },
  {
    name: `reports.pivot: ${CUSTOMERS.toLocaleString('en')} customers, industry × level`,
    ask: {
      query: { object: 'customer' },
      by: [{ field: 'industry' }, { field: 'level' }],
      measures: [{ fn: 'count' }, { fn: 'sum', field: 'amount' }],
      limit: 2000,
    },
    sql: `select industry, level, count(*), sum(amount) from w_main.customer where ${ALIVE} group by 1, 2`,
  },
  {
    name: `reports.bars: ${CUSTOMERS.toLocaleString('en')} customers by industry`,
    ask: { query: { object: 'customer' }, by: [{ field: 'industry' }], measures: [{ fn: 'count' }], limit: 40 },
    sql: `select industry, count(*) from w_main.customer where ${ALIVE} group by 1`,
  },
];

try {
  const began = performance.now();
  await fill();
  const machine = await describeMachine(db);
  console.log(`${JSON.stringify(machine)}; filled in ${Math.round((performance.now() - began) / 1000)} s`);
  for (const { name, ask, sql } of QUESTIONS) {
    const times: Record<'report' | 'plain', number[]> = { report: [], plain: [] };
    let groups = 0;
    let first = 0;
    for (let n = 0; n <= ROUNDS; n++) {
      const ways = [
        [
          'report',
          async () =>
            (await admin.json<{ rows: unknown[] }>({ path: '/api/v1/records/aggregate', body: ask })).rows.length,
        ],
        ['plain', async () => (await db.query(sql)).rows.length],
      ] as const;
      for (const [way, work] of n % 2 === 0 ? ways : [...ways].reverse()) {
        const at = performance.now();
        const found = await work();
        const ms = performance.now() - at;
        if (way === 'report' && n === 0) first = ms;
        // The first round reads what nobody has read before.
        if (n > 0) times[way].push(ms);
        if (groups > 0 && found !== groups) throw new Error(`${way} found ${found} groups instead of ${groups}`);
        groups = found;
      }
    }
    const [report, plain] = [times.report, times.plain].map((list) =>
      percentile(Float64Array.from(list).sort(), 50),
    ) as [number, number];
    console.log(
      `  ${name}: ${round(report)} ms, plain SQL ${round(plain)} ms, ${round(report / plain)} ×${report <= 2 * plain ? '  ok' : '  MISSED'} (first ${round(first)} ms; ${groups} groups)`,
    );
  }
  console.log(`load ${loadNow()}`);
} finally {
  admin.close();
  await db.end();
  await product.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
