import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// A tag is taken over and tried; what somebody writes tags the customer, whose page shows the words; taken away it stays away. Old texts are looked through
// and tagged after a yes. Then value: thresholds from the data, the eight types, and the way from a figure to the customers.

describe.skipIf(browserMissing)('tags from texts and customer value', { timeout: 240_000 }, () => {
  let site: Site;
  let customers: string[];

  beforeAll(async () => {
    site = await openSite();
    const names = Array.from({ length: 24 }, (_, n) => ({
      name: n === 0 ? '华信科技' : n === 1 ? '远大机电' : `客户${n}`,
    }));
    customers = await create(site, 'customer', names);
    await say(customers[1], '上个月就说太贵，想要折扣');
    await say(customers[2], '预算不是问题');
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const say = (customer: string | undefined, content: string) =>
    create(site, 'interaction', [{ customer, content, kind: 'call', at: new Date().toISOString() }]);
  const tagsOf = async (customer: string | undefined) => {
    const { tags } = await site.call<{ tags: { tag: string }[] }>('GET', `/tagging/customers/${customer}`);
    return tags.map(({ tag }) => tag);
  };

  it('words set a tag, the page shows them, and a tag that was taken away stays away', async () => {
    const page = await site.open('/settings/tags');
    await page.getByRole('button', { name: '使用“价格敏感”' }).click();
    await page.getByRole('button', { name: '编辑“价格敏感”' }).waitFor();
    await page.getByRole('textbox', { name: '写一句试试' }).fill('预算有限不是问题，就是太贵');
    await page.getByText('被“不是问题”否定了').waitFor();
    await page.getByText('修改', { exact: true }).click();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('checkbox', { name: '给新写的文字自动打标签' }).check();
    await page.getByText('已保存').first().waitFor();

    await say(customers[0], '客户说预算有限，要等总部定。');
    await expect.poll(() => tagsOf(customers[0]), { timeout: 60_000 }).toEqual(['price']);
    await page.goto(`${site.url}/customers/${customers[0]}`);
    const why = page.getByRole('region', { name: '标签的由来' });
    await why.getByText('客户说预算有限，要等总部定').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await why.getByRole('button', { name: '去掉“价格敏感”' }).click();
    await page.getByText('已去掉“价格敏感”').first().waitFor();
    await expect.poll(() => tagsOf(customers[0]), { timeout: 60_000 }).toEqual([]);

    await page.goto(`${site.url}/settings/tags`);
    await page.getByRole('button', { name: '开始检查' }).click();
    await page.getByText('会给客户加上这些标签').waitFor({ timeout: 90_000 });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '打上这些标签' }).click();
    await page.getByRole('button', { name: '撤销这次打的标签' }).waitFor({ timeout: 90_000 });
    expect(await Promise.all(customers.slice(0, 3).map(tagsOf))).toEqual([[], ['price'], []]);
  });

  it('thresholds come from the data, and figures lead to the customers', async () => {
    const orders = customers.flatMap((customer, n) =>
      Array.from({ length: 1 + (n % 4) }, (_, k) => ({
        ...{ customer, amount: (n + 1) * 1000, status: 'done' },
        ordered_on: new Date(Date.now() - (n * 30 + k) * 86_400_000).toISOString().slice(0, 10),
      })),
    );
    await create(site, 'sales_order', orders);
    const page = await site.open('/value');
    await page.getByRole('button', { name: '设置分界线' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: '用建议的分界线' }).click();
    expect(await axeFindings(page)).toEqual([]);
    await drawer.getByRole('button', { name: '保存并计算' }).click();
    const row = page.getByRole('row', { name: /^观察/ }).first();
    await row.getByRole('link').filter({ hasNotText: /^0$/ }).waitFor({ timeout: 90_000 });
    const shown = Number(await row.getByRole('link').textContent());
    await row.getByRole('link').click();
    await page.getByText('客户编号').first().waitFor();
    const filter = { field: 'value_octant', op: 'eq', value: 'watch' };
    const list = await site.call<{ rows: unknown[] }>('POST', '/records/query', { object: 'customer', filter });
    expect(list.rows).toHaveLength(shown);

    for (const look of LOOKS) {
      const other = await site.open('/value', look);
      await other.locator('.xk-value-moves, .xk-value-table').first().waitFor();
      expect(await axeFindings(other)).toEqual([]);
    }
  });
});
