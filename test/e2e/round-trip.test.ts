import { readFileSync } from 'node:fs';
import * as xlsx from '@e965/xlsx';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// A list goes home in Excel for a week and comes back: every edited cell is seen before it is written, where both sides changed a person
// decides, what nobody touched stays as it is, and all of it can be taken back at once.

type Rows = Record<string, string | number>[];

/** Opens the workbook as a person does, edits it, and saves it under another name. */
function edited(path: string, change: (rows: Rows) => Rows): Buffer {
  const book = xlsx.read(readFileSync(path), { cellNF: true });
  const [name = ''] = book.SheetNames;
  const rows = xlsx.utils.sheet_to_json<Rows[number]>(book.Sheets[name] ?? {}, { raw: false, defval: '' });
  const saved = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(saved, xlsx.utils.json_to_sheet(change(rows)), 'Sheet1');
  return xlsx.write(saved, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
}

describe.skipIf(browserMissing)('a list that is edited in Excel', () => {
  let site: Site;
  let ids: string[] = [];
  beforeAll(async () => {
    site = await openSite();
    const names = ['甲', '乙', '丙', '丁'].map((name) => `往返${name}公司`);
    ids = await create(
      site,
      'customer',
      names.map((name, i) => ({ name, contact_name: `原先${i}`, mobile: `1380013800${i}` })),
    );
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const values = async () => {
    const body = {
      object: 'customer',
      fields: ['name', 'contact_name', 'mobile'],
      sort: [{ field: 'name', dir: 'asc' }],
    };
    const { rows } = await site.call<{ rows: { values: Record<string, string> }[] }>('POST', '/records/query', body);
    return new Map(rows.map((row) => [row.values.name, row.values]));
  };
  const exportForEditing = async (page: Page): Promise<string> => {
    await page.locator('.xs-cell .xs-text').first().waitFor();
    await page.locator('.xs-head [type=checkbox]').first().click();
    await page.getByRole('button', { name: '导出' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: '导出以便在 Excel 中修改' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/修改.*\.xlsx$/);
    return file.path();
  };

  it('comes back as a comparison, is decided, written, and undone as one', async () => {
    const page = await site.open('/customers');
    const path = await exportForEditing(page);
    await site.call('POST', '/records/changes', {
      changes: [
        { op: 'update', object: 'customer', id: ids[1], set: { contact_name: '系统改的' } },
        { op: 'update', object: 'customer', id: ids[2], set: { contact_name: '只在系统改' } },
      ],
    });
    const buffer = edited(path, (rows) => [
      ...rows.map((row) => {
        if (row.客户名称 === '往返甲公司') return { ...row, 手机: '13900139000' };
        if (row.客户名称 === '往返乙公司') return { ...row, 联系人: '表格改的' };
        if (row.客户名称 === '往返丁公司') return { ...row, 手机: '13900139' };
        return row;
      }),
      { 客户名称: '往返戊公司', 手机: '13700137000' },
    ]);

    await page.goto(`${site.url}/import`);
    await page.setInputFiles('input[type=file]', {
      name: '老王改过的.xlsx',
      mimeType: 'application/octet-stream',
      buffer,
    });
    await page.waitForURL(/\/import\/[0-9a-f-]{36}$/);
    // Conflicts first: they are what a person has to decide.
    await page.getByRole('tab', { name: '两边都改过 1' }).waitFor();
    const conflict = page.locator('.xk-sheet-conflict');
    expect(await conflict.innerText()).toMatch(/原先1[\s\S]*系统改的[\s\S]*表格改的/);
    expect(await axeFindings(page)).toEqual([]);
    await conflict.getByText('采用文件').click();
    await page.getByRole('tab', { name: /^全部/ }).click();
    const list = await page.locator('.xk-sheet-scroll').innerText();
    expect(list).toMatch(/13800138000[\s\S]*13900139000/);
    expect(list).toContain('往返戊公司');
    expect(list).toMatch(/手机应为 11 位/);
    expect(list).not.toContain('只在系统改');
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('button', { name: '写入 3 行的改动' }).click();
    await page.getByText('导入完成').waitFor();
    const after = await values();
    expect(after.get('往返甲公司')).toMatchObject({ mobile: '13900139000', contact_name: '原先0' });
    expect(after.get('往返乙公司')).toMatchObject({ contact_name: '表格改的' });
    expect(after.get('往返丙公司')).toMatchObject({ contact_name: '只在系统改' });
    expect(after.get('往返丁公司')).toMatchObject({ mobile: '13800138003' });
    expect(after.get('往返戊公司')).toMatchObject({ mobile: '13700137000' });

    await page.getByRole('button', { name: '撤销整个导入' }).click();
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '撤销整个导入' }).click();
    await page.getByText('已撤销整个导入').waitFor();
    const before = await values();
    expect(before.get('往返甲公司')).toMatchObject({ mobile: '13800138000' });
    expect(before.get('往返乙公司')).toMatchObject({ contact_name: '系统改的' });
    expect(before.has('往返戊公司')).toBe(false);
  });

  it('untouched, changes nothing and says so; or is taken for an ordinary table after all', async () => {
    const page = await site.open('/customers');
    const path = await exportForEditing(page);
    await page.goto(`${site.url}/import`);
    await page.setInputFiles('input[type=file]', {
      name: 'a.xlsx',
      mimeType: 'application/octet-stream',
      buffer: readFileSync(path),
    });
    await page.getByRole('heading', { name: '没有改动：文件与导出时完全一样。' }).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.getByRole('button', { name: '没有要写入的改动' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: '按普通表格导入' }).click();
    await page.locator('.xk-mapping').waitFor();
  });
});
