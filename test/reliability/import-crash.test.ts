import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';

const KILLS = Number(process.env.KILLS ?? 3);
const ROWS = 3000 + KILLS * 1000;

const dataDir = mkdtempSync(join(tmpdir(), 'xianke-import-crash-'));
chmodSync(dataDir, 0o711);
let program: Program | undefined;
afterAll(async () => {
  await program?.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

interface ImportState {
  id: string;
  state: string;
  result: { rows: number; create: number; reject: number } | null;
  progress: { rows: number } | null;
  changeSet: string | null;
}

it(`kill -9 of the server and of PostgreSQL in turn, ${KILLS} times during an import: it finishes, no row is lost or doubled`, async () => {
  program = await startProgram(dataDir);
  const port = Number(new URL(program.url).port);
  const base = `http://127.0.0.1:${port}/api/v1`;
  const setup = await fetch(`${base}/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: '王芳', email: 'wang@example.com', password: '海内存知己天涯若比邻' }),
  });
  const cookie = setup.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const call = async <T>(method: string, path: string, body?: string | object): Promise<T> => {
    const octets = typeof body === 'string';
    const reply = await fetch(base + path, {
      method,
      headers: {
        cookie,
        ...(body !== undefined && { 'content-type': octets ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body !== undefined && { body: octets ? body : JSON.stringify(body) }),
    });
    if (reply.status === 503) {
      await delay(200);
      return call<T>(method, path, body);
    }
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  const until = async (id: string, ready: (run: ImportState) => boolean): Promise<ImportState> => {
    for (;;) {
      const run = await call<ImportState>('GET', `/imports/${id}`);
      if (run.state === 'failed') throw new Error(JSON.stringify(run));
      if (ready(run)) return run;
      await delay(50);
    }
  };

  const lines = Array.from(
    { length: ROWS },
    (_, i) => `崩溃${String(i).padStart(6, '0')}公司,138${String(10_000_000 + i)}`,
  );
  const { id } = await call<ImportState>('POST', '/imports?name=crash.csv', `客户名称,手机号\n${lines.join('\n')}\n`);
  await until(id, (run) => run.state === 'ready');
  await call('POST', `/imports/${id}/start`);
  let interrupted = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const seen = (await call<ImportState>('GET', `/imports/${id}`)).progress?.rows ?? 0;
    const run = await until(id, (state) => state.state === 'done' || (state.progress?.rows ?? 0) > seen);
    if (run.state === 'done') break;
    interrupted += 1;
    if (kill % 2 === 1) {
      // The server goes on and brings its PostgreSQL back.
      const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      continue;
    }
    await program.end('SIGKILL');
    program = await startProgram(dataDir, port);
  }
  const done = await until(id, (run) => run.state === 'done');
  expect(interrupted).toBeGreaterThan(0);
  expect(done.result).toMatchObject({ rows: ROWS, create: ROWS, reject: 0 });

  const names: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = { limit: 500, ...(after !== undefined && { after }) };
    const found = await call<{ rows: { values: { name: string } }[]; next?: string }>('POST', '/records/query', {
      object: 'customer',
      fields: ['name'],
      page,
    });
    names.push(...found.rows.map((row) => row.values.name));
    if (found.next === undefined) break;
    after = found.next;
  }
  expect(names.length).toBe(ROWS);
  expect(new Set(names).size).toBe(ROWS);
}, 300_000);
