import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDetail } from '../../../contract/campaigns.ts';
import type { Access, FieldMode } from '../../../domain/access/types.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { performCampaign } from './begin-campaign.ts';
import { contactsOf, type TestCampaigns, testCampaigns } from './testing.ts';

let test: TestCampaigns;
const customer = uuidv7();
const people = contactsOf(customer, ['李娜', '王强', '赵敏']);
const ofUs = { object: 'contact', field: 'email', filter: { field: 'customer', op: 'eq' as const, value: customer } };
const wish = {
  audience: ofUs,
  purpose: 'service',
  variants: [{ subject: '{name}，您好', text: '职务：{job_title|无}' }],
};

beforeAll(async () => {
  test = await testCampaigns();
  const set = { name: '上海甲科技有限公司' };
  await test.write({ op: 'create', object: 'customer', id: customer, set }, ...people);
});

const read = (id: string) => test.call<CampaignDetail>('GET', `/campaigns/${id}`);
const send = ({ campaign: { id, version } }: CampaignDetail) =>
  test.call<CampaignDetail>('POST', `/campaigns/${id}/send`, { version, gate: 'all' });

/** The sender's role, with these modes for contacts, and these rows. */
function roleOf(fields: Record<string, FieldMode>, rows: Access['objects'][string]['rows'] = true) {
  test.state.narrow = (access) => {
    const contact = access.objects.contact;
    if (!contact) return access;
    const narrowed = { ...contact, rows, fields: { ...contact.fields, ...fields } };
    return { ...access, admin: false, acts: ['campaigns'], objects: { ...access.objects, contact: narrowed } };
  };
}

it('somebody who was erased and came back with an old list is not written to', async () => {
  const { engine, db } = test;
  const catalog = await engine.catalog.get('main');
  const contact = catalog.objects.find(({ name }) => name === 'contact');
  const ctx: Ctx = {
    ...{ workspace: 'main', actor: 'system', source: 'system', at: test.clock.now, lang: 'zh' },
    access: accessFor('admin', catalog),
  };
  if (!contact) throw new Error('no contacts');
  const [, , zhao] = people;
  await db.tx((tx) => engine.erased.keep(tx, ctx, contact, [zhao?.id ?? ''], uuidv7()));
  expect((await test.checked(wish)).look).toMatchObject({ reachable: 2, leftOut: { erased: 1 } });
  await db.query(sql`delete from w_main.erased_mark`);
});

describe('the sender’s own permissions decide', () => {
  it('masked addresses can be written to, and names he sees masked stand in the letters as they are', async () => {
    roleOf({ email: 'masked', name: 'masked', job_title: 'hidden' });
    await test.write({ op: 'update', object: 'contact', id: people[0]?.id ?? '', set: { job_title: '总监' } });
    const detail = await test.checked(wish);
    expect(detail.look).toMatchObject({ reachable: 3 });
    await send(detail);
    await test.settle();
    const letters = test.mail.received.map(({ mail }) => `${mail.subject} ${mail.text}`);
    expect(letters.map((letter) => letter.slice(0, 2)).sort()).toEqual(['李娜', '王强', '赵敏']);
    // What is hidden from him leaves with nobody's letter.
    expect(letters.join()).not.toContain('总监');
  });

  it('hidden addresses and records of others are not reached', async () => {
    roleOf({ email: 'hidden' });
    expect((await test.checked(wish)).look).toMatchObject({ reachable: 0, leftOut: { hidden: 3 } });
    roleOf({}, { field: 'name', op: 'eq', value: '李娜' });
    expect((await test.checked(wish)).look).toMatchObject({ found: 1, reachable: 1 });
  });

  it('what he loses after the check is not sent any more', async () => {
    roleOf({});
    const detail = await test.checked(wish);
    await send(detail);
    roleOf({}, { field: 'name', op: 'eq', value: '李娜' });
    await test.settle();
    expect(await read(detail.campaign.id)).toMatchObject({ states: { sent: 1, excluded: 2 }, leftOut: { gone: 2 } });
    test.state.narrow = (access) => ({ ...access, admin: false, acts: [] });
    const none = await test.checked(wish);
    expect(none.campaign).toMatchObject({ state: 'draft' });
    expect(none.campaign.problem).toContain('营销活动');
    test.state.narrow = (access) => access;
  });

  it('and above a size a second person', async () => {
    const { engine, db } = test;
    await engine.approvalRules.ready('main');
    const rule = {
      id: uuidv7(),
      kind: 'campaign' as const,
      above: 2,
      decider: { by: 'role' as const, role: 'admin' },
      hours: 24,
    };
    const { version } = engine.approvalRules.of('main');
    await engine.approvalRules.save('main', {
      author: 'test',
      rules: [{ ...rule, exceptAdmins: false }],
      from: version,
    });
    test.mail.received.length = 0;
    const detail = await test.checked(wish);
    expect((await send(detail)).campaign.state).toBe('waiting');
    await test.settle();
    expect(test.mail.received).toHaveLength(0);
    const ctx: Ctx = {
      ...{
        workspace: 'main',
        actor: `user:${test.as.id}`,
        source: 'page',
        at: test.clock.now,
        lang: 'zh',
        approved: uuidv7(),
      },
      access: accessFor('admin', await engine.catalog.get('main')),
    };
    const done: string[] = [];
    const content = { campaign: detail.campaign.id, size: 3 };
    await performCampaign(test.deps)(ctx, content, async (_tx, { campaign }) => void done.push(campaign ?? ''));
    await expect(performCampaign(test.deps)(ctx, content, async () => undefined)).rejects.toThrow();
    await test.settle();
    expect(done).toEqual([detail.campaign.id]);
    expect(test.mail.received).toHaveLength(3);
    const [entry] = await db.query<{ body: unknown }>(
      sql`select body from w_main.audit_pending where body->>'campaign' = ${detail.campaign.id} and body->>'what' = 'sent'`,
    );
    expect(entry?.body).toMatchObject({ recipients: 3, old: 'all', kind: 'mail' });
  });
});
