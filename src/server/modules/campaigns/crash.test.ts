import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { CampaignDetail } from '../../../contract/campaigns.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { advanceCampaigns } from './advance.ts';
import type { CampaignDeps } from './deps.ts';
import { campaignInput, contactsOf, type TestCampaigns, testCampaigns } from './testing.ts';

let test: TestCampaigns;
const customer = uuidv7();
const MANY = 60;

beforeAll(async () => {
  test = await testCampaigns();
  const people = contactsOf(
    customer,
    Array.from({ length: MANY }, (_, n) => `读者${n}`),
  );
  await test.write({ op: 'create', object: 'customer', id: customer, set: { name: '上海乙科技有限公司' } }, ...people);
});

class Killed extends Error {}

/** The same work in another process that ends in the middle: after so many letters were put, before they commit or right after. */
function dying(deps: CampaignDeps, { after, committed }: { after: number; committed: boolean }): CampaignDeps {
  let put = 0;
  return {
    ...deps,
    outbox: {
      async put(tx: Tx, workspace, message) {
        put += 1;
        if (!committed && put > after) throw new Killed();
        return deps.outbox.put(tx, workspace, message);
      },
    },
    db: {
      ...deps.db,
      query: (statement, name) => deps.db.query(statement, name),
      async tx(work) {
        const result = await deps.db.tx(work);
        if (committed && put > after) throw new Killed();
        return result;
      },
    },
  };
}

it('writes to everybody once, wherever it is killed and however many work on it at once', async () => {
  const crash = fc.record({ after: fc.nat(MANY), committed: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(crash, { minLength: 1, maxLength: 4 }), async (crashes) => {
      test.mail.received.length = 0;
      const audience = {
        object: 'contact',
        field: 'email',
        filter: { field: 'customer', op: 'eq' as const, value: customer },
      };
      const { campaign } = await test.checked({ ...campaignInput(), audience, purpose: 'service', rate: 36_000 });
      await test.call('POST', `/campaigns/${campaign.id}/send`, { version: campaign.version, gate: 'all' });
      const { signal } = new AbortController();
      for (const one of crashes)
        await advanceCampaigns(dying(test.deps, one), 'main', signal).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
      await Promise.all([test.work(), test.work(), test.work()]);
      await Promise.all([test.outbox.deliverDue(), test.outbox.deliverDue()]);
      await test.settle(1);
      const { campaign: done, states } = await test.call<CampaignDetail>('GET', `/campaigns/${campaign.id}`);
      expect([done.state, states]).toEqual(['sent', { sent: MANY }]);
      const to = test.mail.received.map(({ to: [address] }) => address);
      expect(to.length).toBe(MANY);
      expect(new Set(to).size).toBe(MANY);
    }),
    { numRuns: 4 },
  );
});
