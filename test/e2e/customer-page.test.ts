import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// Everything about one customer on one page: who decides, days to remember, the timeline by kind and person; a call logged in two taps on a phone.

describe.skipIf(browserMissing)('the page of a customer', { timeout: 300_000 }, () => {
  let site: Site;
  let ids: string[] = [];
  const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);

  beforeAll(async () => {
    site = await openSite();
    ids = await create(site, 'customer', [
      { name: '第一号客户有限公司', contact_name: '王五', mobile: '13800138000' },
      { name: '第二号客户有限公司' },
    ]);
    const customer = ids[0];
    await create(site, 'contact', [
      { name: '赵工', customer, job_title: '工艺员', decision_role: ['user'], mobile: '13900001111' },
      { name: '钱总', customer, job_title: '财务总监', decision_role: ['budget'] },
    ]);
    await create(site, 'contract', [{ name: '年度合同', customer, ends_on: soon }]);
    await create(site, 'ticket', [{ subject: '设备掉线', customer }]);
    await create(site, 'interaction', [{ content: '谈了报价', customer, kind: 'visit' }]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('shows who decides and what is coming, filters the timeline, goes on by key', async () => {
    const page = await site.open('/customers');
    await page.locator('.xs-cell', { hasText: '第一号客户' }).first().click();
    await page.goto(`${site.url}/customers/${ids[0]}`);
    const chain = page.getByRole('region', { name: '决策链' });
    await chain.getByRole('link', { name: /赵工/ }).waitFor();
    await chain.getByText('还不知道是谁').waitFor();
    await expect.poll(() => chain.locator('path').count()).toBe(1);
    await page.getByText(`${soon} · 还有`).waitFor();
    await page.getByRole('link', { name: '设备掉线' }).first().waitFor();

    await page.getByRole('combobox', { name: '看哪一类' }).selectOption({ label: '工单' });
    await page.locator('.xk-event', { hasText: '设备掉线' }).waitFor();
    await expect.poll(() => page.locator('.xk-event').count()).toBe(1);
    await page.getByRole('combobox', { name: '看哪一类' }).selectOption({ label: '核实' });
    await page.getByText('没有符合的记录').waitFor();
  });

  it('logs a call in two taps on a phone, with what is next', async () => {
    const page = await site.open(`/customers/${ids[0]}`, { width: 360, height: 740 });
    // The dialler is the phone's own.
    await page.evaluate(() =>
      document.addEventListener('click', (event) => {
        if ((event.target as Element).closest('a[href^="tel:"]')) event.preventDefault();
      }),
    );
    await page.getByRole('link', { name: /打电话/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '3 天后' }).click();
    await dialog.getByRole('button', { name: '已联系上' }).click();
    await page.locator('.ant-message', { hasText: '已记录：已联系上' }).waitFor();
    const { rows } = await site.call<{ rows: { values: Record<string, unknown> }[] }>('POST', '/records/query', {
      object: 'interaction',
      filter: { field: 'kind', op: 'eq', value: 'call' },
    });
    expect(rows[0]?.values).toMatchObject({ outcome: 'reached', customer: ids[0] });
    expect(rows[0]?.values.next_on).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});
