import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDetail, CampaignRecipient } from '../../../contract/campaigns.ts';
import type { Change } from '../../../domain/change/types.ts';
import { addConsent } from '../consent/index.ts';
import { contactsOf, type TestCampaigns, testCampaigns } from './testing.ts';

// The clock of the tests stands at 10:00 in Shanghai on 2 March 2026.

let test: TestCampaigns;
const customer = uuidv7();
const people = contactsOf(customer, ['李娜', '王强', '赵敏', '孙丽', '周杰']);
const [li, wang, zhao, sun, zhou] = people.map(({ id }) => id) as [string, string, string, string, string];
const ofUs = { object: 'contact', field: 'email', filter: { field: 'customer', op: 'eq' as const, value: customer } };

const say = (person: string, state: 'given' | 'withdrawn') =>
  addConsent(test.db, 'main', {
    ...{ object: 'contact', person, purpose: 'marketing', channel: 'any', separate: false, state },
    ...{ at: test.clock.now, source: 'page', note: null, by: null },
  });

beforeAll(async () => {
  test = await testCampaigns();
  await test.write(
    { op: 'create', object: 'customer', id: customer, set: { name: '上海甲科技有限公司', owner: test.as.id } },
    ...people.map((one): Change => (one.id === zhou ? { ...one, set: { ...one.set, email: null } } : one)),
  );
  await say(li, 'given');
  await say(wang, 'given');
  await say(zhao, 'withdrawn');
});

const send = (detail: CampaignDetail, more: object = {}) =>
  test.call<CampaignDetail & { tasks: number }>('POST', `/campaigns/${detail.campaign.id}/send`, {
    version: detail.campaign.version,
    gate: 'all',
    ...more,
  });
const read = (id: string) => test.call<CampaignDetail>('GET', `/campaigns/${id}`);
const mails = (to: string) => test.mail.received.filter(({ mail }) => JSON.stringify(mail.to).includes(to));

describe('whom a campaign reaches', () => {
  it('is found with the reason why not, and nothing is sent', async () => {
    const { look, campaign } = await test.checked({ audience: ofUs });
    expect(campaign.state).toBe('checked');
    expect(look).toMatchObject({
      found: 5,
      reachable: 2,
      leftOut: { unsubscribed: 1, 'no-consent': 1, 'no-address': 1 },
    });
    await test.settle();
    expect(test.mail.received).toHaveLength(0);
    const { recipients } = await test.call<{ recipients: CampaignRecipient[] }>(
      'GET',
      `/campaigns/${campaign.id}/recipients?which=excluded&reason=no-address`,
    );
    expect(recipients.map(({ title, reason }) => [title, reason])).toEqual([['周杰', 'no-address']]);
  });

  it('may be what belongs to a segment, which is a saved view', async () => {
    const filter = { field: 'name', op: 'contains', value: '甲科技' };
    const view = await test.call<{ id: string }>('POST', '/views', {
      object: 'customer',
      name: '甲类客户',
      shared: true,
      definition: { columns: [], filter },
    });
    const { segments } = await test.call<{ segments: { id: string; count: { value: number } }[] }>('GET', '/segments');
    expect(segments.find(({ id }) => id === view.id)?.count).toEqual({ value: 1, exact: true });
    const { look } = await test.checked({
      audience: { view: view.id, object: 'customer', of: 'contact', field: 'email' },
    });
    expect(look).toMatchObject({ found: 5, reachable: 2 });
    await test.call('DELETE', `/views/${view.id}`);
    const gone = await test.checked({ audience: { view: view.id, object: 'customer', of: 'contact', field: 'email' } });
    expect(gone.campaign).toMatchObject({ state: 'draft' });
    expect(gone.campaign.problem).toContain('分群已删除');
  });

  it('writes to one address once, and asks nobody again where a purpose needs no yes', async () => {
    const twin = uuidv7();
    await test.write({
      op: 'create',
      object: 'contact',
      id: twin,
      set: { name: '李娜（重复）', customer, email: people[0]?.set?.email as string },
    });
    const { look } = await test.checked({ audience: ofUs, purpose: 'service' });
    expect(look).toMatchObject({ found: 6, reachable: 4, leftOut: { duplicate: 1, 'no-address': 1 } });
    await test.write({ op: 'delete', object: 'contact', id: twin });
  });

  it('says how many addresses are past due and how many of them are probably dead', async () => {
    const detail = await test.checked({ audience: ofUs, purpose: 'service' });
    expect(detail.look).toMatchObject({ reachable: 4, stale: 0, likelyDead: 0 });
    const later = test.clock.now;
    test.clock.now = new Date(later.getTime() + 900 * 86_400_000);
    const aged = await test.checked({ audience: ofUs, purpose: 'service' });
    expect(aged.look?.stale).toBe(4);
    expect(aged.look?.likelyDead).toBeGreaterThan(0.5);
    expect(aged.look?.likelyDead).toBeLessThan(4);
    // Left out, they are counted as such; asked to be confirmed first, they are tasks of their owner and wait.
    const held = await send(aged, { gate: 'confirm' }).catch((error: Error) => error.message);
    expect(held).toContain('campaign-nobody');
    const [row] = await test.db.query<{ confidence: number }>(
      sql`select min(confidence) as confidence from w_main.campaign_recipient where campaign = ${aged.campaign.id}::uuid`,
    );
    await test.write({ op: 'update', object: 'contact', id: li, verify: { fields: ['email'], method: 'phone' } });
    const again = await test.checked({ audience: ofUs, purpose: 'service' });
    expect(again.look?.stale).toBe(3);
    const sent = await send(again, { gate: 'confirm' });
    expect(sent.tasks).toBe(3);
    expect(sent.states).toEqual({ ready: 1, held: 3, excluded: 1 });
    const tasks = await test.db.query<{ title: string; owner: string }>(
      sql`select title, owner from w_main.task order by title`,
    );
    expect(tasks.map(({ title }) => title)).toContain('请确认 王强 的邮箱');
    expect(new Set(tasks.map(({ owner }) => owner))).toEqual(new Set([test.as.id]));
    await test.settle();
    expect(await read(again.campaign.id)).toMatchObject({
      campaign: { state: 'sent', figures: { sent: 1 } },
      confirmed: 0,
    });
    await test.write({ op: 'update', object: 'contact', id: wang, verify: { fields: ['email'], method: 'phone' } });
    expect(await read(again.campaign.id)).toMatchObject({ confirmed: 1 });
    await test.call('POST', `/campaigns/${again.campaign.id}/act`, { do: 'confirmed' });
    await test.settle();
    expect(await read(again.campaign.id)).toMatchObject({ campaign: { state: 'sent', figures: { sent: 2 }, held: 2 } });
    expect(row?.confidence).toBeLessThan(0.9);
    test.clock.now = later;
    test.mail.received.length = 0;
  });
});

describe('a campaign', () => {
  let id = '';
  let letter = '';
  const at = (path: string) => new URL(path).pathname;
  const open = (path: string, method: 'GET' | 'POST' = 'GET') =>
    test.app.inject({
      method,
      url: path,
      ...(method === 'POST' && {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'List-Unsubscribe=One-Click',
      }),
    });

  it('goes once to each, with a way out in the letter and in its head', async () => {
    const detail = await test.checked({ audience: ofUs });
    id = detail.campaign.id;
    await send(detail);
    await test.settle();
    expect(await read(id)).toMatchObject({ campaign: { state: 'sent', figures: { sent: 2, delivered: 2 } } });
    expect(test.mail.received).toHaveLength(2);
    const mail = mails('p0.')[0]?.mail;
    expect(mail?.subject).toBe('李娜，新品来了');
    expect(mail?.text).toContain('https://shop.example.com/new?a=1&b=2');
    expect(mail?.text).toContain('华东演示公司');
    letter = String(mail?.html);
    expect(String(mail?.headers.get('list'))).toBeDefined();
    const raw = JSON.stringify([...(mail?.headers.entries() ?? [])]);
    expect(raw).toContain('https://crm.example.com/m/u/');
    expect(raw).toContain('One-Click');
    await expect(send(detail)).rejects.toThrow('campaign-not-ready');
  });

  it('tells what became of it: opened, clicked, and an address that leads nowhere else', async () => {
    const pixel = at(/https:\/\/crm\.example\.com\/m\/o\/[^"]+/.exec(letter)?.[0] ?? '');
    const link = at(/https:\/\/crm\.example\.com\/m\/c\/0\/[^"]+/.exec(letter)?.[0] ?? '');
    // A program that looks first looks within the minute.
    test.clock.now = new Date(test.clock.now.getTime() - 300_000);
    expect((await open(pixel)).headers['content-type']).toBe('image/gif');
    test.clock.now = new Date(test.clock.now.getTime() + 300_000);
    await test.tell();
    expect((await test.db.query(sql`select 1 from w_main.evidence_cause where kind = 'mail-opened'`)).length).toBe(0);
    const reply = await open(link);
    expect(reply.statusCode).toBe(302);
    expect(reply.headers.location).toBe('https://shop.example.com/new?a=1&b=2');
    await open(link);
    for (const forged of [
      link.replace('/c/0/', '/c/1/'),
      link.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
      '/m/c/0/https:%2F%2Fevil.example',
    ])
      expect((await open(forged)).statusCode).toBe(404);
    expect(await read(id)).toMatchObject({
      campaign: { figures: { opened: 1, clicked: 1 } },
      links: [
        { url: 'https://shop.example.com/new?a=1&b=2', people: 1, clicks: 2 },
        { url: 'https://shop.example.com/more', people: 0, clicks: 0 },
      ],
    });
    await test.tell();
    const evidence = await test.db.query<{ kind: string; record: string }>(
      sql`select kind, record from w_main.evidence_cause where cause like 'campaign:%' order by kind`,
    );
    expect(evidence).toContainEqual({ kind: 'mail-clicked', record: li });
    const { letters } = await test.call<{ letters: { name: string; clickedAt: string | null }[] }>(
      'GET',
      `/records/contact/${li}/campaigns`,
    );
    expect(letters.find(({ name, clickedAt }) => name === '春季新品' && clickedAt !== null)).toBeDefined();
  });

  it('ends with who says no, by one click, for every record with that address', async () => {
    const stop = at(/https:\/\/crm\.example\.com\/m\/u\/[^"]+/.exec(letter)?.[0] ?? '');
    expect((await open(stop)).body).toContain('退订');
    expect(await read(id)).toMatchObject({ campaign: { figures: { unsubscribed: 0 } } });
    expect((await open(stop, 'POST')).body).toContain('已退订');
    expect((await open(stop, 'POST')).statusCode).toBe(200);
    expect((await open(`${stop.slice(0, -2)}zz`, 'POST')).statusCode).toBe(404);
    expect(await read(id)).toMatchObject({ campaign: { figures: { unsubscribed: 1 } } });
    const twin = uuidv7();
    await test.write({
      op: 'create',
      object: 'contact',
      id: twin,
      set: { name: '李娜（另一条）', customer, email: people[0]?.set?.email as string },
    });
    test.clock.now = new Date(test.clock.now.getTime() - 86_400_000);
    await say(twin, 'given');
    test.clock.now = new Date(test.clock.now.getTime() + 86_400_000);
    const next = await test.checked({ audience: ofUs });
    expect(next.look).toMatchObject({ reachable: 1, leftOut: { unsubscribed: 3 } });
    await test.write({ op: 'delete', object: 'contact', id: twin });
  });

  it('takes a no that comes while it waits', async () => {
    await say(sun, 'given');
    const detail = await test.checked({ audience: ofUs });
    expect(detail.look?.reachable).toBe(2);
    await send(detail, { at: new Date(test.clock.now.getTime() + 3_600_000).toISOString() });
    await test.settle();
    expect((await read(detail.campaign.id)).campaign).toMatchObject({ state: 'scheduled', figures: { sent: 0 } });
    await say(sun, 'withdrawn');
    test.clock.now = new Date(test.clock.now.getTime() + 3_700_000);
    test.state.quiet = true;
    await test.settle();
    expect((await read(detail.campaign.id)).campaign).toMatchObject({ state: 'sending', figures: { sent: 0 } });
    test.state.quiet = false;
    await test.settle();
    expect(await read(detail.campaign.id)).toMatchObject({ campaign: { state: 'sent', figures: { sent: 1 } } });
  });

  it('notes addresses that do not exist: refused at once, or sent back', async () => {
    await say(sun, 'given');
    const email = String(people[3]?.set?.email);
    test.mail.unknown.add(email);
    const refused = await test.checked({ audience: ofUs });
    await send(refused);
    await test.settle();
    test.mail.unknown.clear();
    expect(await read(refused.campaign.id)).toMatchObject({
      states: { sent: 1, bounced: 1, excluded: 3 },
      campaign: { figures: { sent: 2, delivered: 1, bounced: 1 } },
    });
    expect((await test.checked({ audience: ofUs })).look?.leftOut.bounced).toBe(1);
    await test.db.query(
      sql`update w_main.campaign_recipient set bounce = null where campaign = ${refused.campaign.id}::uuid`,
    );
    const detail = await test.checked({ audience: ofUs });
    await send(detail);
    await test.settle();
    const back = mails('p3.').at(-1)?.mail;
    const token = String(back?.headers.get('x-letter'));
    expect(token).toHaveLength(38);
    const dsn = (header: string) =>
      `Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.cn\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\n${header}\n\n--b--\n`;
    const { outcomes } = await test.call<{ outcomes: { status: string }[] }>('POST', '/campaigns/bounces', {
      messages: [
        dsn(`X-Letter: ${token}`),
        dsn('X-Letter: forged'),
        dsn(`Message-ID: ${back?.messageId}`),
        'Subject: hello\n\nhello',
      ],
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['hard', 'unknown', 'hard', 'unknown']);
    expect(await read(detail.campaign.id)).toMatchObject({
      campaign: { figures: { sent: 2, delivered: 1, bounced: 1 } },
    });
    await test.tell();
    expect(await test.db.query(sql`select record from w_main.evidence_cause where kind = 'mail-bounced'`)).toEqual([
      { record: sun },
    ]);
    const next = await test.checked({ audience: ofUs });
    expect(next.look?.leftOut.bounced).toBe(1);
    // Somebody looked since, and it is right.
    test.clock.now = new Date(test.clock.now.getTime() + 60_000);
    await test.write({ op: 'update', object: 'contact', id: sun, verify: { fields: ['email'], method: 'phone' } });
    expect((await test.checked({ audience: ofUs })).look?.leftOut.bounced).toBeUndefined();
  });

  it('stands still when its sender leaves, and goes on with who takes it over', async () => {
    const detail = await test.checked({ audience: ofUs });
    await send(detail);
    test.state.disabled = true;
    await test.settle();
    const stopped = await read(detail.campaign.id);
    expect(stopped.campaign).toMatchObject({ state: 'paused', figures: { sent: 0 } });
    expect(stopped.campaign.problem).toContain('发起人');
    test.state.disabled = false;
    await test.call('POST', `/campaigns/${detail.campaign.id}/act`, { do: 'resume' });
    await test.settle();
    expect((await read(detail.campaign.id)).campaign).toMatchObject({ state: 'sent' });
  });

  it('keeps to its rate, and can be called off', async () => {
    const more = contactsOf(
      customer,
      Array.from({ length: 30 }, (_, n) => `员工${n}`),
      { email: undefined },
    );
    await test.write(...more.map((one, n) => ({ ...one, set: { ...one.set, email: `many${n}@jia.cn` } })));
    const detail = await test.checked({ audience: ofUs, purpose: 'service', rate: 240 });
    await send(detail);
    await test.work();
    const queued = async () =>
      (
        await test.db.query<{ n: number }>(sql`select count(*)::int as n from w_main.campaign_recipient
        where campaign = ${detail.campaign.id}::uuid and queued_at is not null`)
      )[0]?.n;
    expect(await queued()).toBe(4);
    await test.work();
    expect(await queued()).toBe(4);
    test.clock.now = new Date(test.clock.now.getTime() + 61_000);
    await test.work();
    expect(await queued()).toBe(8);
    await test.call('POST', `/campaigns/${detail.campaign.id}/act`, { do: 'cancel' });
    await test.settle();
    expect(await queued()).toBe(8);
    expect((await read(detail.campaign.id)).leftOut.cancelled).toBeGreaterThan(20);
    for (const { id: one } of more) await test.write({ op: 'delete', object: 'contact', id: one });
  });
});
