import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { viewIndex } from '../catalog/ddl.ts';
import { createReadDoor } from './door.ts';
import { createIndexKeeper, type IndexKeeper } from './index-keeper.ts';
import { catalog, company, createSample, ctx, environment } from './sample.ts';

let db: Db;
let keeper: IndexKeeper;

beforeAll(async () => {
  db = await testDb();
  await createSample(db);
  await db.query(sql`insert into w_main.company (id, created_at, created_by, created_in, updated_at, updated_by, name, score, stars)
    select gen_random_uuid(), now(), 'u', gen_random_uuid(), now(), 'u', 'n' || n, n, 1 + n % 5 from generate_series(1, 21000) n`);
  await db.query(viewIndex('main', company, ['stars']));
  await db.pool.query('analyze w_main.company');
  keeper = createIndexKeeper(db, { get: async () => catalog });
}, 60_000);

async function demands(): Promise<Record<string, string>> {
  const rows = await db.query<{ field: string; state: string }>(sql`select field, state from w_main.demand_index`);
  return Object.fromEntries(rows.map((row) => [row.field, row.state]));
}

/** The database, and how PostgreSQL finds each page that is asked for. */
function planned(): { spying: Db; plans: string[] } {
  const plans: string[] = [];
  const spying: Db = {
    ...db,
    query: async (statement, name) => {
      if (statement.text.includes('row_number()'))
        plans.push(JSON.stringify(await db.query(sql`explain ${statement}`)));
      return db.query(statement, name);
    },
  };
  return { spying, plans };
}

/** Notes are taken in the background. */
async function noted(fields: string[]): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const known = await demands();
    if (fields.every((field) => field in known)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not noted: ${fields}`);
}

describe('indexes on demand', () => {
  test('are made for what lists sort and filter by, unless an index serves already', async () => {
    const door = createReadDoor({ db, catalog: { get: async () => catalog }, environment, indexes: keeper });
    const sorts = ['name', 'score', 'stars', '$created_at'];
    for (const field of sorts) await door.list(ctx(), { object: 'company', sort: [{ field, dir: 'desc' }] });
    await door.list(ctx(), { object: 'company', filter: { field: 'tags', op: 'hasAny', value: ['x'] } });
    await noted(['name', 'score', 'stars', 'created_at', 'tags']);
    const { made } = await keeper.work('main');
    expect(made.sort()).toEqual([
      'company_created_at_demand',
      'company_name_demand',
      'company_score_demand',
      'company_tags_demand',
    ]);
    expect(await demands()).toEqual({
      name: 'ready',
      score: 'ready',
      created_at: 'ready',
      tags: 'ready',
      stars: 'served',
    });
    expect(await keeper.work('main')).toEqual({ made: [], dropped: [] });
  });

  test.each(['name', 'score'])('carry the sort by %s in both directions', async (field) => {
    for (const dir of ['asc', 'desc'] as const) {
      const statements: string[] = [];
      const spying: Db = {
        ...db,
        query: async (statement, name) => {
          statements.push(statement.text);
          if (!statement.text.includes('row_number()')) return db.query(statement, name);
          const plan = await db.query(sql`explain ${statement}`);
          expect(JSON.stringify(plan)).toMatch(/Index (Only )?Scan (Backward )?using company_\w+_demand/);
          expect(JSON.stringify(plan)).not.toMatch(/Sort Key: t\./);
          return db.query(statement, name);
        },
      };
      const door = createReadDoor({ db: spying, catalog: { get: async () => catalog }, environment });
      const first = await door.list(ctx(), { object: 'company', sort: [{ field, dir }] });
      await door.list(ctx(), { object: 'company', sort: [{ field, dir }], page: { after: first.next ?? '' } });
      expect(statements.length).toBeGreaterThan(1);
    }
  });

  test('find a name that is looked for whole', async () => {
    const { spying, plans } = planned();
    const door = createReadDoor({ db: spying, catalog: { get: async () => catalog }, environment });
    const filter = { field: 'name', op: 'eq', value: 'n17' } as const;
    const page = await door.list(ctx(), { object: 'company', filter });
    expect(page.rows).toHaveLength(1);
    expect(plans[0]).toMatch(/using company_name_demand/);
  });

  test('serve looking back at former values', async () => {
    await db.query(sql`insert into w_main.delta (record, version, object, change_set, at, actor, source, kind, before)
      select gen_random_uuid(), 2, 1, gen_random_uuid(), now(), 'u', 'page', 'u', '{"score": 1}' from generate_series(1, 21000)`);
    await db.pool.query('analyze w_main.delta');
    const fresh = createIndexKeeper(db, { get: async () => catalog });
    for (const column of ['score', 'signed', 'name', 'amount', 'seen'])
      fresh.wanted('main', { object: 'company', columns: [column], use: 'past' });
    await noted(['signed', 'seen', 'amount']);
    const { made } = await fresh.work('main');
    expect(made).toContain('delta_company_score_demand');
    expect(made).toContain('delta_company_signed_demand');
  });

  test('are made for columns that are asked for together, again and again, and then deliver the page in order', async () => {
    const { spying, plans } = planned();
    const news: string[] = [];
    const own = createIndexKeeper(db, { get: async () => catalog });
    own.onWanted(() => news.push('wanted'));
    const door = createReadDoor({ db: spying, catalog: { get: async () => catalog }, environment, indexes: own });
    const ask = () =>
      door.list(ctx(), {
        object: 'company',
        filter: { field: 'stars', op: 'eq', value: 3 },
        sort: [{ field: 'score', dir: 'desc' }],
      });
    for (let i = 0; i < 7; i++) await ask();
    expect(await demands()).not.toHaveProperty('stars,score');
    await ask();
    await noted(['stars,score']);
    expect(news).toContain('wanted');
    expect((await own.work('main')).made).toEqual(['company_stars_score_demand']);
    plans.length = 0;
    await ask();
    expect(plans[0]).toMatch(/Index (Only )?Scan Backward using company_stars_score_demand/);
    expect(plans.join()).not.toMatch(/Sort Key: t\./);
  });

  test('do not push out what is in daily use', async () => {
    await db.query(sql`insert into w_main.demand_index (index_name, object, field, state)
      select 'company_x' || n, 'company', 'score,amount', 'ready' from generate_series(1, 6) n`);
    const own = createIndexKeeper(db, { get: async () => catalog });
    const wish = { object: 'company', columns: ['stars', 'seen'], use: 'now' as const };
    for (let i = 0; i < 8; i++) own.wanted('main', wish);
    await noted(['stars,seen']);
    expect(await own.work('main')).toEqual({ made: [], dropped: [] });
    await db.query(
      sql`update w_main.demand_index set used_at = now() - interval '2 days' where index_name = 'company_x3'`,
    );
    expect(await own.work('main')).toEqual({ made: ['company_stars_seen_demand'], dropped: ['company_x3'] });
  });

  test('go when nobody used them for two weeks', async () => {
    await db.query(sql`update w_main.demand_index set used_at = now() - interval '15 days' where field = 'tags'`);
    expect((await keeper.work('main')).dropped).toEqual(['company_tags_demand']);
    const [row] = await db.query(sql`select to_regclass('w_main.company_tags_demand') as found`);
    expect(row?.found).toBeNull();
  });
});
