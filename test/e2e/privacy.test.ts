import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// Whoever answers for personal data finds what is held, marks fields, sets a term, works on a request, and erases a person for good.

const TABS = ['overview', 'requests', 'retention', 'purposes', 'erasures'] as const;

describe.skipIf(browserMissing)('personal data', { timeout: 120_000 }, () => {
  let site: Site;
  let customer = '';
  let contact = '';
  let other = '';
  beforeAll(async () => {
    site = await openSite();
    await site.call('POST', '/objects/customer/fields', {
      name: 'card',
      label: { zh: '收款卡', en: 'Card' },
      type: 'text',
    });
    [customer = '', other = ''] = await create(site, 'customer', [
      { name: '杭州青禾科技有限公司', mobile: '13800138000', contact_name: '张小兰', card: '4111111111111111' },
      { name: '苏州云帆贸易有限公司', mobile: '13800138001', card: '4012888888881881' },
    ]);
    [contact = ''] = await create(site, 'contact', [
      { name: '张小兰', customer, mobile: '13955556666', email: 'lan.zhang@example.com' },
    ]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('fields that look personal are marked with one tap, here and in the designer', async () => {
    const page = await site.open('/settings/privacy');
    await page.getByRole('button', { name: '现在看一遍' }).click();
    const line = page.locator('.xk-privacy-list > li').filter({ hasText: '收款卡' });
    await line.getByText('银行卡号').waitFor();
    await page.goto(`${site.url}/settings/fields`);
    const field = page.locator('.xk-fields > li').filter({ hasText: '收款卡' });
    await field.getByRole('button', { name: '看起来是敏感信息，标记' }).click();
    await field.getByText('敏感', { exact: true }).waitFor();
    await page.goto(`${site.url}/settings/privacy`);
    await page.getByRole('row', { name: /收款卡.*客户.*敏感.*2/ }).waitFor();
  });

  it('a rule is tried before it is saved', async () => {
    const page = await site.open('/settings/privacy?tab=retention');
    await page.getByRole('button', { name: '客户 180 天无往来' }).first().click();
    await page.getByRole('button', { name: '试算' }).click();
    await page.getByText('没有到期的记录。').waitFor();
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('.xk-privacy-list > li').filter({ hasText: '最后往来满 180 天，预告 30 天后匿名化' }).waitFor();
  });

  it('consent is noted on the record; a request runs against its term, gives a copy, and ends in an erasure', async () => {
    const page = await site.open(`/o/contact/${contact}`);
    await page.getByRole('button', { name: '个人信息' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('combobox', { name: '表示', exact: true }).selectOption('withdrawn');
    await drawer.getByRole('button', { name: '登记同意或撤回' }).click();
    await drawer.locator('.xk-privacy-list > li').filter({ hasText: '撤回 · 节日与生日问候' }).waitFor();
    await drawer.getByRole('combobox', { name: '要求', exact: true }).selectOption('port');
    await drawer.getByRole('button', { name: '登记请求' }).click();
    const request = drawer.locator('.xk-privacy-list > li').filter({ hasText: '转移' });
    await request.getByText(/还有 \d+ 天/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const saved = page.waitForEvent('download');
    await request.getByRole('button', { name: '下载副本（JSON）' }).click();
    const copy = readFileSync(await (await saved).path(), 'utf8');
    expect(copy).toContain('lan.zhang@example.com');
    await drawer.getByText('1 条联系人：抹除').waitFor();
    await drawer.getByText(/另有 1 条客户提到他/).waitFor();
    await drawer.getByRole('button', { name: '抹除，不可撤销' }).click();
    await page
      .getByRole('tooltip')
      .getByRole('button', { name: '抹 除' })
      .or(page.locator('.ant-popover').getByRole('button', { name: /^抹\s?除$/ }))
      .first()
      .click();
    await page.getByText(/已完成：1 条记录/).waitFor();
    const gone = await fetch(`${site.url}/o/contact/${contact}`);
    expect(gone.status).toBe(200);
    const { rows } = await site.call<{ rows: { values: Record<string, unknown> }[] }>(
      'GET',
      `/records/customer/${customer}`,
    );
    expect(rows[0]?.values).toMatchObject({ contact_name: null, mobile: expect.stringContaining('138') });
    await page.goto(`${site.url}/settings/privacy?tab=erasures`);
    await page.locator('.xk-privacy-list > li').filter({ hasText: '抹除 · 本人要求' }).getByText('已完成').waitFor();
    await page.goto(`${site.url}/settings/privacy?tab=requests`);
    await page.getByText('已抹除的人').waitFor();
  });

  it.each([
    ['zh', 'light', 1440],
    ['zh', 'dark', 360],
    ['en', 'light', 360],
    ['en', 'dark', 1440],
  ] as const)('fits in %s, %s, %i wide', async (lang, theme, width) => {
    const page = await site.open('/settings/privacy', { lang, theme, width });
    for (const tab of TABS) {
      await page.goto(`${site.url}/settings/privacy?tab=${tab}`);
      await page.locator('.xk-privacy .xk-card, .xk-privacy .xk-empty').first().waitFor();
      await page.waitForLoadState('networkidle');
      expect([tab, await axeFindings(page)]).toEqual([tab, []]);
      expect([tab, await overflow(page)]).toEqual([tab, 0]);
      if (process.env.SHOTS)
        await page.screenshot({ path: `${process.env.SHOTS}/${lang}-${theme}-${width}-${tab}.png`, fullPage: true });
    }
    await page.goto(`${site.url}/customers/${other}`);
    await page.getByRole('button', { name: lang === 'zh' ? '个人信息' : 'Personal data' }).click();
    await page.getByRole('dialog').locator('.xk-privacy-reach').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${lang}-${theme}-${width}-person.png` });
  });
});
