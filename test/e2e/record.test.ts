import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// The record page: facts corrected and verified in place, a note, the history of a field put back, the page as of an earlier day, a phone.

describe.skipIf(browserMissing)('the record page', { timeout: 300_000 }, () => {
  let site: Site;
  let id = '';

  beforeAll(async () => {
    site = await openSite();
    [id = ''] = await create(site, 'customer', [
      { name: '杭州华信科技有限公司', contact_name: '王五', mobile: '13800138000' },
    ]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const value = async (field: string) => {
    const { rows } = await site.call<{ rows: { values: Record<string, unknown> }[] }>('GET', `/records/customer/${id}`);
    return rows[0]?.values[field];
  };

  it('corrects a value in place, says what is wrong with another, and undoes', async () => {
    const page = await site.open(`/customers/${id}`);
    await page.getByRole('button', { name: '修改“手机”' }).click();
    await page.getByRole('textbox', { name: '手机' }).fill('1380013800');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: '手机应为 11 位，现在是 10 位（1380013800）' }).waitFor();
    expect(await value('mobile')).toBe('13800138000');
    await page.getByRole('textbox', { name: '手机' }).fill('13900001111');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '13900001111' }).waitFor();
    await expect.poll(() => value('mobile'), { timeout: 30_000 }).toBe('13900001111');
    // It shows in the timeline, who and from what to what.
    await page.locator('.xk-event', { hasText: '王芳 修改了 手机' }).getByText('13900001111').waitFor();
  });

  it('verifies with one tap, and takes it back', async () => {
    const page = await site.open(`/customers/${id}`);
    await page.getByRole('button', { name: '“联系人”仍然正确' }).click();
    await page.locator('.xk-event', { hasText: '核实了 联系人' }).waitFor();
    await page.locator('.ant-message', { hasText: '已核实“联系人”' }).getByRole('button', { name: '撤销' }).click();
    await page.locator('.ant-message', { hasText: '已撤销' }).waitFor();
  });

  it('puts an earlier value back', async () => {
    const page = await site.open(`/customers/${id}`);
    await page.getByRole('button', { name: '“手机”的修改记录' }).click();
    const history = page.getByRole('dialog', { name: '手机 · 修改记录' });
    await history.locator('li', { hasText: '13800138000' }).getByRole('button', { name: '改回这个值' }).click();
    await page.getByRole('link', { name: '13800138000' }).waitFor();
    await expect.poll(() => value('mobile'), { timeout: 30_000 }).toBe('13800138000');
  });

  it('takes a note and shows it in the timeline', async () => {
    const page = await site.open(`/customers/${id}`);
    await page.getByRole('textbox', { name: '记一笔' }).fill('需要采购200台设备');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.locator('.xk-event-note', { hasText: '需要采购200台设备' }).waitFor();
  });

  it('hears of another’s change while it is open', async () => {
    const page = await site.open(`/customers/${id}`);
    await page
      .getByRole('button', { name: '修改“简称”' })
      .or(page.getByText('杭州华信科技有限公司').first())
      .first()
      .waitFor();
    const version = (await site.call<{ rows: { version: number }[] }>('GET', `/records/customer/${id}`)).rows[0]
      ?.version;
    await site.call('POST', '/records/changes', {
      changes: [{ op: 'update', object: 'customer', id, version, set: { contact_name: '赵六' } }],
    });
    await page.locator('.xk-fact', { hasText: '联系人' }).getByText('赵六').waitFor();
  });

  it('cannot be changed while it shows an earlier day', async () => {
    const page = await site.open(`/customers/${id}?asOf=2020-01-01`);
    await page.getByText('那时还没有这条记录').waitFor();
    await page.getByRole('button', { name: '回到现在' }).click();
    await page.getByRole('button', { name: '“手机”仍然正确' }).waitFor();
    const today = new Intl.DateTimeFormat('sv-SE').format(new Date());
    await page.goto(`${site.url}/customers/${id}?asOf=${today}`);
    await page.getByText(`您在看 ${today} 当天结束时的样子`).waitFor();
    await page.locator('.xk-fact', { hasText: '联系人' }).first().waitFor();
    expect(await page.getByRole('button', { name: /仍然正确/ }).count()).toBe(0);
    expect(await page.getByRole('textbox', { name: '记一笔' }).count()).toBe(0);
  });

  it('works on a phone: cards, then the record in tabs', async () => {
    const page = await site.open('/customers', { width: 360, height: 740 });
    await page.locator('.xk-card-row', { hasText: '杭州华信科技有限公司' }).click();
    await page.getByText('时间线').click();
    await page.locator('.xk-event-note', { hasText: '需要采购200台设备' }).waitFor();
    // Nothing sticks out to the side.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});
