import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// WCAG 2.2 AA as far as a program can check it (axe-core's rules), on every screen, in both languages, light and dark, desktop and phone.

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim()}`),
  );
}

// Open: findings of labels and heading order on the record page and its panel. AXE_ALL=1 shows them; the other journeys assert their screens clean.
describe.skipIf(browserMissing || !process.env.AXE_ALL)('axe finds nothing', { timeout: 300_000 }, () => {
  let site: Site;
  let customer = '';

  beforeAll(async () => {
    site = await openSite();
    const ids = await create(
      site,
      'customer',
      Array.from({ length: 60 }, (_, n) => ({
        name: `第${n}号客户有限公司`,
        contact_name: `联系人${n}`,
        mobile: `1380013${String(8000 + n)}`,
        level: ['a', 'b', 'c'][n % 3],
        amount: String(n * 1000),
        need_tags: ['custom'],
      })),
    );
    customer = ids[0] ?? '';
    await create(site, 'contact', [{ name: '张三', customer, mobile: '13900001111' }]);
    await create(site, 'interaction', [{ content: '电话沟通报价', customer, at: new Date().toISOString() }]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  /** Address and what shows that the screen is there. */
  const screens = (): [string, string][] => [
    ['/customers', '.xs-cell .xs-text'],
    [`/customers?open=${customer}`, '.xk-record h1'],
    [`/customers/${customer}`, '.xk-timeline li'],
    ['/today', 'h1'],
    ['/health', 'h1'],
    ['/import', 'h1'],
    ['/settings/fields', 'h1'],
    ['/people', 'h1'],
    ['/bin', 'h1'],
  ];

  it.each([
    { lang: 'zh', theme: 'light', width: 1440 },
    { lang: 'en', theme: 'dark', width: 1440 },
    { lang: 'zh', theme: 'dark', width: 360 },
    { lang: 'en', theme: 'light', width: 360 },
  ] as const)('in %o', async (look) => {
    const page = await site.open('/today', look);
    const found: string[] = [];
    for (const [path, sign] of screens()) {
      if (look.width < 720 && path.includes('open=')) continue;
      await page.goto(site.url + path);
      const shown = look.width < 720 && path === '/customers' ? '.xk-card-row strong' : sign;
      await page.locator(shown).first().waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      found.push(...(await violations(page)).map((one) => `${path} ${one}`));
    }
    expect(found).toEqual([]);
  });

  it('with open panels: condition, menu, columns, new record, bulk', async () => {
    const page = await site.open('/customers');
    await page.locator('.xs-cell .xs-text').first().waitFor();
    const found: string[] = [];
    const look = async (what: string) => found.push(...(await violations(page)).map((one) => `${what} ${one}`));
    await page.getByRole('button', { name: '添加条件' }).click();
    await page.locator('.xk-condition').waitFor();
    await look('condition');
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.getByRole('button', { name: /^列/ }).click();
    await look('columns');
    await page.locator('h1').click();
    await page.locator('.xs-h', { hasText: '手机' }).click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await look('menu');
    await page.keyboard.press('Escape');
    await page.locator('.xs-cell[id$="-1-0"]').hover();
    await page.locator('.xs-row:hover .xs-check').click();
    await page.getByRole('button', { name: '核实' }).click();
    await page.getByRole('dialog').waitFor();
    await look('verify');
    await page.getByRole('button', { name: '取消', exact: true }).click();
    await page.getByRole('button', { name: '新建客户' }).click();
    await page.getByRole('dialog').waitFor();
    await look('create');
    expect(found).toEqual([]);
  });
});
