import sql from 'sql-template-tag';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { MatchRule } from '../../../domain/schema/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { duplicatesRoutes } from './duplicates-routes.ts';
import { followChanges } from './follow-changes.ts';
import { scanObject } from './scan-object.ts';
import { caughtUp } from './testing.ts';

let db: Db;
let engine: Engine;
let as: As;
let wechat: FieldMode = 'edit';

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  duplicatesRoutes(app, { ...engine, ctxOf: () => ctx(), scanNow: async () => true });
});

beforeAll(async () => {
  as = await server.account('admin');
});
beforeEach(async () => {
  wechat = 'edit';
  await rules('customer', []);
  await rules('contact', []);
});

async function ctx(): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  if (access.objects.customer) Object.assign(access.objects.customer, { fields: { '*': 'edit', wechat } });
  return { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh' };
}

async function rules(object: string, list: MatchRule[], status = 200) {
  const reply = await as({ method: 'PUT', url: `/api/v1/duplicates/rules/${object}`, payload: { rules: list } });
  expect([reply.statusCode, reply.body]).toEqual([status, reply.body]);
  return reply.json();
}
async function write(changes: Change[], options = {}) {
  return (await engine.write.write(await ctx(), changes, options)).outcomes;
}
const create = (set: Record<string, unknown>, object = 'customer'): Change => ({ op: 'create', object, set });
async function created(...sets: Record<string, unknown>[]): Promise<string[]> {
  const outcomes = await write(sets.map((set) => create(set)));
  expect(outcomes.map(({ status }) => status)).toEqual(sets.map(() => 'applied'));
  return outcomes.map(({ id }) => id);
}
const codes = (outcomes: { issues?: { code: string }[] }[]) =>
  outcomes.flatMap(({ issues = [] }) => issues.map(({ code }) => code));

async function follow(): Promise<void> {
  await caughtUp(db, 'duplicates', async () => {
    while (await followChanges({ ...engine, scanSoon: async () => {}, now: () => new Date() }, 'main'));
  });
}
const scan = () =>
  scanObject(
    { ...engine, accessFor: (catalog) => accessFor('admin', catalog), now: () => new Date() },
    'main',
    'customer',
  );
const open = async (id: string) =>
  (
    await db.query<{ other: string }>(
      sql`select case when a = ${id}::uuid then b else a end as other from w_main.duplicate_pair where ${id}::uuid in (a, b) and state = 'open'`,
    )
  ).map(({ other }) => other);
async function hint(object: string, values: Record<string, unknown>) {
  const reply = await as({ method: 'POST', url: '/api/v1/duplicates/hint', payload: { object, values } });
  expect([reply.statusCode, reply.body]).toEqual([200, reply.body]);
  return (reply.json() as { matches: { object: string; id: string; rule: unknown }[] }).matches;
}

const same = (field: string): MatchRule['any'][number][number] => ({ field, how: 'same' });
const SAME_WECHAT: MatchRule = { id: 'r1', name: '微信相同', any: [[same('wechat')]], effect: 'show' };
const ONE_MOBILE: MatchRule = { id: 'r2', name: '手机只登记一次', any: [[same('mobile')]], effect: 'refuse' };

describe('rules that show', () => {
  it('bring up what the data would not, while typing and in the queue, with the rule as reason', async () => {
    await rules('customer', [SAME_WECHAT]);
    const [a = '', b = '', c = ''] = await created(
      { name: '青岛海天食品有限公司', wechat: 'haitian-01' },
      { name: '宁波东方轴承厂', wechat: 'haitian-01' },
      { name: '西安古都旅行社', wechat: 'gudu' },
    );
    await follow();
    expect(await open(a)).toEqual([b]);
    expect(await open(c)).toEqual([]);
    const reply = await as({ method: 'GET', url: '/api/v1/duplicates?object=customer&limit=50' });
    expect(reply.body).toContain('符合查重规则“微信相同”');
    expect(await hint('customer', { wechat: 'gudu' })).toMatchObject([
      { id: c, rule: { name: '微信相同', refuses: false } },
    ]);
    // Who can't read the field learns nothing through it.
    wechat = 'hidden';
    expect(await hint('customer', { wechat: 'gudu' })).toEqual([]);
  });

  it('hold for what was there before, after a scan; taken away, the pairs go', async () => {
    const [a = '', b = ''] = await created(
      { name: '无锡太湖水产有限公司', wechat: 'taihu' },
      { name: '常州恐龙园', wechat: 'taihu' },
    );
    await follow();
    expect(await open(a)).toEqual([]);
    await rules('customer', [SAME_WECHAT]);
    await scan();
    expect(await open(a)).toEqual([b]);
    // The scan has made their keys anew, so that what comes later finds them.
    expect((await hint('customer', { wechat: 'taihu' })).map(({ id }) => id).sort()).toEqual([a, b].sort());
    await rules('customer', []);
    await scan();
    expect(await open(a)).toEqual([]);
  });

  it('that say never keep a pair out, however alike', async () => {
    const never: MatchRule = { id: 'r3', name: '同名分店', any: [[same('name'), same('wechat')]], effect: 'never' };
    const twins = () =>
      created(
        { name: '苏州得月楼餐饮有限公司', mobile: '13877770001', wechat: 'deyuelou' },
        { name: '苏州得月楼餐饮有限公司', mobile: '13877770001', wechat: 'deyuelou' },
      );
    const [a = ''] = await twins();
    await follow();
    expect(await open(a)).not.toEqual([]);
    // Found by what was learned and by rules at once, it is one pair.
    await rules('customer', [SAME_WECHAT, { ...SAME_WECHAT, id: 'r4', any: [[same('mobile')], [same('name')]] }]);
    await scan();
    expect(await open(a)).toHaveLength(1);
    await rules('customer', [never]);
    await scan();
    expect(await open(a)).toEqual([]);
    const [c = ''] = await twins();
    await follow();
    expect(await open(c)).toEqual([]);
  });

  it('can be tried before they are kept', async () => {
    await created({ name: '大连星海造船厂', wechat: 'xinghai' }, { name: '沈阳故宫文创', wechat: 'xinghai' });
    const reply = await as({
      method: 'POST',
      url: '/api/v1/duplicates/rules/customer/try',
      payload: { rule: SAME_WECHAT },
    });
    expect(reply.statusCode).toBe(200);
    const tried = reply.json() as { found: number; samples: { one: { title: string } }[] };
    expect(tried.found).toBeGreaterThanOrEqual(2);
    expect(tried.samples.map(({ one }) => one.title)).toContain('大连星海造船厂');
    const like = { ...SAME_WECHAT, any: [[{ field: 'name', how: 'like' }]] };
    const alike = await as({ method: 'POST', url: '/api/v1/duplicates/rules/customer/try', payload: { rule: like } });
    expect(alike.statusCode).toBe(200);
  });
});

describe('rules that forbid', () => {
  it('refuse a second record with the same values, created, changed or restored; say which rule', async () => {
    await rules('customer', [ONE_MOBILE]);
    const [a = '', b = ''] = await created(
      { name: '合肥科大创新', mobile: '13866660001' },
      { name: '芜湖长江物流', mobile: '13866660002' },
    );
    const [again] = await write([create({ name: '另一家', mobile: '138 6666 0001' })], { atomic: false });
    expect(again).toMatchObject({ status: 'rejected', issues: [{ code: 'duplicate-refused', field: 'mobile' }] });
    expect(codes(await write([{ op: 'update', object: 'customer', id: b, set: { mobile: '13866660001' } }]))).toEqual([
      'duplicate-refused',
    ]);
    // Itself is not its own double, and an edit of something else goes through.
    expect(
      codes(
        await write([
          { op: 'update', object: 'customer', id: a, set: { name: '合肥科大智创', mobile: '13866660001' } },
        ]),
      ),
    ).toEqual([]);
    await write([{ op: 'delete', object: 'customer', id: a }]);
    await created({ name: '新来的', mobile: '13866660001' });
    expect(codes(await write([{ op: 'restore', object: 'customer', id: a }]))).toEqual(['duplicate-refused']);
  });

  it('hold within a batch and in a race; what is double already is left alone', async () => {
    const [old = ''] = await created(
      { name: '旧的一家', mobile: '13855550001' },
      { name: '旧的两家', mobile: '13855550001' },
    );
    await rules('customer', [ONE_MOBILE]);
    expect(
      codes(
        await write([{ op: 'update', object: 'customer', id: old, set: { name: '旧的改名', mobile: '13855550001' } }]),
      ),
    ).toEqual([]);
    const batch = await write(
      [create({ name: '一', mobile: '13855550002' }), create({ name: '二', mobile: '13855550002' })],
      { atomic: false },
    );
    expect(batch.map(({ status }) => status)).toEqual(['applied', 'rejected']);
    const race = await Promise.all(
      Array.from({ length: 6 }, (_, n) => write([create({ name: `抢先${n}`, mobile: '13855550003' })])),
    );
    expect(race.flat().filter(({ status }) => status === 'applied')).toHaveLength(1);
  });

  it('compare two columns both ways, and need all of a group', async () => {
    await rules('customer', [
      { id: 'r1', name: '手机或电话', any: [[{ field: 'mobile', with: 'phone', how: 'same' }]], effect: 'refuse' },
      { id: 'r2', name: '名称加微信', any: [[same('short_name'), same('wechat')]], effect: 'refuse' },
    ]);
    await created({ name: '甲', mobile: '13844440001', short_name: '甲公司', wechat: 'jia' });
    expect(codes(await write([create({ name: '乙', phone: '13844440001' })]))).toEqual(['duplicate-refused']);
    await created({ name: '丙', short_name: '甲公司', wechat: 'bing' }, { name: '丁', short_name: '甲公司' });
    expect(codes(await write([create({ name: '戊', short_name: '甲公司', wechat: 'jia' })]))).toEqual([
      'duplicate-refused',
    ]);
  });

  it('reach across objects, but not to what a record belongs to', async () => {
    await rules('contact', [
      { id: 'r1', name: '已是客户', other: 'customer', any: [[same('mobile')]], effect: 'refuse' },
    ]);
    const [own = '', stranger = ''] = await created(
      { name: '长沙橘子洲文旅', mobile: '13833330001' },
      { name: '株洲电力机车厂' },
    );
    const contact = (customer: string) => create({ name: '刘湘', customer, mobile: '13833330001' }, 'contact');
    expect(codes(await write([contact(stranger)]))).toEqual(['duplicate-refused']);
    expect(codes(await write([contact(own)]))).toEqual([]);
    await scan();
    expect(await hint('contact', { name: '别人', mobile: '13833330001' })).toMatchObject([
      { object: 'customer', id: own, rule: { name: '已是客户', refuses: true } },
    ]);
  });

  it('can’t be kept when they can’t be followed', async () => {
    const like: MatchRule = { ...ONE_MOBILE, any: [[{ field: 'mobile', how: 'like' }]] };
    const { issues } = (await rules('customer', [like], 422)) as { issues: { message: string }[] };
    expect(issues[0]?.message).toContain('手机只登记一次');
    await rules('customer', [{ ...ONE_MOBILE, any: [[same('gone')]] }], 422);
    await rules('customer', [ONE_MOBILE, ONE_MOBILE], 400);
    expect((await engine.catalog.get('main')).objects.find(({ name }) => name === 'customer')?.matchRules).toEqual([]);
  });
});

it('keeps a field that a rule compares from being encrypted, and says which rule', async () => {
  const editor = engine.editor;
  const rule = (off: boolean): MatchRule => ({
    ...{ id: 'e1', name: '微信相同', effect: 'refuse', off },
    any: [[same('wechat')]],
  });
  await rules('customer', [rule(false)]);
  await expect(editor.updateField('main', 'customer', 'wechat', { encrypted: true })).rejects.toMatchObject({
    code: 'encrypt-rule',
    params: { rule: '微信相同' },
  });
  // From the other side too: contacts compared with customers.
  await rules('customer', []);
  await rules('contact', [
    { ...rule(false), other: 'customer', effect: 'show', any: [[{ ...same('wechat'), with: 'wechat' }]] },
  ]);
  await expect(editor.updateField('main', 'customer', 'wechat', { encrypted: true })).rejects.toMatchObject({
    code: 'encrypt-rule',
  });
  await rules('contact', []);
  await rules('customer', [rule(true)]);
  expect(await editor.updateField('main', 'customer', 'wechat', { encrypted: true })).toMatchObject({ moving: 'in' });
});
