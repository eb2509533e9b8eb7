/**
 * npm run bench -- forms [--rate 200] [--junk 100] [--seconds 60] [--customers 20000]
 * A public form under a fair's crowd: so many submissions a second, each after opening the page, with junk in between and staff at work beside it. Nothing
 * may be lost, junk never becomes a customer, nobody is made twice, and a kill while records are being made changes none of that. The work by which
 * visitors show that they are no flood is done on their devices, so here the challenges are made easy, with the key of the installation.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isSolution, openHash } from '../src/domain/forms/index.ts';
import { createChallenges } from '../src/server/modules/forms/challenge.ts';
import { openKeys } from '../src/server/platform/keys.ts';
import { cpuNow, cpuSince } from './harness/cpu.ts';
import { percentile } from './harness/figure.ts';
import { Client } from './harness/load.ts';
import { describeMachine, loadNow } from './harness/machine.ts';
import { openDatabase, setUpPeople, startProduct } from './harness/product.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    junk: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '60' },
    customers: { type: 'string', default: '20000' },
  },
});
const RATE = Number(values.rate);
const JUNK = Number(values.junk);
const SECONDS = Number(values.seconds);
const CUSTOMERS = Number(values.customers);
const BITS = 2;
/** One submission in so many is by somebody on record, and one by somebody who has just sent it. */
const KNOWN = 20;
const REPEATED = 10;

execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' });
// Visitors come from many addresses, as a proxy in front would say.
process.env.TRUST_PROXY = 'true';
const dataDir = mkdtempSync(join(tmpdir(), 'xianke-bench-forms-'));
let product = await startProduct(dataDir);
const people = await setUpPeople(product.url);
let admin = new Client(product.url, people.admin);
let db = await openDatabase(dataDir);
console.log(
  `${JSON.stringify(await describeMachine(db))}; load ${loadNow()}; ${CUSTOMERS} customers, ${RATE} submissions/s, ${JUNK} junk/s, ${SECONDS} s`,
);

const CITIES = '北京 上海 广州 深圳 杭州 成都 武汉 南京 苏州 西安 长沙 青岛'.split(' ');
const LEFT = '星河 云岭 金桥 远航 瑞丰 博通 天工 启明 海棠 青松 长风 朝阳 汇智 安和 恒益 宏图 明德 新野'.split(' ');
const RIGHT = '电子 机械 化工 食品 纺织 医药 能源 物流 建材 软件 仪器 环保'.split(' ');
/** Names as different as those of real firms: one that differs by a digit only is the same to the matching, rightly. */
function firm(n: number): string {
  const letters = Array.from({ length: 3 }, (_, at) =>
    String.fromCodePoint(0x4e00 + ((n * 7919 + at * 104_729 + (n >> 3) * 31) % 6000)),
  );
  return `${CITIES[n % 12]}${LEFT[(n >> 2) % 18]}${letters.join('')}${RIGHT[(n * 5) % 12]}有限公司`;
}
const mobile = (n: number): string => `13${String(100_000_000 + ((n * 48_271) % 899_999_999)).padStart(9, '0')}`;

for (let made = 0; made < CUSTOMERS; made += 500) {
  const changes = Array.from({ length: Math.min(500, CUSTOMERS - made) }, (_, n) => ({
    op: 'create',
    object: 'customer',
    set: { name: firm(made + n), mobile: mobile(made + n), email: `old${made + n}@example.com` },
  }));
  await admin.json({ path: '/api/v1/records/changes', body: { changes } });
}
// Nobody is recognised before he is in the index of duplicates, some seconds behind.
while ((await db.query('select count(*)::int as n from w_main.match_entry')).rows[0].n < CUSTOMERS) await delay(500);
const id = crypto.randomUUID();
const words = (zh: string) => ({ zh, en: zh });
const design = {
  ...{ name: '展会登记', title: words('展会登记'), intro: words(''), thanks: words(''), object: 'customer' },
  questions: ['name', 'mobile', 'email', 'remark'].map((field, n) => ({ id: `q${n + 1}`, object: 'customer', field })),
  fixed: [],
  ...{ outcome: 'create', tell: [], sites: [], perAddress: 100, perMinute: 1_000_000 },
};
await admin.json({ method: 'PUT', path: `/api/v1/forms/${id}`, body: { design, version: 0 } });
const form = await admin.json<{ url: string }>({ path: `/api/v1/forms/${id}/state`, body: { state: 'open' } });
const path = new URL(form.url).pathname;

const challenges = createChallenges(openKeys(dataDir).derive('form challenges'), () => new Date());
const hash = openHash();
function solved(): { challenge: string; solution: string } {
  const challenge = challenges.issue(id, BITS, 0);
  for (let n = 0; ; n++) if (isSolution(hash(`${challenge}:${n}`), BITS)) return { challenge, solution: String(n) };
}

const agent = new Agent({ keepAlive: true, maxSockets: 400 });
/** @returns status and the milliseconds it took */
function send(fields: Record<string, string> | null, address: string): Promise<{ status: number; ms: number }> {
  const began = performance.now();
  const body = fields === null ? null : new URLSearchParams(fields).toString();
  return new Promise((resolve, reject) => {
    const message = request(
      product.url + path,
      {
        agent,
        method: body === null ? 'GET' : 'POST',
        headers: {
          'x-forwarded-for': address,
          'accept-encoding': 'gzip',
          ...(body !== null && {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(body),
          }),
        },
      },
      (reply) => {
        reply.resume();
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, ms: performance.now() - began }));
      },
    );
    message.on('error', reject);
    message.end(body);
  });
}
const address = (n: number): string => `198.${18 + ((n >> 16) & 1)}.${(n >> 8) & 255}.${n & 255}`;

const tally = { sent: 0, taken: 0, junk: 0, junkRefused: 0, other: [] as number[] };
const took: number[] = [];
const opened: number[] = [];
const fresh = new Set<number>();

/** What somebody sends: mostly new, sometimes known, sometimes the same once more. */
function submission(n: number): Record<string, string> {
  const known = n % KNOWN === 7;
  const again = n % REPEATED === 3 && n > 10;
  const who = known ? (n * 13) % CUSTOMERS : CUSTOMERS + (again ? n - 1 : n);
  if (!known) fresh.add(who);
  return { 'a-q1': firm(who), 'a-q2': mobile(who), 'a-q3': `new${who}@example.com`, 'a-q4': `第 ${n} 份` };
}

function junk(n: number): Record<string, string> {
  const spam = { 'a-q1': `垃圾${n}有限公司`, 'a-q2': mobile(900_000 + n) };
  const { challenge, solution } = solved();
  switch (n % 4) {
    case 0:
      return spam;
    case 1:
      return { ...spam, challenge: challenges.issue(id, 20, 0), solution: '1' };
    case 2:
      return { ...spam, challenge: challenge.replace(/^[^.]+/, 'zzzzzz'), solution };
    default:
      return { ...spam, challenge, solution, homepage: 'http://spam.example' };
  }
}

/** So many a second, begun on time whether the ones before are answered or not. */
async function drive(rate: number, seconds: number, one: (n: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let n = 0; n < rate * seconds; n++) {
    const wait = began + (n * 1000) / rate - performance.now();
    if (wait > 1) await delay(wait);
    all.push(one(n));
  }
  await Promise.all(all);
}

let offset = 0;
const visit = async (n: number): Promise<void> => {
  const at = n + offset;
  const page = await send(null, address(at));
  opened.push(page.ms);
  tally.sent++;
  const { status, ms } = await send({ ...submission(at), ...solved() }, address(at));
  took.push(ms);
  if (status === 303) tally.taken++;
  else tally.other.push(status);
};
const spam = async (n: number): Promise<void> => {
  const fields = junk(n);
  const { status } = await send(fields, address(100_000 + n));
  tally.junk++;
  // Whoever falls into the trap is thanked; what became of it is looked at below.
  if (status === 422 || 'homepage' in fields) tally.junkRefused++;
};

const staff: Record<string, number[]> = { forms: [], submissions: [], list: [], edit: [] };
let working = true;
async function work(): Promise<void> {
  const { rows } = await admin.json<{ rows: { id: string; version: number }[] }>({
    path: '/api/v1/records/query',
    body: { object: 'customer', page: { limit: 50 }, count: 'none' },
  });
  const timed = async (what: string, call: Parameters<Client['json']>[0]): Promise<void> => {
    const began = performance.now();
    await admin.json(call);
    staff[what]?.push(performance.now() - began);
    await delay(60);
  };
  for (let n = 0; working; n++) {
    await timed('forms', { path: '/api/v1/forms' });
    await timed('submissions', { path: '/api/v1/form-submissions?limit=30' });
    await timed('list', {
      path: '/api/v1/records/query',
      body: { object: 'customer', page: { limit: 100 }, sort: [{ field: 'name', dir: 'asc' }], count: 'capped' },
    });
    const change = { op: 'update', object: 'customer', id: rows[n % rows.length]?.id, set: { remark: `第 ${n} 次` } };
    await timed('edit', { path: '/api/v1/records/changes', body: { changes: [change] } });
  }
}

const waiting = async (): Promise<number> =>
  (await db.query("select count(*)::int as n from w_main.form_submission where state = 'received'")).rows[0].n;

await drive(Math.min(50, RATE), 4, visit);
offset = 50_000;
for (const times of [took, opened]) times.length = 0;
const before = cpuNow(product.pid, dataDir);
const staffAtWork = work();
const crowd = drive(RATE, SECONDS, visit);
const flood = drive(JUNK, SECONDS, spam);
await Promise.all([crowd, flood]);
working = false;
await staffAtWork;
const cpu = cpuSince(before, product.pid, dataDir);
const backlog = await waiting();
console.log(`  sent; ${backlog} wait, load ${loadNow()}`);
// A kill while records are being made of what came in.
admin.close();
await db.end();
process.kill(product.pid, 'SIGKILL');
agent.destroy();
await delay(1_000);
product = await startProduct(dataDir);
admin = new Client(product.url, people.admin);
db = await openDatabase(dataDir);
const left = await waiting();
const resumed = performance.now();
while ((await waiting()) > 0) await delay(500);
const drained = performance.now() - resumed;

const one = async <Row>(text: string): Promise<Row> => (await db.query(text)).rows[0] as Row;
const states = (await db.query('select state, count(*)::int as n from w_main.form_submission group by 1')).rows as {
  state: string;
  n: number;
}[];
const kept = states.reduce((sum, { state, n }) => sum + (state === 'junk' ? 0 : n), 0);
const { spams } = await one<{ spams: number }>(
  "select count(*)::int as spams from w_main.customer where name like '垃圾%'",
);
const { made, doubles } = await one<{ made: number; doubles: number }>(`select count(*)::int as made,
  (count(*) - count(distinct mobile))::int as doubles from w_main.customer where created_by = 'form:${id}' and deleted_at is null`);
const { unlinked } = await one<{ unlinked: number }>(`select count(*)::int as unlinked from w_main.form_submission s
  where state in ('created', 'proposed', 'same') and not exists (select from w_main.customer c where c.id = s.record)`);
const of = (state: string) => states.find((row) => row.state === state)?.n ?? 0;
const line = (name: string, text: string, ok: boolean | null) =>
  console.log(`  ${name.padEnd(22)} ${text}${ok === null ? '' : ok ? '  ok' : '  MISSED'}`);
const sorted = (times: number[]) => Float64Array.from(times).sort();
const p = (times: number[], at: number) => Math.round(percentile(sorted(times), at));
line(
  'forms.lost',
  `${tally.sent} sent, ${tally.taken} thanked, ${kept} kept, other answers ${JSON.stringify([...new Set(tally.other)])}`,
  tally.taken === tally.sent && kept === tally.taken,
);
line(
  'forms.junk',
  `${tally.junk} of junk, ${tally.junkRefused} refused or put aside, ${spams} customers of it`,
  spams === 0 && tally.junkRefused === tally.junk,
);
line(
  'forms.once',
  `${made} customers of ${fresh.size} new people, ${doubles} doubles, ${unlinked} without their record; ${of('created')} created, ${of('proposed')} proposed, ${of('same')} same, ${of('held')} held`,
  doubles === 0 && unlinked === 0 && made === of('created'),
);
line(
  'forms.submit',
  `p50 ${p(took, 50)} ms, p95 ${p(took, 95)} ms, most ${p(took, 100)} ms; page p95 ${p(opened, 95)} ms`,
  null,
);
for (const [what, times] of Object.entries(staff))
  line(
    `forms.staff.${what}`,
    `p95 ${p(times, 95)} ms of ${times.length} (median ${p(times, 50)})`,
    p(times, 95) <= 300,
  );
line(
  'forms.backlog',
  `${backlog} when the last came in, ${left} after the kill, done ${Math.round(drained)} ms after the start`,
  null,
);
line(
  'forms.cpu',
  `${((1000 * (cpu.node + cpu.postgres)) / took.length).toFixed(1)} ms of processor a visitor, junk and staff with it`,
  null,
);
console.log(`load ${loadNow()}`);
admin.close();
await db.end();
await product.stop();
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);
