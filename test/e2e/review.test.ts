import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// The review inbox: decided field by field with keys, what changed since is not overwritten unasked, many at once, undone; a rule made, tried, and seen at work.

interface Rows {
  rows: { values: Record<string, unknown> }[];
}

describe.skipIf(browserMissing)('the review inbox', { timeout: 300_000 }, () => {
  let site: Site;
  let [steady = '', moved = '', plain = ''] = ['', '', ''];

  const update = (id: string, set: Record<string, unknown>) =>
    site.call('POST', '/records/changes', { changes: [{ op: 'update', object: 'customer', id, set }] });
  const propose = (id: string, set: Record<string, unknown>, reason = '官网联系页') =>
    site.call('POST', '/proposals', { proposals: [{ object: 'customer', id, set, reason }] });
  const valuesOf = async (id: string) =>
    (await site.call<Rows>('GET', `/records/customer/${id}`)).rows[0]?.values ?? {};
  const card = (page: Page, title: string) => page.locator('.xk-prop', { hasText: title });
  const count = async () => (await site.call<{ all: number }>('GET', '/proposals/count')).all;

  beforeAll(async () => {
    site = await openSite();
    [steady = '', moved = '', plain = ''] = await create(site, 'customer', [
      { name: '上海稳定贸易有限公司', amount: '120000', mobile: '13800138001' },
      { name: '杭州已改科技有限公司', mobile: '13800138002', contact_name: '王五' },
      { name: '苏州普通制造有限公司', mobile: '13800138003' },
    ]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('is decided by keys, one field at a time; what changed since takes a second press; all can be undone', async () => {
    for (const amount of ['121000', '118000', '125000']) await update(steady, { amount });
    await update(steady, { amount: '1250000000' });
    await propose(moved, { mobile: '13700000002', contact_name: '赵六' });
    await update(moved, { mobile: '13600000002' });

    const page = await site.open('/review');
    await page.locator('.xk-nav-count', { hasText: '2' }).waitFor();
    const odd = card(page, '上海稳定贸易');
    await odd.getByText(/可能弄错了单位/).waitFor();
    const changed = card(page, '杭州已改科技');
    await changed.getByText(/提出之后.*改成了/).waitFor();
    // The newest stands first; what stands there after its first field is changed by now.
    await page.keyboard.press('a');
    await page.locator('.xk-toast', { hasText: '已采纳 杭州已改科技有限公司 的联系人' }).waitFor();
    await page.keyboard.press('a');
    await changed.getByRole('alert').waitFor();
    await expect.poll(() => valuesOf(moved)).toMatchObject({ contact_name: '赵六', mobile: '13600000002' });
    await page.keyboard.press('a');
    await changed.waitFor({ state: 'detached' });
    await expect.poll(() => valuesOf(moved)).toMatchObject({ mobile: '13700000002' });
    await page.keyboard.press('m');
    await odd.waitFor({ state: 'detached' });
    await page.getByText('都处理完了').waitFor();
    // The amount that was meant is the one that stood there.
    await page.keyboard.press('z');
    await odd.waitFor();
    await odd.getByRole('button', { name: /^驳回 .*并写原因/ }).click();
    await page.getByRole('textbox', { name: '原因' }).fill('财务已核对');
    await page.keyboard.press('Enter');
    await odd.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: '已处理' }).click();
    const row = page.locator('.xk-decision', { hasText: '上海稳定贸易' }).first();
    await row.getByText('原因：财务已核对').waitFor();
    await row.getByRole('button', { name: '撤销' }).click();
    await page.locator('.xk-decision', { hasText: '上海稳定贸易' }).first().getByText('已撤销').waitFor();
    expect(await count()).toBe(1);
  });

  it('takes many at once: chosen ones, and all that match, after saying how many', async () => {
    const names = Array.from({ length: 120 }, (_, n) => ({ name: `批量客户${n}` }));
    const ids = await create(site, 'customer', names);
    await site.call('POST', '/proposals', {
      proposals: ids.map((id, n) => ({ object: 'customer', id, set: { contact_name: `联系人${n}` } })),
    });
    const page = await site.open('/review?object=customer&field=contact_name');
    await page.getByText('120 条待审').waitFor();
    const boxes = page.locator('.xk-prop input[type="checkbox"]');
    await boxes.nth(0).check();
    await boxes.nth(3).click({ modifiers: ['Shift'] });
    await page.getByText('已选 4 条').waitFor();
    await page.getByRole('button', { name: '驳回', exact: true }).last().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('驳回 4 条待审的修改？').waitFor();
    await dialog.getByRole('button', { name: /驳\s?回/ }).click();
    await page.locator('.xk-toast', { hasText: '已驳回 4 项' }).waitFor();
    await page.getByText('116 条待审').waitFor();
    await page.getByRole('checkbox', { name: /全选已显示/ }).check();
    await page.getByRole('button', { name: '改为选择符合筛选的全部 116 条' }).click();
    await page
      .locator('.xk-prop-batch')
      .getByRole('button', { name: /采\s?纳/ })
      .click();
    await dialog.getByText('采纳 116 条待审的修改？').waitFor();
    await dialog.getByRole('button', { name: /采\s?纳/ }).click();
    const done = page.locator('.xk-toast', { hasText: '已采纳 116 项' });
    await done.waitFor();
    expect(await valuesOf(ids[60] ?? '')).toMatchObject({ contact_name: '联系人60' });
    await done.getByRole('button', { name: '撤销' }).click();
    await page.getByText('116 条待审').waitFor();
    expect((await valuesOf(ids[60] ?? '')).contact_name).toBeNull();
  });

  it('rules are made in words, tried on the past, and seen at work', async () => {
    const page = await site.open('/review');
    await page.getByRole('button', { name: '规则' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: '添加自动处理规则' }).click();
    await drawer.getByRole('textbox', { name: '名称' }).fill('同事补填联系人');
    await drawer.getByRole('group', { name: '来源' }).getByLabel('客户答复').uncheck();
    await drawer.getByRole('group', { name: '来源' }).getByLabel('同事修改').check();
    await drawer.getByRole('group', { name: '字段' }).getByLabel('联系人', { exact: true }).check();
    await drawer.getByRole('button', { name: '添加条件' }).click();
    await page.locator('.ant-select-dropdown').getByText('客户名称', { exact: true }).click();
    await page.locator('.xk-condition').getByLabel('值').fill('批量');
    await page
      .locator('.xk-condition')
      .getByRole('button', { name: /完\s?成|好|确\s?定/ })
      .click();
    await drawer.getByRole('button', { name: '用这条规则' }).click();
    await drawer.getByText(/来自同事修改；客户的联系人；原来为空；客户名称 包含 批量/).waitFor();
    await drawer.getByRole('button', { name: '试一试' }).click();
    await drawer.getByText(/会采纳 120 项，其中 4 项曾被人驳回/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await drawer.getByLabel('也用于现在待审的修改').check();
    await drawer.getByLabel('为什么这样改').fill('试行');
    await drawer.getByRole('button', { name: '保存为新的一版' }).click();
    await page.getByText('规则已保存（第 1 版）').waitFor();
    await expect.poll(count, { timeout: 60_000 }).toBe(1);
    await page.goto(`${site.url}/review?tab=decided`);
    await page.getByText('规则自动处理').click();
    await page.locator('.xk-decision', { hasText: '规则“同事补填联系人”（第 1 版）' }).first().waitFor();

    // A rule that holds, from now on.
    const { version, rules } = await site.call<{ version: number; rules: { decide: object[] } }>(
      'GET',
      '/review/rules',
    );
    const hold = [
      { id: crypto.randomUUID(), name: '换号要看', object: 'customer', fields: ['mobile'], from: [], overwrites: true },
    ];
    await site.call('PUT', '/review/rules', { version, rules: { ...rules, hold } });
    await update(plain, { mobile: '13700000003' });
    expect(await valuesOf(plain)).toMatchObject({ mobile: '13800138003' });
    await page.goto(`${site.url}/review?from=rule`);
    await card(page, '苏州普通制造').getByText('规则“换号要看”留置').waitFor();
  });

  it.each(LOOKS)('is whole in every look: %o', async (look) => {
    await propose(plain, { contact_name: '一个名字非常非常长的联系人先生', email: 'long.name.of.someone@example.com' });
    const page = await site.open('/review?owner=all', look);
    await page.locator('.xk-prop').first().waitFor();
    const found = async () => [await axeFindings(page), await overflow(page)];
    expect(await found()).toEqual([[], 0]);
    await page.locator('.xk-prop input[type="checkbox"]').first().check();
    await page.locator('.xk-prop-batch').waitFor();
    expect(await found()).toEqual([[], 0]);
    await page.locator('.xk-page-actions button').click();
    await page.locator('.xk-rules').first().waitFor();
    expect(await found()).toEqual([[], 0]);
    await page.locator('.xk-rules-page > section .xk-rules-do button').last().click();
    await page.locator('.xk-rule-ticks').first().waitFor();
    expect(await found()).toEqual([[], 0]);
  });
});
