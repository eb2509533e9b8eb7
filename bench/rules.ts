/**
 * npm run bench -- rules [--rules 200] [--rate 1000] [--seconds 60] [--customers 4000] [--moves 25]
 * Automatic rules under load: every firing exactly once against a model that is kept beside it, how far behind they are, what they cost the write path,
 * and a rule that another system answers for ever. Over HTTP against the product as people run it; changes come in batches of 20, as from an interface.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Cpu, cpuNow, cpuSince } from './harness/cpu.ts';
import { Client } from './harness/load.ts';
import { describeMachine, loadNow } from './harness/machine.ts';
import { openDatabase, setUpPeople, startProduct } from './harness/product.ts';

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '200' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    customers: { type: 'string', default: '4000' },
    moves: { type: 'string', default: '25' },
  },
});
const [RULES, RATE, SECONDS, CUSTOMERS] = [values.rules, values.rate, values.seconds, values.customers].map(Number) as [
  number,
  number,
  number,
  number,
];
const BATCH = 20;
/** One change in so many moves the level; of these every second makes it A, which fires one rule: 20 tasks a second at 1,000 changes. */
const MOVES = Number(values.moves);

interface Customer {
  id: string;
  group: number;
  a: boolean;
}

execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' });
const dataDir = mkdtempSync(join(tmpdir(), 'xianke-bench-rules-'));
const product = await startProduct(dataDir);
const people = await setUpPeople(product.url);
const admin = new Client(product.url, people.admin);
const db = await openDatabase(dataDir);
const path = '/api/v1/records/changes';
const uuid = () => {
  const time = Date.now().toString(16).padStart(12, '0');
  const rest = crypto.randomUUID().slice(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15, 18)}-${rest}`;
};

const customers: Customer[] = [];
for (let made = 0; made < CUSTOMERS; made += 200) {
  const portion = Array.from({ length: 200 }, (_, n) => ({ id: uuid(), group: (made + n) % RULES, a: false }));
  const changes = portion.map(({ id, group }, n) => ({
    op: 'create',
    object: 'customer',
    id,
    set: { name: `规则客户${made + n}`, short_name: `g${group}`, level: 'b', owner: people.memberId },
  }));
  await admin.json({ path, body: { changes } });
  customers.push(...portion);
}

let turn = 0;
const fired = new Map<number, number>();

/** The next batch, and what the model says will follow. */
function nextBatch() {
  const changes = [];
  for (let n = 0; n < BATCH; n++) {
    const customer = customers[turn % customers.length] as Customer;
    const set: Record<string, unknown> = { remark: `第 ${turn} 次` };
    if (turn % MOVES === 0) {
      customer.a = !customer.a;
      set.level = customer.a ? 'a' : 'b';
      if (customer.a) fired.set(customer.group, (fired.get(customer.group) ?? 0) + 1);
    }
    changes.push({ op: 'update', object: 'customer', id: customer.id, set });
    turn += 1;
  }
  // A customer's level moves at most once in so many turns: the guard against loops is not what is measured here.
  if (turn % customers.length === 0) turn += 1;
  return changes;
}

/** RATE changes a second for so long, begun on time whether the ones before are answered or not. Milliseconds of each request. */
async function drive(seconds: number): Promise<number[]> {
  const clients = Array.from({ length: 8 }, () => new Client(product.url, people.admin));
  const took: number[] = [];
  const gap = (1000 * BATCH) / RATE;
  const began = performance.now();
  let sent = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (;;) {
        const due = began + sent * gap;
        if (due - began >= seconds * 1000) return;
        sent += 1;
        await delay(Math.max(0, due - performance.now()));
        const changes = nextBatch();
        // From when it was due: waiting for a free connection is waiting too.
        await client.json({ path, body: { changes } });
        took.push(performance.now() - due);
      }
    }),
  );
  for (const client of clients) client.close();
  return took.sort((a, b) => a - b);
}

/** As fast as eight writers can: changes, and processor seconds of all that happens meanwhile. */
async function rush(seconds: number): Promise<{ changes: number; cpu: number }> {
  const clients = Array.from({ length: 8 }, () => new Client(product.url, people.admin));
  const before: Cpu = cpuNow(product.pid, dataDir);
  const end = performance.now() + seconds * 1000;
  let changes = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < end) {
        await client.json({ path, body: { changes: nextBatch() } });
        changes += BATCH;
      }
    }),
  );
  for (const client of clients) client.close();
  const { node, postgres } = cpuSince(before, product.pid, dataDir);
  return { changes, cpu: node + postgres };
}

/** All rules on or off, at one stroke. */
async function switchRules(on: boolean): Promise<void> {
  await db.query(
    `insert into w_main.automation_rule_version (author, rules) select 'bench', jsonb_agg(r - 'off' || case when $1 then '{}'::jsonb else '{"off": true}' end)
     from w_main.automation_rule_version v, jsonb_array_elements(v.rules) r where v.version = (select max(version) from w_main.automation_rule_version) group by v.version`,
    [on],
  );
  // Every process has read it by then.
  await delay(2500);
}

const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const waiting = async (): Promise<number> => {
  const { rows } = await db.query("select count(*)::int as n from w_main.automation_firing where state = 'waiting'");
  return rows[0].n;
};
async function quiet(): Promise<number> {
  const began = performance.now();
  for (let calm = 0; calm < 3; ) {
    const before = (await db.query('select count(*)::int as n from w_main.automation_firing')).rows[0].n;
    await delay(1500);
    const after = (await db.query('select count(*)::int as n from w_main.automation_firing')).rows[0].n;
    calm = before === after && (await waiting()) === 0 ? calm + 1 : 0;
  }
  return performance.now() - began;
}

async function saveRules(rules: { id: string; rule: object }[]): Promise<void> {
  let { version } = await admin.json<{ version: number }>({ path: '/api/v1/rules' });
  for (const { id, rule } of rules)
    ({ version } = await admin.json<{ version: number }>({
      method: 'PUT',
      path: `/api/v1/rules/${id}`,
      body: { rule, version },
    }));
}

console.log(
  `${JSON.stringify(await describeMachine(db))}; load ${loadNow()}; ${CUSTOMERS} customers, ${RATE} changes/s in batches of ${BATCH}`,
);
await drive(8);
const before = await drive(Math.min(30, SECONDS));
fired.clear();
const rules = Array.from({ length: RULES }, (_, n) => ({
  id: crypto.randomUUID(),
  rule: {
    name: `规则 ${n}`,
    when: { on: 'changed', object: 'customer', fields: ['level'], becomes: true },
    if: {
      all: [
        { field: 'level', op: 'eq', value: 'a' },
        { field: 'short_name', op: 'eq', value: `g${n}` },
      ],
    },
    steps: [{ do: 'task', title: `{name} ${n}`, to: { who: 'owner' } }],
  },
}));
await saveRules(rules);
await delay(3000);
const start = (await db.query('select clock_timestamp() as at')).rows[0].at as Date;
const during = await drive(SECONDS);
const expected = [...fired.values()].reduce((sum, n) => sum + n, 0);
const settledAfter = await quiet();
const { rows: counts } =
  await db.query(`select r.n, coalesce(f.n, 0)::int as fired from generate_series(0, ${RULES - 1}) r(n)
  left join (select ('{${rules.map(({ id }) => id).join(',')}}'::uuid[]) as ids) i on true
  left join (select rule, count(*) as n from w_main.automation_firing where state = 'done' group by rule) f on f.rule = i.ids[r.n + 1]`);
const wrong = counts.filter(({ n, fired: had }) => had !== (fired.get(n) ?? 0)).length;
const { rows: tasks } = await db.query('select count(*)::int as n from w_main.task where deleted_at is null');
const { rows: lags } = await db.query(
  `select extract(epoch from f.done_at - c.at) * 1000 as ms from w_main.automation_firing f join w_main.change_set c on c.id = f.change_set where c.at >= $1`,
  [start],
);
const lag = lags.map(({ ms }) => Number(ms)).sort((a, b) => a - b);
// By turns, so that what else the machine does falls on both.
const sum = { on: { changes: 0, cpu: 0 }, off: { changes: 0, cpu: 0 } };
for (let round = 0; round < 4; round++)
  for (const state of ['off', 'on'] as const) {
    await switchRules(state === 'on');
    const { changes, cpu } = await rush(6);
    sum[state].changes += changes;
    sum[state].cpu += cpu;
    await quiet();
  }

// A rule that another system answers: each consequence brings the next change.
const loop = {
  id: crypto.randomUUID(),
  rule: {
    name: '回声',
    when: { on: 'changed', object: 'customer', fields: ['next_step'] },
    steps: [{ do: 'set', field: 'followup_note', value: '{next_step}' }],
  },
};
await saveRules([loop]);
await delay(2500);
const echo = customers[0]?.id ?? '';
const read = async () =>
  (await admin.json<{ rules: { id: string; stopped: object | null }[] }>({ path: '/api/v1/rules' })).rules.find(
    ({ id }) => id === loop.id,
  );
let echoes = 0;
for (; echoes < 40 && !(await read())?.stopped; echoes++) {
  await admin.json({
    path,
    body: { changes: [{ op: 'update', object: 'customer', id: echo, set: { next_step: `回声 ${echoes}` } }] },
  });
  await delay(700);
}

const line = (name: string, value: string, ok: boolean | null) =>
  console.log(`  ${name.padEnd(26)} ${value}${ok === null ? '' : ok ? '  ok' : '  MISSED'}`);
line(
  'rules.once',
  `${counts.reduce((sum, { fired: n }) => sum + n, 0)} of ${expected} firings, ${tasks[0].n} tasks, ${wrong} rules differ`,
  wrong === 0 && tasks[0].n >= expected,
);
line('rules.lag.p95', `${Math.round(at(lag, 0.95))} ms (median ${Math.round(at(lag, 0.5))})`, at(lag, 0.95) <= 5000);
line(
  'rules.lag.max',
  `${Math.round(lag.at(-1) ?? 0)} ms; quiet ${Math.round(settledAfter)} ms after the last change`,
  (lag.at(-1) ?? 0) <= 5000,
);
line(
  'rules.write.p50',
  `${Math.round(at(during, 0.5))} ms with ${RULES} rules, ${Math.round(at(before, 0.5))} ms without: ${(at(during, 0.5) / at(before, 0.5)).toFixed(2)} ×`,
  at(during, 0.5) <= 1.15 * at(before, 0.5),
);
line(
  'rules.write.p95',
  `${Math.round(at(during, 0.95))} ms with, ${Math.round(at(before, 0.95))} ms without: ${(at(during, 0.95) / at(before, 0.95)).toFixed(2)} ×`,
  at(during, 0.95) <= 1.15 * at(before, 0.95),
);
line(
  'rules.write.most',
  `${Math.round(sum.on.changes / 24)} changes/s with, ${Math.round(sum.off.changes / 24)} without: ${(sum.off.changes / sum.on.changes).toFixed(2)} × slower`,
  sum.off.changes / sum.on.changes <= 1.15,
);
line(
  'rules.cpu',
  `${((1000 * sum.on.cpu) / sum.on.changes).toFixed(2)} ms of processor a change with, ${((1000 * sum.off.cpu) / sum.off.changes).toFixed(2)} without`,
  null,
);
line(
  'rules.loop',
  (await read())?.stopped
    ? `stopped after ${echoes} answers: ${JSON.stringify((await read())?.stopped)}`
    : 'not stopped',
  Boolean((await read())?.stopped),
);
console.log(`load ${loadNow()}`);
admin.close();
await db.end();
await product.stop();
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);
