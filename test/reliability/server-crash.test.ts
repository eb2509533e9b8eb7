import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { type Program, startProgram } from '../support/program.ts';

const KILLS = Number(process.env.KILLS ?? 3);
const CLIENTS = 4;

const dataDir = mkdtempSync(join(tmpdir(), 'xianke-server-crash-'));
chmodSync(dataDir, 0o711);
let program: Program | undefined;
afterAll(async () => {
  await program?.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

/** The server was killed under the request, or is not back yet. */
function cutOff(error: Error): null {
  if (error.message !== 'fetch failed' && error.message !== 'terminated') throw error;
  return null;
}

it(`kill -9 of the server ${KILLS} times under writers: nothing acknowledged is lost, nothing sent again is doubled`, async () => {
  program = await startProgram(dataDir);
  const port = Number(new URL(program.url).port);
  const call = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const setup = await call('/setup', { name: '王芳', email: 'wang@example.com', password: '海内存知己天涯若比邻' });
  const cookie = setup.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { key } = (await (await call('/api-keys', { name: 'test' }, { cookie })).json()) as { key: string };
  const authorization = `Bearer ${key}`;

  const acknowledged: string[] = [];
  let repeated = 0;
  let ended = false;
  const write = async (client: number) => {
    for (let n = 0; !ended; n++) {
      const name = `测试公司 ${client}-${n}`;
      const body = { changes: [{ op: 'create', object: 'customer', set: { name } }] };
      // Sent again with the same key until it is answered, as the page's queue and every careful program do.
      for (;;) {
        const reply = await call('/records/changes', body, {
          authorization,
          'idempotency-key': `${client}-${n}`,
        }).catch(cutOff);
        if (reply?.status === 200) break;
        if (reply && reply.status < 500 && reply.status !== 409)
          throw new Error(`${reply.status} ${await reply.text()}`);
        repeated++;
        await delay(50);
      }
      acknowledged.push(name);
    }
  };
  const writers = Array.from({ length: CLIENTS }, (_, client) => write(client));
  const progress = async (rows: number) => {
    const goal = acknowledged.length + rows;
    while (acknowledged.length < goal) await Promise.race([delay(10), ...writers]);
  };
  for (let kill = 0; kill < KILLS; kill++) {
    await progress(60);
    await program.end('SIGKILL');
    program = await startProgram(dataDir, port);
  }
  await progress(60);
  ended = true;
  await Promise.all(writers);

  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = { limit: 500, ...(after !== undefined && { after }) };
    const reply = await call('/records/query', { object: 'customer', fields: ['name'], page }, { authorization });
    const { rows, next } = (await reply.json()) as { rows: { values: { name: string } }[]; next?: string };
    found.push(...rows.map((row) => row.values.name));
    if (next === undefined) break;
    after = next;
  }
  expect(repeated).toBeGreaterThan(0);
  expect(found.sort()).toEqual(acknowledged.sort());
}, 300_000);
