import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, openSite, type Site } from '../support/browser.ts';
import { totp } from '../support/totp.ts';

// Signing in with two factors, with a passkey, by an invitation, and getting in again after something was lost.

const password = 'leafy-Green-88';

describe.skipIf(browserMissing)('signing in', { timeout: 240_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const add = async (name: string): Promise<{ email: string; password: string; id: string }> => {
    const email = `${name}@example.com`;
    const body = { name, email, password, role: 'member' };
    const { id } = await site.call<{ id: string }>('POST', '/accounts', body);
    return { email, password, id };
  };
  const enter = async (page: Page, email: string) => {
    await page.getByLabel('邮箱').fill(email);
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
  };
  const confirm = async (page: Page) => {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('现在的密码').fill(password);
    await dialog.getByRole('button', { name: '下一步' }).click();
  };
  const signOut = async (page: Page, name: string) => {
    await page.getByRole('button', { name: `账号 ${name}` }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.waitForURL('**/sign-in');
  };
  const clean = async (page: Page) => {
    expect(await axeFindings(page)).toEqual([]);
  };

  it('asks for the code of the app that was set up, and takes a recovery code in its place', async () => {
    const lin = await add('lin');
    const page = await site.open('/settings/account', { as: lin });
    await page.getByRole('button', { name: '设置验证器' }).click();
    await confirm(page);
    const secret = (await page.locator('.xk-totp-secret').innerText()).replaceAll(' ', '');
    const uri = `otpauth://totp/x?secret=${secret}`;
    await clean(page);
    await page.getByLabel('验证码').fill('000000');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByText('验证码不正确').waitFor();
    await page.getByLabel('验证码').fill(totp(uri));
    await page.getByRole('button', { name: '下一步' }).click();
    const codes = page.locator('.xk-recovery code');
    await codes.first().waitFor();
    expect(await codes.count()).toBe(10);
    const recovery = await codes.first().innerText();
    await clean(page);
    await page.getByRole('button', { name: '我已保存' }).click();
    await page.getByText('还剩 10 个恢复码').waitFor();
    await signOut(page, 'lin');

    await enter(page, lin.email);
    await page.getByRole('heading', { name: '两步验证' }).waitFor();
    await clean(page);
    // Six digits go by themselves.
    await page.getByLabel('验证码').fill(totp(uri, 1));
    await page.waitForURL('**/today');
    await signOut(page, 'lin');

    await enter(page, lin.email);
    await page.getByRole('button', { name: '手机不在身边' }).click();
    await page.getByLabel('恢复码').fill(recovery);
    await page.getByRole('button', { name: '确认' }).click();
    await page.waitForURL('**/today');
  });

  it('lets a passkey in without a password, if its owner showed that it is him', async () => {
    const mei = await add('mei');
    const page = await site.open('/sign-in', { signedOut: true });
    const browser = await page.context().newCDPSession(page);
    await browser.send('WebAuthn.enable');
    const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(`${site.url.replace('127.0.0.1', 'localhost')}/sign-in?to=/settings/account`);
    await enter(page, mei.email);
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await confirm(page);
    await page.getByText('从未使用').waitFor();
    await clean(page);
    await signOut(page, 'mei');

    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.waitForURL('**/today');
    await signOut(page, 'mei');

    await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.waitForTimeout(1_000);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  it('brings in who was invited, and signs his other devices out when he chooses a new password', async () => {
    const page = await site.open('/people');
    await page.getByRole('button', { name: '添加成员' }).click();
    await page.getByLabel('姓名').fill('韩梅梅');
    await page.getByLabel('邮箱').fill('han@example.com');
    await clean(page);
    await page.getByRole('button', { name: '邀请', exact: true }).click();
    const link = await page.getByRole('textbox', { name: '链接' }).inputValue();
    expect(link).toMatch(/\/invite#[\w-]{43}$/);
    await clean(page);
    await page.getByRole('button', { name: '完成' }).click();
    await page.getByText('待加入').waitFor();

    const hers = await site.open(new URL(link).pathname + new URL(link).hash, { signedOut: true });
    await hers.getByRole('heading', { name: '欢迎，韩梅梅' }).waitFor();
    await clean(hers);
    await hers.getByLabel('密码', { exact: true }).fill('一个只有我知道的句子');
    await hers.getByRole('button', { name: '加入' }).click();
    await hers.waitForURL('**/today');

    const again = await site.open(new URL(link).pathname + new URL(link).hash, { signedOut: true });
    await again.getByRole('heading', { name: '链接无效' }).waitFor();
    await clean(again);

    await page.reload();
    await page.getByRole('button', { name: '编辑“韩梅梅”' }).click();
    await page.getByRole('button', { name: '生成重设密码链接' }).click();
    const reset = new URL(await page.getByRole('textbox', { name: '链接' }).inputValue());
    const phone = await site.open(reset.pathname + reset.hash, { signedOut: true, width: 360, height: 740 });
    await phone.getByRole('heading', { name: '设置新密码' }).waitFor();
    expect(await overflow(phone)).toBe(0);
    await phone.getByLabel('新密码').fill(password);
    await phone.getByRole('button', { name: '保存并登录' }).click();
    await phone.waitForURL('**/today');
    await hers.reload();
    await hers.waitForURL('**/sign-in**');
  });

  it('shows where one is signed in, and ends it there', async () => {
    const wei = await add('wei');
    const page = await site.open('/settings/account', { as: wei });
    const other = await site.open('/today', { as: wei, width: 360, height: 740 });
    await page.reload();
    const devices = page.locator('.xk-security-list li');
    await page.getByText('本设备').waitFor();
    expect(await devices.count()).toBe(2);
    await page.getByRole('button', { name: '退出其他所有设备' }).click();
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '退出其他所有设备' }).click();
    await page.getByText('1 台设备已退出登录').waitFor();
    await other.goto(`${site.url}/customers`);
    await other.waitForURL('**/sign-in**');
  });

  it('sends who lacks the second factor that his role needs to set one up', async () => {
    const tao = await add('tao');
    const page = await site.open('/people');
    await page.getByRole('tab', { name: '登录方式' }).click();
    await page.getByRole('checkbox', { name: '成员', exact: true }).check();
    await clean(page);
    await page.getByRole('button', { name: '保存' }).first().click();
    await page.getByText('下次操作时会被要求设置').waitFor();

    const his = await site.open('/customers', { as: tao, width: 360, height: 740 });
    await his.getByRole('heading', { name: '请先设置两步验证' }).waitFor();
    await his.getByRole('button', { name: '设置验证器' }).click();
    await confirm(his);
    const secret = (await his.locator('.xk-totp-secret').innerText()).replaceAll(' ', '');
    expect(await overflow(his)).toBe(0);
    await clean(his);
    await his.getByLabel('验证码').fill(totp(`otpauth://totp/x?secret=${secret}`));
    await his.getByRole('button', { name: '下一步' }).click();
    await his.getByRole('button', { name: '我已保存' }).click();
    await his.waitForURL('**/customers');
    await site.call('PUT', '/sign-in/factor-roles', { roles: [] });
  });
});
