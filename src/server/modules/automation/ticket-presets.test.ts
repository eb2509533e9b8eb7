import sql from 'sql-template-tag';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestAutomation, testAutomation } from './testing.ts';

// Rules about tickets that come with the product, driven against the engine.

let test: TestAutomation;

beforeAll(async () => {
  test = await testAutomation();
});
afterEach(() => test.clean());

const use = (id: string): Promise<string> => test.preset(id);
const customer = () => test.make('customer', { name: '华信科技', owner: test.seller.id });
const texts = async () => (await test.told()).map(({ params }) => params.text);

describe('tickets', () => {
  it('ticket-near, ticket-late', async () => {
    await use('ticket-near');
    await use('ticket-late');
    const of = { customer: await customer(), owner: test.seller.id };
    const id = await test.make('ticket', { ...of, subject: '打不开', kind: 'repair' });
    const stands = (state: string) =>
      test.write([{ op: 'update', object: 'ticket', id, set: { service_state: state } }], {
        actor: 'system',
        source: 'rule',
        kind: 'service',
      });
    await stands('running');
    await test.settle();
    expect(await texts()).toEqual([]);
    await stands('near');
    await test.settle();
    expect(await texts()).toEqual(['工单“打不开”（华信科技）快到时限了']);
    await stands('late');
    await test.settle();
    const late = (await test.told()).slice(1);
    expect(new Set(late.map(({ account }) => account))).toEqual(new Set([test.seller.id, test.boss.id]));
    expect(late[0]?.params.text).toBe('工单“打不开”（华信科技）已超时');
  });

  it('ticket-phone, ticket-email: what differs is proposed, with the ticket it comes from', async () => {
    await use('ticket-phone');
    await use('ticket-email');
    const id = await customer();
    const mobile = '13912345678';
    const contact = await test.make('contact', { name: '王芳', customer: id, mobile });
    const proposals = () =>
      test.db.query<{ wanted: Record<string, unknown>; record: string; reason: string }>(
        sql`select wanted, record, reason from w_main.proposal order by id`,
      );
    const ticket = (set: Record<string, unknown>) =>
      test.make('ticket', { customer: id, subject: '换号了', kind: 'consultation', ...set });
    await ticket({ contact, contact_phone: mobile });
    await ticket({ contact_phone: '13800138000' });
    await ticket({ contact });
    await test.settle();
    expect(await proposals()).toEqual([]);
    const last = await ticket({ contact, contact_phone: '138 0013 8000' });
    await test.settle();
    await test.change('ticket', last, { contact_email: 'wang@huaxin.example' });
    await test.settle();
    expect(await proposals()).toEqual([
      { wanted: { mobile: '13800138000' }, record: contact, reason: '来电号码与资料不同：工单“换号了”' },
      { wanted: { email: 'wang@huaxin.example' }, record: contact, reason: '来信邮箱与资料不同：工单“换号了”' },
    ]);
    expect((await test.values('contact', contact)).mobile).toBe(mobile);
  });
});
