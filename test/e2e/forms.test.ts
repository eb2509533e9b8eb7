import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';
import { weigh } from '../support/weight.ts';

// 表单: from the designer to a stranger's phone and back as a customer, or as a proposal to one who is on record. What the public page weighs, and axe on it.

const LIMIT = 60_000;
const PHONE = { width: 360, height: 740, signedOut: true } as const;

describe.skipIf(browserMissing)('a public form', { timeout: 300_000 }, () => {
  let site: Site;
  let known = '';
  let path = '';

  beforeAll(async () => {
    site = await openSite();
    [known = ''] = await create(site, 'customer', [
      { name: '南京华信科技有限公司', contact_name: '赵明', mobile: '13822220001', email: 'old@huaxin.cn' },
    ]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('is designed, published, filled in on a phone, becomes a customer, and a proposal to one who is on record', async () => {
    const desk = await site.open('/forms');
    await desk.getByRole('button', { name: '新建表单' }).click();
    await desk.getByLabel('名称（内部使用）').fill('官网预约');
    await desk.getByLabel('页面标题', { exact: true }).fill('预约演示');
    await desk.getByLabel('填写后建成').selectOption({ label: '客户' });
    // What the record must have is missing, and it says so.
    await desk.getByText('缺少必填的“客户名称”').waitFor();
    for (const field of ['客户名称', '手机', '邮箱', '企业规模', '备注'])
      await desk.getByLabel('添加问题').selectOption({ label: field });
    // 备注 is open now: shown to large ones only.
    await desk.getByLabel('页面上的叫法', { exact: true }).fill('想看哪个产品');
    await desk.getByLabel('只在满足条件时显示').check();
    await desk.getByLabel('条件 1：问题').selectOption({ label: '企业规模' });
    await desk.getByLabel('条件 1：怎样').selectOption({ label: '已填写' });
    const preview = desk.frameLocator('iframe[title="表单预览"]');
    await preview.getByRole('heading', { name: '预约演示' }).waitFor();
    await preview.getByLabel('想看哪个产品').waitFor({ state: 'hidden' });
    await preview.getByLabel('企业规模').selectOption({ index: 1 });
    await preview.getByLabel('想看哪个产品').waitFor();
    await desk.getByRole('button', { name: '上移“邮箱”' }).click();
    await desk.getByRole('tab', { name: '设置' }).click();
    await desk.getByLabel('请对方同意').selectOption({ label: '产品与活动推介' });
    await desk.getByRole('group', { name: '通知谁' }).getByLabel('王芳').check();
    await desk.getByRole('button', { name: '发布', exact: true }).click();
    await desk.getByRole('img', { name: '“官网预约”的二维码' }).waitFor();
    await desk.getByRole('button', { name: '复制链接' }).click();
    const url = await desk.evaluate(() => navigator.clipboard.readText());
    expect(url).toMatch(/\/f\/[\w-]{12}$/);
    path = new URL(url).pathname;

    const phone = await site.open(path, PHONE);
    const errors: string[] = [];
    phone.on('pageerror', (error) => errors.push(error.message));
    const send = phone.getByRole('button', { name: '提交' });
    await phone.getByLabel('客户名称').fill('苏州星河科技有限公司');
    await phone.getByLabel('手机').fill('1391234');
    await phone.getByLabel('想看哪个产品').waitFor({ state: 'hidden' });
    await phone.getByLabel('企业规模').selectOption({ index: 2 });
    await phone.getByLabel('想看哪个产品').fill('巡检机器人');
    await send.click();
    // Something is wrong: it says what, beside the field, and keeps the rest.
    await phone.getByRole('alert').getByRole('link').first().waitFor();
    expect(await phone.getByLabel('手机').getAttribute('aria-invalid')).toBe('true');
    expect(await phone.getByLabel('想看哪个产品').inputValue()).toBe('巡检机器人');
    await phone.getByLabel('手机').fill('139 1234 0001');
    await phone.getByLabel('我已阅读并同意').check();
    await send.click();
    await phone.getByRole('heading', { name: '已收到，谢谢您！' }).waitFor();
    await phone.getByRole('link', { name: '再填一份' }).click();
    await phone.getByLabel('客户名称').fill('南京华信科技有限公司');
    await phone.getByLabel('手机').fill('13822220001');
    await phone.getByLabel('邮箱').fill('new@huaxin.cn');
    await phone.getByLabel('我已阅读并同意').check();
    await send.click();
    await phone.getByRole('heading', { name: '已收到，谢谢您！' }).waitFor();
    expect(errors).toEqual([]);

    await desk.goto(`${site.url}/forms`);
    await desk.getByText('收到 2 份').waitFor();
    await desk.getByRole('link', { name: '查看收到的' }).click();
    const made = desk.locator('.xk-submissions li', { hasText: '苏州星河科技有限公司' });
    await made.getByText('已建档').waitFor();
    const held = desk.locator('.xk-submissions li', { hasText: '南京华信科技有限公司' });
    await held.getByText('已转待审').waitFor();
    await made.getByRole('link', { name: '苏州星河科技有限公司' }).click();
    await desk.getByRole('link', { name: '13912340001' }).waitFor();
    await desk.getByRole('button', { name: '“手机”的修改记录' }).click();
    await desk.getByRole('dialog', { name: '手机 · 修改记录' }).getByText('官网预约').first().waitFor();
    await desk.keyboard.press('Escape');
    await desk.goto(`${site.url}/review`);
    const proposal = desk.locator('.xk-prop', { hasText: '南京华信科技有限公司' });
    await proposal.getByText('new@huaxin.cn').waitFor();
    await proposal.getByText('官网预约').first().waitFor();
    const { rows } = await site.call<{ rows: { values: object }[] }>('GET', `/records/customer/${known}`);
    expect(rows[0]?.values).toMatchObject({ email: 'old@huaxin.cn' });
    await desk.getByRole('button', { name: /通知，\d 条未读/ }).click();
    await desk.getByText('“官网预约”收到一份填写，已建档').waitFor();
  });

  it('asks a list of customers to complete their details, shows how far it is, and stops', async () => {
    const desk = await site.open('/forms?tab=census');
    await desk.getByRole('button', { name: '发起登记' }).click();
    const drawer = desk.getByRole('dialog');
    await drawer.getByLabel('名称', { exact: true }).fill('2026 年度登记');
    await drawer.getByText('共 2 个').waitFor();
    await drawer.getByRole('checkbox', { name: '网址' }).check();
    await drawer.getByRole('button', { name: '开始' }).click();
    const round = desk.locator('.xk-censuses li', { hasText: '2026 年度登记' });
    await round.getByText('共 2，已发 2，打开 0，完成 0').waitFor();
    await round.getByRole('button', { name: '逐个查看' }).click();
    await round.getByRole('button', { name: /赵明/ }).first().click();
    const link = desk.getByRole('dialog').last();
    await link.getByRole('button', { name: '复制链接' }).click();
    const url = await desk.evaluate(() => navigator.clipboard.readText());
    const phone = await site.open(new URL(url).pathname, PHONE);
    const field = (legend: string) => phone.getByRole('group', { name: legend });
    // Masked where it is known, to fill in where it is not.
    await field('手机').getByText('138****0001').waitFor();
    await field('网址').getByText('（未登记）').waitFor();
    await phone.getByLabel('我已阅读并同意').check();
    await phone.getByRole('button', { name: '其余全部正确，提交' }).click();
    await phone.getByRole('heading', { name: '谢谢您！' }).waitFor();
    await desk.goto(`${site.url}/forms?tab=census`);
    await round.getByText('完成 1').waitFor();
    await round.getByRole('button', { name: '停止' }).click();
    await round.getByText('已停止').first().waitFor();
  });

  it('weighs less than 60 kB, and says to whoever has no scripts what to do', async () => {
    const { bytes, requests } = await weigh(site, path, PHONE);
    console.log('public form, bytes on the wire', bytes);
    expect(requests).toBeGreaterThanOrEqual(3);
    expect(bytes).toBeGreaterThan(2000);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
    const bare = await fetch(site.url + path, { headers: { 'accept-language': 'en' } });
    expect(await bare.text()).toMatch(/<noscript>.*JavaScript.*<\/noscript>/s);
  });

  it.each([
    { lang: 'zh', theme: 'light', width: 1440 },
    { lang: 'en', theme: 'dark', width: 360 },
  ] as const)('axe finds nothing on list, designer, what came in, rounds and sheet in %o', async (look) => {
    const page = await site.open('/forms', look);
    await page.locator('.xk-forms a').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('.xk-forms a').first().click();
    await page.locator('.xk-form-open').first().click();
    const address = new URL(page.url()).pathname;
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
    for (const [at, sign] of [
      ['/forms?tab=in', '.xk-submissions li'],
      ['/forms?tab=census', '.xk-censuses li'],
      [`${address}/poster`, '.xk-form-code'],
    ] as const) {
      await page.goto(site.url + at);
      await page.locator(sign).first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    }
  });

  it.each(LOOKS)('axe finds nothing on the public page in %o', async (look) => {
    const page = await site.open(path, { ...PHONE, ...look });
    await page.getByRole('combobox').first().selectOption({ index: 1 });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button').last().click();
    await page.getByRole('alert').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    for (const other of [`${path}/done`, '/f/AAAAAAAAAAAA']) {
      await page.goto(site.url + other);
      expect(await axeFindings(page)).toEqual([]);
    }
  });
});
