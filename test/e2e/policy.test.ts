import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// The content security policy in a browser: no screen of ours breaks it, and what is injected has no effect. Without 'unsafe-inline'.

const SCREENS = [
  '/today',
  '/customers',
  '/health',
  '/review',
  '/duplicates',
  '/import',
  '/asks',
  '/settings/fields',
  '/policies',
  '/evaluation',
  '/checks',
  '/settings/evidence',
  '/settings/notify',
  '/people',
  '/settings/access',
  '/settings/departments',
  '/settings/apps',
  '/settings/audit',
  '/bin',
  '/invite',
  '/reset',
  '/second-factor',
  '/approvals',
  '/settings/account',
  '/settings/privacy',
];

describe.skipIf(browserMissing)('content security policy', () => {
  let site: Site;
  let customer = '';
  beforeAll(async () => {
    site = await openSite();
    [customer = ''] = await create(site, 'customer', [{ name: '杭州青禾科技有限公司', mobile: '13800138001' }]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  /** What the browser says it refused. */
  const watched = async (): Promise<{ page: Page; refused: string[] }> => {
    const page = await site.open('/today');
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) refused.push(`${page.url()}: ${message.text()}`);
    });
    return { page, refused };
  };

  it('is broken by no screen, drawer, menu or message', async () => {
    const { page, refused } = await watched();
    for (const path of [...SCREENS, `/customers/${customer}`]) {
      await page.goto(site.url + path);
      await page.waitForLoadState('networkidle').catch(() => undefined);
    }
    await page.goto(`${site.url}/settings/apps`);
    await page.getByRole('button', { name: '登记应用' }).click();
    await page.locator('.ant-drawer-content-wrapper').waitFor();
    const width = await page.locator('.ant-drawer-content-wrapper').evaluate((box) => getComputedStyle(box).width);
    expect(Number.parseFloat(width)).toBeGreaterThan(500);
    await page.goto(`${site.url}/people`);
    await page.getByRole('button', { name: '添加成员' }).click();
    await page.locator('.ant-drawer').getByRole('button', { name: '取消' }).click();
    expect(refused).toEqual([]);
    // The styles that antd makes at run time are there.
    const colour = await page
      .getByRole('button', { name: '添加成员' })
      .evaluate((one) => getComputedStyle(one).backgroundColor);
    expect(colour).toBe('rgb(44, 122, 75)');
  });

  it('stops what is injected: script, handler, style element, style from elsewhere, frame, form, base', async () => {
    const { page, refused } = await watched();
    await page.evaluate(() => {
      const holder = document.createElement('div');
      holder.id = 'injected';
      holder.innerHTML =
        '<style>#injected { position: fixed }</style><img src="x" onerror="window.hit = 1"><a href="javascript:window.hit = 2" id="go">x</a>' +
        '<iframe src="https://evil.example"></iframe><base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/x.css">';
      document.body.append(holder);
      const script = document.createElement('script');
      script.textContent = 'window.hit = 3';
      document.body.append(script);
      document.getElementById('go')?.click();
    });
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => (window as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('#injected').evaluate((one) => getComputedStyle(one).position)).toBe('static');
    expect(await page.evaluate(() => document.baseURI)).not.toContain('evil');
    expect(refused.length).toBeGreaterThan(4);
  });
});
