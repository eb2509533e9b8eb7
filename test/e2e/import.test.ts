import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, openSite, type Site } from '../support/browser.ts';

// The main job: a team's spreadsheet becomes customers, with every decision seen before it is made, and can be taken back.

const DEMO = fileURLToPath(new URL('../../src/web/public/samples/demo.xlsx', import.meta.url));

describe.skipIf(browserMissing)('importing a spreadsheet', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const customers = async () => {
    const body = { object: 'customer', page: { limit: 1 }, count: 'exact' };
    const { count } = await site.call<{ count: { value: number } }>('POST', '/records/query', body);
    return count.value;
  };
  const row = (page: Page, header: string) =>
    page.locator('.xk-mapping tbody tr').filter({ has: page.getByRole('rowheader', { name: header, exact: true }) });
  const choose = async (page: Page, header: string, option: string) => {
    await row(page, header).locator('.ant-select').click();
    await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click();
  };

  it('maps, previews, writes, hands back the refused rows and undoes it all', async () => {
    const page = await site.open('/import');
    await page.setInputFiles('input[type=file]', DEMO);
    await page.waitForURL(/\/import\/[0-9a-f-]{36}$/);
    const address = page.url();

    await row(page, '手机号码').waitFor();
    expect(await row(page, '客户名称').innerText()).toContain('客户名称');
    expect(await row(page, '手机号码').innerText()).toMatch(/手机/);
    expect(await axeFindings(page)).toEqual([]);

    // A column without a field gets one on the spot.
    await choose(page, '下一步计划', '不导入');
    await row(page, '下一步计划').getByRole('button').click();
    await page.getByRole('button', { name: '新建并对应' }).click();
    await row(page, '下一步计划').getByText('您的选择').waitFor();

    await page.getByRole('button', { name: '检查并预览' }).click();
    await page.getByText('将会这样写入').waitFor();
    expect(await customers()).toBe(0);
    expect(await page.locator('.xk-problems tbody').innerText()).toMatch(/手机应为 11 位.*10 位/);
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('button', { name: /^写入 \d+ 行$/ }).click();
    await page.getByText('导入完成').waitFor();
    const written = Number(await page.locator('.xk-count-create dd').innerText());
    expect(written).toBeGreaterThan(250);
    expect(await customers()).toBe(written);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /下载错误文件/ }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/\.xlsx$/);
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('link', { name: '查看健康报告' }).click();
    await page.getByRole('heading', { name: '数据已经就位' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // Numbers lead to rows.
    await page.locator('a.xk-bar-line').first().click();
    await page.waitForURL(/\/customers\?.*filter=/);

    await page.goto(`${site.url}/import`);
    await page.locator('.xk-past a').first().click();
    await page.waitForURL(address);
    await page.getByRole('button', { name: '撤销整个导入' }).click();
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '撤销整个导入' }).click();
    await page.getByText('已撤销整个导入').waitFor();
    expect(await customers()).toBe(0);
  });

  it('says in words why a file can’t be taken', async () => {
    const page = await site.open('/import', { lang: 'en' });
    await page.setInputFiles('input[type=file]', {
      name: 'photo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('x'),
    });
    expect(await page.getByRole('alert').innerText()).toContain('Save it as .xlsx or .csv');
    await page.setInputFiles('input[type=file]', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) });
    expect(await page.getByRole('alert').innerText()).toContain('is empty');
  });
});
