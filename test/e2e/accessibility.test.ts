import { readFileSync } from 'node:fs';
import * as xlsx from '@e965/xlsx';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, type OpenOptions, openSite, type Site } from '../support/browser.ts';

// WCAG 2.2 AA as far as a program can check it (axe-core's rules), on every screen. Every pair of language, theme and width occurs.

const DEMO = readFileSync(new URL('../../src/web/public/samples/demo.xlsx', import.meta.url));

const LOOKS = [
  { lang: 'zh', theme: 'light', width: 1440 },
  { lang: 'en', theme: 'dark', width: 1440 },
  { lang: 'zh', theme: 'dark', width: 360 },
  { lang: 'en', theme: 'light', width: 360 },
] as const satisfies OpenOptions[];

interface Import {
  id: string;
  state: string;
}

describe.skipIf(browserMissing)('axe finds nothing', { timeout: 300_000 }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ setUp: false });
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  /** Collects what axe finds, each with where it was. */
  const collector = (page: Page, exclude?: string) => {
    const found: string[] = [];
    return {
      found,
      look: async (where: string) => {
        await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
        found.push(...(await axeFindings(page, exclude)).map((one) => `${where} ${one}`));
      },
    };
  };

  it.each(LOOKS)('on the first day, in %o', async (look) => {
    const page = await site.open('/setup', { ...look, signedOut: true });
    const { found, look: at } = collector(page);
    await page.locator('form input').first().waitFor();
    await at('account');
    await page.locator('form button[type=submit]').click();
    await at('account with problems');
    expect(found).toEqual([]);
  });

  describe('once there are customers', () => {
    let customer = '';
    const imports = { mapped: '', done: '', sheet: '' };

    const upload = async (page: Page, name: string, file: Buffer = DEMO) => {
      const { id } = await page.evaluate(
        async ([base64, fileName]) => {
          const bytes = Uint8Array.from(atob(base64 ?? ''), (letter) => letter.charCodeAt(0));
          const headers = { 'Content-Type': 'application/octet-stream' };
          const reply = await fetch(`/api/v1/imports?name=${fileName}`, { method: 'POST', headers, body: bytes });
          return (await reply.json()) as Import;
        },
        [file.toString('base64'), name],
      );
      return id;
    };
    /** The customers as exported for editing, each cell of one column edited, one of them wrongly. */
    const editedSheet = async (page: Page): Promise<Buffer> => {
      const base64 = await page.evaluate(async () => {
        const body = JSON.stringify({ query: { object: 'customer' }, format: 'xlsx', forEditing: true });
        const headers = { 'Content-Type': 'application/json' };
        const reply = await fetch('/api/v1/records/export', { method: 'POST', headers, body });
        const bytes = new Uint8Array(await reply.arrayBuffer());
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      });
      const book = xlsx.read(base64, { type: 'base64' });
      const rows = xlsx.utils.sheet_to_json<Record<string, string>>(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, {
        raw: false,
        defval: '',
      });
      const sheet = xlsx.utils.json_to_sheet(
        rows.map((row, i) => ({ ...row, 联系人: `改过${i}`, ...(i === 0 && { 手机: '1380013' }) })),
      );
      return Buffer.from(xlsx.write({ SheetNames: ['a'], Sheets: { a: sheet } }, { type: 'buffer', bookType: 'xlsx' }));
    };
    const until = async (id: string, ...states: string[]) => {
      while (!states.includes((await site.call<Import>('GET', `/imports/${id}`)).state))
        await new Promise((resolve) => setTimeout(resolve, 200));
    };

    beforeAll(async () => {
      await site.begin();
      const page = await site.open('/import');
      imports.done = await upload(page, 'old.xlsx');
      await until(imports.done, 'ready');
      const { settings } = await site.call<{ settings: object }>('GET', `/imports/${imports.done}`);
      // Last checked long ago, so that there is something to do today.
      await site.call('PUT', `/imports/${imports.done}/settings`, { ...settings, checkedAt: '2024-03-01' });
      await until(imports.done, 'ready');
      await site.call('POST', `/imports/${imports.done}/start`, {});
      await until(imports.done, 'done');
      imports.mapped = await upload(page, 'new.xlsx');
      await until(imports.mapped, 'ready');
      const ids = await create(site, 'customer', [
        { name: '第一号客户有限公司', contact_name: '王五', mobile: '13800138000', level: 'a', amount: '1000' },
        { name: '第二号客户有限公司', contact_name: '赵六', mobile: '13800138001', level: 'b', need_tags: ['custom'] },
      ]);
      customer = ids[0] ?? '';
      await create(site, 'contact', [{ name: '张三', customer, mobile: '13900001111' }]);
      await create(site, 'interaction', [{ content: '电话沟通报价', customer, at: new Date().toISOString() }]);
      imports.sheet = await upload(page, 'sheet.xlsx', await editedSheet(page));
      await until(imports.sheet, 'ready');
      const deleted = [{ op: 'delete', object: 'customer', id: ids[1], version: 1 }];
      await site.call('POST', '/records/changes', { changes: deleted });
    });

    /** Address and what shows that the screen is there. */
    const screens = (phone: boolean): [string, string][] => [
      ['/sign-in', 'form input'],
      ['/setup?step=scenario', '.xk-preset'],
      ['/setup?step=file', '.xk-drop'],
      ['/customers', phone ? '.xk-card-row strong' : '.xs-cell .xs-text'],
      ['/customers?group=level', phone ? '.xk-card-row strong' : '.xs-group'],
      ['/customers?q=没有这样的客户', '.xk-empty'],
      ['/o/contact', phone ? '.xk-card-row strong' : '.xs-cell .xs-text'],
      ['/o/contract', '.xk-empty'],
      ...(phone ? [] : ([[`/customers?open=${customer}`, '.xk-record .xk-fact']] as [string, string][])),
      [`/customers/${customer}`, '.xk-record .xk-fact'],
      [`/customers/${customer}?asOf=2024-01-01`, '.xk-asof'],
      ['/today', '.xk-today-card'],
      ['/health', 'h1'],
      [`/health?import=${imports.done}`, 'h1'],
      ['/review', '.xk-prop, .xk-empty'],
      ['/review?tab=decided', '.xk-decision, .xk-empty'],
      ['/approvals', 'h1'],
      ['/duplicates', '.xk-queue, .xk-empty'],
      ['/duplicates?tab=decided', '.xk-decided, .xk-empty'],
      ['/import', '.xk-past'],
      [`/import/${imports.mapped}`, '.xk-mapping'],
      [`/import/${imports.done}`, '.xk-result'],
      [`/import/${imports.sheet}`, '.xk-sheet-row'],
      ['/policies', 'h1'],
      ['/evaluation', '.xk-sum'],
      ['/evaluation?view=board', '.xk-board-shown'],
      ['/checks', 'h1'],
      ['/settings/fields', '.xk-fields'],
      ['/settings/evidence', '.xk-kinds'],
      ['/settings/audit', '.xk-audit-list'],
      ['/settings/privacy', '.xk-plain-table, h2'],
      ['/settings/apps', 'h1'],
      ['/settings/notify', 'h1'],
      ['/asks', 'h1'],
      ['/people', 'h1'],
      ['/settings/access', '.xk-matrix'],
      ['/settings/account', '.xk-security-list'],
      ['/settings/departments', 'h1'],
      ['/bin', 'h1'],
      ['/nowhere', 'h1, h2'],
    ];

    it.each(LOOKS)('on every screen, in %o', async (look) => {
      const page = await site.open('/sign-in', look);
      const { found, look: at } = collector(page);
      for (const [path, sign] of screens(look.width < 720)) {
        await page.goto(site.url + path);
        await page.locator(sign).first().waitFor();
        await at(path);
      }
      expect(found).toEqual([]);
    });

    it.each(LOOKS)('in the steps of the wizard and the tabs of a record, in %o', async (look) => {
      const page = await site.open(`/import/${imports.mapped}`, look);
      const { found, look: at } = collector(page);
      await page.locator('.xk-mapping').waitFor();
      await page.locator('.xk-import-actions .ant-btn-primary').click();
      await page.locator('.xk-problems').waitFor();
      await at('preview');
      await page.goto(`${site.url}/customers/${customer}`);
      await page.locator('.xk-fact').first().waitFor();
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await at(`record tab ${await tab.innerText()}`);
      }
      await page.goto(`${site.url}/bin`);
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await at(`bin tab ${await tab.innerText()}`);
      }
      await page.goto(`${site.url}/people`);
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await at(`people tab ${await tab.innerText()}`);
      }
      expect(found).toEqual([]);
    });

    it.each(LOOKS.slice(0, 2))('with the panels of the table open, in %o', async (look) => {
      const page = await site.open('/customers', look);
      // The rows themselves are many and were looked at above.
      const { found, look: at } = collector(page, '.xs-body');
      const zh = look.lang === 'zh';
      const tools = page.locator('.xk-table-tools > .ant-btn');
      const cell = page.locator('.xs-cell[id$="-1-0"]');
      await cell.locator('.xs-text').waitFor();
      await page.locator('.xk-filter > .ant-btn').click();
      await page.locator('.xk-condition .ant-select').first().waitFor();
      await at('condition');
      await page.locator('h1').click();
      await tools.nth(0).click();
      await page.getByRole('menu').waitFor();
      await at('sort');
      await page.keyboard.press('Escape');
      await tools.nth(1).click();
      await page.getByRole('menu').waitFor();
      await at('group');
      await page.keyboard.press('Escape');
      await tools.nth(2).click();
      await page.locator('.xk-columns').waitFor();
      await at('columns');
      await page.locator('h1').click();
      await page.locator('.xs-h[data-col="1"]').click({ button: 'right' });
      await page.getByRole('menu').waitFor();
      await at('column menu');
      await page.keyboard.press('Escape');
      await cell.hover();
      await page.locator('.xs-hover').waitFor();
      await at('card of a cell');
      await page.locator('.xs-row:hover .xs-check').click();
      await page.locator('.xk-bulk').waitFor();
      await at('bulk bar');
      for (const text of zh ? ['核实', '批量修改'] : ['Verify', 'Edit']) {
        await page.locator('.xk-bulk button', { hasText: text }).click();
        await page.getByRole('dialog').waitFor();
        await at(`bulk ${text}`);
        await page.locator('.ant-modal-footer .ant-btn').first().click();
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
      }
      await page.locator('.xk-table-head .ant-btn-primary').click();
      await page.getByRole('dialog').waitFor();
      await at('new record');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.locator('.ant-modal input').waitFor();
      await at('search over everything');
      expect(found).toEqual([]);
    });

    it.each(LOOKS)('with the dialogs of settings and today open, in %o', async (look) => {
      const page = await site.open('/settings/fields', look);
      const { found, look: at } = collector(page);
      const drawer = page.locator('.ant-drawer-body');
      for (const [path, button] of [
        ['/settings/fields', '.xk-designer-actions .ant-btn-primary'],
        ['/settings/fields', '.xk-field-name'],
        ['/settings/fields', '.xk-designer nav .ant-btn'],
        ['/people', '.ant-btn-primary'],
      ] as const) {
        await page.goto(site.url + path);
        await page.locator(button).first().click();
        await drawer.waitFor();
        await at(`${path} ${button}`);
      }
      await page.goto(`${site.url}/today`);
      const card = page.locator('.xk-today-card').first();
      for (const opener of ['cannot-reach', 'later']) {
        await card.locator(`.xk-${opener}-button`).click();
        await page.locator('.xk-floating').waitFor();
        await at(`today ${opener}`);
        await page.keyboard.press('Escape');
      }
      expect(found).toEqual([]);
    });
  });
});
