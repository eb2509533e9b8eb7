import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// Who may see what: the matrix, a role for somebody, a look through his eyes, why, asking and granting, departments.

const LI = { name: '李强', email: 'li@example.com', password: 'quiet-River-77' };

describe.skipIf(browserMissing)('access', () => {
  let site: Site;
  let customer: string;
  let li: string;
  beforeAll(async () => {
    site = await openSite();
    [customer = ''] = await create(site, 'customer', [{ name: '杭州青禾科技有限公司', mobile: '13800138001' }]);
    li = (await site.call<{ id: string }>('POST', '/accounts', { ...LI, role: 'member' })).id;
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('changes what a role sees of a field, after a look at what that would mean', async () => {
    const page = await site.open('/settings/access');
    await page.getByRole('button', { name: '编辑“成员”对“客户”的权限' }).click();
    await page.getByLabel('手机', { exact: true }).selectOption('masked');
    await page.getByRole('button', { name: '试试效果' }).click();
    await page.getByText('手机：可编辑 → 脱敏').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存，一秒内生效').waitFor();
    const his = await site.open(`/customers/${customer}`, { as: LI });
    await his.getByText('138****8001').first().waitFor();
  });

  it('gives a person a role, and shows the pages as he sees them, to read only', async () => {
    const page = await site.open('/settings/access');
    await page.getByRole('tab', { name: '谁有哪些角色' }).click();
    await page.getByRole('button', { name: '编辑“李强”的角色' }).click();
    await page.getByRole('checkbox', { name: /^成员/ }).uncheck();
    await page.getByRole('checkbox', { name: /^市场/ }).check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存，一秒内生效').waitFor();
    await page.getByRole('button', { name: '以此身份查看：李强' }).click();
    const banner = page.getByRole('region', { name: '正在以“李强”的身份查看，只能看，不能改。' });
    await banner.waitFor();
    await page.goto(`${site.url}/customers/${customer}`);
    await page.getByText('138****8001').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const refused = await page.evaluate(
      async ([account, id]) => {
        const response = await fetch('/api/v1/records/changes', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'x-xianke-view-as': account ?? '' },
          body: JSON.stringify({ changes: [{ op: 'delete', object: 'customer', id }] }),
        });
        return ((await response.json()) as { code: string }).code;
      },
      [li, customer],
    );
    expect(refused).toBe('view-as-reads');
    await banner.getByRole('button', { name: '退出查看' }).click();
    await page.getByRole('tab', { name: '权限矩阵' }).waitFor();
    expect(await page.locator('.xk-viewing').count()).toBe(0);
  });

  it('says why a value is masked, takes the wish to see it, and grants it', async () => {
    const his = await site.open(`/customers/${customer}`, { as: LI });
    await his.getByRole('button', { name: /权限$/ }).click();
    await his.getByRole('button', { name: '为什么：手机' }).click();
    await his.getByText('角色“市场”（全部记录）对个人信息字段：脱敏。').waitFor();
    await his.getByRole('button', { name: '申请查看手机' }).click();
    await his.getByLabel('为什么要看（可选）').fill('发邀请函');
    await his.getByRole('button', { name: '申请查看手机' }).click();
    await his.getByText('已提交申请').waitFor();
    expect(await axeFindings(his)).toEqual([]);

    const page = await site.open('/settings/access');
    await page.getByRole('tab', { name: '查看申请' }).click();
    await page.getByText('李强 想看“杭州青禾科技有限公司”的手机').waitFor();
    await page.getByRole('button', { name: '批准', exact: true }).click();
    await page.getByText('已处理').waitFor();
    await page.getByRole('tab', { name: '过度保密' }).click();
    await page.getByRole('rowheader', { name: '手机' }).waitFor();

    await his.reload();
    await his.getByText('13800138001').first().waitFor();
  });

  it('keeps departments as a tree, also on a phone in English', async () => {
    const page = await site.open('/settings/departments');
    await page.getByRole('button', { name: '新建部门' }).click();
    await page.getByLabel('名称').fill('华东大区');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存“华东大区”').waitFor();
    await page.getByRole('button', { name: '新建部门' }).click();
    await page.getByLabel('名称').fill('上海');
    await page.getByLabel('上级部门').selectOption('华东大区');
    await page.getByLabel('主管').selectOption('李强');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('.xk-unit-tree ul ul').getByText('主管：李强').waitFor();
    for (const path of ['/settings/departments', '/settings/access']) {
      const phone = await site.open(path, { lang: 'en', theme: 'dark', width: 360 });
      await phone.locator('h1').waitFor();
      await phone.locator('.xk-card').first().waitFor();
      expect([path, await overflow(phone)]).toEqual([path, 0]);
    }
  });
});
