import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { mergeRecords } from './merge-records.ts';
import { planUnmerge } from './plan-unmerge.ts';
import { pointersTo } from './references.ts';
import { unmergeRecords } from './unmerge-records.ts';

/** Histories against the database; the 10,000 of the pure part are in src/domain/merge. */
const RUNS = Number(process.env.MERGE_DATABASE_HISTORIES ?? 12);

let engine: Engine;
beforeAll(async () => {
  const { db } = await testDatabase();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
});

async function ctx(): Promise<Ctx> {
  const access = accessFor('admin', await engine.catalog.get('main'));
  return { workspace: 'main', actor: 'user:li', source: 'page', access, at: new Date(), lang: 'zh', reason: '试' };
}

async function create(object: string, set: Record<string, unknown>): Promise<string> {
  const { outcomes } = await engine.write.write(await ctx(), [{ op: 'create', object, set }]);
  expect(outcomes[0]?.issues?.filter(({ level }) => level !== 'warning')).toBeUndefined();
  return outcomes[0]?.id ?? '';
}
async function edit(object: string, id: string, set: Record<string, unknown>): Promise<void> {
  const { outcomes } = await engine.write.write(await ctx(), [{ op: 'update', object, id, set }]);
  expect(['applied', 'unchanged']).toContain(outcomes[0]?.status);
}
const read = async (object: string, id: string) => (await engine.read.get(await ctx(), object, id)).values;

/** What others point to: an object that comes in with the template is tried by being there. */
const TARGETS = [
  'asset',
  'contact',
  'contract',
  'customer',
  'opportunity',
  'product',
  'quote',
  'sales_order',
  'ticket',
];

describe('every relation of every object', () => {
  it('moves with a merge and comes back with its taking back', async () => {
    const catalog = await engine.catalog.get('main');
    const targets = catalog.objects.filter(({ name }) => pointersTo(catalog, name).length > 0);
    expect(targets.map(({ name }) => name).sort()).toEqual(TARGETS);
    for (const target of targets) {
      const [winner, loser] = [await make(target), await make(target)];
      const children: { object: string; id: string; field: string }[] = [];
      for (const { object, field } of pointersTo(catalog, target.name))
        children.push({ object: object.name, id: await make(object, { [field.name]: loser }), field: field.name });
      const where = () => Promise.all(children.map(async ({ object, id, field }) => (await read(object, id))[field]));
      const before = await Promise.all(children.map(({ object, id }) => read(object, id)));
      const { merge, moved } = await mergeRecords(engine, await ctx(), {
        object: target.name,
        records: [winner, loser],
        winner,
      });
      expect([target.name, moved]).toEqual([target.name, children.length]);
      expect(await where()).toEqual(children.map(() => winner));
      const taken = await unmergeRecords(engine, await ctx(), merge, {});
      expect(taken).toMatchObject({ back: children.length, left: 0, restored: [loser] });
      expect(await Promise.all(children.map(({ object, id }) => read(object, id)))).toEqual(before);
    }
  });
});

/** A record with what it must have; relations to fresh records of their own. */
async function make(object: ObjectDef, given: Record<string, unknown> = {}): Promise<string> {
  const catalog = await engine.catalog.get('main');
  const set: Record<string, unknown> = { ...given };
  for (const field of object.fields.filter((one) => one.required && !(one.name in given))) {
    const target = catalog.objects.find(({ name }) => name === field.target);
    set[field.name] = target ? await make(target) : sampleOf(field);
  }
  return create(object.name, set);
}

let serial = 0;
function sampleOf(field: FieldDef): unknown {
  if (field.type === 'datetime') return '2026-01-01T08:00:00Z';
  if (field.type === 'date') return '2026-01-01';
  if (field.type === 'number' || field.type === 'money') return ++serial;
  return field.options?.[0]?.value ?? `样本${++serial}`;
}

/** Fields of several rules, and values for them. */
const VALUES: Record<string, (string | null)[]> = {
  name: ['甲公司', '甲有限公司', '乙公司'],
  mobile: ['13800138001', '13800138002', '13800138003', null],
  email: ['a@x.cn', 'b@x.cn', 'c@x.cn', null],
  remark: ['短', '长一些的备注', null],
  wechat: ['wx-one', 'wx-two', 'wx-three', null],
};
const NAMES = Object.keys(VALUES);
const record = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, fc.constantFrom<FieldValue>(...(VALUES[name] ?? []))])),
);
const edits = fc.array(
  fc.constantFrom(...NAMES).chain((field) =>
    fc.record({
      field: fc.constant(field),
      value: fc.constantFrom<FieldValue>(...(VALUES[field] ?? [])),
      second: fc.boolean(),
    }),
  ),
  { maxLength: 6 },
);

describe('merge, edits, un-merge', () => {
  it('leaves both records as two that were never merged and had the same edits', async () => {
    await fc.assert(
      fc.asyncProperty(record, record, edits, async (a, b, list) => {
        const [winner, loser, twinA, twinB] = [
          await create('customer', a),
          await create('customer', b),
          await create('customer', a),
          await create('customer', b),
        ];
        const { merge } = await mergeRecords(engine, await ctx(), {
          object: 'customer',
          records: [winner, loser],
          winner,
        });
        const merged = await read('customer', winner);
        const subject = new Map<string, string>();
        for (const { field, value, second } of list) {
          const holders = [winner, loser].filter((id) => (id === winner ? a : b)[field] === merged[field]);
          const about = subject.get(field) ?? (holders.length === 1 ? holders[0] : second ? loser : winner) ?? winner;
          subject.set(field, about);
          await edit('customer', winner, { [field]: value });
          await edit('customer', about === winner ? twinA : twinB, { [field]: value });
        }
        const now = await read('customer', winner);
        const { parted } = await planUnmerge(engine, await ctx(), merge);
        const answers = Object.fromEntries(parted.questions.map(({ field }) => [field, subject.get(field) ?? winner]));
        await unmergeRecords(engine, await ctx(), merge, { answers });
        for (const [id, twin, own] of [
          [winner, twinA, a],
          [loser, twinB, b],
        ] as const) {
          const [found, expected] = [await read('customer', id), await read('customer', twin)];
          // Put back as it was after the merge: as if never edited.
          for (const name of NAMES) if (now[name] === merged[name]) expected[name] = own[name] ?? null;
          expect({ ...found, number: null }).toEqual({ ...expected, number: null });
        }
      }),
      { numRuns: RUNS },
    );
  });
});
