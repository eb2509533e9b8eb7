import { createHook } from 'node:async_hooks';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { testServer } from '../../../../test/support/server.ts';
import { visitor } from '../../../../test/support/visitor.ts';
import { createAccount } from './accounts.ts';
import { deviceCookies } from './device-cookie.ts';

const server = await testServer();
const { app, db } = server;
const [email, password] = ['victim@example.com', '落霞与孤鹜齐飞秋水'];
await db.tx((tx) => createAccount(tx, { name: '张三', email, password, role: 'member' }));
await db.tx((tx) => createAccount(tx, { name: '李四', email: 'mate@example.com', password, role: 'member' }));
const signIn = (browser: ReturnType<typeof visitor>, guess: string, who = email) =>
  browser('POST', '/session', { email: who, password: guess });
const addressOf = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

beforeEach(() => db.query(sql`delete from auth.attempt`));

describe('a thousand guesses from many addresses', () => {
  it('are refused after the limit, and the owner still gets in', async () => {
    const own = visitor(app, { address: '192.0.2.7' });
    expect((await signIn(own, password)).statusCode).toBe(200);
    await own('DELETE', '/session');

    let looked = 0;
    for (let i = 0; i < 1000; i += 50) {
      const burst = Array.from({ length: 50 }, (_, n) =>
        signIn(visitor(app, { address: addressOf(i + n) }), `guess number ${i + n}`),
      );
      for (const reply of await Promise.all(burst)) looked += reply.statusCode === 401 ? 1 : 0;
    }
    expect(looked).toBe(50);
    // Even the right password is refused now from a browser in which he never signed in,
    expect((await signIn(visitor(app, { address: '192.0.2.200' }), password)).json().code).toBe('sign-in-blocked');
    // and taken from the one where he did.
    expect((await signIn(own, password)).json().account.email).toBe(email);
    // His colleagues notice nothing.
    const mate = await signIn(visitor(app, { address: '192.0.2.8' }), password, 'mate@example.com');
    expect(mate.statusCode).toBe(200);
  }, 60_000);

  it('go on in no other way: a known browser has ten tries of its own', async () => {
    const own = visitor(app);
    await signIn(own, password);
    const replies = await Promise.all(Array.from({ length: 14 }, () => signIn(own, 'guess guess')));
    expect(replies.filter((reply) => reply.statusCode === 401)).toHaveLength(10);
    // What it used up is its own: another browser is not shut out by it.
    expect((await signIn(visitor(app, { address: '192.0.2.9' }), password)).statusCode).toBe(200);
  });

  it('leave the second way open: a link by which he chooses a new password', async () => {
    for (let i = 0; i < 55; i++) await signIn(visitor(app, { address: addressOf(i) }), 'guess guess');
    const admin = await server.account('admin');
    const [row] = await db.query<{ id: string }>(sql`select id from auth."user" where email = ${email}`);
    const { token } = (await admin({ method: 'POST', url: `/api/v1/accounts/${row?.id}/link` })).json();
    const own = visitor(app, { address: '192.0.2.201' });
    const used = await own('POST', '/links/use', { token, password });
    expect(used.json().account.email).toBe(email);
    await own('DELETE', '/session');
    expect((await signIn(own, password)).statusCode).toBe(200);
  });
});

describe('the cookie of a known browser', () => {
  const devices = deviceCookies(server.keys, undefined);
  const now = new Date('2026-11-22T09:00:00Z');
  const value = (cookie: string) => cookie.split(';')[0];

  it('counts for its account only, for a year, and not when it was changed', () => {
    const cookie = value(devices.remember(undefined, email, now));
    expect(devices.known(cookie, email, now)).toBeDefined();
    expect(devices.known(cookie, 'other@example.com', now)).toBeUndefined();
    expect(devices.known(cookie, email, new Date('2027-12-01T09:00:00Z'))).toBeUndefined();
    const changed = cookie?.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(devices.known(changed, email, now)).toBeUndefined();
  });

  it('remembers several accounts of one browser, five at most', () => {
    let cookie: string | undefined;
    for (let i = 0; i < 7; i++) cookie = value(devices.remember(cookie, `p${i}@example.com`, now));
    const known = Array.from({ length: 7 }, (_, i) => devices.known(cookie, `p${i}@example.com`, now) !== undefined);
    expect(known).toEqual([false, false, true, true, true, true, true]);
  });
});

describe('whether there is an account', () => {
  /** Hashings that a call makes: scrypt is what takes the time of a sign-in. */
  const hashings = async (work: () => Promise<unknown>): Promise<number> => {
    let made = 0;
    const hook = createHook({
      init: (_id, type) => {
        if (type === 'SCRYPTREQUEST') made++;
      },
    }).enable();
    await work();
    hook.disable();
    return made;
  };

  it('is not told by the work that is done', async () => {
    await db.tx((tx) => createAccount(tx, { name: '新人', email: 'new@example.com', password: null, role: 'member' }));
    const of = (who: string) => hashings(() => signIn(visitor(app), 'wrong password', who));
    expect(await of(email)).toBe(1);
    expect(await of('nobody@example.com')).toBe(1);
    expect(await of('new@example.com')).toBe(1);
  });

  it('is not told by asking for a new password', async () => {
    const ask = (who: string) => visitor(app)('POST', '/password-resets', { email: who });
    const [known, unknown] = [await ask(email), await ask('nobody@example.com')];
    expect([known.statusCode, known.json()]).toEqual([unknown.statusCode, unknown.json()]);
  });
});
