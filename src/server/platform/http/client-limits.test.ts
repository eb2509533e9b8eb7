import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import type { Caller } from './caller.ts';
import { clientLimits } from './client-limits.ts';
import { createHttp } from './server.ts';

const caller = (id: string, more: Partial<Caller> = {}): Caller => ({
  actor: `user:${id}`,
  account: { id, name: id, email: `${id}@example.com` },
  role: 'member',
  via: 'session',
  credential: `session of ${id}`,
  ...more,
});
const app = { id: 'app', name: 'App' };

describe('requests a minute', () => {
  it('are counted per account over its sessions, per key, and per app over its people', () => {
    const limits = clientLimits(2, () => 0);
    const fits = (one: Caller): boolean => {
      try {
        limits.count(one);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'too-many-requests', params: { seconds: 60 } });
        return false;
      }
    };
    expect([fits(caller('a')), fits(caller('a', { credential: 'another' })), fits(caller('a'))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(fits(caller('b'))).toBe(true);
    const key = caller('a', { via: 'key', credential: 'key', perMinute: 1 });
    expect([fits(key), fits(key), fits({ ...key, credential: 'other key' })]).toEqual([true, false, true]);
    const first = caller('a', { via: 'app', app, perMinute: 1 });
    expect([fits(first), fits({ ...first, ...caller('c', { via: 'app', app, perMinute: 1 }) })]).toEqual([true, false]);
  });

  it('begin anew after a minute, and 0 is no limit', () => {
    let now = 0;
    const limits = clientLimits(1, () => now);
    limits.count(caller('a'));
    now = 59_999;
    expect(() => limits.count(caller('a'))).toThrow(expect.objectContaining({ params: { seconds: 1 } }));
    now = 60_000;
    limits.count(caller('a'));
    const none = clientLimits(0);
    for (let n = 0; n < 100; n++) none.count(caller('a'));
  });

  it('have a limit per address too, before anybody is looked up', async () => {
    let asked = 0;
    const http = await createHttp({
      config: { publicUrl: undefined, trustProxy: false, rateLimit: 3 },
      log: silentLog,
      authenticate: async ({ ip }) => {
        asked++;
        return caller(ip);
      },
    });
    http.get('/x', { config: { permission: 'signed-in' } }, async () => 'x');
    const ask = (remoteAddress: string) => http.inject({ url: '/x', remoteAddress });
    const replies = [];
    for (let n = 0; n < 5; n++) replies.push(await ask('192.0.2.1'));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429, 429]);
    expect(Number(replies[4]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('192.0.2.2')).statusCode).toBe(200);
    expect(asked).toBe(4);
    await http.close();
  });
});
