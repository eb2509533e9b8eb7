import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { Ask } from '../../../contract/asking.ts';
import type { CensusView } from '../../../contract/forms.ts';
import { addConsent } from '../consent/index.ts';
import { runCensus } from './run-census.ts';
import { callsOf, type TestForms, testForms } from './testing.ts';

let test: TestForms;
const { call, open } = callsOf(() => test);
const ids: string[] = [];
beforeAll(async () => {
  test = await testForms();
  const names = ['甲', '乙', '丙', '丁', '戊'];
  for (const [n, name] of names.entries()) {
    const set = { name: `登记${name}有限公司`, mobile: `1386666000${n}`, level: n === 4 ? 'b' : 'a' };
    const { outcomes } = await test.engine.write.write(await test.adminCtx(), [
      { op: 'create', object: 'customer', set },
    ]);
    ids.push(outcomes[0]?.id ?? '');
  }
});

const body = {
  ...{ name: '年度登记', object: 'customer', filter: { field: 'level', op: 'eq', value: 'a' } },
  ...{ fields: ['mobile', 'website'], days: 10, remindDays: 3, lang: 'zh' },
};
const asks = (census: string) => call<{ asks: Ask[] }>('GET', `/asks?census=${census}`);

it('asks each customer of the filter once, whoever runs it how often, and leaves out who said no', async () => {
  await addConsent(test.db, 'main', {
    ...{
      object: 'customer',
      person: ids[1] ?? '',
      purpose: 'confirm',
      channel: 'any',
      separate: false,
      state: 'withdrawn',
    },
    ...{ at: test.clock.now, source: 'phone', note: null, by: null },
  });
  const id = uuidv7();
  expect(await call('POST', '/censuses/count', { object: 'customer', filter: body.filter })).toMatchObject({
    count: 4,
    mail: false,
  });
  expect(await call<CensusView>('PUT', `/censuses/${id}`, body)).toMatchObject({
    state: 'sending',
    total: 4,
    asked: 0,
  });
  // The same request once more is the same round.
  await call('PUT', `/censuses/${id}`, body);
  await Promise.all([runCensus(test.deps, 'main'), runCensus(test.deps, 'main')]);
  // A crash between asking and noting how far it was: the place is behind what was done.
  await test.db.query(
    sql`update w_main.census set place = null, state = 'sending', left_out = 0 where id = ${id}::uuid`,
  );
  while (await runCensus(test.deps, 'main')) {
    // Until everybody is asked.
  }
  const [round] = (await call<{ censuses: CensusView[] }>('GET', '/censuses')).censuses;
  expect(round).toMatchObject({ state: 'sent', total: 4, asked: 3, opened: 0, answered: 0, left: 1 });
  const made = (await asks(id)).asks;
  expect(made.map(({ record }) => record).sort()).toEqual([ids[0], ids[2], ids[3]].sort());
  // They crowd out nobody else's in the list of all.
  expect((await call<{ asks: Ask[] }>('GET', '/asks')).asks).toEqual([]);
});

it('shows what is known masked, asks for what is missing, counts who opened it, and ends when it is stopped', async () => {
  const [round] = (await call<{ censuses: CensusView[] }>('GET', '/censuses')).censuses;
  const [ask] = (await asks(round?.id ?? '')).asks;
  const [person] = ask?.recipients ?? [];
  expect(person?.fields.map(({ field }) => field)).toEqual(['mobile', 'website']);
  const link = await call<{ url: string }>('POST', `/asks/${ask?.id}/people/${person?.id}/link`);
  const path = new URL(link.url).pathname;
  const page = (await open(path)).body;
  expect(page).toMatch(/138\*+\d{4}/);
  expect(page).toContain('（未登记）');
  const opened = (await call<{ censuses: CensusView[] }>('GET', '/censuses')).censuses[0];
  expect(opened).toMatchObject({ opened: 1, answered: 0 });
  expect(await call('POST', `/censuses/${round?.id}/stop`, {})).toMatchObject({ state: 'stopped' });
  expect((await open(path)).statusCode).toBe(404);
});

it('ends without asking anybody when whoever began it is gone, and asks nothing its maker may not', async () => {
  const id = uuidv7();
  await call('PUT', `/censuses/${id}`, { ...body, fields: ['mobile', 'number'] }, 422);
  await call('PUT', `/censuses/${id}`, body);
  await test.db.query(sql`update w_main.census set made_by = 'user:nobody' where id = ${id}::uuid`);
  await runCensus(test.deps, 'main');
  const found = (await call<{ censuses: CensusView[] }>('GET', '/censuses')).censuses.find((one) => one.id === id);
  expect(found).toMatchObject({ state: 'stopped', asked: 0 });
});
