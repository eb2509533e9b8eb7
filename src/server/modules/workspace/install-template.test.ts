import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import { bringTemplate, type InstallableTemplate } from './install-template.ts';
import { createWorkspace } from './workspace.ts';

const crm = (): InstallableTemplate =>
  JSON.parse(readFileSync(join(root, 'templates', 'crm.json'), 'utf8')) as InstallableTemplate;

/** The template as it was before stages: fewer objects and fields, none of the later settings. */
function first(): InstallableTemplate {
  const whole = crm();
  const later = ['lead', 'quote', 'quote_line', 'payment', 'delivery', 'ticket', 'asset', 'maintenance', 'task'];
  const objects = whole.objects
    .filter(({ name }) => !later.includes(name))
    .map((object) => ({
      ...object,
      views: (object.views ?? []).filter(({ since }) => since === undefined),
      fields: object.fields
        .filter(({ name }) => !(object.name === 'opportunity' && name === 'lost_reason'))
        .map(({ stage: _stage, occasion: _occasion, chain: _chain, ...field }) => ({
          ...field,
          ...(field.options && { options: field.options.map(({ stage: _, ...option }) => option) }),
        })),
    }));
  return { ...whole, version: 1, objects };
}

let db: Db;
let engine: Engine;

beforeAll(async () => {
  db = await testDb();
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await bringTemplate(engine, 'main', first());
});

const objectOf = async (name: string) => {
  const { objects } = await engine.catalog.get('main');
  return objects.find((object) => object.name === name);
};
const fieldOf = async (object: string, name: string) =>
  (await objectOf(object))?.fields.find((field) => field.name === name);
const views = async (object: string) =>
  (
    await db.query<{ name: string }>(sql`select name from w_main.view_def where object = ${object} order by position`)
  ).map(({ name }) => name);

describe('a workspace from before', () => {
  beforeAll(async () => {
    // What the firm made of it.
    await engine.editor.updateField('main', 'opportunity', 'stage', {
      label: { zh: '进展', en: 'Progress' },
      options: [
        { value: 'lead', label: { zh: '摸底', en: 'Scouting' } },
        { value: 'trial', label: { zh: '试用', en: 'Trial' } },
        { value: 'won', label: { zh: '签约', en: 'Won' } },
      ],
    });
    await engine.editor.updateField('main', 'contact', 'birthday', { retired: true });
    await engine.editor.createObject('main', {
      ...{ name: 'asset', label: { zh: '固定资产', en: 'Own assets' }, plural: { zh: '固定资产', en: 'Own assets' } },
      title: 'name',
      fields: [{ name: 'name', label: { zh: '名称', en: 'Name' }, type: 'text' }],
    });
    await db.query(sql`delete from w_main.view_def where object = 'contract' and name = '全部合同'`);
    await bringTemplate(engine, 'main', crm());
  });

  test('gets what it lacks', async () => {
    expect((await objectOf('ticket'))?.builtin).toBe(true);
    expect(await views('ticket')).toContain('看板');
    expect(await fieldOf('opportunity', 'lost_reason')).toMatchObject({ builtin: true });
    expect(await fieldOf('customer', 'expires_on')).toMatchObject({ occasion: 'once' });
    expect(await fieldOf('contact', 'decision_role')).toMatchObject({ chain: true });
    expect(await views('opportunity')).toContain('看板');
    // Columns are there, not only their names.
    await db.query(sql`select lost_reason from w_main.opportunity`);
  });

  test('keeps what the firm changed', async () => {
    const stage = await fieldOf('opportunity', 'stage');
    expect(stage).toMatchObject({ label: { zh: '进展' }, stage: true });
    expect(stage?.options).toEqual([
      { value: 'lead', label: { zh: '摸底', en: 'Scouting' }, stage: { kind: 'open', probability: 0.1 } },
      { value: 'trial', label: { zh: '试用', en: 'Trial' } },
      { value: 'won', label: { zh: '签约', en: 'Won' }, stage: { kind: 'won', probability: 1 } },
    ]);
    expect(await fieldOf('contact', 'birthday')).toMatchObject({ retired: true });
    expect((await objectOf('asset'))?.fields.map(({ name }) => name)).toEqual(['name']);
    expect(await views('contract')).not.toContain('全部合同');
  });

  test('gets it once: what is taken away afterwards stays away', async () => {
    await engine.editor.updateField('main', 'opportunity', 'stage', { stage: null });
    await db.query(sql`delete from w_main.view_def where object = 'opportunity' and name = '看板'`);
    const before = await engine.catalog.get('main');
    await Promise.all([bringTemplate(engine, 'main', crm()), bringTemplate(engine, 'main', crm())]);
    engine.catalog.invalidate('main');
    expect(await engine.catalog.get('main')).toEqual(before);
    expect(await views('opportunity')).not.toContain('看板');
  });
});

test('a new workspace has it all from the start, each view once', async () => {
  await createWorkspace(db, { id: 'fresh', name: '新', settings: {} });
  await bringTemplate(engine, 'fresh', crm());
  await bringTemplate(engine, 'fresh', crm());
  const rows = await db.query<{ object: string; name: string; n: number }>(
    sql`select object, name, count(*)::int as n from w_fresh.view_def group by 1, 2`,
  );
  expect(rows.filter(({ n }) => n > 1)).toEqual([]);
  expect(rows.length).toBe(crm().objects.reduce((sum, { views: all = [] }) => sum + all.length, 0));
});
