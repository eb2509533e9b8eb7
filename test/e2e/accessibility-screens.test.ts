import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, LOOKS, openSite, type Site } from '../support/browser.ts';
import { collector, type Furnished, furnish } from '../support/furnish.ts';

// Every screen by itself; what opens on them is looked at in accessibility.test.ts. Two files, so that two workers share the time.

describe.skipIf(browserMissing)('axe finds nothing', { timeout: 300_000 }, () => {
  let site: Site;
  let there: Furnished;

  beforeAll(async () => {
    site = await openSite({ setUp: false });
    there = await furnish(site);
  });
  afterEach(() => site.closePages());
  afterAll(() => site?.close());

  /** Address and what shows that the screen is there. */
  const screens = (phone: boolean, { customer, imports, form }: Furnished): [string, string][] => [
    ['/sign-in', 'form input'],
    ['/setup?step=scenario', '.xk-preset'],
    ['/setup?step=file', '.xk-drop'],
    ['/customers', phone ? '.xk-card-row strong' : '.xs-cell .xs-text'],
    ['/customers?group=level', phone ? '.xk-card-row strong' : '.xs-group'],
    ['/customers?q=没有这样的客户', '.xk-empty'],
    ['/o/contact', phone ? '.xk-card-row strong' : '.xs-cell .xs-text'],
    ['/o/contract', '.xk-empty'],
    ['/o/opportunity?board=stage~amount', '.xk-board-card'],
    ['/sales', '.xk-funnel'],
    ['/value', '.xk-empty'],
    ['/pool', '.xk-pool, .xk-empty'],
    ['/settings/service', '.xk-clocks'],
    ...(phone ? [] : ([[`/customers?open=${customer}`, '.xk-record .xk-fact']] as [string, string][])),
    [`/customers/${customer}`, '.xk-record .xk-fact'],
    [`/customers/${customer}?asOf=2024-01-01`, '.xk-asof'],
    ['/today', '.xk-today-card'],
    ['/health', 'h1'],
    [`/health?import=${imports.done}`, 'h1'],
    ['/review', '.xk-prop, .xk-empty'],
    ['/review?tab=decided', '.xk-decision, .xk-empty'],
    ['/approvals', 'h1'],
    ['/duplicates', '.xk-queue, .xk-empty'],
    ['/duplicates?tab=decided', '.xk-decided, .xk-empty'],
    ['/import', '.xk-past'],
    [`/import/${imports.mapped}`, '.xk-mapping'],
    [`/import/${imports.done}`, '.xk-result'],
    [`/import/${imports.sheet}`, '.xk-sheet-row'],
    ['/policies', 'h1'],
    ['/evaluation', '.xk-sum'],
    ['/evaluation?view=board', '.xk-board-shown'],
    ['/campaigns', '.xk-empty'],
    ['/campaigns?tab=segments', '.xk-campaigns li'],
    ['/campaigns/new', '.xk-campaign-form select'],
    ['/checks', 'h1'],
    ['/settings/fields', '.xk-fields'],
    ['/settings/evidence', '.xk-kinds'],
    ['/settings/audit', '.xk-audit-list'],
    ['/settings/encryption', '.xk-encryption'],
    ['/settings/privacy', '.xk-plain-table, h2'],
    ['/settings/apps', 'h1'],
    ['/settings/notify', 'h1'],
    ['/settings/rules', '.xk-auto-presets'],
    ['/settings/tags', '.xk-tagging-list'],
    ['/settings/trades', '.xk-trade-adds li'],
    ['/asks', 'h1'],
    ['/forms', '.xk-forms'],
    ['/forms?tab=in', '.xk-form-filters'],
    ['/forms?tab=census', '.xk-empty'],
    [`/forms/${form}`, phone ? '.xk-form-questions' : '.xk-form-preview'],
    [`/forms/${form}/poster`, '.xk-form-code'],
    ['/people', 'h1'],
    ['/settings/access', '.xk-matrix'],
    ['/settings/account', '.xk-security-list'],
    ['/settings/departments', 'h1'],
    ['/bin', 'h1'],
    ['/nowhere', 'h1, h2'],
  ];

  it.each(LOOKS)('on every screen, in %o', async (look) => {
    const page = await site.open('/sign-in', look);
    const { found, look: at } = collector(page);
    for (const [path, sign] of screens(look.width < 720, there)) {
      await page.goto(site.url + path);
      await page.locator(sign).first().waitFor();
      await at(path);
    }
    expect(found).toEqual([]);
  });
});
