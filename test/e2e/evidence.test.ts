import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, LOOKS, openSite, type Site } from '../support/browser.ts';

// How much each sign counts, which imports are trusted, and who answers for what.

/** A folder to leave pictures in, for people who look. */
const PICTURES = process.env.XIANKE_PICTURES;

interface Kinds {
  kinds: { kind: string; ifRight?: number; ifWrong?: number; off?: boolean; label: { zh: string } }[];
}

describe.skipIf(browserMissing)('evidence and duties', { timeout: 300_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
    await create(site, 'customer', [{ name: '杭州青禾科技有限公司', mobile: '13800138000', email: 'a@example.com' }]);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  const kindOf = async (kind: string) =>
    (await site.call<Kinds>('GET', '/evidence/kinds')).kinds.find((row) => row.kind === kind);

  it('says how strongly a sign speaks in words, shows what it does, and goes back to the default', async () => {
    const page = await site.open('/settings/evidence');
    const line = page.locator('.xk-kinds > li', { hasText: '空号或停机' });
    await line.getByText('强质疑').waitFor();
    const effect = line.locator('.xk-kind-effect');
    const before = await effect.textContent();
    await page.getByRole('slider', { name: '几个月前核实过' }).fill('24');
    await expect.poll(() => effect.textContent()).not.toBe(before);

    await page.getByRole('button', { name: '编辑“空号或停机”' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('弱（约 2 倍）').click();
    expect(await axeFindings(page)).toEqual([]);
    await drawer
      .getByRole('button', { name: '保 存' })
      .or(drawer.getByRole('button', { name: '保存' }))
      .click();
    await line.getByText('弱质疑').waitFor();
    await line.getByText('已修改').waitFor();
    const saved = await kindOf('call-dead');
    expect((saved?.ifWrong ?? 0) / (saved?.ifRight ?? 1)).toBeCloseTo(2, 5);

    await page.getByRole('checkbox', { name: '启用“短信已送达”' }).uncheck();
    await expect.poll(async () => (await kindOf('sms-delivered'))?.off).toBe(true);
    await page.getByRole('checkbox', { name: '启用“短信已送达”' }).check();

    await page.getByRole('button', { name: '编辑“空号或停机”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '恢复默认' }).click();
    await line.getByText('强质疑').waitFor();
  });

  it('takes a sign of one’s own by keyboard alone', async () => {
    const page = await site.open('/settings/evidence');
    await page.getByRole('button', { name: '新增旁证' }).focus();
    await page.keyboard.press('Enter');
    const name = page.getByLabel('名称（中文）');
    await name.focus();
    await page.keyboard.type('传真有回');
    await page.keyboard.press('Enter');
    await page.getByText('请填写中英文名称。').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('Fax answered');
    await page.keyboard.press('Enter');
    await page.locator('.xk-kinds > li', { hasText: '传真有回' }).getByText('由上报方指定').waitFor();
    expect((await kindOf('own-1'))?.label.zh).toBe('传真有回');
  });

  it('keeps trusted sources of imports', async () => {
    const page = await site.open('/settings/evidence');
    await page.getByRole('button', { name: '新增来源' }).click();
    const drawer = page.getByRole('dialog');
    const save = drawer.getByRole('button', { name: /^保\s?存$/ });
    await save.click();
    await drawer.getByText('至少选一列。').waitFor();
    await drawer.getByLabel('来源名称').fill('工商登记数据');
    await drawer.getByLabel('文件名包含').fill('工商');
    await drawer.getByLabel('可信程度').selectOption('strong');
    await drawer.getByRole('group', { name: '客户' }).getByRole('checkbox', { name: '手机' }).check();
    expect(await axeFindings(page)).toEqual([]);
    await save.click();
    await page.getByText(/文件名含“工商” · 手机/).waitFor();
    expect(await site.call('GET', '/evidence/sources')).toEqual({
      sources: [{ name: '工商登记数据', match: '工商', fields: ['customer.mobile'], strength: 'strong' }],
    });
  });

  it('gives people duties, minutes and days away; who is away is told so on his list', async () => {
    const page = await site.open('/people');
    await page.getByRole('tab', { name: '分工' }).click();
    await page.getByRole('button', { name: '编辑“王芳”的分工' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('checkbox', { name: '客服' }).check();
    await drawer.getByLabel('每天用于核实的分钟数').fill('45');
    await drawer.getByRole('button', { name: '添加一段' }).click();
    await drawer.getByLabel('从').fill('2020-01-05');
    await drawer.getByLabel('到', { exact: true }).fill('2099-01-01');
    expect(await axeFindings(page)).toEqual([]);
    await drawer.getByRole('button', { name: /^保\s?存$/ }).click();
    await page.getByText(/今天不在/).waitFor();
    await page.getByText('每天 45 分钟').waitFor();
    await page.goto(`${site.url}/today`);
    await page.getByText('今天您不在').waitFor();
    const policies = await site.open('/policies');
    await policies.locator('.xk-events summary').first().click();
    const by = policies.locator('.xk-events select').first();
    await by.selectOption({ label: '客服' });
    expect(await by.inputValue()).toBe('role:service');
  });

  it.each(LOOKS)('looks right and is accessible in %o', async (look) => {
    const shot = async (page: Awaited<ReturnType<Site['open']>>, name: string) => {
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      if (PICTURES)
        await page.screenshot({
          path: `${PICTURES}/${name}-${look.lang}-${look.theme}-${look.width}.png`,
          fullPage: true,
        });
      expect(await axeFindings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    };
    const page = await site.open('/settings/evidence', { ...look, height: 1400 });
    await page.locator('.xk-kinds > li').first().waitFor();
    await shot(page, 'evidence');
    await page.locator('.xk-kind-do button').first().click();
    await page.getByRole('dialog').locator('form').waitFor();
    await page.waitForTimeout(600);
    await shot(page, 'evidence-kind');
    const team = await site.open('/people', { ...look, height: 1000 });
    await team.getByRole('tab').nth(1).click();
    await team.locator('.xk-team li').first().waitFor();
    await shot(team, 'team');
    await team.locator('.xk-team li button').first().click();
    await team.getByRole('dialog').locator('form').waitFor();
    await team.waitForTimeout(600);
    await shot(team, 'team-member');
  });
});
