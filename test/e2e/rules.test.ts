import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// A ready-made rule is tried, changed and switched on; a change follows, and the task is there; the log leads to it, and it is done with one edit.

describe.skipIf(browserMissing)('automatic rules', { timeout: 240_000 }, () => {
  let site: Site;
  let customers: string[];

  beforeAll(async () => {
    site = await openSite();
    customers = await create(
      site,
      'customer',
      ['华信科技', '远大机电', '新兴食品'].map((name) => ({ name, level: 'b' })),
    );
    const move = (id: string | undefined, level: string) =>
      site.call('POST', '/records/changes', { changes: [{ op: 'update', object: 'customer', id, set: { level } }] });
    // What the trial finds: it became A and is B again.
    await move(customers[0], 'a');
    await move(customers[0], 'b');
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('a preset is tried and switched on; a change brings the task, and the log says why', async () => {
    const page = await site.open('/settings/rules');
    await page.getByRole('button', { name: '使用“客户升为 A 级”' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '试算近 30 天' }).click();
    await dialog.getByText('近 30 天会执行 1 次，涉及 1 条记录').waitFor();
    await dialog.getByRole('link', { name: '华信科技' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: '名称' }).fill('A 级客户要拜访');
    await dialog.getByRole('button', { name: '去掉这个动作' }).last().click();
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByRole('checkbox', { name: '启用“A 级客户要拜访”' }).waitFor();

    const changed = site.call('POST', '/records/changes', {
      changes: [{ op: 'update', object: 'customer', id: customers[1], set: { level: 'a' } }],
    });
    await changed;
    await expect
      .poll(
        async () => (await site.call<{ firings: { state: string }[] }>('GET', '/rules/firings')).firings[0]?.state,
        {
          timeout: 60_000,
        },
      )
      .toBe('done');
    await page.getByRole('tab', { name: '执行记录' }).click();
    await page.getByRole('link', { name: '远大机电' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: '建了任务' }).click();
    await page.getByText('拜访新的 A 级客户：远大机电').first().waitFor();

    await page.goto(`${site.url}/o/task`);
    await page.getByText('拜访新的 A 级客户：远大机电').first().waitFor();
    await page.goto(`${site.url}/customers/${customers[1]}`);
    await page.getByText('拜访新的 A 级客户：远大机电').first().waitFor();

    // Due within the week it stands on today's page, and one tap is enough.
    const { rows } = await site.call<{ rows: { id: string }[] }>('POST', '/records/query', { object: 'task' });
    const [task] = rows;
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await site.call('POST', '/records/changes', {
      changes: [{ op: 'update', object: 'task', id: task?.id, set: { due_at: soon } }],
    });
    await page.goto(`${site.url}/today`);
    const box = page.getByRole('checkbox', { name: '完成“拜访新的 A 级客户：远大机电”' });
    await box.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await box.click();
    await box.waitFor({ state: 'detached' });
  });

  it('a rule of one’s own is made in words, switched off, and removed', async () => {
    const page = await site.open('/settings/rules');
    await page.getByRole('button', { name: '新建规则' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '名称' }).fill('合同快到期');
    await dialog.getByRole('combobox', { name: '对象' }).selectOption('contract');
    await dialog.getByRole('combobox', { name: '发生什么' }).selectOption('date');
    await dialog.getByRole('combobox', { name: '字段' }).selectOption('ends_on');
    await dialog.getByRole('spinbutton', { name: '天数' }).fill('15');
    await dialog.getByRole('combobox', { name: '动作' }).selectOption('task');
    await dialog.getByRole('textbox', { name: '任务内容' }).fill('联系续约 {name}');
    await dialog.getByRole('button', { name: '保存' }).click();
    const box = page.getByRole('checkbox', { name: '启用“合同快到期”' });
    await box.waitFor();
    await page.getByText('前 15 天 8 点').waitFor();
    await box.click();
    await expect.poll(() => box.isChecked(), { timeout: 30_000 }).toBe(false);
    await page.getByRole('button', { name: '编辑“合同快到期”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '删除规则' }).click();
    await box.waitFor({ state: 'detached' });
  });

  it.each(LOOKS)('reads well: %o', async (look) => {
    const zh = look.lang === 'zh';
    const shot = async (page: Awaited<ReturnType<Site['open']>>, what: string) => {
      expect(await axeFindings(page)).toEqual([]);
      const directory = process.env.SHOTS;
      const name = `${look.lang}-${look.theme}-${look.width}`;
      if (directory) await page.screenshot({ path: `${directory}/${what}-${name}.png`, fullPage: true });
    };
    const page = await site.open('/settings/rules', look);
    await page.locator('.xk-auto-presets').waitFor();
    await shot(page, 'rules');
    await page
      .getByRole('button', { name: zh ? '使用“三次拒接转为休眠客户”' : 'Use “Three refusals: dormant”' })
      .click();
    await page.getByRole('dialog').waitFor();
    await shot(page, 'rule-editor');
    await page
      .getByRole('button', { name: /^(Close|关闭)$/ })
      .first()
      .click();
    await page.getByRole('tab', { name: zh ? '推送记录' : 'Deliveries' }).click();
    await page.locator('.xk-empty').waitFor();
    await shot(page, 'deliveries');
  });
});
