import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, LOOKS, openSite, type Site } from '../support/browser.ts';
import { collector, furnish } from '../support/furnish.ts';

// WCAG 2.2 AA as far as a program can check it (axe-core's rules), on every screen. Every pair of language, theme and width occurs.

describe.skipIf(browserMissing)('axe finds nothing', { timeout: 300_000 }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await openSite({ setUp: false });
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

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
    let imports = { mapped: '', done: '', sheet: '' };

    beforeAll(async () => {
      ({ customer, imports } = await furnish(site));
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
