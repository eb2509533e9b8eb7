import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// Apps of others: registered by an administrator, consented to by a person who signs in on the way, seen and taken back; keys with scopes.

const LI = { name: '李强', email: 'li@example.com', password: 'quiet-River-77' };
const verifier = 'v'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');

describe.skipIf(browserMissing)('apps', () => {
  let site: Site;
  let partner: Server;
  let back: string;
  let client = { id: '', secret: '' };
  beforeAll(async () => {
    site = await openSite();
    await create(site, 'customer', [{ name: '杭州青禾科技有限公司', mobile: '13800138001' }]);
    await site.call('POST', '/accounts', { ...LI, role: 'member' });
    partner = createServer((_request, response) => response.end('<h1>back</h1>'));
    await new Promise<void>((done) => partner.listen(0, '127.0.0.1', done));
    const address = partner.address();
    back = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/back`;
  });
  afterEach(() => site.closePages());
  afterAll(async () => {
    partner?.close();
    await site?.close();
  });

  const asking = (more: Record<string, string> = {}): string =>
    `/oauth/authorize?${new URLSearchParams({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: back,
      scope: 'read:customer.name write:customer.mobile',
      state: 'x y&z',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    })}`;
  const open = async (path: string, options: Parameters<Site['open']>[1], sign: string): Promise<Page> => {
    const page = await site.open(path, options);
    await page.getByText(sign).first().waitFor();
    return page;
  };

  it('are registered, with a secret that is shown once', async () => {
    const page = await site.open('/settings/apps');
    await page.getByRole('button', { name: '登记应用' }).click();
    await page.getByLabel('名称', { exact: true }).fill('对账助手');
    await page.getByLabel('说明').fill('每晚核对订单与回款');
    await page.getByLabel('返回地址').fill(back);
    await page.getByRole('button', { name: '客户: 按字段' }).click();
    await page.getByLabel('客户名称', { exact: true }).selectOption('read');
    await page.getByLabel('手机', { exact: true }).selectOption('write');
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('.ant-drawer-footer').getByRole('button', { name: '登记应用' }).click();
    await page.getByText('密钥只显示这一次').waitFor();
    const codes = await page.locator('.xk-secret code').allTextContents();
    client = { id: codes[0] ?? '', secret: codes[1] ?? '' };
    expect(client.secret).toMatch(/^xkcs_/);
    await page.reload();
    await page.getByText('每晚核对订单与回款').waitFor();
    expect(await page.content()).not.toContain(client.secret);
  });

  it('are consented to by somebody who signs in on the way, in words, and get what was agreed to', async () => {
    const page = await site.open(asking(), { signedOut: true });
    await page.getByLabel('邮箱').fill(LI.email);
    await page.getByLabel('密码', { exact: true }).fill(LI.password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('heading', { name: '“对账助手”请求连接您的账号' }).waitFor();
    await page.getByText('查看：客户名称').waitFor();
    await page.getByText('查看和修改：手机').waitFor();
    await page.getByText(`您当前登录为 李强（${LI.email}）`).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '同意' }).click();
    await page.waitForURL(`${back}?**`);
    const answer = new URL(page.url()).searchParams;
    expect([answer.get('state'), answer.get('iss')]).toEqual(['x y&z', site.url]);
    const reply = await fetch(`${site.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: answer.get('code') ?? '',
        redirect_uri: back,
        code_verifier: verifier,
      }),
    });
    const { access_token: token } = (await reply.json()) as { access_token: string };
    const rows = await fetch(`${site.url}/api/v1/records/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ object: 'customer' }),
    });
    const [row] = ((await rows.json()) as { rows: { values: object }[] }).rows;
    expect(Object.keys(row?.values ?? {}).sort()).toEqual(['mobile', 'name']);
  });

  it('hear a no, and are told what is wrong; nobody is sent to an address that was not registered', async () => {
    const refused = await open(asking(), { as: LI }, '请求连接您的账号');
    await refused.getByRole('button', { name: '拒绝' }).click();
    await refused.waitForURL(`${back}?**`);
    expect(new URL(refused.url()).searchParams.get('error')).toBe('access_denied');
    const wrong = await open(asking({ scope: 'read:contact' }), { as: LI }, '应用的请求有误');
    await wrong.getByText('invalid_scope').waitFor();
    expect(await axeFindings(wrong)).toEqual([]);
    const stray = await open(asking({ redirect_uri: 'https://evil.example/' }), { as: LI }, '无法连接');
    expect(await stray.getByRole('link', { name: '回到应用' }).count()).toBe(0);
    expect(await axeFindings(stray)).toEqual([]);
  });

  it('are seen and taken back by the person', async () => {
    const page = await open('/settings/apps', { as: LI }, '对账助手');
    await page.getByText('查看和修改：手机').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '收回授权：“对账助手”' }).click();
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '收回授权' }).click();
    await page.getByText('还没有应用可以代您操作').waitFor();
  });

  it('keys are made with scopes and an end', async () => {
    const page = await site.open('/settings/apps');
    await page.getByRole('tab', { name: '我的接口密钥' }).click();
    await page.getByRole('button', { name: '新建密钥' }).click();
    await page.getByLabel('用途').fill('官网表单');
    expect(await page.getByRole('button', { name: '生成密钥' }).isDisabled()).toBe(true);
    await page.getByLabel('客户', { exact: true }).selectOption('read');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '生成密钥' }).click();
    await page.getByText('新密钥（只显示这一次）').waitFor();
    const key = (await page.locator('.xk-secret code').textContent()) ?? '';
    const reply = await fetch(`${site.url}/api/v1/today`, { headers: { authorization: `Bearer ${key}` } });
    expect(((await reply.json()) as { code: string }).code).toBe('scope-missing');
    await page.getByRole('button', { name: '“官网表单”的调用记录' }).click();
    await page.getByText('GET /today').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each([
    ['zh', 'light', 1440],
    ['zh', 'dark', 360],
    ['en', 'light', 360],
    ['en', 'dark', 1440],
  ] as const)('stand in %s, %s, %i wide', async (lang, theme, width) => {
    const look = { lang, theme, width, height: 900 };
    const list = await open('/settings/apps', look, '对账助手');
    expect(await overflow(list)).toBe(0);
    await shot(list, `apps-${lang}-${theme}-${width}`);
    await list.locator('button', { hasText: /登记应用|Register an app/ }).click();
    await list.locator('.xk-scope-editor').waitFor();
    await shot(list, `register-${lang}-${theme}-${width}`);
    const consent = await open(asking(), { ...look, as: LI }, '对账助手');
    expect(await overflow(consent)).toBe(0);
    await shot(consent, `consent-${lang}-${theme}-${width}`);
    expect(await axeFindings(consent)).toEqual([]);
    const keys = await site.open('/settings/apps', look);
    await keys.getByRole('tab', { name: /^(我的接口密钥|My keys)$/ }).click();
    await keys.getByText('官网表单').waitFor();
    expect(await overflow(keys)).toBe(0);
    await shot(keys, `keys-${lang}-${theme}-${width}`);
    await keys.locator('button', { hasText: /新建密钥|New key/ }).click();
    await keys.locator('.xk-scope-editor').waitFor();
    await shot(keys, `key-${lang}-${theme}-${width}`);
  });
});

/** Pictures to look at, where SHOTS names a directory. */
async function shot(page: Page, name: string): Promise<void> {
  const directory = process.env.SHOTS;
  if (!directory) return;
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${directory}/${name}.png` });
}
