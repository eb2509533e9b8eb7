/**
 * npm run bench -- rotation [--rows 1000000] [--work DIR]: another master key while a million values are encrypted (decision 0032). What it must show:
 * nobody waits (p95 of lists and edits meanwhile beside before), a kill in the middle loses nothing, and the old key opens nothing afterwards.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openMasterKeys } from '../src/server/platform/master-keys.ts';
import { aboutKey } from '../src/server/records/sealed/data-keys.ts';
import { delay } from './harness/context.ts';
import { percentile, round } from './harness/figure.ts';
import { Client } from './harness/load.ts';
import { describeMachine, loadNow } from './harness/machine.ts';
import { openDatabase, type Product, setUpPeople, startProduct } from './harness/product.ts';

const argument = (name: string, standard: string): string => {
  const at = process.argv.indexOf(name);
  return at < 0 ? standard : (process.argv[at + 1] ?? standard);
};
const ROWS = Number(argument('--rows', '1000000'));
const WORK = argument('--work', join(tmpdir(), 'xianke-bench'));
const BEFORE_MS = 20_000;
const READERS = 2;
const WRITERS = 2;

execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' });
mkdirSync(WORK, { recursive: true });
const dataDir = mkdtempSync(join(WORK, 'data-'));
let product: Product = await startProduct(dataDir);
const people = await setUpPeople(product.url);
let admin = new Client(product.url, people.admin);
let db = await openDatabase(dataDir);
const machine = await describeMachine(db);
const say = (text: string) => console.log(`· ${text}`);
const idNumber = (i: number): string => `3301${String(10_000_000_000_000 + i * 7_919)}`;

interface Rotation {
  rotation: { done: number; total: number; finishedAt: string | null } | null;
  masters: { id: string; state: string }[];
}

/** The file that the values come in; people import, so the bench does. */
async function importRows(): Promise<number> {
  const path = join(WORK, `rotation-${ROWS}.csv`);
  const lines = ['客户名称,证件'];
  for (let i = 0; i < ROWS; i++) lines.push(`轮换测试客户${i},${idNumber(i)}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const id = await new Promise<string>((resolve, reject) => {
    const headers = { ...people.admin, 'content-type': 'application/octet-stream' };
    const message = request(
      `${product.url}/api/v1/imports?name=rotation.csv&object=customer`,
      { method: 'POST', headers },
      (reply) => {
        let text = '';
        reply.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        reply.on('end', () => resolve((JSON.parse(text) as { id: string }).id));
      },
    );
    message.on('error', reject);
    createReadStream(path).pipe(message);
  });
  const until = async (wanted: string) => {
    for (;;) {
      const run = await admin.json<{ state: string; error: unknown }>({ path: `/api/v1/imports/${id}` });
      if (run.state === wanted) return;
      if (run.state === 'failed' || run.state === 'mapping') throw new Error(JSON.stringify(run).slice(0, 500));
      await delay(500);
    }
  };
  await until('ready');
  const began = performance.now();
  await admin.send({ method: 'POST', path: `/api/v1/imports/${id}/start` });
  await until('done');
  rmSync(path);
  return (performance.now() - began) / 1000;
}

/** People who look and write on and on: lists that open fifty values, and edits, every other one of the encrypted field. */
async function startPeople() {
  const { rows } = await db.query<{ id: string }>('select id from w_main.customer order by md5(id::text) limit 20000');
  const ids = rows.map(({ id }) => id);
  const times: { what: 'list' | 'edit'; at: number; ms: number }[] = [];
  const failed: string[] = [];
  let going = true;
  let next = 0;
  const loop = async (what: 'list' | 'edit', send: (i: number) => Promise<unknown>) => {
    while (going) {
      const i = next++;
      const at = performance.now();
      await send(i).catch((error: Error) => failed.push(error.message));
      times.push({ what, at, ms: performance.now() - at });
      await delay(20);
    }
  };
  const list = () =>
    admin.send({
      path: '/api/v1/records/query',
      body: { object: 'customer', fields: ['name', 'id_no'], page: { limit: 50 } },
    });
  const edit = (i: number) => {
    const set = i % 2 === 0 ? { id_no: `edited-${i}-${Date.now()}` } : { remark: `第 ${i} 次电话` };
    const change = { op: 'update', object: 'customer', id: ids[i % ids.length], set };
    return admin.send({ path: '/api/v1/records/changes', body: { changes: [change] } });
  };
  const all = Promise.all([
    ...Array.from({ length: READERS }, () => loop('list', list)),
    ...Array.from({ length: WRITERS }, () => loop('edit', edit)),
  ]);
  return {
    since(what: 'list' | 'edit', from: number, to = Number.POSITIVE_INFINITY): Float64Array {
      const some = times.flatMap((one) => (one.what === what && one.at >= from && one.at < to ? [one.ms] : []));
      return Float64Array.from(some).sort();
    },
    failed,
    async stop() {
      going = false;
      await all;
    },
  };
}

const state = () => admin.json<Rotation>({ path: '/api/v1/encryption' });
const progress = async (): Promise<{ done: number; total: number; over: boolean }> => {
  const { rows } = await db.query<{ done: number; total: number; over: boolean }>(
    'select done, total, finished_at is not null as over from xianke_keys.rotation order by id desc limit 1',
  );
  return rows[0] ?? { done: 0, total: 0, over: false };
};

/** Every wrapped key is tried with the old master key, and with the new one. */
async function proveUseless(oldKeys: string): Promise<{ tried: number; byOld: number; byNew: number }> {
  const old = openMasterKeys({ dataDir: '/nowhere', given: oldKeys });
  const now = openMasterKeys({ dataDir });
  const [oldId = ''] = await old.ids();
  const [newId = ''] = await now.ids();
  const found = { tried: 0, byOld: 0, byNew: 0 };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await db.query<{ workspace: string; record: string; wrapped: Buffer }>(
      'select workspace, record, wrapped from xianke_keys.data_key where record >= $1 order by workspace, record limit 10000',
      [after],
    );
    const fresh = rows.filter(({ record }) => record !== after || found.tried === 0);
    if (fresh.length === 0) return found;
    for (const { workspace, record, wrapped } of fresh) {
      const one = [{ wrapped, about: aboutKey(workspace, record) }];
      found.tried += 1;
      found.byOld += await old.unwrap(oldId, one).then(
        () => 1,
        () => 0,
      );
      found.byNew += await now.unwrap(newId, one).then(
        () => 1,
        () => 0,
      );
    }
    after = fresh.at(-1)?.record ?? after;
  }
}

function line(what: string, before: Float64Array, meanwhile: Float64Array, after: Float64Array): void {
  const told = (times: Float64Array) =>
    `p95 ${round(percentile(times, 95))} ms, longest ${round(times.at(-1) ?? 0)} ms, ${times.length} of them`;
  console.log(`  ${what}: meanwhile ${told(meanwhile)}; before ${told(before)}; after ${told(after)}`);
}

try {
  await admin.send({
    path: '/api/v1/objects/customer/fields',
    body: { name: 'id_no', label: { zh: '证件', en: 'ID' }, type: 'text', encrypted: true },
  });
  say(`importing ${ROWS.toLocaleString('en')} customers with an encrypted value each`);
  const importing = await importRows();
  say(`imported in ${round(importing)} s, ${Math.round(ROWS / importing).toLocaleString('en')} rows/s`);
  for (const table of ['w_main.customer', 'w_main.freshness', 'xianke_keys.data_key'])
    await db.query(`vacuum (analyze) ${table}`);
  // Until what follows an import in the background is through.
  await delay(Math.min(180_000, ROWS / 10));
  await db.query('checkpoint');

  const oldKeys = readFileSync(join(dataDir, 'master.keys'), 'utf8').trim();
  const loads = [loadNow()];
  const busy = await startPeople();
  const start = performance.now();
  await delay(BEFORE_MS);
  const began = performance.now();
  await admin.send({ method: 'POST', path: '/api/v1/encryption/rotation' });
  while (!(await progress()).over) await delay(500);
  const ended = performance.now();
  loads.push(loadNow());
  // The same again without it: what else the machine does changes while a rotation lasts.
  await delay(BEFORE_MS);
  loads.push(loadNow());
  await busy.stop();
  const { total } = await progress();
  console.log(
    `rotation of the master key with ${total.toLocaleString('en')} data keys: ${round((ended - began) / 1000)} s, ${Math.round((1000 * total) / (ended - began)).toLocaleString('en')} keys/s; load ${loads.join(' → ')}`,
  );
  for (const what of ['list', 'edit'] as const)
    line(what, busy.since(what, start, began), busy.since(what, began, ended), busy.since(what, ended));
  console.log(`  requests that failed meanwhile: ${busy.failed.length}${busy.failed[0] ? ` (${busy.failed[0]})` : ''}`);
  if (busy.failed.length > 0) process.exitCode = 1;

  const [leaving] = (await state()).masters.filter((one) => one.state === 'left');
  await admin.send({ method: 'DELETE', path: `/api/v1/encryption/masters/${leaving?.id}` });
  const found = await proveUseless(oldKeys);
  console.log(
    `  old key: opens ${found.byOld} of ${found.tried.toLocaleString('en')} data keys; new key: ${found.byNew.toLocaleString('en')}`,
  );
  if (found.byOld !== 0 || found.byNew !== found.tried) process.exitCode = 1;

  say('once more, with the server killed in the middle');
  await admin.send({ method: 'POST', path: '/api/v1/encryption/rotation' });
  while ((await progress()).done < total / 3) await delay(100);
  process.kill(product.pid, 'SIGKILL');
  const killed = performance.now();
  await db.end().catch(() => undefined);
  admin.close();
  await delay(500);
  product = await startProduct(dataDir);
  db = await openDatabase(dataDir);
  admin = new Client(product.url, people.admin);
  const kept = await progress();
  while (!(await progress()).over) await delay(500);
  const page = await admin.json<{ rows: { values: { id_no: string } }[] }>({
    path: '/api/v1/records/query',
    body: { object: 'customer', fields: ['id_no'], page: { limit: 500 } },
  });
  const { rows: left } = await db.query<{ n: string }>(
    "select count(*) as n from xianke_keys.data_key k where not exists (select from xianke_keys.master_key m where m.id = k.master and m.state = 'current')",
  );
  const open = page.rows.filter(({ values }) => /^(3301\d{14}|edited-)/.test(values.id_no)).length;
  console.log(
    `  killed after a third (${kept.done.toLocaleString('en')} done stood after the start), finished ${round((performance.now() - killed) / 1000)} s after the kill; under another key: ${left[0]?.n}; of ${page.rows.length} values read ${open} open`,
  );
  if (kept.done < total / 3 || left[0]?.n !== '0' || open !== page.rows.length) process.exitCode = 1;
  console.log(`  ${JSON.stringify({ ...machine, load: [...machine.load, ...loads, loadNow()] })}`);
} finally {
  await db.end().catch(() => undefined);
  admin.close();
  await product.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
