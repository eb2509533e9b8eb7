import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Greeting } from '../../../contract/greetings.ts';
import type { Change } from '../../../domain/change/types.ts';
import { accessFor } from '../access/index.ts';
import { type TestAsking, testAsking } from '../asking/testing.ts';
import type { NewNotice } from '../reminders/index.ts';
import { type GreetingJobDeps, runGreetings } from './greetings-jobs.ts';
import { greetingsRoutes } from './greetings-routes.ts';
import { stopPages } from './stop-link.ts';

// 1 March 2026 is a Sunday; contacts have their birthdays on 3 March. The clock of the tests stands at 10:00 in Shanghai.

let test: TestAsking;
let deps: GreetingJobDeps;
const notices: NewNotice[] = [];
let quiet = false;
const ZONE = 'Asia/Shanghai';
const [customer, li, wang, zhao] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];

beforeAll(async () => {
  test = await testAsking((app, asking, ctxOf) => {
    deps = {
      ...asking,
      accessOf: async (_workspace, { role }) => accessFor(role, await asking.catalog.get('main')),
      accounts: async () => [
        { id: test.as.id, name: '王芳', email: '', role: 'admin', disabled: false, createdAt: '2026-01-01T00:00:00Z' },
      ],
      notify: async (_tx, _workspace, notice) => void notices.push(notice),
      workspaces: async () => [{ id: 'main', timeZone: ZONE }],
      isQuiet: async () => quiet,
    };
    greetingsRoutes(app, { ...deps, ctxOf, publicUrl: 'https://crm.example.com' });
    stopPages(app, { ...deps, workspace: 'main' });
  });
  const person = (id: string, name: string, more: object): Change => ({
    op: 'create',
    object: 'contact',
    id,
    set: { name, customer, birthday: '1980-03-03', email: `${name.length}${id.slice(-4)}@jia.cn`, ...more },
  });
  await test.write(
    { op: 'create', object: 'customer', id: customer, set: { name: '上海甲科技有限公司', owner: test.as.id } },
    person(li, '李娜', {}),
    person(wang, '王强', { email: null }),
    person(zhao, '赵敏', {}),
    person(uuidv7(), '孙丽', { birthday: '1990-04-01' }),
  );
});

const list = async (): Promise<Greeting[]> =>
  (await test.as({ method: 'GET', url: '/api/v1/greetings' })).json<{ greetings: Greeting[] }>().greetings;

const decide = async (ids: string[], what: string) =>
  (await test.as({ method: 'POST', url: '/api/v1/greetings/decide', payload: { ids, do: what } })).statusCode;

const at = (text: string): void => {
  test.clock.now = new Date(`${text}+08:00`);
};

const run = () => runGreetings(deps, 'main', ZONE);

describe('greetings', () => {
  it('are proposed the day before, once, to who looks after the customer, and not where there is no address', async () => {
    at('2026-03-02T08:00');
    expect(await run()).toEqual({ proposed: 0, sent: 0 });
    at('2026-03-02T10:00');
    expect(await run()).toEqual({ proposed: 2, sent: 0 });
    expect(await run()).toEqual({ proposed: 0, sent: 0 });
    expect(notices).toMatchObject([{ account: test.as.id, kind: 'greetings', params: { count: 2 } }]);
    expect((await list()).map(({ name, day, occasion, state }) => [name, day, occasion, state])).toEqual([
      ['李娜', '2026-03-03', 'birthday', 'proposed'],
      ['赵敏', '2026-03-03', 'birthday', 'proposed'],
    ]);
  });

  it('leave on the day for those confirmed, not in quiet hours, once, with a link to confirm and one to stop', async () => {
    const [first, second] = await list();
    expect(await decide([first?.id ?? ''], 'send')).toBe(200);
    expect(await run()).toMatchObject({ sent: 0 });
    at('2026-03-03T07:00');
    quiet = true;
    expect(await run()).toMatchObject({ sent: 0 });
    quiet = false;
    at('2026-03-03T09:00');
    expect(await run()).toMatchObject({ sent: 1 });
    expect(await run()).toMatchObject({ sent: 0 });
    expect((await list()).map((one) => [one.name, one.state])).toEqual([
      ['李娜', 'sent'],
      ['赵敏', 'proposed'],
    ]);
    await test.outbox.deliverDue();
    await test.outbox.deliverDue();
    expect(test.mail.received).toHaveLength(1);
    const letter = test.mail.received[0]?.mail;
    expect(letter?.subject).toContain('生日快乐');
    expect(letter?.text).toContain('https://crm.example.com/c/');
    const stop = /https:\/\/crm\.example\.com(\/g\/\S+)/.exec(letter?.text ?? '')?.[1] ?? '';
    expect(stop).not.toBe('');

    expect((await test.app.inject({ method: 'GET', url: stop })).body).toContain('不再接收');
    expect((await test.app.inject({ method: 'GET', url: stop.replace(/.\?/, '!?') })).statusCode).toBe(404);
    const [none] = await test.db.query<{ n: number }>(sql`select count(*)::int as n from w_main.greeting_stop`);
    expect(none?.n).toBe(0);
    const said = await test.app.inject({
      method: 'POST',
      url: stop,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: '',
    });
    expect(said.statusCode).toBe(200);
    expect(await decide([second?.id ?? ''], 'stop')).toBe(200);
    // A year later nobody of the two is proposed.
    at('2027-03-02T10:00');
    expect(await run()).toEqual({ proposed: 0, sent: 0 });
    expect(await list()).toEqual([]);
  });

  it('that cannot be sent say why, and can be tried again', async () => {
    await test.db.query(sql`delete from w_main.greeting_stop`);
    await test.db.query(sql`delete from w_main.consent`);
    at('2028-03-02T10:00');
    expect(await run()).toEqual({ proposed: 2, sent: 0 });
    const [first] = await list();
    await decide([first?.id ?? ''], 'send');
    await test.write({ op: 'update', object: 'contact', id: li, set: { email: null } });
    at('2028-03-03T10:00');
    expect(await run()).toEqual({ proposed: 0, sent: 0 });
    expect((await list())[0]).toMatchObject({ name: '李娜', state: 'failed', problem: 'ask-needs-email' });
  });

  it('of a holiday go to customers whose data is due', async () => {
    await test.write({
      op: 'update',
      object: 'customer',
      id: customer,
      set: { email: 'zhao@jia.cn', mobile: '13800138000' },
    });
    await test.db.query(sql`update w_main.freshness set due_at = now() - interval '1 day' where record = ${customer}`);
    at('2028-09-30T10:00');
    expect(await run()).toEqual({ proposed: 1, sent: 0 });
    expect(await list()).toMatchObject([{ name: '上海甲科技有限公司', occasion: 'national-day', day: '2028-10-01' }]);
  });
});
