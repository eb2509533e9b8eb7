import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';
import { startMailServer } from '../support/smtp.ts';
import { weigh } from '../support/weight.ts';

// 请客户确认: from the record to the customer's phone and back. The public page by axe, and what it weighs on the wire.

const LIMIT = 60_000;
const PHONE = { width: 360, height: 740, signedOut: true } as const;

interface Made {
  links: { url: string }[];
}

describe.skipIf(browserMissing)('asking the customer', { timeout: 300_000 }, () => {
  let site: Site;
  let customer = '';
  let contact = '';

  beforeAll(async () => {
    site = await openSite();
    [customer = ''] = await create(site, 'customer', [
      {
        name: '上海甲科技有限公司',
        contact_name: '赵明',
        mobile: '13800138000',
        email: 'zhao@jia.cn',
        address: '上海市浦东新区世纪大道100号',
        customer_type: 'signed',
      },
    ]);
    [contact = ''] = await create(site, 'contact', [{ customer, name: '李四', mobile: '13912345678' }]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const link = async (fields: string[], people: object[] = [{ way: 'link' }]) => {
    const { links } = await site.call<Made>('POST', '/asks', { object: 'customer', id: customer, fields, people });
    return new URL(links[0]?.url ?? '').pathname;
  };

  it('asks, opens on a phone, corrects one, confirms the others; the record says the customer did', async () => {
    const desk = await site.open(`/customers/${customer}`);
    await desk.getByRole('button', { name: '请客户确认' }).click();
    const dialog = desk.getByRole('dialog');
    // 赵明 is ticked already; mail is not set up, so a link is what there is.
    await dialog.getByText('还没有设置发信邮箱').waitFor();
    for (const name of ['手机 138****8000', '邮箱 z***@jia.cn', '地址 上海市****'])
      await dialog.getByRole('checkbox', { name }).check();
    await dialog.getByRole('button', { name: '生成并发送' }).click();
    await desk.getByRole('img', { name: '二维码：赵明' }).waitFor();
    await desk.getByRole('button', { name: '复制链接' }).click();
    const url = await desk.evaluate(() => navigator.clipboard.readText());
    expect(url).toMatch(/\/c\/[\w-]{32}$/);

    const phone = await site.open(new URL(url).pathname, PHONE);
    expect(await phone.title()).toBe('请确认您的资料 · 华东演示公司');
    const field = (legend: string) => phone.getByRole('group', { name: legend });
    await field('手机').getByText('改', { exact: true }).click();
    await field('手机').getByLabel('正确的手机').fill('137 0000 0001');
    await field('邮箱').getByText('对', { exact: true }).click();
    await phone.getByLabel('我已阅读并同意').check();
    await phone.getByRole('button', { name: '其余全部正确，提交' }).click();
    await phone.getByRole('heading', { name: '谢谢您！' }).waitFor();
    // The link is used up.
    await phone.goto(url);
    await phone.getByRole('heading', { name: '这个链接不可用' }).waitFor();

    const { rows } = await site.call<{ rows: { values: object; freshness: { cells: object } }[] }>(
      'GET',
      `/records/customer/${customer}?freshness=true`,
    );
    expect(rows[0]?.values).toMatchObject({ mobile: '13700000001', email: 'zhao@jia.cn' });
    await desk.reload();
    await desk.getByRole('link', { name: '13700000001' }).waitFor();
    await desk.getByRole('button', { name: '“手机”的修改记录' }).click();
    const history = desk.getByRole('dialog', { name: '手机 · 修改记录' });
    await history.getByText('赵明 通过确认链接填写').first().waitFor();
    await desk.keyboard.press('Escape');
    // Whoever asked is told.
    await desk.getByRole('button', { name: '通知，1 条未读' }).click();
    await desk.getByRole('link', { name: '赵明 已确认资料：2 项正确，1 项更正，0 项不再使用' }).waitFor();
  });

  it('works without scripts and weighs less than 60 kB', async () => {
    const path = await link(['name', 'mobile', 'email', 'address', 'customer_type', 'website', 'wechat', 'products']);
    const { page, bytes, requests } = await weigh(site, path, PHONE);
    console.log('confirm page, bytes on the wire', bytes);
    expect(requests).toBeGreaterThanOrEqual(2);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
    expect(await page.locator('script').count()).toBe(0);
  });

  it('holds corrections where the rule says so, and lets one accept them', async () => {
    const settings = await site.call<object>('GET', '/asking/settings');
    await site.call('PUT', '/asking/settings', { ...settings, answers: 'hold' });
    const phone = await site.open(await link(['address'], [{ contact, way: 'link', fields: [] }]), PHONE);
    await phone.getByText('改', { exact: true }).click();
    await phone.getByLabel('正确的地址').fill('浙江省杭州市西湖区文三路90号');
    await phone.getByLabel('我已阅读并同意').check();
    await phone.getByRole('button', { name: '提交', exact: true }).click();
    await phone.getByRole('heading', { name: '谢谢您！' }).waitFor();
    const desk = await site.open('/asks');
    await desk.locator('.xk-held', { hasText: '1 条客户更正待审核' }).getByRole('link', { name: '去待审' }).click();
    const held = desk.locator('.xk-prop', { hasText: '上海甲科技有限公司' });
    await held.getByText('浙江省杭州市西湖区文三路90号').waitFor();
    await held.getByText('李四 通过确认链接填写').waitFor();
    expect(await axeFindings(desk)).toEqual([]);
    await held.getByRole('button', { name: '采纳 上海甲科技有限公司 的' }).click();
    await held.waitFor({ state: 'detached' });
    await desk.goto(`${site.url}/customers/${customer}`);
    await desk.locator('.xk-event', { hasText: '李四' }).first().waitFor();
    await desk.getByText('文三路90号').first().waitFor();
    await site.call('PUT', '/asking/settings', settings);
  });

  it('sends the letter by itself, once the mail server is set in the page', async () => {
    const mail = await startMailServer({ user: 'crm', password: 'mail-Pass-1' });
    const page = await site.open('/settings/notify');
    const card = page.locator('.xk-card', { hasText: '发信邮箱' });
    await card.getByLabel('SMTP 服务器').fill('127.0.0.1');
    await card.getByLabel('加密').selectOption('none');
    await card.getByLabel('端口').fill(String(mail.port));
    await card.getByLabel('用户名').fill('crm');
    await card.getByLabel('密码或授权码').fill('mail-Pass-1');
    await card.getByLabel('发件地址').fill('crm@xianke.cn');
    await card.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').waitFor();
    await card.getByRole('button', { name: '发送测试' }).click();
    await page.getByText('测试邮件已发到 wang@example.com').waitFor();
    await link(['mobile'], [{ way: 'mail' }]);
    await expect.poll(() => mail.received.length, { timeout: 60_000 }).toBe(2);
    expect(mail.received[1]?.to).toEqual(['zhao@jia.cn']);
    await page.reload();
    await page.getByText('z***@jia.cn').waitFor();
    expect(await page.content()).not.toContain('mail-Pass-1');
    await mail.close();
  });

  it('speaks English when the browser does', async () => {
    const page = await site.open(await link(['mobile']), { ...PHONE, lang: 'en' });
    await page.getByRole('heading', { name: 'Please confirm your details' }).waitFor();
    await page.getByRole('link', { name: '中文' }).click();
    await page.getByRole('heading', { name: '请确认您的资料' }).waitFor();
  });

  it.each([
    { lang: 'zh', theme: 'light', width: 360 },
    { lang: 'en', theme: 'dark', width: 360 },
    { lang: 'zh', theme: 'dark', width: 1440 },
    { lang: 'en', theme: 'light', width: 1440 },
  ] as const)('axe finds nothing on the public page in %o', async (look) => {
    const path = await link(
      ['name', 'mobile', 'email', 'customer_type', 'address', 'products', 'website'],
      [{ contact, way: 'link', fields: ['mobile', 'decision_role', 'employment'] }],
    );
    const page = await site.open(path, { ...PHONE, ...look });
    expect(await axeFindings(page)).toEqual([]);
    // Everything open, and something wrong.
    for (const label of await page.locator('label[for$=change]').all()) await label.click();
    await page.getByRole('button').nth(1).click();
    await page.getByRole('alert').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    for (const other of ['/c/thanks', '/c/renewed', `/c/${'x'.repeat(32)}`]) {
      await page.goto(site.url + other);
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  it.each([
    { lang: 'zh', theme: 'light', width: 1440 },
    { lang: 'en', theme: 'dark', width: 360 },
  ] as const)('axe finds nothing on dialog, list, settings and bell in %o', async (look) => {
    const page = await site.open(`/customers/${customer}`, { ...look, height: 900 });
    await page.getByRole('button', { name: /请客户确认|Ask customer/ }).click();
    await page.getByRole('dialog').getByRole('checkbox').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const path of ['/asks', '/settings/notify']) {
      await page.goto(site.url + path);
      await page.locator('h1').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
    await page.getByRole('button', { name: /^(通知|Notifications)/ }).click();
    await page.getByRole('heading', { name: /^(通知|Notifications)$/, level: 2 }).waitFor();
    const box = await page.locator('.xk-notices').boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 9999)).toBeLessThanOrEqual(look.width);
    expect(await axeFindings(page)).toEqual([]);
  });
});
