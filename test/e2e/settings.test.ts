import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// What an administrator does without code: fields and objects, people, policy; and every way back.

interface Catalog {
  objects: { name: string; fields: { name: string; label: { zh: string }; position: number; retired?: boolean }[] }[];
}

describe.skipIf(browserMissing)('settings', () => {
  let site: Site;
  let ids: string[] = [];
  beforeAll(async () => {
    site = await openSite();
    ids = await create(
      site,
      'customer',
      ['杭州青禾科技有限公司', '上海白桦物流有限公司', '深圳远帆软件有限公司'].map((name, n) => ({
        name,
        mobile: `1380013800${n}`,
      })),
    );
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const fieldsOf = async (object: string) =>
    (await site.call<Catalog>('GET', '/catalog')).objects.find((one) => one.name === object)?.fields ?? [];
  const fieldLine = (page: Page, name: string) =>
    page.locator('.xk-fields > li', { has: page.getByText(name, { exact: true }) });

  it('adds, moves, retires and brings back a field while the system runs', async () => {
    const page = await site.open('/settings/fields');
    await page.getByRole('button', { name: '新建字段' }).click();
    await page.getByLabel('名称（中文）').fill('账期');
    await page.locator('.xk-type', { hasText: '单选' }).first().click();
    // What is missing is said at its place.
    await page.getByRole('button', { name: '创建' }).click();
    await page.getByText('至少需要一个选项。').waitFor();
    const option = page.getByRole('textbox', { name: '添加选项' });
    await option.fill('30 天、60 天');
    await option.press('Enter');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '创建' }).click();
    await fieldLine(page, '账期').waitFor();

    await page.getByRole('button', { name: '上移“账期”' }).click();
    const place = async () => {
      const live = (await fieldsOf('customer')).filter((field) => !field.retired);
      live.sort((a, b) => a.position - b.position);
      return live.length - live.findIndex((field) => field.label.zh === '账期');
    };
    for (let tries = 0; tries < 40 && (await place()) !== 2; tries++) await page.waitForTimeout(200);
    expect(await place()).toBe(2);

    await page.getByRole('button', { name: '编辑“账期”' }).click();
    await page.getByRole('button', { name: '停用', exact: true }).click();
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '停用' }).click();
    await page.getByText('已停用的字段（1）').click();
    await fieldLine(page, '账期').getByRole('button', { name: '恢复使用' }).click();
    await page.getByRole('button', { name: '编辑“账期”' }).waitFor();
  });

  it('finds records by characters, pinyin and digits, and pages by initials, from anywhere', async () => {
    const page = await site.open('/health');
    await page.locator('h1').waitFor();
    const search = async (typed: string, found: string) => {
      await page.keyboard.press('ControlOrMeta+k');
      const box = page.locator('.xk-palette').getByRole('combobox');
      await box.fill(typed);
      await page.getByRole('option', { name: found }).first().waitFor();
    };
    for (const typed of ['白桦', 'baihua', 'shbhwl', '13800138001']) {
      await search(typed, '上海白桦物流有限公司');
      await page.keyboard.press('Escape');
    }
    await search('jk', '健康');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await search('青禾', '杭州青禾科技有限公司');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/customers/${ids[0]}*`);
  });

  it('restores what was deleted, and previews what an undo leaves alone', async () => {
    const id = ids[2] ?? '';
    await site.call('POST', '/records/changes', { changes: [{ op: 'delete', object: 'customer', id, version: 1 }] });
    const page = await site.open('/bin');
    await page.getByRole('checkbox', { name: /深圳远帆/ }).check();
    await page.getByRole('button', { name: '恢复选中的 1 条' }).click();
    await page.getByText('回收站是空的').waitFor();

    const edit = (set: Record<string, string>) =>
      site.call('POST', '/records/changes', { changes: [{ op: 'update', object: 'customer', id: ids[1], set }] });
    await edit({ short_name: '白桦', contact_name: '李雷' });
    await edit({ contact_name: '韩梅梅' });
    await page.getByRole('tab', { name: '操作记录' }).click();
    await page
      .getByRole('button', { name: /撤销: 修改 1 条客户/ })
      .nth(1)
      .click();
    await page.getByText(/上海白桦物流有限公司：联系人/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('.ant-modal').getByRole('button', { name: '撤销', exact: true }).click();
    await page.getByText(/保持不变/).waitFor();
    const { rows } = await site.call<{ rows: { values: Record<string, unknown> }[] }>(
      'GET',
      `/records/customer/${ids[1]}`,
    );
    expect(rows[0]?.values.short_name ?? null).toBeNull();
    expect(rows[0]?.values.contact_name).toBe('韩梅梅');
  });

  it('adds a colleague, who can sign in, and disables him', async () => {
    const page = await site.open('/people');
    await page.getByRole('button', { name: '添加成员' }).click();
    await page.getByLabel('姓名').fill('李雷');
    await page.getByLabel('邮箱').fill('lilei@example.com');
    await page.getByText('初始密码').click();
    await page.getByRole('button', { name: '随机生成' }).click();
    const password = await page.getByRole('textbox', { name: '初始密码' }).inputValue();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '添加', exact: true }).click();
    await page.getByText('lilei@example.com').waitFor();

    const his = await site.open('/sign-in', { signedOut: true });
    await his.getByLabel('邮箱').fill('lilei@example.com');
    await his.getByLabel('密码', { exact: true }).fill('wrong-password');
    await his.getByRole('button', { name: '登录' }).click();
    await his.getByText('邮箱或密码不正确').waitFor();
    await his.getByLabel('密码', { exact: true }).fill(password);
    await his.getByRole('button', { name: '登录' }).click();
    await his.waitForURL('**/today');
    // Folded away or not.
    await his.locator('.xk-side a[href="/people"]').waitFor({ state: 'attached' });
    expect(await his.locator('.xk-side a[href="/settings/fields"]').count()).toBe(0);

    await page.getByRole('button', { name: '停用: 李雷' }).click();
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '停用' }).click();
    await page.getByText('已停用').first().waitFor();
    await his.goto(`${site.url}/health`);
    await his.waitForURL('**/sign-in*');
  });

  it('changes how often a field is checked', async () => {
    const page = await site.open('/policies');
    const row = page.locator('.xk-policy-table tbody tr', { hasText: '手机' }).first();
    await row.getByText('固定').click();
    await row.getByRole('spinbutton').fill('45');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText(/已保存为第 \d+ 版/).waitFor();
    const { policies } = await site.call<{ policies: { object: string; field: string; everyDays?: number }[] }>(
      'GET',
      '/policies',
    );
    expect(policies.find((one) => one.object === 'customer' && one.field === 'mobile')?.everyDays).toBe(45);
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each([
    '/policies',
    '/settings/fields',
    '/people',
    '/bin',
    '/health',
    '/import',
    '/setup?step=scenario',
    '/setup?step=file',
  ])('fits a phone: %s', async (path) => {
    const page = await site.open(path, { lang: 'en', theme: 'dark', width: 360, height: 740 });
    await page.locator('h1').waitFor();
    await page.waitForFunction(() => !document.querySelector('.xk-skeleton'));
    expect(await overflow(page)).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });
});
