import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, overflow } from '../support/axe.ts';
import { browserMissing, create, openSite, type Site } from '../support/browser.ts';

// The quarter on one page, what comes next, and checks that people are asked to do.

const VIEWS = ['季度报告', '到期预测', '模型检验', '核实方式'];

describe.skipIf(browserMissing)('evaluation and checks', () => {
  let site: Site;
  let customers: string[];
  beforeAll(async () => {
    site = await openSite();
    const { account } = await site.call<{ account: { id: string } }>('GET', '/session');
    customers = await create(
      site,
      'customer',
      Array.from({ length: 60 }, (_, n) => ({
        name: `客户${n}有限公司`,
        mobile: `138001380${10 + n}`,
        level: n % 2 ? 'a' : 'b',
        owner: account.id,
      })),
    );
    const deals = await create(
      site,
      'opportunity',
      customers.map((customer, n) => ({ name: `商机${n}`, customer, stage: 'lead' })),
    );
    const decided = deals.map((id, n) => ({
      op: 'update',
      object: 'opportunity',
      id,
      set: { stage: n % 3 ? 'won' : 'lost' },
    }));
    await site.call('POST', '/records/changes', { changes: decided });
    const verify = { fields: ['mobile'], method: 'phone' };
    const changes = customers.slice(0, 25).map((id) => ({ op: 'update', object: 'customer', id, verify }));
    await site.call('POST', '/records/changes', { changes });
    await site.call('PUT', '/policies', { policies: [], reason: '从头开始' });
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  it('a quarter is read, leads to its rows, and comes as a file', async () => {
    const page = await site.open('/evaluation');
    await page.getByText('本季概况').waitFor();
    const mobile = page.locator('.xk-report-lines tr', { hasText: '客户 · 手机' }).first();
    await expect.poll(() => mobile.innerText()).toContain('25');
    const deals = page.getByRole('region', { name: '丢单' });
    // Everything was made a moment ago and nothing is past due: 60 fresh customers, none stale, nothing to compare.
    await deals.getByText('数量太少').waitFor();
    await deals.getByText('60 位客户').waitFor();
    await page.getByRole('region', { name: '投诉' }).getByText('没有可统计的记录').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载 CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/^季度评估 20\d\dQ\d\.csv$/);
    await deals.getByRole('link', { name: '查看这些记录' }).click();
    await page.waitForURL(/\/o\/opportunity\?filter=/);
  });

  it('on paper there is the report and nothing around it', async () => {
    const page = await site.open('/evaluation', { theme: 'dark' });
    await page.getByText('本季概况').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.xk-side').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: '下载 CSV' }).isVisible()).toBe(false);
    const colours = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return { back: style.backgroundColor, ink: style.color };
    });
    expect(colours).toEqual({ back: 'rgb(255, 255, 255)', ink: 'rgb(17, 17, 17)' });
  });

  it('a stock-take is begun, its owner is told and sees his records, and they count when verified', async () => {
    const page = await site.open('/checks');
    await page.getByText('没有等你核实').waitFor();
    await page.getByRole('button', { name: '新建' }).click();
    await page.getByText('全面普查').click();
    await page.getByRole('checkbox', { name: '手机' }).check();
    await page.getByText('将包含 60 条').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '开始' }).click();
    const mine = page.locator('.xk-card', { hasText: '等我核实' });
    await mine.getByText('还剩 60 条').waitFor();
    const verify = { fields: ['mobile'], method: 'phone' };
    const changes = customers.slice(0, 12).map((id) => ({ op: 'update', object: 'customer', id, verify }));
    await site.call('POST', '/records/changes', { changes });
    await page.waitForTimeout(500);
    await page.reload();
    await mine.getByText('还剩 48 条').waitFor();
    await page.getByText('已核实的 12 项中 100.0% 正确').waitFor();
    const { notices } = await site.call<{ notices: { kind: string; message: string }[] }>(
      'GET',
      '/notifications?limit=5',
    );
    expect(notices.find((one) => one.kind === 'check-mine')?.message).toContain('60');
  });

  it('what someone says of a frequency is in the report', async () => {
    const page = await site.open('/checks');
    await page.getByLabel('字段', { exact: true }).selectOption({ label: '客户 · 手机' });
    await page.getByText('太频繁', { exact: true }).click();
    await page.getByLabel('说明（选填）').fill('客户嫌烦');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('已收到，谢谢').waitFor();
    await page.goto(`${site.url}/evaluation`);
    await page.getByText('客户嫌烦').waitFor();
  });

  it('a spot check is drawn, and its accuracy counts what is verified', async () => {
    const page = await site.open('/checks');
    await page.getByRole('button', { name: '新建' }).click();
    await page.getByRole('textbox', { name: '名称' }).fill('周五抽查');
    await page.getByRole('checkbox', { name: '手机' }).check();
    await page.getByText(/将从 60 条中抽出 \d+ 条/).waitFor();
    await page.getByRole('button', { name: '开始' }).click();
    const line = page.locator('.xk-checks > li', { hasText: '周五抽查' }).last();
    await line.getByText('还没有核实').waitFor();
    const { campaigns } = await site.call<{ campaigns: { id: string }[] }>('GET', '/checks');
    const { items } = await site.call<{ items: { record: string }[] }>('GET', `/checks/${campaigns[0]?.id}/items`);
    const verify = { fields: ['mobile'], method: 'phone' };
    const changes = items.slice(0, 12).map(({ record: id }) => ({ op: 'update', object: 'customer', id, verify }));
    await site.call('POST', '/records/changes', { changes });
    await page.waitForTimeout(500);
    await page.reload();
    await line.getByText(/准确率 100.0%（95% 区间 \d\d\.\d%–100.0%），依据 12 次核实/).waitFor();
  });

  it.each([
    { lang: 'zh', theme: 'light', width: 1440 },
    { lang: 'zh', theme: 'dark', width: 360 },
  ] as const)('every part holds to WCAG and fits, in %o', async (look) => {
    const page = await site.open('/evaluation', look);
    const still = async (name: string) => {
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      await page.waitForTimeout(300);
      expect((await axeFindings(page)).map((one) => `${name} ${one}`)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    };
    for (const view of VIEWS) {
      await page.getByText(view, { exact: true }).click();
      await still(view);
    }
    await page.goto(`${site.url}/checks`);
    await page.locator('.xk-checks').first().waitFor();
    await still('checks');
    await page.goto(`${site.url}/policies`);
    await page.getByRole('button', { name: '版本历史' }).click();
    await page.locator('.xk-versions summary').first().click();
    await page.locator('.xk-effect').first().waitFor();
    await still('effect');
  });
});
