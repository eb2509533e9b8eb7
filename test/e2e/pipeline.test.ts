import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// Deals on a board: dragged by hand, moved by keyboard and by menu, taken back; two people at once; the funnel; a phone.

describe.skipIf(browserMissing)('the board of deals', { timeout: 300_000 }, () => {
  let site: Site;
  let deals: string[] = [];

  beforeAll(async () => {
    site = await openSite();
    const [customer] = await create(site, 'customer', [{ name: '杭州华信科技有限公司' }]);
    deals = await create(site, 'opportunity', [
      { name: '二期扩容', customer, stage: 'lead', amount: '120000' },
      { name: '年度框架', customer, stage: 'contact', amount: '80000' },
      { name: '新厂区', customer, stage: 'contact', amount: '50000' },
    ]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const column = (page: Page, name: string) =>
    page.locator('.xk-board-column', { has: page.getByRole('heading', { name }) });
  const card = (page: Page, name: string) => page.locator('.xk-board-card', { hasText: name });
  const inColumn = (page: Page, stage: string, name: string) =>
    column(page, stage).locator('.xk-board-card', { hasText: name }).waitFor();
  const stage = async (n: number) =>
    (
      await site.call<{ rows: { version: number; values: { stage: string } }[] }>(
        'GET',
        `/records/opportunity/${deals[n]}`,
      )
    ).rows[0]?.values.stage;
  const stored = (n: number, value: string) => expect.poll(() => stage(n), { timeout: 30_000 }).toBe(value);

  it('takes moves by hand, by keyboard and by menu, and takes them back', async () => {
    const page = await site.open('/o/opportunity');
    await page.locator('.xk-layout').getByRole('button', { name: /看板/ }).click();
    await inColumn(page, '潜在', '二期扩容');
    await column(page, '接洽').getByText('合计 ¥13万').waitFor();

    // By hand: press, carry over, let go.
    const from = await card(page, '二期扩容').boundingBox();
    const to = await column(page, '谈判').boundingBox();
    if (!from || !to) throw new Error('nowhere');
    await page.mouse.move(from.x + 40, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 30, { steps: 3 });
    await page.mouse.move(to.x + 80, to.y + 120, { steps: 8 });
    await page.locator('.xk-board-over').waitFor();
    await page.mouse.up();
    await inColumn(page, '谈判', '二期扩容');
    await stored(0, 'negotiation');
    await column(page, '谈判').getByText('合计 ¥12万').waitFor();
    await page
      .locator('.ant-message', { hasText: '“二期扩容”已移到“谈判”' })
      .getByRole('button', { name: '撤销' })
      .click();
    await inColumn(page, '潜在', '二期扩容');
    await stored(0, 'lead');

    // By keyboard: arrows pick, Shift and an arrow move.
    await card(page, '二期扩容').locator('.xk-board-open').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const picked = await page.evaluate(() => document.activeElement?.textContent ?? '');
    const n = picked.includes('年度框架') ? 1 : 2;
    await page.keyboard.press('Shift+ArrowRight');
    await stored(n, 'negotiation');
    await page.keyboard.press('Shift+ArrowLeft');
    await stored(n, 'contact');

    // By menu.
    await page.getByRole('button', { name: '把“二期扩容”移到…' }).click();
    await page.getByRole('menuitem', { name: '签约' }).click();
    await inColumn(page, '签约', '二期扩容');
    await stored(0, 'won');

    // The board is a view, kept by a name.
    await page
      .getByRole('button', { name: '另存为新视图' })
      .or(page.getByRole('button', { name: '保存视图' }))
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get('board')).toBe('stage~amount');
  });

  it('sees what another moves, and opens a card', async () => {
    const page = await site.open('/o/opportunity?board=stage~amount');
    await inColumn(page, '接洽', '新厂区');
    const { rows } = await site.call<{ rows: { version: number }[] }>('GET', `/records/opportunity/${deals[2]}`);
    await site.call('POST', '/records/changes', {
      changes: [
        { op: 'update', object: 'opportunity', id: deals[2], version: rows[0]?.version, set: { stage: 'lost' } },
      ],
    });
    await inColumn(page, '丢单', '新厂区');
    await card(page, '年度框架').locator('.xk-board-open').click();
    await page.getByRole('heading', { name: '年度框架', level: 1 }).waitFor();
  });

  it('shows the funnel with the deals behind each figure', async () => {
    const page = await site.open('/sales');
    await page.getByText('3 条商机在这段时间开始').waitFor();
    const row = page.getByRole('row', { name: /^接洽/ });
    await row.getByRole('button').first().click();
    await page.getByRole('dialog').getByRole('link', { name: '年度框架' }).waitFor();
  });

  it('is swiped on a phone', async () => {
    const page = await site.open('/o/opportunity?board=stage~amount', { width: 360, height: 740 });
    await inColumn(page, '签约', '二期扩容');
    await page.getByRole('button', { name: '把“二期扩容”移到…' }).click();
    await page.getByRole('menuitem', { name: '售后' }).click();
    await stored(0, 'service');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});
