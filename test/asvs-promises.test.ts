import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAccount } from '../src/server/modules/identity/index.ts';
import { createHttp } from '../src/server/platform/http/server.ts';
import { openKeys } from '../src/server/platform/keys.ts';
import { createLog, silentLog } from '../src/server/platform/log.ts';
import { createSeal } from '../src/server/platform/outgoing/seal.ts';
import { testServer } from './support/server.ts';
import { visitor } from './support/visitor.ts';

// What docs/security/asvs.md promises and no other test keeps: passwords as they are typed, sessions, addresses behind a proxy, sealed values.

const server = await testServer();
const { app, db } = server;
let serial = 0;
let email = '';
const password = '春江潮水连海平';
beforeEach(async () => {
  email = `promise${++serial}@example.com`;
  await db.tx((tx) => createAccount(tx, { name: '李四', email, password, role: 'member' }));
});
const signIn = async (own: ReturnType<typeof visitor>, secret: string) =>
  (await own('POST', '/session', { email, password: secret })).statusCode;

describe('passwords (6.2)', () => {
  it('are of any characters, 8 to 200, and count to the last', async () => {
    const own = visitor(app);
    expect(await signIn(own, password)).toBe(200);
    const change = async (newPassword: string, now = password) =>
      (await own('PUT', '/me/password', { password: now, newPassword })).statusCode;
    expect(await change('七个字符太短了')).toBe(422);
    expect(await change('another good one', 'not mine')).toBeGreaterThanOrEqual(400);
    expect((await own('PUT', '/me/password', { newPassword: 'another good one' })).statusCode).toBeGreaterThanOrEqual(
      400,
    );
    const long = `  空格 and 🍃 signs ' " \\ < % ${'长'.repeat(90)} Z `;
    expect(long.length).toBeGreaterThan(100);
    expect(await change(long)).toBe(200);
    for (const [other, status] of [
      [long, 200],
      [long.slice(0, 72), 401],
      [long.trim(), 401],
      [long.toUpperCase(), 401],
      [password, 401],
    ] as const)
      expect([other.length, await signIn(visitor(app, { address: `192.0.2.${other.length}` }), other)]).toEqual([
        other.length,
        status,
      ]);
  });
});

describe('sessions (7.2, 7.4, 7.5)', () => {
  const token = (own: ReturnType<typeof visitor>): string => own.cookies.get('xianke.session_token') ?? '';
  const alive = async (own: ReturnType<typeof visitor>): Promise<boolean> =>
    (await own('GET', '/session')).statusCode === 200;

  it('are new at each sign-in, and the one before in this browser ends', async () => {
    const own = visitor(app);
    await signIn(own, password);
    const before = visitor(app);
    for (const [name, value] of own.cookies) before.cookies.set(name, value);
    await signIn(own, password);
    expect(token(own)).not.toBe(token(before));
    expect([await alive(own), await alive(before)]).toEqual([true, false]);
  });

  it('are listed, ended one by one or all others at once, and by a new password', async () => {
    const [desk, phone, cafe, home] = [visitor(app), visitor(app), visitor(app), visitor(app)];
    for (const one of [desk, phone, cafe, home]) await signIn(one, password);
    const { devices } = (await desk('GET', '/me/security')).json() as { devices: { id: string; current: boolean }[] };
    expect([devices.length, devices.filter(({ current }) => current).length]).toEqual([4, 1]);
    const { devices: seen } = (await phone('GET', '/me/security')).json() as {
      devices: { id: string; current: boolean }[];
    };
    const id = seen.find(({ current }) => current)?.id;
    expect((await desk('DELETE', `/me/devices/${id}`)).statusCode).toBe(200);
    expect([await alive(desk), await alive(phone), await alive(cafe)]).toEqual([true, false, true]);
    expect((await desk('PUT', '/me/password', { password, newPassword: 'another good one' })).statusCode).toBe(200);
    expect([await alive(desk), await alive(cafe), await alive(home)]).toEqual([true, false, false]);
    await signIn(cafe, 'another good one');
    expect((await desk('POST', '/me/devices/end-others', {})).json()).toEqual({ ended: 1 });
    expect([await alive(desk), await alive(cafe)]).toEqual([true, false]);
    const stranger = await server.account('member');
    const mine = (await desk('GET', '/me/security')).json().devices[0].id;
    expect((await stranger({ method: 'DELETE', url: `/api/v1/me/devices/${mine}` })).statusCode).toBeGreaterThanOrEqual(
      400,
    );
    expect(await alive(desk)).toBe(true);
  });
});

describe('headers of a proxy (4.1.3)', () => {
  it('count only when there is one', async () => {
    for (const trustProxy of [false, true]) {
      const http = await createHttp({
        config: { publicUrl: undefined, trustProxy, rateLimit: 0 },
        log: silentLog,
        authenticate: async () => null,
      });
      http.get('/who', { config: { permission: 'public' } }, async (request) => ({
        ip: request.ip,
        host: request.host,
      }));
      const reply = await http.inject({
        url: '/who',
        remoteAddress: '192.0.2.9',
        headers: { host: 'own.example', 'x-forwarded-for': '203.0.113.5', 'x-forwarded-host': 'evil.example' },
      });
      expect(reply.json()).toEqual(
        trustProxy ? { ip: '203.0.113.5', host: 'evil.example' } : { ip: '192.0.2.9', host: 'own.example' },
      );
      await http.close();
    }
  });
});

describe('methods (13.4.4)', () => {
  it('TRACE sends nothing back', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as { port: number };
    const heard = await new Promise<string>((done) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('TRACE / HTTP/1.1\r\nhost: x\r\nx-secret: tell-me\r\nconnection: close\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.once('close', () => done(text));
    });
    expect(heard).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(heard).not.toContain('tell-me');
  });
});

describe('what is sealed (11.3)', () => {
  it('opens in its place, unchanged and with its key only', () => {
    const seal = createSeal(openKeys(server.directory), 'test');
    const closed = seal.close({ password: 'p' }, 'channel 1');
    expect(seal.open(closed, 'channel 1')).toEqual({ password: 'p' });
    expect(closed.equals(seal.close({ password: 'p' }, 'channel 1'))).toBe(false);
    expect(() => seal.open(closed, 'channel 2')).toThrow();
    expect(() => createSeal(openKeys(server.directory), 'other').open(closed, 'channel 1')).toThrow();
    for (let at = 0; at < closed.length; at++) {
      const changed = Buffer.from(closed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => seal.open(changed, 'channel 1')).toThrow();
    }
  });
});

describe('log lines (16.4.1)', () => {
  it('can’t be made by what is logged', () => {
    const lines: string[] = [];
    createLog('info', { write: (line: string) => void lines.push(line) }).info(
      { name: 'x"}\n{"level":60,"msg":"forged' },
      'a\nb\u2028',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd().split('\n')).toHaveLength(1);
  });
});
