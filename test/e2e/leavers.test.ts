import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// Somebody leaves: seen before, done at once, taken back as one. And whose is it, without seeing it.

const LI = { email: 'li@example.com', password: 'leafy-Green-77' };
const ZHAO = { email: 'zhao@example.com', password: 'leafy-Green-66' };
describe.skipIf(browserMissing)('leavers and ownership', { timeout: 240_000 }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite();
    const li = await site.call<{ id: string }>('POST', '/accounts', {
      ...LI,
      name: '李雷',
      role: 'member',
    });
    const zhao = await site.call<{ id: string }>('POST', '/accounts', {
      ...ZHAO,
      name: '赵敏',
      role: 'member',
    });
    for (const { id } of [li, zhao]) await site.call('PUT', `/people/${id}/roles`, { roles: ['sales'] });
    await create(
      site,
      'customer',
      Array.from({ length: 20 }, (_, n) => ({ name: `李雷的客户${n}有限公司`, owner: li.id })),
    );
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('tells whose a customer is without showing it, and the owner is asked', async () => {
    const page = await site.open('/duplicates?tab=check', { as: ZHAO });
    await page.getByRole('textbox', { name: '客户名称' }).fill('李雷的客户7有限公司');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('已有客户，负责人是 李雷').waitFor();
    expect(await page.getByRole('link', { name: /打开/ }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '问负责人' }).click();
    await page.getByRole('textbox', { name: '想说什么' }).fill('展会上也认识，可以一起跟吗');
    await page.getByRole('button', { name: '发送' }).click();
    await page.getByText('已告诉负责人').waitFor();
  });

  it.each(LOOKS)('shows what would go where, and the rules: %o', async (look) => {
    const zh = look.lang === 'zh';
    const name = `${look.lang}-${look.theme}-${look.width}`;
    const page = await site.open('/people', look);
    const shot = async (what: string) => {
      expect(await axeFindings(page)).toEqual([]);
      const directory = process.env.SHOTS;
      if (directory) await page.screenshot({ path: `${directory}/${what}-${name}.png`, fullPage: true });
    };
    await page.getByRole('button', { name: zh ? '离职交接：李雷' : 'Leaver: 李雷' }).click();
    await page.getByRole('button', { name: zh ? '停用账号并交接 20 条' : 'Disable and hand over 20' }).waitFor();
    await shot('leave');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: zh ? '归属规则' : 'Ownership' }).click();
    await page.getByRole('button', { name: zh ? '添加规则' : 'Add rule' }).click();
    await shot('ownership');
    await page.goto(`${site.url}/duplicates?tab=check`);
    await page.getByRole('button', { name: zh ? '查询' : 'Check', exact: true }).waitFor();
    await shot('check');
  });

  it('hands over to others and takes it back as one', async () => {
    const page = await site.open('/people');
    await page.getByRole('button', { name: '离职交接：李雷' }).click();
    await page.getByRole('checkbox', { name: '赵敏' }).check();
    await page.getByRole('button', { name: '停用账号并交接 20 条' }).click();
    await page.getByText('李雷的账号已停用').waitFor();
    await page.getByRole('tab', { name: '交接记录' }).click();
    await page.getByText('已完成').waitFor({ timeout: 60_000 });
    await page.getByText('赵敏 20').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '撤销交接：李雷' }).click();
    await page.getByText('已撤销').waitFor();
    await expect
      .poll(async () => {
        const { groups } = await site.call<{ groups: { count: number }[] }>('POST', '/records/group', {
          query: { object: 'customer', filter: { field: 'name', op: 'contains', value: '李雷的客户' } },
          field: 'owner',
        });
        return groups.map(({ count }) => count);
      })
      .toEqual([20]);
  });
});
