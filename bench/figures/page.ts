import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Bench, customers, delay } from '../harness/context.ts';
import { median, round } from '../harness/figure.ts';
import { ADMIN } from '../harness/product.ts';
import { type PageWatch, watchPage } from '../harness/watch-page.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const BARS = { inp: 100, blank: 150 };

/** What the page owes its reader, by kind of interaction. */
interface Measured {
  typing: number[];
  moving: number[];
  editing: number[];
  /** From a turn of the wheel to the next paint; the browser's own event timing leaves wheels out. */
  scrolling: number[];
  blank: number[];
  jumps: number[];
}

/** The table in a browser: how soon it shows what one does, and how long a row in view stays without its values. */
export async function measurePage({ add, db, product, say }: Bench): Promise<void> {
  const size = (await customers(db)).toLocaleString('en');
  const titles = {
    inp: `page: interaction to next paint in the table of ${size}, the slowest of typing, moving, editing, scrolling`,
    blank: `page: longest time that a row in view is blank while scrolling ${size}`,
    jump: `page: rows shown after a jump of the scroll bar in ${size}, median`,
  };
  if (!existsSync(CHROMIUM)) {
    const note = `needs Chromium: ${CHROMIUM} is not there (CHROMIUM names another)`;
    for (const name of ['inp', 'blank', 'jump'] as const)
      add({ name: `page.${name}`, title: titles[name], value: null, unit: 'ms', note });
    return;
  }
  say('the table in Chromium');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const found = await workInTable(await openTable(browser, product.url));
    const slowest = (kind: 'typing' | 'moving' | 'editing' | 'scrolling') => inpOf(found[kind]);
    const kinds = ['typing', 'moving', 'editing', 'scrolling'] as const;
    add({
      name: 'page.inp',
      title: titles.inp,
      value: Math.max(...kinds.map(slowest)),
      unit: 'ms',
      bar: { of: 'value', most: BARS.inp },
      note: kinds
        .map(
          (kind) => `${kind} ${round(slowest(kind))} (median ${round(median(found[kind]))}, n ${found[kind].length})`,
        )
        .join('; '),
    });
    add({
      name: 'page.blank',
      title: titles.blank,
      value: Math.max(0, ...found.blank),
      unit: 'ms',
      bar: { of: 'value', most: BARS.blank },
      note: '12,000 px/s by wheel from the top and from the middle, pages by key; 0 is no blank row at all',
    });
    add({
      name: 'page.jump',
      title: titles.jump,
      value: median(found.jumps),
      unit: 'ms',
      note: `to ${found.jumps.length} places anywhere; longest ${round(Math.max(...found.jumps))} ms`,
    });
  } finally {
    await browser.close();
  }
}

/** The slowest interaction but one in fifty, as INP is defined (web.dev/articles/inp): a hiccup of the machine is not the page's. */
function inpOf(durations: readonly number[]): number {
  const slowestFirst = [...durations].sort((a, b) => b - a);
  return slowestFirst[Math.floor(slowestFirst.length / 50)] ?? Number.NaN;
}

async function openTable(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  const reply = await context.request.post(`${url}/api/v1/session`, { data: ADMIN, headers: { origin: url } });
  if (!reply.ok()) throw new Error(`sign-in: ${reply.status()}`);
  // The loader that runs the bench marks functions with their names by a call of its own.
  await context.addInitScript('globalThis.__name = (value) => value');
  await context.addInitScript(watchPage);
  const page = await context.newPage();
  await page.goto(`${url}/customers`);
  await page.locator('.xs-row .xs-text').first().waitFor();
  // The scroll bar is as long as the table once the customers are counted.
  await page.waitForFunction(() => Number(document.querySelector('.xs-grid')?.getAttribute('aria-rowcount')) > 1000);
  // What comes along when nothing else is to be done (the offline copy of today) has come.
  await delay(9000);
  return page;
}

async function workInTable(page: Page): Promise<Measured> {
  const watch = {
    /** Durations of the interactions since the last call, ms. */
    events: () => page.evaluate(() => (window as unknown as { watch: PageWatch }).watch.events()),
    wheels: () => page.evaluate(() => (window as unknown as { watch: PageWatch }).watch.wheels()),
    blank: () => page.evaluate(() => (window as unknown as { watch: PageWatch }).watch.blank()),
  };
  const press = async (key: string, times: number, pause = 40) => {
    for (let i = 0; i < times; i++) {
      await page.keyboard.press(key);
      await delay(pause);
    }
  };
  const contact = await columnOf(page, 'contact_name', '联系人');
  await page.locator(`.xs-cell[id$="-3-${contact}"]`).click();
  await delay(500);
  await watch.events();

  await page.keyboard.type('typing into a cell must never lag', { delay: 45 });
  await page.keyboard.press('Escape');
  await delay(300);
  const typing = await watch.events();

  await watch.blank();
  await press('ArrowDown', 60);
  await press('ArrowRight', 8);
  await press('ArrowLeft', 8);
  await press('PageDown', 30, 80);
  await press('PageUp', 10, 80);
  await press('Shift+ArrowDown', 20);
  await delay(600);
  const moving = await watch.events();
  const blank = [...(await watch.blank())];

  const editing: number[] = [];
  await page.keyboard.press('Control+Home');
  await delay(500);
  await page.locator(`.xs-cell[id$="-3-${contact}"]`).click();
  await delay(300);
  await watch.events();
  for (let i = 0; i < 20; i++) {
    await page.keyboard.type(`王${i}`);
    await page.keyboard.press('Enter');
    await delay(120);
  }
  await delay(800);
  await press('Control+z', 20, 150);
  await delay(1000);
  editing.push(...(await watch.events()));

  await page.mouse.move(800, 500);
  const wheel = async (by: number, seconds: number) => {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      const next = Date.now() + 33;
      await page.mouse.wheel(0, by);
      await delay(Math.max(0, next - Date.now()));
    }
  };
  await watch.wheels();
  await watch.blank();
  await wheel(400, 4);
  const scrolling = await watch.wheels();
  await delay(500);
  blank.push(...(await watch.blank()));

  const jumps: number[] = [];
  for (const share of [0.5, 0.1, 0.9, 0.3, 0.7, 0.97, 0.55]) jumps.push(await jump(page, share));
  await delay(700);
  await watch.wheels();
  await watch.blank();
  await wheel(400, 3);
  await wheel(-400, 3);
  scrolling.push(...(await watch.wheels()));
  await delay(500);
  blank.push(...(await watch.blank()));
  return {
    typing,
    moving,
    editing,
    scrolling,
    blank,
    jumps,
  };
}

/** Milliseconds from putting the scroll bar somewhere else until all rows there have their values. */
function jump(page: Page, share: number): Promise<number> {
  return page.evaluate(async (to) => {
    const scroll = document.querySelector('.xs-scroll') as HTMLElement;
    const began = performance.now();
    scroll.scrollTop = (scroll.scrollHeight - scroll.clientHeight) * to;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    while (document.querySelector('.xs-row.xs-wait')) await frame();
    const took = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return took;
  }, share);
}

async function columnOf(page: Page, field: string, title: string): Promise<number> {
  const at = await page
    .locator('.xs-h', { hasText: new RegExp(`^\\S*${title}`) })
    .first()
    .getAttribute('data-col');
  if (at === null) throw new Error(`the table shows no column ${field}`);
  return Number(at);
}
