import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, openSite, type Site } from '../support/browser.ts';

// A salesperson's day on the phone: one tap verifies, corrections say what is wrong, nothing is lost without a network.

const DEMO = readFileSync(new URL('../../src/web/public/samples/demo.xlsx', import.meta.url));

interface Import {
  id: string;
  state: string;
  settings: Record<string, unknown>;
}
interface Cell {
  object: string;
  id: string;
  field: string;
}

describe.skipIf(browserMissing)("today's list", () => {
  let site: Site;

  /** Customers whose values were last checked long ago, so that there is something to do today. */
  const staleCustomers = async () => {
    const page = await site.open('/import');
    const id = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const reply = await fetch('/api/v1/imports?name=old.xlsx', {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: bytes,
      });
      return ((await reply.json()) as Import).id;
    }, DEMO.toString('base64'));
    const until = async (...states: string[]) => {
      for (;;) {
        const now = await site.call<Import>('GET', `/imports/${id}`);
        if (states.includes(now.state)) return now;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    const { settings } = await until('ready');
    await site.call('PUT', `/imports/${id}/settings`, { ...settings, checkedAt: '2024-03-01' });
    await until('ready');
    await site.call('POST', `/imports/${id}/start`, {});
    await until('done', 'failed');
  };
  const dueCells = async (): Promise<Cell[]> =>
    (await site.call<{ items: { cells: Cell[] }[] }>('GET', '/today?limit=100')).items.flatMap((item) => item.cells);
  const isDue = async (key: string) => (await dueCells()).some((one) => `${one.object}/${one.id}/${one.field}` === key);
  const openList = async (options: Parameters<Site['open']>[1] = {}) => {
    const page = await site.open('/today', options);
    await page.locator('.xk-today-card').first().waitFor();
    return page;
  };
  const firstKey = (page: Page) => page.locator('.xk-cell[data-cell]').first().getAttribute('data-cell');
  const eventually = async (what: () => Promise<boolean>, wanted = true) => {
    for (let tries = 0; tries < 60 && (await what()) !== wanted; tries++)
      await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await what()).toBe(wanted);
  };

  beforeAll(async () => {
    site = await openSite();
    await staleCustomers();
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it.each([
    ['zh', 'light', 360],
    ['en', 'dark', 1440],
  ] as const)('is accessible and fits: %s %s %i', async (lang, theme, width) => {
    const page = await openList({ lang, theme, width });
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('verifies with one tap, keeps its place, and takes it back', async () => {
    const page = await openList({ width: 390, height: 780 });
    const key = await firstKey(page);
    const titles = await page.locator('.xk-today-card h2').allInnerTexts();
    await page.locator('.xk-cell-right').first().click();
    await page.locator('.xk-cell-done').waitFor();
    await eventually(() => isDue(key ?? ''), false);
    expect((await page.locator('.xk-today-card h2').allInnerTexts()).slice(0, 3)).toEqual(titles.slice(0, 3));
    await page.locator('.xk-toast button').click();
    await eventually(() => isDue(key ?? ''));
    expect(await page.locator('.xk-cell-done').count()).toBe(0);
  });

  it('refuses a wrong correction where it was typed, keeps the typing, and takes the right one', async () => {
    const page = await openList();
    const line = page.locator('.xk-cell', { hasText: '手机' }).first();
    const key = await line.getAttribute('data-cell');
    const at = page.locator(`[data-cell="${key}"]`);
    await at.getByRole('button', { name: /更正/ }).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('1380013800');
    await page.keyboard.press('Enter');
    await at.getByText('应为 11 位，现在是 10 位').waitFor();
    await at.getByRole('button', { name: /更正/ }).click();
    expect(await at.locator('input').inputValue()).toBe('1380013800');
    await page.keyboard.press('End');
    await page.keyboard.type('8');
    await page.keyboard.press('Enter');
    await eventually(() => isDue(key ?? ''), false);
    const [object, id, field] = (key ?? '').split('/');
    const { rows } = await site.call<{ rows: { values: Record<string, unknown> }[] }>(
      'GET',
      `/records/${object}/${id}`,
    );
    expect(String(rows[0]?.values[field ?? ''])).toContain('13800138008');
  });

  it('keeps what is done without a network and sends it once there is one', async () => {
    const page = await openList({ width: 390, height: 780 });
    const key = await firstKey(page);
    await page.context().setOffline(true);
    await page.locator('.xk-cell-right').first().click();
    await page.getByText(/等待发送/).waitFor();
    expect(await isDue(key ?? '')).toBe(true);
    await page.context().setOffline(false);
    await eventually(() => isDue(key ?? ''), false);
    await page.getByText(/等待发送/).waitFor({ state: 'detached' });
  });

  it('opens without a network, takes what is done, and reconciles once there is one', async () => {
    const page = await openList({ width: 390, height: 780 });
    // The worker has the page and its files.
    await page.waitForFunction(async () => {
      const files = await (await caches.open('xianke-pages')).keys();
      return files.some(({ url }) => new URL(url).pathname === '/') && files.some(({ url }) => url.includes('today-'));
    });
    await page.context().setOffline(true);
    await page.goto(`${site.url}/today`);
    await page.getByText(/没有网络。这是 .* 的清单/).waitFor();
    const key = await firstKey(page);
    await page.locator('.xk-cell-right').first().click();
    await page.getByText(/等待发送/).waitFor();
    await page.reload();
    await page.getByText(/等待发送/).waitFor();
    expect(await isDue(key ?? '')).toBe(true);
    await page.context().setOffline(false);
    await eventually(() => isDue(key ?? ''), false);
    await page.getByText(/没有网络/).waitFor({ state: 'detached' });
  });

  it('keeps nothing for the next one who signs in here', async () => {
    const page = await openList();
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('xianke.copy.')).length),
    ).toBe(4);
    await page.getByRole('button', { name: /^账号/ }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.waitForURL('**/sign-in');
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('xianke.copy.'))),
    ).toEqual([]);
  });

  it('works by keyboard', async () => {
    const page = await openList();
    await page.keyboard.press('j');
    await page.locator('.xk-cell-current').waitFor();
    const key = await page.locator('.xk-cell-current').getAttribute('data-cell');
    await page.keyboard.press('y');
    await page.locator('.xk-cell-done').waitFor();
    await eventually(() => isDue(key ?? ''), false);
    await page.keyboard.press('s');
    await page.getByRole('dialog', { name: '稍后' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('puts a customer off when nobody answers', async () => {
    const page = await openList();
    const title = await page.locator('.xk-today-card h2').first().innerText();
    await page.locator('.xk-today-card').first().getByRole('button', { name: '打不通' }).click();
    await page.getByRole('menuitem', { name: '无人接听' }).click();
    await page.locator('.xk-today-card h2', { hasText: title }).waitFor({ state: 'detached' });
    const titles = async () =>
      (await site.call<{ items: { title: string }[] }>('GET', '/today?limit=100')).items.map((item) => item.title);
    // It is sent when it can no longer be taken back.
    await eventually(async () => (await titles()).includes(title), false);
  });
});
