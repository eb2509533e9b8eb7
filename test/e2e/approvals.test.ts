import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// A salesperson asks for what he may not do alone; his manager decides with a key; it happens, and the file is fetched once.

const LI = { email: 'li@example.com', password: 'leafy-Green-77' };
describe.skipIf(browserMissing)('approvals', { timeout: 240_000 }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite();
    const account = await site.call<{ id: string }>('POST', '/accounts', {
      ...LI,
      name: '李雷',
      role: 'member',
    });
    await site.call('PUT', `/people/${account.id}/roles`, { roles: ['manager'] });
    const customers = Array.from({ length: 30 }, (_, n) => ({
      name: `审批客户${n}有限公司`,
      address: `南京路 ${n} 号`,
      owner: account.id,
    }));
    await create(site, 'customer', customers);
    await site.call('POST', '/records/export', { query: { object: 'customer' }, format: 'json' });
    const { version } = await site.call<{ version: number }>('GET', '/approvals/rules');
    const rule = { above: 5, decider: { by: 'manager' }, hours: 24, exceptAdmins: true };
    const rules = (['export', 'mass'] as const).map((kind) => ({ ...rule, kind, id: crypto.randomUUID() }));
    await site.call('PUT', '/approvals/rules', { version, rules });
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const ask = async () => {
    const page = await site.open('/customers', { as: LI });
    await page.locator('.xs-cell').first().waitFor();
    await page.getByRole('checkbox', { name: '全选' }).click();
    await page.getByRole('button', { name: '导出' }).click();
    await page.getByRole('menuitem', { name: 'Excel (.xlsx)' }).click();
    await page.getByRole('textbox', { name: '为什么要导出' }).fill('年会邀请');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '提交审批' }).click();
    await page.getByText('已提交审批').waitFor();
    return page;
  };

  it('an export waits, is approved with a key, and its file is fetched once', async () => {
    const his = await ask();
    const mine = await site.open('/approvals');
    await mine.getByText('导出 30 行客户').waitFor();
    expect(await axeFindings(mine)).toEqual([]);
    await mine.keyboard.press('a');
    await mine.getByText('没有等你审批的申请').waitFor();
    await his.goto(`${site.url}/approvals?tab=mine`);
    await his.getByText('已执行').waitFor({ timeout: 30_000 });
    const [file] = await Promise.all([
      his.waitForEvent('download'),
      his.getByRole('button', { name: '领取文件' }).click(),
    ]);
    expect(file.suggestedFilename()).toContain('.xlsx');
    await his.getByRole('button', { name: '领取文件' }).click();
    await his.getByText('每人只能领取一次').waitFor();
  });

  it('refusing takes a word, which the asker reads', async () => {
    const his = await ask();
    const mine = await site.open('/approvals');
    await mine.getByText('导出 30 行客户').waitFor();
    await mine.keyboard.press('r');
    await mine.getByRole('textbox', { name: '原因' }).fill('名单太大');
    await mine.keyboard.press('Enter');
    await mine.getByText('没有等你审批的申请').waitFor();
    await his.goto(`${site.url}/approvals?tab=mine`);
    await his.getByText('已拒绝').first().waitFor();
    await his.getByText('经过').first().click();
    await his.getByText('名单太大').waitFor();
  });

  it.each(LOOKS)('reads well with requests, rules, exports and tracing: %o', async (look) => {
    const zh = look.lang === 'zh';
    const his = await ask();
    await his.close();
    const name = `${look.lang}-${look.theme}-${look.width}`;
    const shot = async (page: Awaited<ReturnType<Site['open']>>, what: string) => {
      expect(await axeFindings(page)).toEqual([]);
      const directory = process.env.SHOTS;
      if (directory) await page.screenshot({ path: `${directory}/${what}-${name}.png`, fullPage: true });
    };
    const page = await site.open('/approvals', look);
    await page
      .getByRole('button', { name: zh ? /^同意/ : /^Approve/ })
      .first()
      .waitFor();
    await shot(page, 'approvals');
    await page.getByRole('tab', { name: zh ? '规则' : 'Rules' }).click();
    await page.getByRole('button', { name: zh ? '添加规则' : 'Add rule' }).click();
    await page.getByRole('dialog').waitFor();
    await shot(page, 'rule');
    await page.goto(`${site.url}/settings/exports`);
    await page.locator('.xk-exports tbody tr').first().waitFor();
    await shot(page, 'exports');
    await page.getByRole('tab', { name: zh ? '追查外泄' : 'Trace a leak' }).click();
    await page.getByRole('textbox', { name: zh ? '或粘贴片段' : 'Or paste a piece' }).fill('审批客户3有限公司');
    await page.getByRole('button', { name: zh ? '追查' : 'Trace', exact: true }).click();
    await page.getByText(zh ? /认出 1 条记录/ : /1 record recognised/).waitFor();
    await shot(page, 'trace');
    const [open] = (await site.call<{ approvals: { id: string; hash: string }[] }>('GET', '/approvals')).approvals;
    if (open)
      await site.call('POST', `/approvals/${open.id}/decision`, { approve: false, word: '够了', hash: open.hash });
  });
});
