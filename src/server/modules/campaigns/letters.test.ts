import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDetail } from '../../../contract/campaigns.ts';
import { campaignInput, contactsOf, type TestCampaigns, testCampaigns } from './testing.ts';

let test: TestCampaigns;
const customer = uuidv7();
const people = contactsOf(customer, ['李娜', '王强']);
const ofUs = { object: 'contact', field: 'email', filter: { field: 'customer', op: 'eq' as const, value: customer } };

beforeAll(async () => {
  test = await testCampaigns();
  await test.write({ op: 'create', object: 'customer', id: customer, set: { name: '上海甲科技有限公司' } }, ...people);
});

const read = (id: string) => test.call<CampaignDetail>('GET', `/campaigns/${id}`);
const send = (detail: CampaignDetail) =>
  test.call('POST', `/campaigns/${detail.campaign.id}/send`, { version: detail.campaign.version, gate: 'all' });
const open = (url: string) => test.app.inject({ url: new URL(url).pathname });

describe('letters', () => {
  it('goes to nobody who is not what was looked at: another audience has to be looked at again', async () => {
    const { campaign } = await test.checked({ audience: ofUs });
    const body = (more: object) => ({
      campaign: campaignInput({ audience: ofUs, ...more }),
      version: campaign.version,
    });
    const renamed = await test.call<CampaignDetail>('PUT', `/campaigns/${campaign.id}`, body({ name: '改名' }));
    expect(renamed.campaign).toMatchObject({ state: 'checked', name: '改名' });
    await expect(send({ ...renamed, campaign })).rejects.toThrow('conflict');
    const other = await test.call<CampaignDetail>('PUT', `/campaigns/${campaign.id}`, {
      ...body({ purpose: 'service' }),
      version: renamed.campaign.version,
    });
    expect(other.campaign.state).toBe('draft');
    await expect(send(other)).rejects.toThrow('campaign-not-ready');
  });

  it('tries two letters, and the rest gets the one that a person or the clock chose', async () => {
    const more = contactsOf(
      customer,
      Array.from({ length: 40 }, (_, n) => `读者${n}`),
      { email: undefined },
    );
    await test.write(...more.map((one, n) => ({ ...one, set: { ...one.set, email: `reader${n}@jia.cn` } })));
    const letters = [
      { subject: '甲', text: '[看](https://a.cn)' },
      { subject: '乙', text: '[看](https://b.cn)' },
    ];
    const detail = await test.checked({
      audience: ofUs,
      purpose: 'service',
      variants: letters,
      split: { share: 0.5, by: 'clicks', hours: 2 },
    });
    test.mail.received.length = 0;
    await send(detail);
    await test.settle();
    const trial = await read(detail.campaign.id);
    expect(trial.campaign.state).toBe('testing');
    expect(trial.trial).toMatchObject({ verdict: 'few' });
    const subjects = test.mail.received.map(({ mail }) => mail.subject);
    expect(subjects.length).toBeGreaterThan(8);
    expect(subjects.length).toBeLessThan(36);
    for (const { mail } of test.mail.received.filter(({ mail }) => mail.subject === '乙'))
      await open(/https:\/\/crm\.example\.com\/m\/c\/0\/[^"]+/.exec(String(mail.html))?.[0] ?? '');
    test.clock.now = new Date(test.clock.now.getTime() + 2 * 3_600_000);
    await test.settle(4);
    const done = await read(detail.campaign.id);
    expect(done.campaign).toMatchObject({ state: 'sent', winner: 'b' });
    expect(test.mail.received.length).toBe(done.campaign.figures.sent);
    expect(new Set(test.mail.received.slice(subjects.length).map(({ mail }) => mail.subject))).toEqual(new Set(['乙']));
    for (const { id: one } of more) await test.write({ op: 'delete', object: 'contact', id: one });
  });

  it('is shown as its first reader gets it, and as a letter to oneself that counts nothing', async () => {
    const campaign = campaignInput({
      audience: ofUs,
      variants: [{ subject: '<b>{name}', text: '{nonsense} <script>alert(1)</script>' }],
    });
    const shown = await test.call<{ subject: string; html: string; unknown: string[] }>('POST', '/campaigns/preview', {
      campaign,
      variant: 'a',
    });
    expect(shown.html).not.toContain('<script>');
    expect(shown.unknown).toEqual(['nonsense']);
    const id = uuidv7();
    await test.call('PUT', `/campaigns/${id}`, { campaign: campaignInput({ audience: ofUs }), version: 0 });
    test.mail.received.length = 0;
    await test.call('POST', `/campaigns/${id}/test`, { variant: 'a' });
    await test.outbox.deliverDue();
    expect(test.mail.received[0]?.mail.subject).toMatch(/^［测试］/);
    expect(String(test.mail.received[0]?.mail.html)).not.toContain('/m/');
  });

  it('go as text messages too, to mobiles, with the way out in them', async () => {
    const texts: { mobile: string; content: string }[] = [];
    const provider = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        texts.push(JSON.parse(body) as (typeof texts)[number]);
        response.writeHead(200).end('{"code":0}');
      });
    });
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const by = (id: string, set: Record<string, string | null>) =>
      test.write({ op: 'update', object: 'contact', id, set });
    await by(people[0]?.id ?? '', { mobile: '13800138001' });
    const audience = { ...ofUs, field: 'mobile' };
    const variants = [{ subject: '', text: '【甲公司】{name}，新品来了' }];
    const detail = await test.checked({ kind: 'sms', audience, variants, purpose: 'service' });
    expect(detail.look).toMatchObject({ reachable: 1, leftOut: { 'no-address': 1 } });
    await expect(send(detail)).rejects.toThrow('sms-not-set-up');
    const settings = { host: 'x', okPath: 'code', okValue: '0' };
    const secret = {
      url: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/`,
      body: '{"mobile":"{phone}","content":"{text}"}',
    };
    await test.channels.save('main', { id: 'sms', kind: 'sms', name: '', enabled: true, settings, secret }, 'test');
    await send(detail);
    await test.settle();
    expect(await read(detail.campaign.id)).toMatchObject({ campaign: { state: 'sent', figures: { sent: 1 } } });
    expect(texts).toHaveLength(1);
    expect(texts[0]?.mobile).toBe('13800138001');
    expect(texts[0]?.content).toMatch(/^【甲公司】李娜，新品来了 退订：https:\/\/crm\.example\.com\/m\/u\/[\w-]{38}$/);
    const stop = /https:\S+$/.exec(texts[0]?.content ?? '')?.[0] ?? '';
    const reply = await test.app.inject({ method: 'POST', url: new URL(stop).pathname });
    expect(reply.statusCode).toBe(200);
    // Who wants no texts may want mail.
    expect((await test.checked({ kind: 'sms', audience, variants, purpose: 'service' })).look?.reachable).toBe(0);
    expect((await test.checked({ audience: ofUs, purpose: 'service' })).look?.reachable).toBe(2);
    provider.close();
  });

  it('looks at the sender’s domain', async () => {
    test.texts.set('xianke.cn', ['v=spf1 mx -all']);
    const { domain, checks } = await test.call<{ domain: string; checks: { code: string }[] }>(
      'GET',
      '/campaigns/sender',
    );
    expect(domain).toBe('xianke.cn');
    expect(checks.map(({ code }) => code)).toEqual(['spf-ok', 'dkim-missing', 'dmarc-missing', 'mx-ok']);
    // In a network that answers “there is nothing” to everything, nothing is said against the domain.
    test.state.online = false;
    const offline = await test.call<{ checks: { state: string }[] }>('GET', '/campaigns/sender');
    expect(offline.checks.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    test.state.online = true;
  });
});
