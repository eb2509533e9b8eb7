import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// The table as a person uses it who comes from Excel: typing, an input method, ranges to and from the clipboard, undo, two people at once.

const OTHER = { email: 'li@example.com', password: 'leafy-Green-99' };
const COLUMNS = ['name', 'contact_name', 'mobile', 'level', 'amount', 'owner'];

describe.skipIf(browserMissing)('the customers table', { timeout: 180_000 }, () => {
  let site: Site;
  let ids: string[] = [];
  let address = '';

  beforeAll(async () => {
    site = await openSite();
    ids = await create(
      site,
      'customer',
      Array.from({ length: 450 }, (_, n) => ({
        name: `第${String(n).padStart(3, '0')}号客户有限公司`,
        contact_name: `联系人${n}`,
        mobile: `1380013${String(8000 + n)}`,
        level: n % 2 === 0 ? 'a' : 'b',
        amount: String(n * 1000),
      })),
    );
    const view = await site.call<{ id: string }>('POST', '/views', {
      object: 'customer',
      name: '试验',
      shared: true,
      definition: {
        columns: COLUMNS.map((field) => ({ field, pinned: field === 'name' })),
        sort: [{ field: 'name', dir: 'asc' }],
      },
    });
    address = `/customers?view=${view.id}`;
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const cell = (page: Page, row: number, field: string) =>
    page.locator(`.xs-cell[id$="-${row}-${COLUMNS.indexOf(field)}"]`);
  const shows = (page: Page, row: number, field: string, text: string) =>
    cell(page, row, field).filter({ hasText: text }).waitFor();
  const settled = (page: Page) => page.waitForFunction(() => document.querySelectorAll('.xs-saving').length === 0);
  const stored = async (row: number, field: string) => {
    const { rows } = await site.call<{ rows: { values: Record<string, unknown> }[] }>(
      'GET',
      `/records/customer/${ids[row]}`,
    );
    return rows[0]?.values[field];
  };
  const open = async () => {
    const page = await site.open(address);
    await shows(page, 0, 'name', '第000号');
    return page;
  };

  it('takes typing in a selected cell, shows it at once and stores it', async () => {
    const page = await open();
    await cell(page, 1, 'contact_name').click();
    await page.keyboard.type('Zhao');
    await page.keyboard.press('Enter');
    await shows(page, 1, 'contact_name', 'Zhao');
    // Enter goes down, as in Excel.
    expect(await page.locator('.xs-active').getAttribute('id')).toMatch(/-2-1$/);
    await settled(page);
    expect(await stored(1, 'contact_name')).toBe('Zhao');
  });

  it('takes an input method in a cell that is merely selected', async () => {
    const page = await open();
    await cell(page, 2, 'contact_name').click();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Input.imeSetComposition', { text: 'li', selectionStart: 2, selectionEnd: 2 });
    await devtools.send('Input.imeSetComposition', { text: 'li si', selectionStart: 5, selectionEnd: 5 });
    await devtools.send('Input.insertText', { text: '李四' });
    await page.keyboard.press('Enter');
    await shows(page, 2, 'contact_name', '李四');
    await settled(page);
    expect(await stored(2, 'contact_name')).toBe('李四');
  });

  it('keeps what was refused in sight with the sentence, and never takes it for stored', async () => {
    const page = await open();
    await cell(page, 3, 'mobile').click();
    await page.keyboard.type('1380013800');
    await page.keyboard.press('Enter');
    await page.locator('.xk-status-bad', { hasText: '手机应为 11 位，现在是 10 位（1380013800）' }).waitFor();
    expect(await cell(page, 3, 'mobile').innerText()).toBe('1380013800');
    expect(await stored(3, 'mobile')).toBe('13800138003');
    await page.getByRole('button', { name: '放弃这些修改' }).click();
    await shows(page, 3, 'mobile', '13800138003');
  });

  it('pastes a range from Excel, undoes and redoes it', async () => {
    const page = await open();
    await page.evaluate(() => navigator.clipboard.writeText('周一\t13900001111\r\n"吴\n二"\t13900002222\r\n'));
    await cell(page, 4, 'contact_name').click();
    await page.keyboard.press('Control+v');
    await shows(page, 4, 'contact_name', '周一');
    await shows(page, 5, 'mobile', '13900002222');
    await settled(page);
    expect(await stored(4, 'mobile')).toBe('13900001111');
    await page.keyboard.press('Control+z');
    await shows(page, 4, 'contact_name', '联系人4');
    await shows(page, 5, 'mobile', '13800138005');
    expect(await stored(5, 'mobile')).toBe('13800138005');
    await page.keyboard.press('Control+y');
    await shows(page, 4, 'contact_name', '周一');
    await page.keyboard.press('Control+z');
    await shows(page, 4, 'contact_name', '联系人4');
  });

  it('copies a range as Excel reads it', async () => {
    const page = await open();
    await cell(page, 6, 'mobile').click();
    await page.keyboard.down('Shift');
    await cell(page, 7, 'amount').click();
    await page.keyboard.up('Shift');
    await page.keyboard.press('Control+c');
    await page.locator('.ant-message', { hasText: '已复制 6 个单元格' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      '13800138006\tA 重点\t6000\r\n13800138007\tB 潜力\t7000',
    );
  });

  it('picks from a list by typing a part of it', async () => {
    const page = await open();
    await cell(page, 8, 'level').click();
    await page.keyboard.type('普通');
    await page.getByRole('option', { name: /普通/ }).waitFor();
    await page.keyboard.press('Enter');
    await shows(page, 8, 'level', '普通');
    await settled(page);
    expect(await stored(8, 'level')).toBe('c');
  });

  it('names people by name when pasting and stores who they are', async () => {
    const page = await open();
    await page.evaluate(() => navigator.clipboard.writeText('王芳\r\n没有这个人'));
    await cell(page, 9, 'owner').click();
    await page.keyboard.press('Control+v');
    await shows(page, 9, 'owner', '王芳');
    await page.locator('.xk-status-bad', { hasText: '没有名为“没有这个人”的成员' }).waitFor();
    await settled(page);
    const { account } = await site.call<{ account: { id: string } }>('GET', '/session');
    expect(await stored(9, 'owner')).toBe(account.id);
  });

  it('fills down, clears, and reaches the last row', async () => {
    const page = await open();
    await cell(page, 10, 'contact_name').click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+d');
    await shows(page, 12, 'contact_name', '联系人10');
    await page.keyboard.press('Delete');
    await settled(page);
    await page.waitForFunction(() => document.querySelector('.xs-active')?.textContent === '');
    await expect.poll(() => stored(11, 'contact_name'), { timeout: 30_000 }).toBeNull();
    await page.keyboard.press('Control+End');
    await shows(page, 449, 'name', '第449号');
    await page.keyboard.press('Control+Home');
    await shows(page, 0, 'name', '第000号');
  });

  it('shows another person’s change without being asked', async () => {
    const page = await open();
    const version = (await site.call<{ rows: { version: number }[] }>('GET', `/records/customer/${ids[13]}`)).rows[0]
      ?.version;
    await site.call('POST', '/records/changes', {
      changes: [{ op: 'update', object: 'customer', id: ids[13], version, set: { contact_name: '别人改的' } }],
    });
    await shows(page, 13, 'contact_name', '别人改的');
  });

  it('asks when two people change the same cell, and overwrites nothing unasked', async () => {
    await site.call('POST', '/accounts', { name: '李强', ...OTHER, role: 'admin' });
    const one = await site.open(address, { as: OTHER });
    await shows(one, 0, 'name', '第000号');
    const two = await open();
    await cell(two, 14, 'contact_name').click();
    await two.keyboard.type('Second');
    await cell(one, 14, 'contact_name').click();
    await one.keyboard.type('First');
    await one.keyboard.press('Enter');
    await settled(one);
    await expect.poll(() => stored(14, 'contact_name'), { timeout: 30_000 }).toBe('First');
    // Whether or not the live event has refreshed the row below the open editor by now: its author began on the old value.
    await two.keyboard.press('Enter');
    const dialog = two.getByRole('dialog', { name: '有人刚刚改过同一处' });
    await dialog.waitFor();
    expect(await stored(14, 'contact_name')).toBe('First');
    await dialog.getByText('First').waitFor();
    await dialog.getByRole('radio', { name: /用我的/ }).click();
    await dialog.getByRole('button', { name: '完成' }).click();
    await shows(two, 14, 'contact_name', 'Second');
    await expect.poll(() => stored(14, 'contact_name'), { timeout: 30_000 }).toBe('Second');
    await shows(one, 14, 'contact_name', 'Second');
  });

  it('filters in words, groups, and saves a view', async () => {
    const page = await open();
    await page.getByRole('button', { name: '添加条件' }).click();
    await page.getByRole('combobox', { name: '字段' }).fill('客户等级');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: '值' }).fill('潜力');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '确定' }).click();
    await page.getByRole('button', { name: '修改条件：客户等级 是 B 潜力' }).waitFor();
    await shows(page, 0, 'name', '第001号');
    await page.getByRole('button', { name: '分组' }).click();
    await page.getByRole('menuitem', { name: '客户等级' }).click();
    await page.locator('.xs-group', { hasText: 'B 潜力' }).waitFor();
    await page.getByRole('button', { name: '视图 更多' }).click();
    await page.getByRole('menuitem', { name: '另存为新视图' }).click();
    await page.getByRole('textbox', { name: '视图名称' }).fill('只看潜力');
    await page.keyboard.press('Enter');
    await page.locator('.xk-view-on', { hasText: '只看潜力' }).waitFor();
    const { views } = await site.call<{
      views: { name: string; definition: { groupBy?: string; filter?: unknown } }[];
    }>('GET', '/views?object=customer');
    expect(views.find((view) => view.name === '只看潜力')?.definition).toMatchObject({
      groupBy: 'level',
      filter: { field: 'level', op: 'in', value: ['b'] },
    });
  });

  it('changes many at once and undoes it', async () => {
    const page = await open();
    for (const row of [15, 16]) {
      await cell(page, row, 'name').hover();
      await page.getByRole('checkbox', { name: `选择第 ${row + 1}` }).click();
      // The bar takes room from the rows: under a mouse that rests there is another row then.
      await page.getByRole('button', { name: '批量修改' }).waitFor();
    }
    await page.getByRole('button', { name: '批量修改' }).click();
    await page.getByRole('combobox', { name: '修改哪个字段' }).fill('联系人');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: '联系人' }).fill('统一联系人');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '预览' }).click();
    await page.getByText('将改动 2 条').waitFor();
    await page.getByRole('button', { name: '开始，改动 2 条' }).click();
    await shows(page, 15, 'contact_name', '统一联系人');
    expect(await stored(16, 'contact_name')).toBe('统一联系人');
    await page.getByRole('button', { name: '整批撤销' }).click();
    await shows(page, 16, 'contact_name', '联系人16');
  });

  it('pastes a range into a filtered table, where it was put, and takes it back as one', async () => {
    const filter = JSON.stringify({
      all: [
        { field: 'name', op: 'contains', value: '第10' },
        { field: 'level', op: 'eq', value: 'a' },
      ],
    });
    const page = await site.open(`${address}&filter=${encodeURIComponent(filter)}`);
    await shows(page, 1, 'name', '第102号');
    await page.evaluate(() => navigator.clipboard.writeText('甲\r\n乙\r\n丙'));
    await cell(page, 0, 'contact_name').click();
    await page.keyboard.press('Control+v');
    await shows(page, 2, 'contact_name', '丙');
    await settled(page);
    const contacts = () => Promise.all([100, 101, 102, 103, 104].map((row) => stored(row, 'contact_name')));
    expect(await contacts()).toEqual(['甲', '联系人101', '乙', '联系人103', '丙']);
    await page.keyboard.press('Control+z');
    await expect.poll(contacts, { timeout: 30_000 }).toEqual([100, 101, 102, 103, 104].map((row) => `联系人${row}`));
  });

  it('says what the keys do', async () => {
    const page = await open();
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: '键盘操作' }).getByText('与 Excel 互相复制、粘贴').waitFor();
    expect(await axeFindings(page, '.xs-body')).toEqual([]);
  });
});
