import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// One change to all that match: counted before, done in the background, taken back as one; in both languages, light and dark, wide and narrow.

describe.skipIf(browserMissing)('mass operations', { timeout: 180_000 }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite();
    await create(
      site,
      'customer',
      Array.from({ length: 120 }, (_, n) => ({
        name: `第${n}号客户有限公司`,
        level: n % 3 === 0 ? 'b' : 'a',
        short_name: `旧${n}`,
      })),
    );
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const levels = async () => {
    const { groups } = await site.call<{ groups: { value: string; count: number }[] }>('POST', '/records/group', {
      query: { object: 'customer' },
      field: 'level',
    });
    return Object.fromEntries(groups.map(({ value, count }) => [value, count]));
  };
  const filter = JSON.stringify({ field: 'level', op: 'eq', value: 'a' });

  it('changes all that match the filter, shows how far it is, and takes it back as one', async () => {
    const page = await site.open(`/customers?filter=${encodeURIComponent(filter)}`);
    await page.locator('.xs-cell').first().waitFor();
    await page.getByRole('checkbox', { name: '全选' }).click();
    await page.getByText('已选全部 80 条').waitFor();
    await page.getByRole('button', { name: '批量修改' }).click();
    await page.getByRole('combobox', { name: '修改哪个字段' }).fill('客户等级');
    await page.keyboard.press('Enter');
    await page.getByText('清空', { exact: true }).click();
    await page.getByRole('button', { name: '预览' }).click();
    await page.getByText('将改动 80 条').waitFor();
    await page.locator('.xk-mass-samples li').first().waitFor();
    expect(await levels()).toMatchObject({ a: 80, b: 40 });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '开始，改动 80 条' }).click();
    await page.getByText('完成，改动 80 条').waitFor();
    expect((await levels()).a).toBeUndefined();
    // Kept over a reload, with its undo.
    await page.reload();
    await page.getByRole('button', { name: '整批撤销' }).click();
    await page.getByText('已撤销 80 条').waitFor();
    expect(await levels()).toMatchObject({ a: 80, b: 40 });
  });

  it('says what is wrong where it was typed', async () => {
    const page = await site.open('/customers', { lang: 'en', theme: 'dark' });
    await page.locator('.xs-cell').first().waitFor();
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.locator('.xk-bulk button', { hasText: 'Edit' }).click();
    await page.getByRole('combobox', { name: 'Field to change' }).fill('E-mail');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'E-mail' }).fill('nobody');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('alert').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each([
    { lang: 'zh', theme: 'light', width: 1440 },
    { lang: 'en', theme: 'dark', width: 360 },
  ] as const)('a scan on the health page finds what is missing and leads to the remedy, in %o', async (look) => {
    const page = await site.open('/health', look);
    const zh = look.lang === 'zh';
    await page.getByRole('button', { name: zh ? '现在扫描' : 'Scan now' }).click();
    await page.locator('.xk-scan-table tbody tr').first().waitFor();
    const line = page.locator('.xk-scan-table tr', { hasText: zh ? '“手机”为空' : '“Mobile” is empty' });
    await line.locator('td .ant-btn-text').click();
    await page.locator('.xk-scan-items a').first().waitFor();
    expect(await page.locator('.xk-scan-items a').count()).toBe(120);
    await page.keyboard.press('Escape');
    await page.locator('.xk-scan-items').waitFor({ state: 'hidden' });
    expect(await axeFindings(page)).toEqual([]);
    await line.getByRole('button', { name: zh ? '分配负责人' : 'Assign owner' }).click();
    await page.getByRole('button', { name: zh ? '预览' : 'Preview' }).click();
    await page.getByText(zh ? '将改动 120 条' : '120 will change').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
