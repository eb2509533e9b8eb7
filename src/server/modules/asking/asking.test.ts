import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addConsent } from '../consent/index.ts';
import { callsOf, pathOf, staleCustomer, type TestAsking, testAsking } from './testing.ts';

// The asks of users of other systems about this very flow are named by their threads: ChurchCRM/CRM#…

let test: TestAsking;
const { call, ask, open, askLi } = callsOf(() => test);
beforeAll(async () => {
  test = await testAsking();
});
beforeEach(async () => {
  test.mail.received.length = 0;
  test.notices.length = 0;
  await test.db.query(sql`delete from w_main.ask_miss`);
});

describe('asking', () => {
  it('proposes what is past due, to contacts with and without mail, and says what the customer will see', async () => {
    const { id, li, wang } = await staleCustomer(test);
    const draft = await call<{
      mail: boolean;
      fields: { field: string; masked: string; suggested: boolean }[];
      people: {
        contact: string | null;
        name: string;
        email: string | null;
        fields: { field: string; suggested: boolean }[];
      }[];
    }>('GET', `/asks/draft/customer/${id}`);
    const field = (name: string) => draft.fields.find((one) => one.field === name);
    expect(field('mobile')).toMatchObject({ masked: '138****8000', suggested: true });
    expect(field('owner')).toBeUndefined();
    expect(draft.people.map((person) => person.contact)).toEqual(expect.arrayContaining([null, li, wang]));
    expect(draft.people.find((person) => person.contact === wang)).toMatchObject({ name: '王五', email: null });
    expect(
      draft.people.find((person) => person.contact === li)?.fields.find((one) => one.field === 'mobile')?.suggested,
    ).toBe(true);
  });

  it('gives a link to copy, without mail and without an address (ChurchCRM/CRM#4775, #3283)', async () => {
    const { id, wang } = await staleCustomer(test);
    const { links, ask: made } = await ask({ object: 'customer', id, people: [{ contact: wang, way: 'link' }] });
    expect(links[0]?.url).toMatch(/^https:\/\/crm\.example\.com\/c\/[\w-]{32}$/);
    await test.outbox.deliverDue();
    expect(test.mail.received).toHaveLength(0);
    // The defaults: what is past due of the company and of himself.
    expect(made.recipients[0]?.fields.map((one) => `${one.object}.${one.field}`)).toEqual(
      expect.arrayContaining(['customer.mobile', 'contact.mobile', 'contact.wechat']),
    );
  });

  it('writes a letter with the link, once per person', async () => {
    const { id, li } = await staleCustomer(test);
    const { links } = await ask({
      object: 'customer',
      id,
      people: [{ contact: li, way: 'mail' }],
      template: 'spring-festival',
    });
    await test.outbox.deliverDue();
    await test.outbox.deliverDue();
    expect(test.mail.received).toHaveLength(1);
    const [one] = test.mail.received;
    expect(one?.to).toEqual(['li@jia.cn']);
    expect(one?.mail.subject).toBe('李四，新春快乐');
    expect(one?.mail.text).toContain(links[0]?.url);
    expect(String(one?.mail.html)).toContain(`href="${links[0]?.url}"`);
    expect(one?.mail.text).not.toContain('{');
  });

  it('keeps a letter that waits when its receiver says no meanwhile, and says why', async () => {
    const { id, li } = await staleCustomer(test);
    await ask({ object: 'customer', id, people: [{ contact: li, way: 'mail' }] });
    const said = { object: 'contact', person: li, purpose: 'confirm', channel: 'mail' as const, separate: false };
    const how = { at: test.clock.now, source: 'phone' as const, note: null, by: null };
    await addConsent(test.db, 'main', { ...said, ...how, state: 'withdrawn' });
    await test.outbox.deliverDue();
    expect(test.mail.received).toHaveLength(0);
    const [letter] = await test.db.query<{ state: string; content: Buffer | null; last_error: string }>(
      sql`select state, content, last_error from xianke.outgoing order by created_at desc, id desc limit 1`,
    );
    expect(letter).toMatchObject({ state: 'failed', content: null, last_error: 'consent withdrawn' });
  });

  it('refuses mail where there is no address, and fields the asker may not write', async () => {
    const { id, wang, li } = await staleCustomer(test);
    await expect(ask({ object: 'customer', id, people: [{ contact: wang, way: 'mail' }] })).rejects.toThrow(
      'ask-needs-email',
    );
    await expect(
      ask({ object: 'customer', id, fields: ['owner'], people: [{ contact: li, way: 'link' }] }),
    ).rejects.toThrow('nothing-to-ask');
    const member = await test.account('member');
    const reply = await member({
      method: 'POST',
      url: '/api/v1/asks',
      payload: { object: 'customer', id, fields: ['amount'], people: [{ way: 'link' }] },
    });
    expect(reply.json()).toMatchObject({ code: 'nothing-to-ask' });
  });

  it('keeps no link: not in a table, not in the answer of a list, not in the outbox', async () => {
    const { id, li } = await staleCustomer(test);
    const { links } = await ask({ object: 'customer', id, people: [{ contact: li, way: 'mail' }] });
    const token = pathOf(links[0]?.url).slice(3);
    const bytes = Buffer.from(token, 'base64url').subarray(8).toString('hex');
    const dump = await test.db.query(sql`
      select (select string_agg(l::text, '') from w_main.ask_link l) as links, (select string_agg(r::text, '') from w_main.ask_recipient r) as people,
        (select string_agg(a::text, '') from w_main.ask a) as asks, (select string_agg(o::text, '') from xianke.outgoing o) as outgoing,
        (select string_agg(i::text, '') from xianke.idempotency i) as answers`);
    const text = JSON.stringify(dump) + JSON.stringify(await call('GET', '/asks'));
    expect(text).toContain(li);
    expect(text).not.toContain(token);
    expect(text).not.toContain(bytes);
  });
});

describe('the page', () => {
  it('is online, needs no sign-in, no script, no map and nothing from elsewhere (ChurchCRM/CRM#1571, #3128)', async () => {
    const { path, page } = await askLi(['name', 'mobile', 'address', 'customer_type'], ['job_title']);
    const reply = await open(path);
    expect(reply.statusCode).toBe(200);
    expect(page).not.toMatch(/<script|\son\w+=|<img|<iframe|style=|<style/i);
    expect(page.match(/(?:src|href|action)="([^"]*)"/g)?.every((one) => /"(\/c\/style\/|\?lang=|#)/.test(one))).toBe(
      true,
    );
    expect(reply.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(reply.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': expect.anything(),
    });
    expect(reply.headers['set-cookie']).toBeUndefined();
    const style = /href="(\/c\/style\/[\w.]+)"/.exec(page)?.[1] ?? '';
    expect((await open(style)).headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8' });
  });

  it('shows values masked, and only those asked about', async () => {
    const { page } = await askLi(['name', 'mobile', 'email', 'address'], ['wechat', 'job_title']);
    expect(page).toContain('上海甲科技有限公司');
    expect(page).toContain('138****8000');
    expect(page).toContain('z***@jia.cn');
    for (const hidden of ['13800138000', 'zhao@jia.cn', '世纪大道', '13912345678', '120000', '赵总'])
      expect(page).not.toContain(hidden);
  });

  it('speaks the browser’s language, and the other on request', async () => {
    const { path } = await askLi(['mobile']);
    expect((await open(path, { 'accept-language': 'en-GB' })).body).toContain('Please confirm your details');
    expect((await open(`${path}?lang=zh`, { 'accept-language': 'en-GB' })).body).toContain('请确认您的资料');
  });

  it('looking uses nothing up: mail scanners look too', async () => {
    const { path } = await askLi(['mobile']);
    for (let i = 0; i < 5; i++) expect((await open(path)).statusCode).toBe(200);
  });

  it('shows what people wrote as text, never as markup', async () => {
    const customer = await staleCustomer(test);
    await test.write({
      op: 'update',
      object: 'customer',
      id: customer.id,
      set: { name: '<b onclick=alert(1)>"甲"&乙公司' },
    });
    const { links } = await ask({
      object: 'customer',
      id: customer.id,
      fields: ['name'],
      people: [{ contact: customer.li, way: 'link', name: '<i>x' }],
    });
    const { body } = await open(pathOf(links[0]?.url));
    expect(body).toMatch(/&lt;b onclick=alert[(（]1[)）]&gt;/);
    expect(body).not.toMatch(/<b |<i>/);
  });
});
