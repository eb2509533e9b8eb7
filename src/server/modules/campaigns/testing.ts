import { v7 as uuidv7 } from 'uuid';
import type { CampaignDetail, CampaignInput } from '../../../contract/campaigns.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { Change } from '../../../domain/change/types.ts';
import { accessFor } from '../access/index.ts';
import { type TestAsking, testAsking } from '../asking/testing.ts';
import { consentRoutes } from '../consent/index.ts';
import type { Account } from '../identity/index.ts';
import { viewRoutes } from '../views/index.ts';
import { advanceCampaigns } from './advance.ts';
import { type CampaignRouteDeps, campaignRoutes } from './campaign-routes.ts';
import { createLetterTokens } from './letter-tokens.ts';
import type { Names } from './look-at-sender.ts';
import { letterRoutes } from './public-routes.ts';
import { tellEvidence } from './tell-evidence.ts';

const MINUTE = 60_000;

/** Campaigns on the CRM template, with a real database, a real SMTP server and a clock that tests move. */
export async function testCampaigns() {
  let test: TestAsking | undefined;
  let deps: Omit<CampaignRouteDeps, 'ctxOf'> | undefined;
  const state = {
    quiet: false,
    online: true,
    disabled: false,
    /** Of the sender. */
    narrow: (access: Access): Access => access,
  };
  const texts = new Map<string, string[]>();
  const resolver: Names = {
    txt: async (name) => texts.get(name) ?? Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
    mx: async () => ['mx.xianke.cn'],
    online: async () => state.online,
  };
  test = await testAsking((app, asking, ctxOf) => {
    const engine = asking as typeof asking &
      Pick<CampaignRouteDeps, 'audit' | 'gate'> &
      Pick<TestAsking['engine'], 'erased'>;
    const person = (): Account => ({
      ...{ id: test?.as.id ?? '', name: '王芳', email: 'wang@xianke.cn', role: 'admin' },
      ...{ disabled: state.disabled, createdAt: '2026-01-01T00:00:00Z' },
    });
    deps = {
      ...engine,
      accessFor,
      publicUrl: 'https://crm.example.com',
      resolver,
      tokens: createLetterTokens(Buffer.alloc(32, 7)),
      erasedAmong: (on, workspace, type, values) => engine.erased.among(on, workspace, type, values),
      isQuiet: async () => state.quiet,
      workSoon: async () => undefined,
      accounts: async () => [person()],
      accessOf: async () => state.narrow(accessFor('admin', await asking.catalog.get('main'))),
    };
    campaignRoutes(app, { ...deps, ctxOf });
    letterRoutes(app, { ...deps, workspace: 'main' });
    viewRoutes(app, { db: asking.db, ctxOf });
    consentRoutes(app, { ...asking, ctxOf });
  });
  if (!test || !deps) throw new Error('not composed');
  const [base, used] = [test, deps];
  const call = async <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object): Promise<T> => {
    const reply = await base.as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
    if (reply.statusCode !== 200) throw new Error(`${reply.statusCode} ${reply.body}`);
    return reply.json() as T;
  };
  const work = () => advanceCampaigns(used, 'main', new AbortController().signal);
  return {
    ...base,
    deps: used,
    state,
    texts,
    call,
    work,
    tell: () => tellEvidence(used, 'main'),
    /** Works and delivers, a minute at a time, until nothing changes hands. */
    async settle(minutes = 3): Promise<void> {
      for (let n = 0; n < minutes; n++) {
        await work();
        await base.outbox.deliverDue();
        base.clock.now = new Date(base.clock.now.getTime() + MINUTE + 1000);
      }
      await work();
    },
    /** A campaign, saved and checked. */
    async checked(input: Partial<CampaignInput> = {}, id = uuidv7()): Promise<CampaignDetail> {
      await call('PUT', `/campaigns/${id}`, { campaign: campaignInput(input), version: 0 });
      await call('POST', `/campaigns/${id}/check`);
      await work();
      return call<CampaignDetail>('GET', `/campaigns/${id}`);
    },
  };
}

export type TestCampaigns = Awaited<ReturnType<typeof testCampaigns>>;

export const campaignInput = (more: Partial<CampaignInput> = {}): CampaignInput => ({
  name: '春季新品',
  kind: 'mail',
  purpose: 'marketing',
  audience: { object: 'contact', field: 'email' },
  variants: [
    {
      subject: '{name|您好}，新品来了',
      text: '{name}：\n\n[看新品](https://shop.example.com/new?a=1&b=2)\n\n详情 https://shop.example.com/more',
    },
  ],
  lang: 'zh',
  tracked: true,
  rate: 6000,
  split: { share: 0.2, by: 'clicks', hours: 0 },
  ...more,
});

/** Contacts of one customer, each with an address of his own. */
export function contactsOf(
  customer: string,
  names: readonly string[],
  more: Record<string, unknown> = {},
): (Change & { id: string })[] {
  return names.map((name, n) => ({
    op: 'create',
    object: 'contact',
    id: uuidv7(),
    set: { name, customer, email: `p${n}.${customer.slice(-6)}@jia.cn`, ...more } as Record<string, string>,
  }));
}
