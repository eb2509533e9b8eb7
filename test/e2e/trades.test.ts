import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../src/server/platform/root.ts';
import { openSite, type Site } from '../support/browser.ts';

describe('trade templates', { timeout: 240_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  }, 240_000);
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('are installed with a look before, exported as the same file, taken away, and installed from that file', async () => {
    const page = await site.open('/settings/trades');
    const card = page.locator('.xk-card', { hasText: '装备制造' });
    await card.getByRole('button', { name: '安装' }).click();
    const ask = page.getByRole('dialog');
    await ask.getByText('新对象“备件”').waitFor();
    await ask.getByRole('button', { name: '安装' }).click();
    await page.getByText('已安装“装备制造”').first().waitFor();
    await page.goto(`${site.url}/o/spare_part`);
    await page.getByRole('heading', { name: '备件' }).first().waitFor();

    await page.goto(`${site.url}/settings/trades`);
    const download = page.waitForEvent('download');
    await card.getByRole('button', { name: '导出文件' }).click();
    const file = await (await download).path();
    expect(readFileSync(file, 'utf8')).toBe(
      readFileSync(join(root, 'templates', 'trades', 'manufacturing.json'), 'utf8'),
    );

    await card.getByRole('button', { name: '停用' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    await page.getByText('已停用“装备制造”').first().waitFor();
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'mine.json', mimeType: 'application/json' },
      buffer: Buffer.from(readFileSync(file, 'utf8')),
    });
    await page.getByRole('dialog').getByRole('button', { name: '安装' }).click();
    await card.getByText(/安装$/).first().waitFor();
    await card.getByRole('button', { name: '导出文件' }).waitFor();

    // What is no template says so, and changes nothing.
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'x.json', mimeType: 'application/json' },
      buffer: Buffer.from('{"format": 2}'),
    });
    await page.getByText('这不是行业模板文件').first().waitFor();
  });
});
