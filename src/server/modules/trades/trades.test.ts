import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { TradeShown, TradeTemplate } from '../../../contract/trades.ts';
import { createEngine, type Engine } from '../../engine.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { root } from '../../platform/root.ts';
import { accessFor } from '../access/index.ts';
import { catalogRoutes } from '../catalog/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { tradeRoutes } from './index.ts';

let db: Db;
let engine: Engine;
let as: As;
let filled = 0;

const server = await testServer(async (app, on) => {
  db = on;
  engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const ctxOf = async () => ({
    ...{ workspace: 'main', actor: 'user:li', source: 'page' as const, at: new Date(), lang: 'zh' as const },
    access: accessFor('admin', await engine.catalog.get('main')),
  });
  const fillSoon = async () => void filled++;
  tradeRoutes(app, { ...engine, ctxOf, fillSoon });
  catalogRoutes(app, { ...engine, ctxOf, fillSoon, encryptSoon: async () => undefined });
});
beforeAll(async () => {
  as = await server.account('admin');
});

const folder = join(root, 'templates', 'trades');
const FILES = readdirSync(folder);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const read = (file: string) => JSON.parse(textOf(file)) as TradeTemplate;
async function ask<T>(
  method: 'GET' | 'POST' | 'DELETE' | 'PATCH',
  url: string,
  payload?: object,
  status = 200,
): Promise<T> {
  const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
  expect([reply.statusCode, reply.body]).toEqual([status, reply.body]);
  return reply.json() as T;
}
const install = (body: object, status?: number) => ask<TradeShown>('POST', '/trade-templates', body, status);
const fieldsOf = async (object: string) =>
  (await engine.catalog.get('main')).objects
    .find(({ name }) => name === object)
    ?.fields.filter(({ retired }) => !retired) ?? [];

describe('a trade template', () => {
  it.each(FILES)('%s is installed from its file and exported again, byte for byte', async (file) => {
    const template = read(file);
    const look = await ask<TradeShown>('POST', '/trade-templates/look', template);
    expect(look.installed).toBeNull();
    expect(look.adds.every(({ kept }) => kept.length === 0)).toBe(true);
    await install({ file: template });
    const again = await ask<TradeTemplate>('GET', `/trade-templates/${template.name}/file`);
    expect(`${JSON.stringify(again, null, 2)}\n`).toBe(textOf(file));
    for (const { name, fields } of template.objects) {
      const names = (await fieldsOf(name)).map((field) => field.name);
      expect(names).toEqual(expect.arrayContaining(fields.map((field) => field.name)));
    }
  });

  it('lets records be written with its fields and found by its views', async () => {
    const ctx = {
      ...{
        workspace: 'main',
        actor: 'user:li',
        source: 'page' as const,
        at: new Date('2026-11-22T02:00:00Z'),
        lang: 'zh' as const,
      },
      access: accessFor('admin', await engine.catalog.get('main')),
    };
    const customer = {
      op: 'create' as const,
      object: 'customer',
      set: { name: '青禾装备', production_lines: 4, tech_stack: ['Java'] },
    };
    const [made] = (await engine.write.write(ctx, [customer])).outcomes;
    const set = { name: 'U9 ERP', customer: made?.id, kind: 'erp', license_until: '2026-12-20', state: 'in_use' };
    const [system] = (await engine.write.write(ctx, [{ op: 'create', object: 'it_system', set }])).outcomes;
    expect(system).toMatchObject({ status: 'applied' });
    const views = await db.query<{ definition: { filter?: never } }>(
      sql`select definition from w_main.view_def where object = 'it_system' and name = '90 天内到期'`,
    );
    const { rows } = await engine.read.list(ctx, {
      object: 'it_system',
      filter: views[0]?.definition.filter ?? { all: [] },
    });
    expect(rows.map(({ id }) => id)).toEqual([system?.id]);
  });

  it('says before anything is changed what can’t go together', async () => {
    const before = await engine.catalog.get('main');
    const one = (object: object): object => ({
      ...{ format: 1, name: 'mine', version: 1, label: { zh: '我的', en: 'Mine' }, description: { zh: '—', en: '—' } },
      objects: [object],
    });
    const label = { zh: '甲', en: 'A' };
    const text = { name: 'a_field', label, type: 'text' };
    const refused = async (object: object, code: string, status: number) =>
      expect(await install({ file: one(object) }, status)).toMatchObject({ code });
    await refused({ name: 'nowhere', fields: [text] }, 'trade-object', 422);
    await refused({ name: 'customer', fields: [text, { name: 'level', label, type: 'text' }] }, 'trade-type', 409);
    await refused(
      { name: 'customer', fields: [text, { ...text, name: 'b', type: 'relation', target: 'moon' }] },
      'trade-target',
      422,
    );
    await refused({ name: 'customer', fields: [{ ...text, colour: 'red' }] }, 'invalid-input', 422);
    expect((await engine.catalog.get('main')).version).toBe(before.version);
  });

  it('can be installed twice, keeps what the firm changed, and shows it in its file', async () => {
    await ask('PATCH', '/objects/shop/fields/hours', { label: { zh: '开门时间', en: 'Open' } });
    await ask('POST', '/objects/shop/fields', {
      name: 'parking',
      label: { zh: '停车位', en: 'Parking' },
      type: 'number',
    });
    await install({ name: 'retail' });
    const file = await ask<TradeTemplate>('GET', '/trade-templates/retail/file');
    const shop = file.objects.find(({ name }) => name === 'shop');
    expect(shop?.fields.find(({ name }) => name === 'hours')?.label.zh).toBe('开门时间');
    expect(shop?.fields.map(({ name }) => name)).toContain('parking');
    const [views] = await db.query(sql`select count(*)::int as n from w_main.view_def where object = 'shop'`);
    expect(views).toEqual({ n: 1 });
  });

  it('is taken away without losing a value, and comes back', async () => {
    const count = async () => (await fieldsOf('customer')).length;
    const before = await count();
    await ask('DELETE', '/trade-templates/it_solutions');
    expect(before - (await count())).toBe(7);
    const { objects } = await engine.catalog.get('main');
    expect(objects.find(({ name }) => name === 'it_system')?.retired).toBe(true);
    expect(await ask('GET', '/trade-templates/it_solutions/file', undefined, 404)).toMatchObject({
      code: 'trade-unknown',
    });
    await install({ name: 'it_solutions' });
    expect(await count()).toBe(before);
    const [row] = await db.query(sql`select production_lines, tech_stack from w_main.customer where name = '青禾装备'`);
    expect(row).toMatchObject({ tech_stack: ['Java'] });
    const { templates } = await ask<{ templates: TradeShown[] }>('GET', '/trade-templates');
    expect(templates.map(({ name, installed }) => [name, installed?.version])).toEqual([
      ['it_solutions', 1],
      ['manufacturing', 1],
      ['retail', 1],
    ]);
  });

  it('may add figures over its own objects', async () => {
    const label = { zh: '总分', en: 'Points' };
    await install({
      file: {
        ...{ format: 1, name: 'points', version: 1, label, description: label },
        objects: [
          {
            name: 'shop',
            fields: [
              {
                name: 'points',
                label,
                type: 'number',
                rollup: { of: 'membership', via: 'shop', fn: 'sum', field: 'points' },
              },
            ],
          },
        ],
      },
    });
    expect((await fieldsOf('shop')).find(({ name }) => name === 'points')).toMatchObject({ readonly: true });
    expect(filled).toBe(1);
    await ask('DELETE', '/trade-templates/points');
  });
});
