import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// Possible duplicates: found, looked at, merged with a choice, taken apart again; told apart and put back; a hint before one is made.

const SLOW = { timeout: 60_000 };

interface Rows {
  rows: { id: string; values: Record<string, unknown> }[];
}
interface Queue {
  groups: { records: { id: string }[] }[];
}

describe.skipIf(browserMissing)('possible duplicates', { timeout: 300_000 }, () => {
  let site: Site;
  let [full, short, plain] = ['', '', ''];

  beforeAll(async () => {
    site = await openSite();
    [full = '', short = ''] = await create(site, 'customer', [
      {
        name: '杭州云栖智联科技有限公司',
        contact_name: '王晓明',
        mobile: '13811110001',
        email: 'wang@yunqi.cn',
        level: 'a',
      },
      {
        name: '杭州云栖智联科技',
        contact_name: '王晓明',
        mobile: '13811110001',
        address: '杭州市西湖区文三路100号',
        level: 'b',
      },
    ]);
    await create(site, 'contact', [
      { customer: full, name: '赵一', mobile: '13900001100' },
      { customer: full, name: '钱二', mobile: '13900001101' },
      { customer: short, name: '孙三', mobile: '13900001102' },
    ]);
    [plain = ''] = await create(site, 'customer', [
      { name: '南京紫金山食品有限公司', mobile: '13822220002' },
      { name: '南京紫金山食品', mobile: '13822220002' },
    ]);
    await found(full, short);
    await found(plain);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const groups = async () => (await site.call<Queue>('GET', '/duplicates?object=customer')).groups;
  const groupOf = async (id: string) =>
    (await groups()).find(({ records }) => records.some((row) => row.id === id))?.records.map((row) => row.id);
  /** Pairs are looked for after the write, in the background. */
  const found = async (id: string, other = id) => {
    while (!(await groupOf(id))?.includes(other)) await new Promise((resolve) => setTimeout(resolve, 300));
  };
  const contactsOf = async (customer: string) => {
    const filter = { field: 'customer', op: 'eq', value: customer };
    const { rows } = await site.call<Rows>('POST', '/records/query', { object: 'contact', filter, count: 'none' });
    return rows.map((row) => row.values.name).sort();
  };
  const valuesOf = async (id: string) =>
    (await site.call<Rows>('GET', `/records/customer/${id}`)).rows[0]?.values ?? {};
  /** Brings a group into sight, wherever it stands in the queue. */
  const show = async (page: Page, title: string) => {
    await page.locator('.xk-group', { hasText: title }).first().click();
    await page.locator('.xk-compare-name', { hasText: title }).first().waitFor();
  };
  const toast = (page: Page, text: string | RegExp) => page.locator('.ant-message').getByText(text).first();
  const undo = (page: Page, text: string) =>
    page.locator('.xk-toast', { hasText: text }).getByRole('button', { name: '撤销' }).click();

  it('are merged with one value chosen by hand, everything moves, and come apart again', async () => {
    const page = await site.open('/duplicates');
    await show(page, '杭州云栖智联科技有限公司');
    await page.locator('.xk-reasons', { hasText: '手机' }).waitFor();
    await page.locator('tr.xk-is-differs', { hasText: '客户等级' }).waitFor();
    // By keyboard, as most of it.
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: '合并 2 条客户' });
    // The one that more hangs on is proposed to stay.
    await dialog
      .getByRole('group', { name: /保留哪一条/ })
      .getByRole('radio', { name: /杭州云栖智联科技有限公司/, checked: true })
      .waitFor();
    await dialog.locator('.xk-merge-moves', { hasText: '联系人 1 条' }).waitFor();
    const level = dialog.getByRole('group', { name: /客户等级/ });
    await level.getByText('保留主记录的值').waitFor();
    await level.getByRole('radio', { name: /B/ }).last().check();
    await level.getByText('人工选择').waitFor();
    await dialog.getByRole('button', { name: '合并成一条' }).click();
    await toast(page, /已合并为“杭州云栖智联科技.*转移 1 条/).waitFor();
    expect(await contactsOf(full)).toEqual(['孙三', '赵一', '钱二'].sort());
    expect(await valuesOf(full)).toMatchObject({
      level: 'b',
      email: 'wang@yunqi.cn',
      address: expect.stringContaining('文三路'),
    });

    // The address of the one that went leads to the one that stayed, and says so.
    await page.goto(`${site.url}/customers/${short}`);
    await page.getByText(/“杭州云栖智联科技”已在 .* 并入这条记录/).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/o/customer/${full}`);
    await page.locator('.xk-event', { hasText: '王芳 合并了' }).getByRole('button', { name: '拆分还原' }).click();
    const apart = page.getByRole('dialog', { name: '拆分还原' });
    await apart.locator('.xk-unmerge-records li', { hasText: '恢复' }).getByText('杭州云栖智联科技').first().waitFor();
    await apart.locator('.xk-merge-moves', { hasText: '联系人 1 条' }).waitFor();
    // Nobody edited anything since, so nothing is asked.
    expect(await apart.getByText('需要您回答').count()).toBe(0);
    await apart.getByRole('button', { name: '拆分还原' }).click();
    await toast(page, '已拆分还原，恢复 1 条记录').waitFor();
    expect([await contactsOf(full), await contactsOf(short)]).toEqual([['赵一', '钱二'].sort(), ['孙三']]);
    expect([(await valuesOf(full)).level, (await valuesOf(short)).level]).toEqual(['a', 'b']);
    // Told apart by hand: the queue asks no more, until somebody puts the pair back.
    expect(await groupOf(short)).toBeUndefined();
    await page.goto(`${site.url}/duplicates?tab=decided`);
    await page
      .locator('.xk-decided li', { hasText: '杭州云栖智联科技有限公司' })
      .getByRole('button', { name: /放回/ })
      .click();
    await toast(page, '已放回待处理').waitFor();
    await expect.poll(() => groupOf(short), SLOW).toContain(full);
  });

  it('are told apart and put off by a key, and brought back by another', async () => {
    const page = await site.open('/duplicates');
    await show(page, '南京紫金山食品有限公司');
    const before = await groups();
    await page.keyboard.press('n');
    await toast(page, '不是重复').waitFor();
    await expect.poll(() => groupOf(plain), SLOW).toBeUndefined();
    await page.keyboard.press('z');
    await toast(page, '已放回待处理').waitFor();
    await expect.poll(() => groupOf(plain), SLOW).toBeDefined();
    await show(page, '南京紫金山食品有限公司');
    await page.keyboard.press('s');
    await undo(page, '7 天后再看');
    await expect.poll(async () => (await groups()).length, SLOW).toBe(before.length);
    // What the keys do is said where all keys are.
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: '键盘操作' }).getByText('不是重复').waitFor();
  });

  it('of selected rows are merged from the table, and the toast undoes it', async () => {
    const page = await site.open('/customers?q=紫金山');
    const row = (title: string) => page.locator('.xs-row', { hasText: title });
    await row('南京紫金山食品').nth(1).waitFor();
    // The boxes show when the pointer is on the row; here it is nowhere.
    for (const n of [0, 1]) await row('南京紫金山食品').nth(n).locator('.xs-check').dispatchEvent('click');
    await page.locator('.xk-bulk').getByRole('button', { name: '合并…' }).click();
    const dialog = page.getByRole('dialog', { name: '合并 2 条客户' });
    await dialog.getByRole('button', { name: '合并成一条' }).click();
    await undo(page, '已合并为“南京紫金山食品');
    await toast(page, '已撤销合并').waitFor();
    const { rows } = await site.call<Rows>('POST', '/records/query', {
      object: 'customer',
      search: '紫金山',
      count: 'none',
    });
    expect(rows).toHaveLength(2);
    await found(plain);
  });

  it('are hinted at while a name is typed, but not while an input method composes it', async () => {
    const page = await site.open('/customers?open=new');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/duplicates/hint')) asked.push(request.postData() ?? '');
    });
    const name = page.getByRole('textbox', { name: '客户名称' });
    await name.click();
    const ime = await page.context().newCDPSession(page);
    for (const text of ['n', 'nan', 'nan jing', 'nan jing zi jin shan'])
      await ime.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(1_000);
    expect(asked).toEqual([]);
    await ime.send('Input.insertText', { text: '南京紫金山食品公司' });
    const hint = page.locator('.xk-typing-hint');
    await hint.getByText('南京紫金山食品有限公司').waitFor();
    expect(await hint.getAttribute('aria-live')).toBe('polite');
    await hint.getByText('负责人 王芳').first().waitFor();
    expect(asked.every((body) => !body.includes('nan'))).toBe(true);
    await hint.getByRole('button', { name: '不是同一个，继续新建' }).click();
    await hint.getByText('南京紫金山食品有限公司').waitFor({ state: 'detached' });
  });

  it('are looked for now, by whoever does not wait for the night', async () => {
    const page = await site.open('/duplicates?object=product');
    await page.getByText('没有疑似重复').waitFor();
    await page.getByText(/下次自动检查|下次：/).waitFor();
    await page.getByRole('button', { name: '现在检查' }).click();
    await toast(page, '检查完成').waitFor(SLOW);
    await page.getByText('上次检查').waitFor();
  });

  it('are found between two lists', async () => {
    const page = await site.open('/duplicates?tab=lists');
    await page.getByLabel('这份名单：视图').selectOption({ label: '重点客户 A' });
    await page.getByRole('button', { name: '开始比较' }).click();
    await page.getByText('比较了 1 条：1 对相似；0 条在另一份里没有相似的。').waitFor();
    await page
      .locator('.xk-decided li', { hasText: '杭州云栖智联科技有限公司' })
      .getByRole('button', { name: /^合并/ })
      .click();
    await page.getByRole('dialog', { name: '合并 2 条客户' }).locator('.xk-merge-moves').waitFor();
    await page.keyboard.press('Escape');
    // Of two objects: nobody among the contacts is a customer's own number.
    await page.getByLabel('这份名单：对象').selectOption({ label: '联系人' });
    await page.getByRole('button', { name: '开始比较' }).click();
    await page.getByText('没有相似的记录').waitFor();
  });

  it('are what a rule says they are: tried, saved, told while typing, refused', async () => {
    const page = await site.open('/duplicates?tab=rules');
    await page.getByRole('button', { name: '添加规则' }).click();
    await page.getByLabel('规则名称').fill('手机只登记一次');
    await page.getByLabel('第 1 组第 1 个条件的字段').selectOption({ label: '手机' });
    await page.getByRole('button', { name: '+ 添加一组' }).click();
    await page.getByLabel('第 2 组第 1 个条件的字段').selectOption({ label: '微信' });
    await page.getByLabel('第 2 组第 1 个条件怎样比较').selectOption({ label: '相近' });
    await page.getByRole('button', { name: '试一试' }).click();
    await page.getByText(/有 4 条符合这条规则/).waitFor();
    // What forbids compares exactly.
    await page.getByLabel('那么').selectOption({ label: '不允许保存' });
    expect(await page.getByLabel('第 2 组第 1 个条件怎样比较').inputValue()).toBe('same');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '保存规则' }).click();
    await page.getByText('手机相同 或者 微信相同 → 不允许保存').waitFor(SLOW);

    await page.goto(`${site.url}/customers?open=new`);
    await page.getByRole('textbox', { name: '客户名称' }).fill('完全另一家');
    await page.getByRole('textbox', { name: '手机' }).fill('13822220002');
    await page.locator('.xk-typing-hint').getByText('按规则“手机只登记一次”不能重复保存').first().waitFor(SLOW);
    await page.getByRole('dialog').getByRole('button', { name: '创建' }).click();
    await page
      .getByText(/按查重规则“手机只登记一次”，已有相同的记录/)
      .first()
      .waitFor();

    await page.goto(`${site.url}/duplicates?tab=rules`);
    await page.getByRole('button', { name: '修改规则“手机只登记一次”' }).click();
    await page.getByRole('button', { name: '删除', exact: true }).click();
    await page.getByText('还没有规则').waitFor();
  });

  it.each(LOOKS)('axe finds nothing, nothing is cut, in %o', async (look) => {
    const page = await site.open('/duplicates', look);
    const found: string[] = [];
    const look_at = async (where: string) => {
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      found.push(...(await axeFindings(page)).map((one) => `${where} ${one}`));
      if ((await overflow(page)) > 0) found.push(`${where} is wider than the screen`);
    };
    await page.locator('.xk-group-detail').waitFor();
    await look_at('queue');
    if (look.width < 720) {
      // Only what differs, one below the other.
      expect(await page.locator('.xk-compare table').count()).toBe(0);
      expect(await page.locator('.xk-compare-list .xk-agree-equal').count()).toBe(0);
    }
    await page.locator('.xk-group-answers .ant-btn-primary').click();
    await page.locator('.xk-merge-moves').waitFor();
    await look_at('merge');
    await page.goto(`${site.url}/duplicates?tab=decided`);
    await page.locator('.xk-decided, .xk-empty').first().waitFor();
    await look_at('decided');
    await page.goto(`${site.url}/duplicates?tab=lists`);
    await page.locator('.xk-lists-choice .ant-btn-primary').click();
    await page.locator('.xk-decided li').first().waitFor();
    await look_at('lists');
    await page.goto(`${site.url}/duplicates?tab=rules`);
    await page.locator('.xk-match-rules .ant-btn').click();
    await look_at('rules');
    await page.goto(`${site.url}/customers/${plain}`);
    await page
      .locator('.xk-record-actions')
      .getByRole('button', { name: /合并|Merge/ })
      .click();
    await page.locator('.xk-pick li').first().waitFor();
    await look_at('choosing');
    await page.goto(`${site.url}/customers?open=new`);
    await page.getByRole('dialog').getByRole('textbox').first().fill('南京紫金山食品公司');
    await page.locator('.xk-typing-hint-box').waitFor();
    await look_at('hint');
    expect(found).toEqual([]);
  });
});
