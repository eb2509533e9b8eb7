import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';
import { startMailServer, type TestMailServer } from '../support/smtp.ts';

// A segment is made, a campaign to it in three steps, its letters leave, one reader follows the link and unsubscribes, and the result says so.

describe.skipIf(browserMissing)('campaigns', { timeout: 300_000 }, () => {
  let site: Site;
  let mail: TestMailServer;

  beforeAll(async () => {
    mail = await startMailServer();
    site = await openSite();
    const settings = await site.call<object>('GET', '/reminders/settings');
    // No quiet hours, whenever the test runs.
    await site.call('PUT', '/reminders/settings', { ...settings, quiet: { from: '00:00', to: '00:00' } });
    await site.call('PUT', '/channels/mail', {
      ...{ enabled: true, host: '127.0.0.1', port: mail.port, security: 'none', user: '' },
      ...{ from: 'crm@xianke.invalid', fromName: '华东演示公司' },
    });
    const [jia = '', yi = ''] = await create(site, 'customer', [
      { name: '上海甲科技', level: 'a' },
      { name: '杭州乙贸易', level: 'b' },
    ]);
    const people = await create(site, 'contact', [
      { name: '李娜', customer: jia, email: 'li@jia.cn' },
      { name: '王强', customer: jia, email: 'wang@jia.cn' },
      { name: '赵敏', customer: jia },
      { name: '孙丽', customer: yi, email: 'sun@yi.cn' },
    ]);
    for (const id of people.slice(0, 1))
      await site.call('POST', `/privacy/consents/contact/${id}`, {
        ...{ purpose: 'marketing', channel: 'any', state: 'withdrawn', source: 'page' },
      });
  });
  afterEach(() => site.closePages());
  afterAll(async () => {
    await site?.close();
    await mail?.close();
  });

  it('a segment gets a campaign in three steps; what its readers do comes back', async () => {
    const page = await site.open('/campaigns?tab=segments');
    await page.getByRole('button', { name: '新建分群' }).click();
    await page.getByRole('textbox', { name: '分群名称' }).fill('甲类客户');
    await page.getByRole('button', { name: '添加条件' }).click();
    await page.getByText('客户名称', { exact: true }).last().click();
    await page.getByRole('textbox', { name: '值' }).fill('甲科技');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '保存分群' }).click();
    await page.getByRole('link', { name: '给“甲类客户”发活动' }).click();

    await page.getByRole('textbox', { name: '活动名称' }).fill('春季新品');
    await page.getByLabel('收件人').selectOption({ label: '这些客户的联系人' });
    await page.getByLabel('用途').selectOption({ label: '履行合同与服务' });
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('textbox', { name: '标题' }).fill('{name|您好}，新品来了');
    await page
      .getByRole('textbox', { name: '正文' })
      .fill('{name}：\n\n[看新品](https://shop.example.com/new)\n\n期待您的回音。');
    await page
      .getByText('李娜，新品来了')
      .or(page.getByText('王强，新品来了'))
      .or(page.getByText('赵敏，新品来了'))
      .or(page.getByText('孙丽，新品来了'))
      .first()
      .waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('button', { name: '检查收件人' }).click();
    await page.getByText('可以发给 2 人').waitFor({ timeout: 60_000 });
    await page.getByText('2 个地址都在确认期内。').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '发一封给自己' }).click();
    await page.getByText('已发往').waitFor();
    await page.getByRole('button', { name: '发送给 2 人' }).click();
    await page.getByRole('button', { name: '确定发送' }).click();
    await page.getByRole('heading', { name: /发送中|已发送/ }).waitFor();
    const letters = () =>
      mail.received.filter(({ mail: { subject } }) => subject?.endsWith('，新品来了') && !subject.startsWith('［'));
    await expect.poll(() => letters().length, { timeout: 120_000 }).toBe(2);
    expect(
      letters()
        .map(({ mail: { subject } }) => subject)
        .sort(),
    ).toEqual(['李娜，新品来了', '王强，新品来了']);

    // The reader, who is not signed in here: her link leads to the shop, her last one out.
    const html = String(letters()[0]?.mail.html);
    const link = /http:[^"]+\/m\/c\/0\/[^"]+/.exec(html)?.[0] ?? '';
    const followed = await fetch(link, { redirect: 'manual' });
    expect([followed.status, followed.headers.get('location')]).toEqual([302, 'https://shop.example.com/new']);
    const stop = /http:[^"]+\/m\/u\/[^"]+/.exec(html)?.[0] ?? '';
    await page.goto(stop);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '退订' }).click();
    await page.getByText('已退订').waitFor();

    await page.goto(`${site.url}/campaigns`);
    await page.getByRole('link', { name: '春季新品' }).click();
    await page.getByRole('heading', { name: '已发送' }).waitFor({ timeout: 150_000 });
    await page.getByText('1 人，1 次').waitFor();
    await page.getByLabel('显示').selectOption({ label: '已退订' });
    await page.getByRole('listitem').filter({ hasText: '退订' }).getByRole('link').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('listitem').filter({ hasText: '退订' }).getByRole('link').first().click();
    await page.getByRole('button', { name: '营销往来' }).click();
    await page.getByRole('dialog').getByRole('link', { name: '春季新品' }).waitFor();
    // While it slides in it is half transparent.
    await expect.poll(() => axeFindings(page), { timeout: 30_000 }).toEqual([]);
  });

  it.each(LOOKS)('reads well: %o', async (look) => {
    const { campaigns } = await site.call<{ campaigns: { id: string }[] }>('GET', '/campaigns');
    const page = await site.open(`/campaigns/${campaigns[0]?.id}`, look);
    await page.locator('.xk-campaign-funnel').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
