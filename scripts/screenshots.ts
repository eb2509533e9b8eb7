// npm run screenshots: the pictures of the README, taken of the built product over demo data. Needs Chromium (CHROMIUM, or /usr/bin/chromium).
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');
const images = join(root, 'docs', 'images');
const dataDir = mkdtempSync(join(tmpdir(), 'xianke-screenshots-'));
const port = 7391;
const base = `http://127.0.0.1:${port}`;
const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port) };

/** Each with what shows that it has its values. */
const PAGES: [name: string, path: string, sign: string][] = [
  ['customers', '/customers', '.xs-row:not(.xs-wait) .xs-text'],
  ['today', '/today', '.xk-today-card'],
  ['health', '/health', '.xk-summary'],
];

async function take(browser: Browser, signIn: { email: string; password: string }, lang: 'zh' | 'en'): Promise<void> {
  const locale = lang === 'zh' ? 'zh-CN' : 'en-US';
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, locale });
  await context.request.post(`${base}/api/v1/session`, { data: signIn, headers: { origin: base } });
  const page = await context.newPage();
  for (const [name, path, sign] of PAGES) {
    await page.goto(base + path);
    await page.waitForSelector(sign, { timeout: 60_000 });
    await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton, .xs-wait').length === 0);
    await page.evaluate(() => document.fonts.ready);
    // Bars and cards have come to rest.
    await delay(1500);
    await page.screenshot({ path: join(images, `${name}-${lang}.png`) });
  }
  await context.close();
}

async function ready(server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error('the server ended');
    const reply = await fetch(`${base}/api/v1/setup`).catch(() => null);
    if (reply?.ok) return;
    await delay(200);
  }
  throw new Error('the server does not answer');
}

mkdirSync(images, { recursive: true });
const demo = execFileSync(process.execPath, [join(root, 'bin/xianke.mjs'), 'demo', '--customers', '1200', '--json'], {
  env,
  encoding: 'utf8',
});
const { signIn } = JSON.parse(demo) as { signIn: { email: string; password: string } };
const server = spawn(process.execPath, [join(root, 'scripts/start.mjs')], { env, stdio: 'ignore' });
try {
  await ready(server);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  for (const lang of ['zh', 'en'] as const) await take(browser, signIn, lang);
  await browser.close();
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}
