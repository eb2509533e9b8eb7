import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ask } from '../../../contract/asking.ts';
import { remindUnanswered, remindUnansweredJob } from './follow-up.ts';
import { callsOf, formOf, pathOf, placeOf, staleCustomer, type TestAsking, testAsking } from './testing.ts';

// The asks of users of other systems about this very flow are named by their threads: ChurchCRM/CRM#…

let test: TestAsking;
const { call, ask, open, send, row, adminCtx, askLi } = callsOf(() => test);
beforeAll(async () => {
  test = await testAsking();
});
beforeEach(async () => {
  test.mail.received.length = 0;
  test.notices.length = 0;
  await test.db.query(sql`delete from w_main.ask_miss`);
});

describe('an answer', () => {
  it('verifies what is right and corrects what is not: the button does what it says (ChurchCRM/CRM#4419)', async () => {
    const { customer, path, page, form, ask: made } = await askLi(['mobile', 'email', 'address'], ['job_title']);
    form.set(`v${placeOf(page, '手机')}`, 'right');
    form.set(`v${placeOf(page, '邮箱')}`, 'change');
    form.set(`n${placeOf(page, '邮箱')}`, ' NEW@Jia.CN ');
    form.set(`v${placeOf(page, '职务')}`, 'gone');
    form.set('consent', 'yes');
    const reply = await send(path, form);
    expect(reply.statusCode).toBe(303);
    expect((await open(String(reply.headers.location))).body).toContain('谢谢您');
    const after = await row('customer', customer.id);
    expect(after.values).toMatchObject({ mobile: '13800138000', email: 'NEW@jia.cn' });
    for (const field of ['mobile', 'email'])
      expect(after.freshness?.cells[field]).toMatchObject({
        method: 'customer',
        state: 'fresh',
        verifiedAt: test.clock.now.toISOString(),
      });
    // Not answered, so not confirmed.
    expect(after.freshness?.cells.address?.state).toBe('stale');
    expect((await row('contact', customer.li)).values.job_title ?? null).toBeNull();
    const history = await test.engine.read.history(await adminCtx(), 'customer', customer.id);
    expect(history[0]).toMatchObject({
      source: 'customer',
      actor: `customer:${made.recipients[0]?.id}`,
      reason: '李四 通过确认链接填写',
    });
    const actor = history[0]?.actor ?? '';
    expect(await test.engine.names('main', [actor, `user:${test.as.id}`])).toMatchObject({ [actor]: '李四' });
    expect(test.notices).toMatchObject([
      { kind: 'ask-answered', params: { name: '李四', right: 1, changed: 1, gone: 1 } },
    ]);
    const { asks } = await call<{ asks: Ask[] }>('GET', `/asks?object=customer&id=${customer.id}`);
    expect(asks[0]?.recipients[0]).toMatchObject({
      state: 'answered',
      answers: { right: 1, changed: 1, gone: 1, held: 0 },
    });
  });

  it('“all the rest is right” confirms what was not touched', async () => {
    const { customer, path, page, form } = await askLi(['mobile', 'email']);
    form.set(`v${placeOf(page, '邮箱')}`, 'change');
    form.set(`n${placeOf(page, '邮箱')}`, 'neu@jia.cn');
    form.set('consent', 'yes');
    form.set('send', 'all');
    expect((await send(path, form)).statusCode).toBe(303);
    const cells = (await row('customer', customer.id)).freshness?.cells;
    expect([cells?.mobile?.method, cells?.email?.method]).toEqual(['customer', 'customer']);
  });

  it('with something wrong comes back with the sentence beside the field, what was typed, and the link unused', async () => {
    const { customer, path, page, form } = await askLi(['mobile', 'email']);
    const [mobile, email] = [placeOf(page, '手机'), placeOf(page, '邮箱')];
    form.set(`v${mobile}`, 'change');
    form.set(`n${mobile}`, '1380013800');
    form.set(`v${email}`, 'right');
    const without = await send(path, form);
    expect(without.statusCode).toBe(422);
    expect(without.body).toContain('请勾选同意');
    form.set('consent', 'yes');
    const reply = await send(path, form);
    expect(reply.statusCode).toBe(422);
    expect(reply.body).toMatch(/class="problem" id="p\d"/);
    expect(reply.body).toContain('value="1380013800"');
    expect(reply.body).toContain(`aria-describedby="p${mobile}"`);
    expect((await row('customer', customer.id)).freshness?.cells.email?.state).toBe('stale');
    form.set(`n${mobile}`, '');
    expect((await send(path, form)).body).toContain('请填写正确的手机');
    form.set(`n${mobile}`, '13700000001');
    expect((await send(path, form)).statusCode).toBe(303);
  });

  it('confirms no value that was changed between looking and answering', async () => {
    const { customer, path, page, form } = await askLi(['mobile']);
    await test.write({ op: 'update', object: 'customer', id: customer.id, set: { mobile: '13611112222' } });
    form.set(`v${placeOf(page, '手机')}`, 'right');
    form.set('consent', 'yes');
    const reply = await send(path, form);
    expect(reply.statusCode).toBe(422);
    expect(reply.body).toContain('刚刚被更新过');
    expect(reply.body).toContain('136****2222');
    expect((await row('customer', customer.id)).freshness?.cells.mobile?.method).not.toBe('customer');
    const again = formOf(reply.body);
    again.set('v0', 'right');
    again.set('consent', 'yes');
    expect((await send(path, again)).statusCode).toBe(303);
  });

  it('can’t reach beyond its cells, whatever is sent', async () => {
    const { customer, path, form } = await askLi(['mobile']);
    for (const [key, value] of Object.entries({
      v0: 'right',
      v1: 'change',
      n1: 'x',
      v99: 'gone',
      name: 'x',
      consent: 'yes',
      object: 'customer',
      id: customer.wang,
    }))
      form.append(key, value);
    expect((await send(path, form)).statusCode).toBe(303);
    expect((await row('customer', customer.id)).values.name).toBe('上海甲科技有限公司');
    expect((await row('contact', customer.wang)).version).toBe(1);
  });

  it('of one contact is no matter of the others; each has his own state (ChurchCRM/CRM#2937, #2929)', async () => {
    const { id, li, wang } = await staleCustomer(test);
    const { links, ask: made } = await ask({
      object: 'customer',
      id,
      fields: ['mobile'],
      people: [
        { contact: li, way: 'link', fields: [] },
        { contact: wang, way: 'link', fields: ['wechat'] },
      ],
    });
    const [first = '', second = ''] = links.map((link) => pathOf(link.url));
    const form = formOf((await open(first)).body);
    form.set('v0', 'right');
    form.set('consent', 'yes');
    expect((await send(first, form)).statusCode).toBe(303);
    const states = async () =>
      (await call<{ asks: Ask[] }>('GET', `/asks?state=open&object=customer&id=${id}`)).asks.flatMap((one) =>
        one.recipients.map((person) => [person.name, person.state]),
      );
    // Who has not answered, who has not even looked.
    expect(await states()).toEqual([
      ['李四', 'answered'],
      ['王五', 'sent'],
    ]);
    const other = await open(second);
    expect(other.statusCode).toBe(200);
    expect(await states()).toEqual([
      ['李四', 'answered'],
      ['王五', 'opened'],
    ]);
    const answer = formOf(other.body);
    answer.set('send', 'all');
    answer.set('consent', 'yes');
    expect((await send(second, answer)).statusCode).toBe(303);
    expect(await states()).toEqual([]);
    expect(made.recipients).toHaveLength(2);
  });

  it('keeps what he agreed to, and when', async () => {
    const { path, form, ask: made } = await askLi(['mobile']);
    form.set('v0', 'right');
    form.set('consent', 'yes');
    await send(path, form);
    const [stored] = await test.db.query<{ consent: { words: string; at: string } }>(
      sql`select consent from w_main.ask_recipient where id = ${made.recipients[0]?.id}`,
    );
    expect(stored?.consent.words).toContain('华东演示公司');
    expect(stored?.consent.at).toBe(test.clock.now.toISOString());
  });
});

describe('held answers', () => {
  const hold = async (answers: 'apply' | 'hold') => {
    const settings = await call<object>('GET', '/asking/settings');
    await call('PUT', '/asking/settings', { ...settings, answers });
  };

  it('by the rule wait for a person; confirmations count at once; accepted they are the customer’s own word', async () => {
    await hold('hold');
    const { customer, path, page, form } = await askLi(['mobile', 'email']);
    form.set(`v${placeOf(page, '手机')}`, 'change');
    form.set(`n${placeOf(page, '手机')}`, '137 0000 0002');
    form.set(`v${placeOf(page, '邮箱')}`, 'right');
    form.set('consent', 'yes');
    expect((await send(path, form)).statusCode).toBe(303);
    expect((await row('customer', customer.id)).values.mobile).toBe('13800138000');
    expect((await row('customer', customer.id)).freshness?.cells.email?.method).toBe('customer');
    const { proposals } = await call<{ proposals: { id: string; fields: object[]; title: string }[] }>(
      'GET',
      `/proposals?record=${customer.id}`,
    );
    expect(proposals).toMatchObject([
      {
        title: '上海甲科技有限公司',
        source: 'customer',
        state: 'held',
        fields: [{ field: 'mobile', before: '13800138000', wanted: '13700000002' }],
      },
    ]);
    await call('POST', `/proposals/${proposals[0]?.id}/accept`, {});
    const after = await row('customer', customer.id);
    expect(after.values.mobile).toBe('13700000002');
    expect(after.freshness?.cells.mobile).toMatchObject({ method: 'customer', confidence: expect.closeTo(0.999, 3) });
    await expect(call('POST', `/proposals/${proposals[0]?.id}/accept`, {})).rejects.toThrow('proposal-decided');
    await hold('apply');
  });

  it('of protected and sensitive fields wait whatever the rule; a later change of the field is a conflict', async () => {
    const customer = await staleCustomer(test);
    const { links } = await ask({
      object: 'customer',
      id: customer.id,
      fields: ['amount'],
      people: [{ contact: customer.li, way: 'link', fields: [] }],
    });
    const path = pathOf(links[0]?.url);
    const form = formOf((await open(path)).body);
    form.set('v0', 'change');
    form.set('n0', '99999');
    form.set('consent', 'yes');
    expect((await send(path, form)).statusCode).toBe(303);
    const held = async () =>
      (await call<{ proposals: { id: string }[] }>('GET', `/proposals?state=held&record=${customer.id}`)).proposals;
    const [proposal] = await held();
    await test.write({ op: 'update', object: 'customer', id: customer.id, set: { amount: '130000' } });
    await expect(call('POST', `/proposals/${proposal?.id}/accept`, {})).rejects.toThrow('proposal-outdated');
    // A member does not see the amount, so he sees no proposal about it.
    const member = await test.account('member');
    const seen = await member({ method: 'GET', url: `/api/v1/proposals?record=${customer.id}` });
    expect(seen.json().proposals).toEqual([]);
    await call('POST', `/proposals/${proposal?.id}/reject`, { note: '财务已核对' });
    expect(await held()).toEqual([]);
    expect((await row('customer', customer.id)).values.amount).toBe('130000');
  });
});

describe('follow-up', () => {
  it('sends the letter once more after the days set, once, and only to those who have not answered', async () => {
    const { id, li } = await staleCustomer(test);
    const { links } = await ask({
      object: 'customer',
      id,
      fields: ['mobile'],
      people: [{ contact: li, way: 'mail', fields: [] }],
    });
    await test.outbox.deliverDue();
    const start = test.clock.now;
    const sentAfter = async (days: number) => {
      test.clock.now = new Date(start.getTime() + days * 86_400_000);
      await Promise.all([remindUnanswered(test.deps, 'main'), remindUnanswered(test.deps, 'main')]);
      await test.outbox.deliverDue();
      return test.mail.received.filter((one) => one.to.includes('li@jia.cn') && one.mail.text?.includes('/c/')).length;
    };
    const first = test.mail.received.length;
    expect(await sentAfter(2)).toBe(first);
    expect(await sentAfter(3.1)).toBeGreaterThan(first);
    const reminded = test.mail.received.length;
    expect(await sentAfter(5)).toBe(reminded);
    // Old and new link both open; one answer ends both.
    const again = /https:\S+\/c\/[\w-]{32}/.exec(test.mail.received.at(-1)?.mail.text ?? '')?.[0] ?? '';
    expect(again).not.toBe(links[0]?.url);
    const form = formOf((await open(pathOf(links[0]?.url))).body);
    form.set('v0', 'right');
    form.set('consent', 'yes');
    expect((await open(pathOf(again))).statusCode).toBe(200);
    expect((await send(pathOf(again), form)).statusCode).toBe(303);
    expect((await open(pathOf(links[0]?.url))).statusCode).toBe(404);
    test.clock.now = start;
  });

  it('writes to nobody at night: the job waits for office hours', async () => {
    const { id, li } = await staleCustomer(test);
    await ask({ object: 'customer', id, fields: ['mobile'], people: [{ contact: li, way: 'mail', fields: [] }] });
    await test.outbox.deliverDue();
    test.mail.received.length = 0;
    const start = test.clock.now;
    test.clock.now = new Date(start.getTime() + 4 * 86_400_000);
    const run = async (awake: boolean) => {
      const job = remindUnansweredJob({
        ...test.deps,
        workspaces: async () => ['main'],
        mayDisturb: async () => awake,
      });
      const { signal } = new AbortController();
      await job.handler({ id: '', payload: {}, attempt: 0, signal, progress: async () => {} });
      await test.outbox.deliverDue();
      return test.mail.received.filter(({ mail }) => mail.subject?.includes('上海甲科技有限公司')).length;
    };
    expect(await run(false)).toBe(0);
    expect(await run(true)).toBeGreaterThan(0);
    test.clock.now = start;
  });

  it('at sign-in elsewhere: one request however often he signs in, none when all is fresh', async () => {
    const { id } = await staleCustomer(test);
    const embed = () =>
      call<{ url: string | null; fields: string[] }>('POST', '/asks/embed', { object: 'customer', id });
    const [first, second] = [await embed(), await embed()];
    expect(first.fields).toContain('mobile');
    expect(second.url).not.toBe(first.url);
    expect((await call<{ asks: Ask[] }>('GET', `/asks?object=customer&id=${id}`)).asks).toHaveLength(1);
    const path = pathOf(second.url ?? '');
    const form = formOf((await open(path)).body);
    form.set('send', 'all');
    form.set('consent', 'yes');
    expect((await send(path, form)).statusCode).toBe(303);
    expect(await embed()).toMatchObject({ url: null, fields: [] });
  });
});
