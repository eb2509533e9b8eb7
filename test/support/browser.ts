import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { TestRunner } from 'vitest';
import { build } from '../../scripts/build.mjs';
import { type Program, startProgram } from './program.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Journeys need a Chromium; where there is none they are skipped, and say so. */
export const browserMissing = !existsSync(CHROMIUM);

const OWNER = { name: '王芳', email: 'wang@example.com', password: 'leafy-Green-88' };

export interface Site {
  url: string;
  /** Calls the API as the first account. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Makes the first account, on a site that was opened as on the first day. */
  begin(): Promise<void>;
  /** A page of a fresh browser profile, signed in, in a language and theme. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** Closes all pages, between tests. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  lang?: 'zh' | 'en';
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  /** Someone else than the first account. */
  as?: { email: string; password: string };
  signedOut?: boolean;
}

/** The built product with its pages in a browser, set up with one account unless it is to be found as on the first day. */
export async function openSite({ setUp = true }: { setUp?: boolean } = {}): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), 'xianke-site-'));
  await build(['server', 'web']);
  const program: Program = await startProgram(directory);
  const { url } = program;
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM, // Software drawing: a graphics process starved by a busy machine stops making frames.
    args: ['--no-sandbox', '--disable-gpu'],
  });
  let cookie = '';
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'Content-Type': 'application/json',
        Origin: url,
        Cookie: cookie,
        'Idempotency-Key': crypto.randomUUID(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) cookie = cookies.map((one) => one.split(';')[0]).join('; ');
    const reply = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
    return reply as T;
  };
  const begin = async () => {
    await call('POST', '/setup', { ...OWNER, company: '华东演示公司', lang: 'zh' });
    await call('POST', '/session', { email: OWNER.email, password: OWNER.password });
  };
  if (setUp) await begin();
  const contexts: BrowserContext[] = [];
  return {
    url,
    call,
    begin,
    async open(path, { lang = 'zh', theme = 'light', width = 1440, height = 900, as = OWNER, signedOut = false } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
        colorScheme: theme,
        permissions: ['clipboard-read', 'clipboard-write'],
        hasTouch: width < 600,
        // A dialog that moves between the press and the release of a button loses the click; on a starved machine that is many frames apart.
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      await context.addInitScript(
        ([language, colours]) => {
          localStorage.setItem('xianke.lang', language ?? 'zh');
          localStorage.setItem('xianke.theme', colours ?? 'light');
        },
        [lang, theme],
      );
      if (!signedOut) {
        const reply = await context.request.post(`${url}/api/v1/session`, {
          data: { email: as.email, password: as.password },
          headers: { Origin: url },
        });
        if (!reply.ok()) throw new Error(await reply.text());
      }
      const page = await context.newPage();
      // Generous: a busy machine is slow, and a missing thing fails just as well later.
      page.setDefaultTimeout(60_000);
      page.on('pageerror', (error) => console.error(error));
      watchRequests(page);
      await page.goto(url + path);
      return page;
    },
    async closePages() {
      if (TestRunner.getCurrentTest()?.result?.state === 'fail')
        for (const context of contexts) await tellPages(context);
      for (const context of contexts.splice(0)) await context.close();
    },
    async close() {
      await browser.close();
      await program.end('SIGTERM');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Whether a page waits for an answer, or nobody asked, is seen by nothing else. */
const underWay = new WeakMap<Page, Set<Request>>();
function watchRequests(page: Page): void {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on('request', (request) => requests.add(request));
  for (const over of ['requestfinished', 'requestfailed'] as const)
    page.on(over as 'requestfinished', (request) => requests.delete(request));
}

/** What the pages of a failed test said: a machine that nobody can look at leaves no other trace. */
async function tellPages(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const text = await page.locator('body').innerText({ timeout: 5_000 }).catch(String);
    const waiting = [...(underWay.get(page) ?? [])].map((request) => `${request.method()} ${request.url()}`);
    console.error(
      `the page of the failed test, ${page.url()}:\n${text}\nstill asked for: ${waiting.join(', ') || 'nothing'}`,
    );
  }
}

interface Written {
  outcomes: { status: string; id: string; issues?: { message?: string }[] }[];
}

/** Creates records and gives their ids, in order. */
export async function create(site: Site, object: string, sets: Record<string, unknown>[]): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < sets.length; at += 500) {
    const changes = sets.slice(at, at + 500).map((set) => ({ op: 'create', object, set }));
    const { outcomes } = await site.call<Written>('POST', '/records/changes', { changes, atomic: false });
    for (const outcome of outcomes) {
      if (outcome.status !== 'applied') throw new Error(JSON.stringify(outcome));
      ids.push(outcome.id);
    }
  }
  return ids;
}

/** Every pair of language, theme and width occurs. */
export const LOOKS = [
  { lang: 'zh', theme: 'light', width: 1440 },
  { lang: 'en', theme: 'dark', width: 1440 },
  { lang: 'zh', theme: 'dark', width: 360 },
  { lang: 'en', theme: 'light', width: 360 },
] as const satisfies OpenOptions[];
