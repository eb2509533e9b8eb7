import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '../../../contract/asking.ts';
import { createLinks } from './links.ts';
import { formOf, staleCustomer, type TestAsking, testAsking } from './testing.ts';

// Guessing, replay, enumeration: whoever has no working link gets nothing, and can't tell why.

let test: TestAsking;
beforeAll(async () => {
  test = await testAsking();
});
beforeEach(() => test.db.query(sql`delete from w_main.ask_miss`));

let address = 0;
/** A request from an address of its own, unless one is given. */
const from = (remoteAddress = `203.0.113.${(address++ % 250) + 1}`) => ({
  open: (path: string) => test.app.inject({ url: path, remoteAddress, headers: { 'accept-language': 'zh' } }),
  send: (path: string, form: URLSearchParams) =>
    test.app.inject({
      method: 'POST',
      url: path,
      remoteAddress,
      payload: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'zh' },
    }),
});

async function link(): Promise<{ path: string; ask: Ask; customer: string }> {
  const { id, li } = await staleCustomer(test);
  const reply = await test.as({
    method: 'POST',
    url: '/api/v1/asks',
    payload: { object: 'customer', id, fields: ['mobile'], people: [{ contact: li, way: 'link', fields: [] }] },
  });
  const { ask, links } = reply.json() as { ask: Ask; links: { url: string }[] };
  return { path: new URL(links[0]?.url ?? '').pathname, ask, customer: id };
}

async function answered(path: string): Promise<void> {
  const form = formOf((await from().open(path)).body);
  form.set('send', 'all');
  form.set('consent', 'yes');
  expect((await from().send(path, form)).statusCode).toBe(303);
}

/** Links that open nothing, each for another reason. */
async function deadLinks(): Promise<Record<string, string>> {
  const used = await link();
  await answered(used.path);
  const revoked = await link();
  await test.as({
    method: 'POST',
    url: `/api/v1/asks/${revoked.ask.id}/people/${revoked.ask.recipients[0]?.id}/revoke`,
  });
  const expired = await link();
  await test.db.query(
    sql`update w_main.ask set expires_at = ${new Date(test.clock.now.getTime() - 1000)} where id = ${expired.ask.id}`,
  );
  const half = (await link()).path;
  const selector = half.slice(0, 3 + 10);
  return {
    used: used.path,
    revoked: revoked.path,
    expired: expired.path,
    unknown: `/c/${randomBytes(24).toString('base64url')}`,
    'right row, wrong proof': `${selector}${randomBytes(24).toString('base64url').slice(0, 22)}`,
    short: '/c/abc',
    'not base64': `/c/${'%'.repeat(0)}${'!'.repeat(32)}`,
  };
}

describe('links that open nothing', () => {
  it('get one answer, to the byte, for looking and for answering', async () => {
    const dead = await deadLinks();
    const form = new URLSearchParams({ v0: 'right', consent: 'yes', send: 'all' });
    for (const ways of [(path: string) => from().open(path), (path: string) => from().send(path, form)]) {
      const answers = new Set<string>();
      for (const [kind, path] of Object.entries(dead)) {
        const { statusCode, headers, body } = await ways(path);
        expect(`${kind} ${statusCode}`).toBe(`${kind} 404`);
        const same = { ...headers, 'x-request-id': '', date: '', 'content-length': '' };
        // The address itself stands in the form that asks for a new link.
        answers.add(JSON.stringify([same, body.replace(encodeURIComponent(path.slice(3)), 'TOKEN')]));
      }
      expect(answers.size).toBe(1);
      expect([...answers][0]).toContain('这个链接不可用');
    }
  });

  it('take the same way: the same queries in the same order, whatever is wrong', async () => {
    const dead = await deadLinks();
    const ways = new Set<string>();
    for (const path of Object.values(dead)) {
      const asked: string[] = [];
      const query = test.db.query;
      test.db.query = ((statement, name) => {
        asked.push(statement.text.replaceAll(/\s+/g, ' '));
        return query(statement, name);
      }) as typeof query;
      await from().open(path);
      test.db.query = query;
      ways.add(asked.join(' | '));
    }
    expect(ways.size).toBe(1);
    expect([...ways][0]).toContain('ask_link');
  });

  it('are not guessed: after twenty an address waits, also with a good link, and others don’t', async () => {
    const good = (await link()).path;
    const guesser = from('198.51.100.7');
    for (let i = 0; i < 20; i++)
      expect((await guesser.open(`/c/${randomBytes(24).toString('base64url')}`)).statusCode).toBe(404);
    const blocked = await guesser.open(good);
    expect(blocked.statusCode).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('198.51.100.8').open(good)).statusCode).toBe(200);
    test.clock.now = new Date(test.clock.now.getTime() + 16 * 60_000);
    expect((await guesser.open(good)).statusCode).toBe(200);
    // The table knows no addresses.
    expect(
      JSON.stringify(await test.db.query(sql`select encode(address, 'escape') from w_main.ask_miss`)),
    ).not.toContain('198.51');
  });

  it('count for a whole IPv6 network together', () => {
    const links = createLinks(randomBytes(32));
    const key = (of: string) => links.addressKey(of).toString('hex');
    expect(key('2400:3200:1:2::1')).toBe(key('2400:3200:1:2:ffff::9'));
    expect(key('2400:3200:1:2::1')).not.toBe(key('2400:3200:1:3::1'));
    expect(key('2400::1')).toBe(key('2400:0:0:0:5::1'));
  });
});

describe('replay', () => {
  it('of the same answer ten times at once is one answer', async () => {
    const { path, customer } = await link();
    const form = formOf((await from().open(path)).body);
    form.set('v0', 'change');
    form.set('n0', '13700000009');
    form.set('consent', 'yes');
    const codes = await Promise.all(Array.from({ length: 10 }, async () => (await from().send(path, form)).statusCode));
    expect(codes.filter((code) => code === 303)).toHaveLength(1);
    expect(codes.filter((code) => code === 404 || code === 422)).toHaveLength(9);
    const sets = await test.db.query(sql`select from w_main.delta where record = ${customer} and source = 'customer'`);
    expect(sets).toHaveLength(1);
    expect((await from().open(path)).statusCode).toBe(404);
  });

  it('of a form with another link’s marks confirms nothing', async () => {
    const [mine, other] = [await link(), await link()];
    const form = formOf((await from().open(mine.path)).body);
    form.set('v0', 'right');
    form.set('consent', 'yes');
    expect((await from().send(other.path, form)).statusCode).toBe(422);
  });
});

describe('from other sites and with the database alone', () => {
  it('a form of another site is refused', async () => {
    const { path } = await link();
    const reply = await test.app.inject({
      method: 'POST',
      url: path,
      payload: 'send=all&consent=yes',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
    });
    expect(reply.json()).toMatchObject({ code: 'wrong-origin' });
  });

  it('rows put into the database without the key open nothing', async () => {
    const { ask } = await link();
    const token = randomBytes(24);
    const forged = createLinks(randomBytes(32));
    const path = await test.db.tx((tx) => forged.issue(tx, 'main', ask.recipients[0]?.id ?? '', test.clock.now));
    expect((await from().open(`/c/${path}`)).statusCode).toBe(404);
    await test.db.query(sql`insert into w_main.ask_link (selector, hash, recipient, made_at)
      values (${token.subarray(0, 8)}, ${token}, ${ask.recipients[0]?.id}, now())`);
    expect((await from().open(`/c/${token.toString('base64url')}`)).statusCode).toBe(404);
  });
});

describe('a new link', () => {
  it('is wanted by whoever holds an expired one; the one who asked is told once; nobody else learns anything', async () => {
    const dead = await deadLinks();
    test.notices.length = 0;
    const replies = new Set<string>();
    for (const path of [...Object.values(dead), dead.expired ?? '']) {
      const { statusCode, headers } = await from().send(`${path}/renew`, new URLSearchParams());
      replies.add(`${statusCode} ${headers.location}`);
    }
    expect([...replies]).toEqual(['303 /c/renewed?lang=zh']);
    await expect.poll(() => test.notices.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(new Set(test.notices.map((notice) => notice.kind))).toEqual(new Set(['ask-wants-link']));
    expect(new Set(test.notices.map((notice) => notice.cause)).size).toBe(1);
    expect((await from().open('/c/renewed')).body).toContain('如果这个链接曾经发给您');
  });

  it('begins the term anew and opens', async () => {
    const { path, ask } = await link();
    test.clock.now = new Date(test.clock.now.getTime() + 30 * 86_400_000);
    expect((await from().open(path)).statusCode).toBe(404);
    const reply = await test.as({ method: 'POST', url: `/api/v1/asks/${ask.id}/people/${ask.recipients[0]?.id}/link` });
    expect((await from().open(new URL(reply.json().url).pathname)).statusCode).toBe(200);
    await answered(path);
    const late = await test.as({ method: 'POST', url: `/api/v1/asks/${ask.id}/people/${ask.recipients[0]?.id}/link` });
    expect(late.json()).toMatchObject({ code: 'ask-closed' });
  });
});
