import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// How often what is verified: a rule is tried before it is switched on, kept with its reason, and can come back.

const VIEWS = ['频率表', '时间与鲜度'];

describe.skipIf(browserMissing)('policies', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
    const ids = await create(
      site,
      'customer',
      Array.from({ length: 30 }, (_, n) => ({
        name: `客户${n}有限公司`,
        mobile: `138001380${10 + n}`,
        level: n % 2 ? 'a' : 'b',
      })),
    );
    const changes = ids.map((id) => ({
      op: 'update',
      object: 'customer',
      id,
      verify: { fields: ['mobile'], method: 'phone' },
    }));
    await site.call('POST', '/records/changes', { changes });
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const rowOf = (page: Page, field: string) => page.locator('.xk-policy-table tbody tr', { hasText: field }).first();

  it('a rule is tried, saved with its reason, listed, and taken back', async () => {
    const page = await site.open('/policies');
    await rowOf(page, '手机').getByText('固定').click();
    await rowOf(page, '手机').getByRole('spinbutton').fill('3');
    await page.getByRole('button', { name: '先试一试' }).click();
    await page.getByText('试算：改动后会怎样').waitFor();
    const hours = page.locator('tr', { hasText: '全队每周工时' });
    const [before, after] = (await hours.locator('td').allInnerTexts()).map(Number.parseFloat);
    expect(after).toBeGreaterThan(before ?? 0);
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('textbox', { name: '修改原因' }).fill('号码换得勤');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText(/已保存为第 \d+ 版/).waitFor();
    await page.getByRole('button', { name: '版本历史' }).click();
    await page.getByText('号码换得勤').waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await site.call('PUT', '/policies', { policies: [], reason: '清空' });
    await page.reload();
    await page.getByRole('button', { name: '版本历史' }).click();
    const line = page.locator('.xk-versions li', { hasText: '号码换得勤' });
    await line.getByRole('button', { name: '恢复这一版' }).click();
    await page.getByText(/已恢复，保存为第 \d+ 版/).waitFor();
    expect(await rowOf(page, '手机').getByRole('spinbutton').inputValue()).toBe('3');
  });

  it('some records get a rule of their own, by a saved view', async () => {
    const page = await site.open('/policies');
    await page.getByRole('button', { name: '为一部分记录单独设定' }).click();
    await page.getByLabel('字段', { exact: true }).selectOption({ label: '手机' });
    await page.getByLabel('哪些记录').selectOption({ label: '重点客户 A' });
    await page.getByRole('button', { name: '加入表中' }).click();
    const rule = page.locator('.xk-policy-table tbody tr', { hasText: '重点客户 A' });
    await rule.getByText('固定').click();
    await rule.locator('summary').click();
    await rule.getByLabel('签约').check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText(/已保存为第 \d+ 版/).waitFor();
    const { policies } = await site.call<{ policies: { field: string; segment?: object; after?: string[] }[] }>(
      'GET',
      '/policies',
    );
    expect(policies.find((one) => one.segment)).toMatchObject({
      field: 'mobile',
      segment: { name: { zh: '重点客户 A' }, filter: { field: 'level', op: 'eq', value: 'a' } },
      after: ['contract-signed'],
    });
  });

  it('hours are dragged and the curve answers', async () => {
    const page = await site.open('/policies');
    await page.getByText('时间与鲜度').click();
    const slider = page.getByRole('slider');
    await slider.waitFor();
    const reached = page.locator('.xk-advisor-figures dd').first();
    const start = Number.parseFloat(await reached.innerText());
    await slider.focus();
    await slider.press('End');
    await expect
      .poll(async () => Number.parseFloat(await reached.innerText()), { timeout: 30_000 })
      .toBeGreaterThan(start);
  });

  it.each([
    { lang: 'zh', theme: 'light', width: 1440 },
    { lang: 'zh', theme: 'dark', width: 360 },
  ] as const)('every view holds to WCAG and fits, in %o', async (look) => {
    const page = await site.open('/policies', look);
    for (const view of VIEWS) {
      await page.getByText(view, { exact: true }).click();
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      await page.waitForTimeout(300);
      expect((await axeFindings(page)).map((one) => `${view} ${one}`)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
  });
});
