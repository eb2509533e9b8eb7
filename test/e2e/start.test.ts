import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, openSite, type Site } from '../support/browser.ts';

// The first quarter of an hour: account, scenario, a file; then the form is gone for good.

describe.skipIf(browserMissing)('the first start', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ setUp: false });
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('goes from nothing to a file being mapped, in one sitting', async () => {
    const page = await site.open('/', { signedOut: true, width: 390, height: 800 });
    await page.waitForURL('**/setup');
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: '创建账号' }).click();
    await page.getByText('请填写姓名。').waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await page.getByLabel('您的姓名').fill('王芳');
    await page.getByLabel('邮箱').fill('wangfang@example.com');
    await page.getByLabel('密码', { exact: true }).fill('12345678');
    await page.getByText('太常见').waitFor();
    await page.getByRole('button', { name: '创建账号' }).click();
    // The server's word counts; its sentence is shown.
    await page.getByText(/这个密码太常见/).waitFor();
    await page.getByLabel('密码', { exact: true }).fill('清晨的青禾轻轻摇');
    await page.getByRole('button', { name: '创建账号' }).click();

    await page.getByRole('heading', { name: '您的业务最像哪一种？' }).waitFor();
    await page.locator('.xk-preset').first().getByRole('button').click();
    await page.getByRole('heading', { name: '把手头的客户表格拖进来' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '先用演示数据试试' }).click();
    await page.waitForURL(/\/import\/[0-9a-f-]{36}$/);
    await page.locator('.xk-mapping').waitFor();
    expect(await overflow(page)).toBe(0);

    const other = await site.open('/setup', { signedOut: true, lang: 'en' });
    await other.waitForURL('**/sign-in');
  });
});
