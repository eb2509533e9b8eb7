import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// A figure over orders is declared in words and follows them; a ticket shows how much working time is left; what nobody owns is taken from the pool.

describe.skipIf(browserMissing)('roll-ups, service times and the pool', { timeout: 240_000 }, () => {
  let site: Site;
  let customers: string[];

  beforeAll(async () => {
    site = await openSite();
    customers = await create(
      site,
      'customer',
      ['华信科技有限公司', '远大机电有限公司'].map((name) => ({ name, level: 'a', mobile: '13912345678' })),
    );
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const change = (set: object, id = customers[1]) =>
    site.call('POST', '/records/changes', { changes: [{ op: 'update', object: 'customer', id, set }] });
  const values = async (id: string | undefined) =>
    (await site.call<{ rows: { values: Record<string, unknown> }[] }>('GET', `/records/customer/${id}`)).rows[0]
      ?.values ?? {};

  it('a roll-up is made in the designer, filled for what is there, and follows what comes', async () => {
    await create(site, 'sales_order', [{ customer: customers[0], amount: '300' }]);
    const page = await site.open('/settings/fields?object=customer');
    await page.getByRole('button', { name: '新建字段' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: '名称（中文）' }).fill('最大一单');
    await drawer.getByRole('radio', { name: /汇总/ }).check();
    await drawer.getByRole('button', { name: '创建' }).click();
    await drawer.getByText('请选择要汇总的记录').waitFor();
    const choose = async (box: string, option: string) => {
      await drawer.getByRole('combobox', { name: box }).click();
      await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click();
    };
    await choose('汇总哪些记录', '订单（按“客户”）');
    await choose('怎么算', '最大（最近）');
    await choose('哪个字段', '订单金额');
    expect(await axeFindings(page)).toEqual([]);
    await drawer.getByRole('button', { name: '创建' }).click();
    await page.getByRole('button', { name: '最大一单 汇总 · 金额' }).waitFor();
    const field = async () => {
      const { objects } = await site.call<{
        objects: { name: string; fields: { name: string; label: { zh: string } }[] }[];
      }>('GET', '/catalog');
      const customer = objects.find(({ name }) => name === 'customer');
      return customer?.fields.find(({ label }) => label.zh === '最大一单')?.name ?? '';
    };
    const name = await field();
    await expect.poll(async () => (await values(customers[0]))[name], { timeout: 90_000 }).toBe('300');
    await create(site, 'sales_order', [{ customer: customers[0], amount: '900' }]);
    await expect.poll(async () => (await values(customers[0]))[name], { timeout: 90_000 }).toBe('900');
    expect(await values(customers[0])).toMatchObject({ order_count: 2, order_total: '1200' });
  });

  it('a ticket says how it stands, and another holiday moves it', async () => {
    const [ticket = ''] = await create(site, 'ticket', [
      { subject: '打不开', customer: customers[0], kind: 'repair', priority: 'low', state: 'open' },
    ]);
    const page = await site.open(`/o/ticket/${ticket}`);
    await page.getByText('解决', { exact: true }).first().waitFor({ timeout: 90_000 });
    await page
      .getByText(/还剩 .*（工作时间）/)
      .first()
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const due = async () =>
      (await site.call<{ rows: { values: Record<string, unknown> }[] }>('GET', `/records/ticket/${ticket}`)).rows[0]
        ?.values.resolve_by;
    const before = await due();
    await page.goto(`${site.url}/settings/service`);
    await page.getByRole('tab', { name: '工作时间' }).click();
    const until = String(before).slice(0, 10);
    await page
      .getByRole('textbox', { name: '从' })
      .or(page.getByLabel('从', { exact: true }))
      .first()
      .fill(until);
    await page.getByRole('button', { name: '添加', exact: true }).first().click();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '保存' }).click();
    await expect.poll(due, { timeout: 90_000 }).not.toBe(before);
  });

  it('a rule is tried and kept; what nobody owns is taken, and put back', async () => {
    await change({ owner: null });
    const page = await site.open('/pool');
    await page.getByText('远大机电有限公司').waitFor();
    expect(await page.getByText('13912345678').count()).toBe(0);
    await page.getByText(/139\*+5678/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: '规则与设置' }).click();
    await page.getByRole('button', { name: '新建规则' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: '名称' }).fill('30 天未跟进');
    await drawer.getByRole('button', { name: '试算' }).click();
    await drawer.getByText('按这条规则，7 天内没有记录会回到公海。').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await drawer.getByRole('button', { name: '保存' }).click();
    await page.getByText('30 天没有跟进就回到公海', { exact: false }).waitFor();
    await page.getByRole('tab', { name: '可以领取的' }).click();
    await page.getByRole('button', { name: '领取“远大机电有限公司”' }).click();
    await page.getByRole('link', { name: '打开' }).click();
    await page.getByRole('button', { name: '放入公海' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '放入公海' }).click();
    await page.getByText('已放入公海').waitFor();
    expect((await values(customers[1])).owner ?? null).toBeNull();
  });
});
