import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessFor } from '../access/index.ts';
import { type TestAutomation, testAutomation } from './testing.ts';

// Rules of the product that follow tags and customer value.

let test: TestAutomation;
beforeAll(async () => {
  test = await testAutomation();
});
afterEach(() => test.clean());

const customer = (set: Record<string, unknown> = {}) =>
  test.make('customer', { name: '华信科技', owner: test.seller.id, ...set });
const titles = async () => (await test.tasks()).map(({ title }) => title);
/** As the product itself writes what it works out. */
const valued = async (id: string, value_octant: string) => {
  const access = accessFor('admin', await test.engine.catalog.get('main'));
  const ctx = { workspace: 'main', actor: 'system', source: 'rule', access, at: test.clock.now, lang: 'zh' } as const;
  const { outcomes } = await test.engine.write.write(ctx, [
    { op: 'update', object: 'customer', id, set: { value_octant } },
  ]);
  expect(outcomes[0]?.status).toBe('applied');
};

describe('tags reach the rules', () => {
  it('tag-complains, tag-referral: once, when the tag comes', async () => {
    await test.preset('tag-complains');
    await test.preset('tag-referral');
    const id = await customer({ risk_tags: ['overdue'] });
    await test.settle();
    expect(await titles()).toEqual([]);
    await test.change('customer', id, { risk_tags: ['overdue', 'complains'] });
    await test.settle();
    await test.change('customer', id, { risk_tags: ['complains'] });
    await test.settle();
    expect((await titles()).map((title) => title.slice(0, 9))).toEqual(['安抚客户：华信科技']);
    await test.change('customer', id, { need_tags: ['referral'] });
    await test.settle();
    expect(await titles()).toContain('请 华信科技 介绍同行');
  });
});

describe('value reaches the rules', () => {
  it('value-down: from the best corners to the last ones only', async () => {
    await test.preset('value-down');
    const id = await customer();
    await valued(id, 'watch');
    await valued(id, 'gold');
    await valued(id, 'loyal');
    await test.settle();
    expect(await titles()).toEqual([]);
    await valued(id, 'diamond');
    await valued(id, 'old-friend');
    await test.settle();
    expect(await titles()).toEqual(['回访降级客户：华信科技（现为老友）']);
  });

  it('diamond-silent-60', async () => {
    const [diamond, other] = [await customer(), await customer({ name: '普通客户' })];
    await valued(diamond, 'diamond');
    for (const id of [diamond, other])
      await test.make('interaction', { customer: id, content: '电话', kind: 'call', at: test.clock.now.toISOString() });
    await test.preset('diamond-silent-60');
    test.later(59);
    await test.tick();
    expect(await titles()).toEqual([]);
    test.later(2);
    await test.tick();
    expect(await titles()).toEqual(['拜访钻石客户：华信科技（60 天没有互动）']);
  });
});
