import sql from 'sql-template-tag';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ruleProblems } from '../../../domain/automation/index.ts';
import { presetRule, readRulePresets } from './presets.ts';
import { type TestAutomation, testAutomation } from './testing.ts';

// Every rule that comes with the product, driven against the engine: it fires when it should, and not a step before.

let test: TestAutomation;
const driven = new Set<string>();
/** Driven in ticket-presets.test.ts and value-presets.test.ts. */
const ELSEWHERE = [
  ...['ticket-near', 'ticket-late', 'ticket-phone', 'ticket-email'],
  ...['tag-complains', 'tag-referral', 'value-down', 'diamond-silent-60'],
];

beforeAll(async () => {
  test = await testAutomation();
});
afterEach(() => test.clean());

const use = (id: string): Promise<string> => {
  driven.add(id);
  return test.preset(id);
};
const customer = (set: Record<string, unknown> = {}) =>
  test.make('customer', { name: '华信科技', owner: test.seller.id, ...set });
const talk = (id: string, outcome: string, more: Record<string, unknown> = {}) =>
  test.make('interaction', {
    customer: id,
    content: '电话',
    kind: 'call',
    at: test.clock.now.toISOString(),
    outcome,
    owner: test.seller.id,
    ...more,
  });
const titles = async () => (await test.tasks()).map(({ title }) => title);
const texts = async () => (await test.told()).map(({ params }) => params.text);

describe('customers who don’t want to talk', () => {
  it('refused-thrice, awake-again', async () => {
    await use('refused-thrice');
    await use('awake-again');
    const id = await customer({ level: 'a' });
    for (let n = 0; n < 2; n++) {
      await talk(id, 'refused');
      test.later(5);
      await test.settle();
    }
    expect((await test.values('customer', id)).risk_tags ?? null).toBeNull();
    await talk(id, 'refused');
    await test.settle();
    expect(await test.values('customer', id)).toMatchObject({ risk_tags: ['dormant'], level: 'c' });
    expect(await texts()).toEqual(['“华信科技”90 天内已三次拒绝，转为休眠客户']);
    await talk(id, 'refused');
    await test.settle();
    expect(await texts()).toHaveLength(1);
    await talk(id, 'reached');
    await test.settle();
    expect((await test.values('customer', id)).risk_tags ?? []).toEqual([]);
  });

  it('three refusals in a year are none in 90 days', async () => {
    await use('refused-thrice');
    const id = await customer({ level: 'a' });
    for (let n = 0; n < 4; n++) {
      await talk(id, 'refused');
      await test.settle();
      test.later(60);
    }
    expect((await test.values('customer', id)).level).toBe('a');
  });
});

describe('long silence', () => {
  it('half-year-silent-a, year-silent-b', async () => {
    await use('half-year-silent-a');
    await use('year-silent-b');
    test.clock.now = new Date(Date.now() + 2 * 86_400_000);
    const [silent, busy] = [
      await customer({ level: 'a', name: '沉默' }),
      await customer({ level: 'a', name: '常联系' }),
    ];
    for (const id of [silent, busy]) await talk(id, 'reached');
    test.later(150);
    await talk(busy, 'no-answer');
    await test.tick();
    expect((await test.values('customer', silent)).level).toBe('a');
    test.later(34);
    await test.tick();
    expect([(await test.values('customer', silent)).level, (await test.values('customer', busy)).level]).toEqual([
      'b',
      'a',
    ]);
    test.later(30);
    await test.tick();
    expect((await test.values('customer', silent)).level).toBe('b');
    for (let n = 0; n < 4; n++) {
      test.later(40);
      await test.tick();
    }
    expect([(await test.values('customer', silent)).level, (await test.values('customer', busy)).level]).toEqual([
      'c',
      'b',
    ]);
  });

  it('no-contact-180', async () => {
    await use('no-contact-180');
    const id = await customer();
    await talk(id, 'reached');
    test.later(100);
    // Ringing is not reaching.
    await talk(id, 'no-answer');
    await test.tick();
    test.later(79);
    await test.tick();
    expect(await titles()).toEqual([]);
    test.later(2);
    await test.tick();
    await test.tick();
    expect(await titles()).toEqual(['联系并核实：华信科技（180 天未联系上）']);
  });
});

describe('contracts and deals', () => {
  it('contract-ends-60, contract-ends-30, contract-ends-7', async () => {
    for (const days of [60, 30, 7]) await use(`contract-ends-${days}`);
    test.clock.now = new Date('2028-01-01T01:00:00Z');
    await test.clean();
    for (const days of [60, 30, 7]) await use(`contract-ends-${days}`);
    const id = await customer();
    const contract = await test.make('contract', {
      name: '年度合同',
      customer: id,
      status: 'active',
      ends_on: '2028-03-15',
      owner: test.seller.id,
    });
    await test.make('contract', { name: '不续', customer: id, status: 'active', renewal: 'no', ends_on: '2028-03-15' });
    await test.make('contract', { name: '草稿', customer: id, status: 'draft', ends_on: '2028-03-15' });
    const seen: number[] = [];
    for (let day = 0; day < 80; day += 1) {
      test.later(1);
      await test.tick();
      seen.push((await test.tasks()).length);
    }
    expect(seen.at(-1)).toBe(3);
    expect([seen.indexOf(1), seen.indexOf(2), seen.indexOf(3)]).toEqual([13, 43, 66]);
    expect((await titles())[1]).toBe('发出续约方案：年度合同（2028-03-15 到期）');
    expect(await texts()).toEqual(['合同“年度合同”（华信科技）一周后到期，尚未续约']);
    expect((await test.tasks()).every(({ customer: of, owner }) => of === id && owner === test.seller.id)).toBe(true);
    expect(contract).not.toBe('');
  }, 120_000);

  it('stage-still-14', async () => {
    await use('stage-still-14');
    const deal = await test.make('opportunity', {
      ...{ name: '扩容项目', customer: await customer(), stage: 'lead', owner: test.seller.id },
    });
    test.later(10);
    await test.change('opportunity', deal, { stage: 'contact' });
    test.later(12);
    await test.tick();
    expect(await texts()).toEqual([]);
    await test.change('opportunity', deal, { remark: '不算推进' });
    test.later(3);
    await test.tick();
    await test.tick();
    expect((await texts()).sort()).toEqual([
      'member 2的商机“扩容项目”在“接洽”已停留 14 天',
      '商机“扩容项目”在“接洽”已停留 14 天',
    ]);
  });

  it('lead-unworked-3', async () => {
    await use('lead-unworked-3');
    const [left, worked] = [
      await test.make('lead', { company: '新客甲', owner: test.seller.id }),
      await test.make('lead', { company: '新客乙', owner: test.seller.id }),
    ];
    test.later(1);
    await test.change('lead', worked, { state: 'working' });
    test.later(1, 12);
    await test.tick();
    expect(await texts()).toEqual([]);
    test.later(2);
    await test.tick();
    expect(await texts()).toEqual(['新线索“新客甲”已 3 天没有处理（负责人 member 2）']);
    expect(left).not.toBe(worked);
  });

  it('quote-expires-3, payment-overdue, warranty-ends-60', async () => {
    test.clock.now = new Date('2029-05-01T02:00:00Z');
    for (const id of ['quote-expires-3', 'payment-overdue', 'warranty-ends-60']) await use(id);
    const id = await customer();
    const of = { customer: id, owner: test.seller.id };
    await test.make('quote', { ...of, state: 'sent', quoted_on: '2029-05-01', valid_until: '2029-05-10' });
    await test.make('quote', { ...of, state: 'accepted', quoted_on: '2029-05-01', valid_until: '2029-05-10' });
    const payment = await test.make('payment', { ...of, amount: 5000, planned_on: '2029-05-06' });
    await test.make('asset', { ...of, name: '空压机', warranty_until: '2029-07-07' });
    test.later(4);
    await test.tick();
    expect(await titles()).toEqual([]);
    test.later(4);
    await test.tick();
    const found = await titles();
    expect(found).toHaveLength(3);
    expect(found.join('\n')).toMatch(/跟进报价 \S+（华信科技，2029-05-10 失效）/);
    expect(found.join('\n')).toMatch(/催收回款：华信科技（\S+）/);
    expect(found).toContain('续保：空压机（华信科技，2029-07-07 过保）');
    expect((await test.values('payment', payment)).state).toBe('overdue');
    expect((await test.values('customer', id)).risk_tags).toEqual(['overdue']);
  });

  it('complaint', async () => {
    await use('complaint');
    const of = { customer: await customer(), owner: test.seller.id };
    await test.make('ticket', { ...of, subject: '怎么开票', kind: 'consultation' });
    await test.make('ticket', { ...of, subject: '漏发配件', kind: 'complaint' });
    await test.settle();
    expect([await texts(), await titles()]).toEqual([['华信科技 投诉：漏发配件'], ['处理投诉：漏发配件（华信科技）']]);
  });

  it('deal-won', async () => {
    await use('deal-won');
    const id = await customer({ customer_type: 'interested' });
    const deal = await test.make('opportunity', { name: '项目', customer: id, stage: 'negotiation' });
    await test.settle();
    await test.change('opportunity', deal, { stage: 'won' });
    await test.settle();
    expect((await test.values('customer', id)).customer_type).toBe('signed');
  });

  it('order-done', async () => {
    await use('order-done');
    const order = await test.make('sales_order', {
      customer: await customer(),
      status: 'shipped',
      owner: test.seller.id,
    });
    await test.change('sales_order', order, { status: 'done' });
    await test.settle();
    expect((await titles())[0]).toMatch(/^回访订单 \S+（华信科技）$/);
  });
});

describe('data that is not right any more', () => {
  it('phone-dead, contact-phone-dead, mail-dead', async () => {
    for (const id of ['phone-dead', 'contact-phone-dead', 'mail-dead']) await use(id);
    const id = await customer({ mobile: '13800138000' });
    const contact = await test.make('contact', {
      name: '李明',
      customer: id,
      mobile: '13900139000',
      email: 'li@example.com',
      owner: test.seller.id,
    });
    await talk(id, 'wrong-number');
    await talk(id, 'wrong-number', { contact });
    await talk(id, 'wrong-number', { contact, kind: 'mail' });
    await test.react();
    await test.settle();
    expect((await titles()).sort()).toEqual(
      ['找到新的联系电话：华信科技', '找到新的联系电话：李明（华信科技）', '更新邮箱：李明（华信科技）'].sort(),
    );
  });

  it('contact-left, new-without-number', async () => {
    for (const id of ['contact-left', 'new-without-number']) await use(id);
    const bare = await customer();
    const contact = await test.make('contact', {
      name: '王芳',
      customer: await customer({ name: '有电话', mobile: '13800138001' }),
      owner: test.seller.id,
    });
    await test.change('contact', contact, { employment: 'left' });
    await test.settle();
    expect((await test.tasks()).map(({ title, customer: of }) => [title, of === bare])).toEqual([
      ['补齐联系方式：华信科技', true],
      ['王芳 已离职，找到 有电话 的新对接人', false],
    ]);
  });

  it('looks-alike, customer-answered', async () => {
    for (const id of ['looks-alike', 'customer-answered']) await use(id);
    const [a = '', b = ''] = [await customer({ name: '华信' }), await customer({ name: '华信科技公司' })].sort();
    const object = (await test.engine.catalog.get('main')).objects.find(({ name }) => name === 'customer');
    await test.db.query(sql`insert into w_main.duplicate_pair (a, b, object, score, probability, found_at, scored_at)
      values (${a}, ${b}, ${object?.id}, 5, 0.9, ${test.clock.now}, ${test.clock.now})`);
    await test.tick();
    await test.tick();
    expect(await texts()).toHaveLength(1);
    await test.write([{ op: 'update', object: 'customer', id: a, set: { mobile: '13800138009' } }], {
      actor: 'customer:x',
      source: 'customer',
    });
    await test.settle();
    expect((await texts())[1]).toMatch(/刚刚确认了自己的资料/);
  });
});

describe('days and tasks', () => {
  it('birthday, followup-day', async () => {
    test.clock.now = new Date('2030-05-01T00:00:00Z');
    for (const id of ['birthday', 'followup-day']) await use(id);
    const id = await customer({ next_followup_on: '2030-05-06', next_step: '送样品' });
    await test.make('contact', { name: '寿星', customer: id, birthday: '1985-05-05', owner: test.seller.id });
    await test.make('contact', { name: '已离职', customer: id, birthday: '1985-05-05', employment: 'left' });
    test.later(2);
    await test.tick();
    expect(await titles()).toEqual([]);
    test.later(4);
    await test.tick();
    expect((await titles()).sort()).toEqual(['明天是 寿星（华信科技）的生日', '跟进 华信科技：送样品'].sort());
    test.later(365);
    await test.tick();
    expect((await titles()).filter((title) => title.includes('寿星'))).toHaveLength(2);
  });

  it('promised-step, overdue-weekly', async () => {
    test.clock.now = new Date('2031-03-05T02:00:00Z');
    for (const id of ['promised-step', 'overdue-weekly']) await use(id);
    const id = await customer();
    await talk(id, 'reached', { next_step: '发报价单' });
    await talk(id, 'reached');
    await test.settle();
    expect((await test.tasks()).map(({ title, owner }) => [title, owner])).toEqual([['发报价单', test.seller.id]]);
    test.later(6);
    await test.tick();
    expect(await texts()).toEqual(['任务已逾期：发报价单（华信科技）']);
    const [task] = await test.tasks();
    await test.change('task', task?.id ?? '', { state: 'done' });
    test.later(7);
    await test.tick();
    expect(await texts()).toHaveLength(1);
  });

  it('became-a, customer-lost', async () => {
    for (const id of ['became-a', 'customer-lost']) await use(id);
    const id = await customer({ level: 'b', customer_type: 'signed' });
    const never = await customer({ name: '潜在', customer_type: 'potential' });
    await test.settle();
    await test.change('customer', id, { level: 'a' });
    await test.change('customer', id, { customer_type: 'lost' });
    await test.change('customer', never, { customer_type: 'lost' });
    await test.settle();
    expect(await titles()).toEqual(['拜访新的 A 级客户：华信科技', '回访流失原因：华信科技']);
    expect(await texts()).toHaveLength(2);
  });
});

describe('the presets', () => {
  it('are all driven here, and can run in both languages', async () => {
    const catalog = await test.engine.catalog.get('main');
    for (const preset of readRulePresets())
      for (const lang of ['zh', 'en'] as const)
        expect([preset.id, ruleProblems({ ...presetRule(preset, lang), id: preset.id, author: '' }, catalog)]).toEqual([
          preset.id,
          [],
        ]);
    expect(
      readRulePresets()
        .map(({ id }) => id)
        .filter((id) => !driven.has(id) && !ELSEWHERE.includes(id)),
    ).toEqual([]);
  });
});
