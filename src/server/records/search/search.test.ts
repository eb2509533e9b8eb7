import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Access } from '../../../domain/access/types.ts';
import { createDb, type Db } from '../../platform/postgres/db.ts';
import { createReadDoor } from '../read/door.ts';
import { environment } from '../read/sample.ts';
import { testEngine } from '../testing.ts';
import type { Ctx, ReadDoor } from '../types.ts';
import { refreshCommonGrams } from './common-grams.ts';
import { createIndexer } from './indexer.ts';

let db: Db;
let engine: Awaited<ReturnType<typeof testEngine>>;
let door: ReadDoor;

/** Filler, older than what the tests look for, so that walks of the newest entries end before the table does. */
const FILLER = 4000;

async function create(object: string, set: Record<string, unknown>, ctx: Ctx = engine.ctx()): Promise<string> {
  const { outcomes } = await engine.door.write(ctx, [{ op: 'create', object, set }]);
  expect(outcomes[0]?.status).toBe('applied');
  return outcomes[0]?.id ?? '';
}

const doorOver = (one: Db): ReadDoor => createReadDoor({ db: one, catalog: engine.catalog, environment });

beforeAll(async () => {
  db = await testDb();
  engine = await testEngine(db, { indexer: createIndexer() });
  door = doorOver(db);
  await create('customer', { name: '最早的深圳旧公司', owner: 'li' });
  const names = ['深圳', '广州', '北京'].flatMap((city) => ['鑫', '盛', '泰'].map((a) => `${city}${a}达贸易有限公司`));
  await engine.door.write(
    engine.ctx(),
    Array.from({ length: FILLER }, (_, i) => ({
      op: 'create' as const,
      object: 'customer',
      set: {
        name: `${names[i % names.length]}${i}`,
        phone: `1390000${String(i).padStart(4, '0')}`,
        owner: i % 50 === 0 ? 'li' : 'wang',
      },
    })),
  );
  const huawei = await create('customer', { name: '深圳华为技术有限公司', phone: '0755-28780808', owner: 'li' });
  await create('customer', { name: '华为', owner: 'wang' });
  await create('customer', { name: '重庆长安汽车', phone: '13812345678', owner: 'wang' });
  await create('contact', { name: '任正', customer: huawei, phone: '13800138000' });
}, 120_000);

const titles = async (text: string, ctx = engine.ctx(), on = door) =>
  (await on.search(ctx, text)).map((hit) => hit.title);

describe('search', () => {
  test.each([
    ['two characters', '华为', ['华为', '深圳华为技术有限公司']],
    ['one rare character', '庆', ['重庆长安汽车']],
    ['traditional characters and full width', '華為', ['华为', '深圳华为技术有限公司']],
    ['pinyin', 'changan', ['重庆长安汽车']],
    ['initials', 'cqca', ['重庆长安汽车']],
    ['the tail of a phone', '5678', ['重庆长安汽车']],
    ['the middle of a phone', '0013800', ['任正']],
    ['several words', '深圳 技术', ['深圳华为技术有限公司']],
    ['nothing there', '龘靐', []],
    ['nothing searchable', '（ ）', []],
  ])('finds %s', async (_what, text, expected) => {
    expect(await titles(text)).toEqual(expected);
  });

  test('puts the exact title first, then titles that begin so, then the newest', async () => {
    expect((await titles('深圳鑫达贸易有限公司0'))[0]).toBe('深圳鑫达贸易有限公司0');
    const hits = await titles('深圳');
    expect(hits).toHaveLength(20);
    expect(hits[0]).toBe('深圳华为技术有限公司');
    expect(hits).not.toContain('最早的深圳旧公司');
  });

  test('tells to whom a hit belongs', async () => {
    expect(await door.search(engine.ctx(), '任正')).toEqual([
      expect.objectContaining({ object: 'contact', title: '任正', detail: '深圳华为技术有限公司 · 13800138000' }),
    ]);
  });

  test('finds the same whatever is taken for common', async () => {
    const fresh = () => createDb(db.pool);
    const common = sql`insert into w_main.search_common select distinct unnest(grams), 0.5 from w_main.search_entry`;
    await refreshCommonGrams(db, 'main');
    const sampled = doorOver(fresh());
    await sampled.search(engine.ctx(), '甲');
    await db.query(sql`delete from w_main.search_common`);
    const none = doorOver(fresh());
    await none.search(engine.ctx(), '甲');
    await db.query(common);
    const all = doorOver(fresh());
    await all.search(engine.ctx(), '甲');
    await db.query(sql`delete from w_main.search_common`);
    // Fewer than a page: what is found does not depend on how far the newest were walked.
    const texts = [
      '最早',
      '华为',
      '旧公',
      'zzds',
      'cqca',
      '0808',
      '3999',
      '泰达贸易有限公司398',
      'shenzhenhuawei',
      '深圳 技术',
    ];
    for (const text of texts) {
      const expected = await door.search(engine.ctx(), text);
      expect(expected.length).toBeLessThan(20);
      for (const other of [sampled, none, all]) expect(await other.search(engine.ctx(), text)).toEqual(expected);
    }
  });
});

describe('search and access', () => {
  const access = (more: Partial<Access['objects'][string]>): Access => ({
    admin: false,
    objects: { customer: { rows: true, actions: ['read'], fields: { '*': 'read' }, ...more } },
  });
  const as = (more: Partial<Access['objects'][string]>): Ctx => engine.ctx('user:li', { access: access(more) });

  test('finds only records in scope, also those that are old among many', async () => {
    const own = as({ rows: { field: 'owner', op: 'eq', value: 'li' } });
    expect(await titles('华为', own)).toEqual(['深圳华为技术有限公司']);
    expect(await titles('最早', own)).toEqual(['最早的深圳旧公司']);
    expect(await titles('重庆', own)).toEqual([]);
  });

  test('does not match digits of a masked phone, by search or in a list', async () => {
    const masked = as({ fields: { '*': 'read', phone: 'masked' } });
    expect(await titles('5678', masked)).toEqual([]);
    expect(await titles('长安', masked)).toEqual(['重庆长安汽车']);
    const list = await door.list(masked, { object: 'customer', search: '12345678' });
    expect(list.rows).toEqual([]);
  });

  test('does not search objects whose titles are not readable in plain', async () => {
    const hidden = as({ fields: { '*': 'read', name: 'masked' } });
    expect(await titles('华为', hidden)).toEqual([]);
    await expect(door.list(hidden, { object: 'customer', search: '华为' })).rejects.toMatchObject({ status: 422 });
    const none = engine.ctx('user:li', { access: { admin: false, objects: {} } });
    expect(await titles('华为', none)).toEqual([]);
  });
});

describe('a text over a list', () => {
  test('combines with filter, sort and count, and pages through', async () => {
    const arbitrary = fc.constantFrom('深圳', '达贸', 'sz', '1390000', '华为', '有限公司', '39', '龘');
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.boolean(), fc.constantFrom('name', 'phone', null), async (search, mine, field) => {
        const query = {
          object: 'customer',
          search,
          ...(mine && { filter: { field: 'owner', op: 'eq' as const, value: 'li' } }),
          ...(field && { sort: [{ field, dir: 'asc' as const }] }),
        };
        const found: string[] = [];
        for await (const rows of door.stream(engine.ctx(), query)) found.push(...rows.map((row) => row.id));
        expect(new Set(found).size).toBe(found.length);
        const { count } = await door.list(engine.ctx(), { ...query, count: 'exact' });
        expect(count?.value).toBe(found.length);
        const all: string[] = [];
        const like = search === 'sz' ? null : search;
        for await (const rows of door.stream(engine.ctx(), { ...query, search: '' }))
          for (const row of rows)
            if (
              like &&
              (String(row.values.name).includes(like) || (like.length > 2 && String(row.values.phone).includes(like)))
            )
              all.push(row.id);
        if (like) expect(found.sort()).toEqual(all.sort());
        else expect(found.length).toBeGreaterThan(0);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
