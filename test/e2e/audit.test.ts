import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// What was done is on the log, in words; the log verifies in the page, and its file on another computer.

describe.skipIf(browserMissing)('the audit log', { timeout: 120_000 }, () => {
  let site: Site;
  let customer = '';
  const directory = mkdtempSync(join(tmpdir(), 'xianke-audit-e2e-'));
  beforeAll(async () => {
    site = await openSite();
    [customer = ''] = await create(site, 'customer', [
      { name: '杭州青禾科技有限公司', mobile: '13800138000', amount: '1000' },
    ]);
  });
  afterEach(() => site.closePages());
  afterAll(async () => {
    await site?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('tells who did what, narrows it down, and proves it', async () => {
    const page = await site.open('/customers');
    await page.getByText('杭州青禾科技有限公司').first().waitFor({ state: 'attached' });
    await page.goto(`${site.url}/settings/audit`);
    const lines = page.locator('.xk-audit-list > li');
    await lines.first().waitFor();
    await lines.filter({ hasText: '新建 1 条客户' }).waitFor();
    await page.getByLabel('类别').selectOption('sign-in');
    await lines.filter({ hasText: '王芳 登录' }).first().waitFor();
    expect(await lines.filter({ hasText: '新建' }).count()).toBe(0);
    await page.getByRole('button', { name: '立即验证' }).click();
    await page.getByText(/^完好：\d+ 条记录/).waitFor();
    await lines.first().getByRole('button').click();
    await page.getByText('个哈希把这一条连到').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载证明' }).click();
    const proof = join(directory, 'proof.json');
    await (await saved).saveAs(proof);
    const { key } = await site.call<{ key: string }>('GET', '/audit/heads');
    expect(verify(proof, key)).toMatchObject({ ok: true });
  });

  it('shows who saw a record, from the record', async () => {
    const page = await site.open(`/customers/${customer}`);
    await page.getByRole('link', { name: '谁看过' }).click();
    const lines = page.locator('.xk-audit-list > li');
    await lines
      .filter({ hasText: /王芳 查看 1 条客户的.*手机/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: '看全部记录' }).click();
    await lines.filter({ hasText: '登录' }).first().waitFor();
  });

  it('gives a file that verifies without the server, and not after a change', async () => {
    const page = await site.open('/settings/audit');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出日志' }).click();
    const file = join(directory, 'log.ndjson');
    await (await saved).saveAs(file);
    const { key } = await site.call<{ key: string }>('GET', '/audit/heads');
    expect(verify(file, key)).toMatchObject({ ok: true });
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('"kind":"change"'));
    lines[at] = (lines[at] ?? '').replace('"created":1', '"created":2');
    writeFileSync(file, lines.join('\n'));
    const entry = JSON.parse(lines[at] ?? '{}') as { leaf: number };
    expect(verify(file, key)).toMatchObject({ ok: false, fault: { code: 'entry-changed', leaf: entry.leaf } });
  });

  it.each([
    ['zh', 'dark', 360],
    ['en', 'light', 360],
    ['en', 'dark', 1440],
  ] as const)('fits in %s, %s, %i wide', async (lang, theme, width) => {
    const page = await site.open('/settings/audit', { lang, theme, width });
    await page.locator('.xk-audit-list > li').first().waitFor();
    await page.locator('.xk-audit-state summary').last().click();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });
});

/** `xianke audit verify`, in a process of its own. */
function verify(file: string, key: string): unknown {
  const cli = new URL('../../bin/xianke.mjs', import.meta.url).pathname;
  try {
    return JSON.parse(
      execFileSync(process.execPath, [cli, 'audit', 'verify', file, '--json', '--key', key], { encoding: 'utf8' }),
    );
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout);
  }
}
