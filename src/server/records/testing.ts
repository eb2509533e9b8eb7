import { v7 as uuidv7 } from 'uuid';
import type { Access } from '../../domain/access/types.ts';
import type { ParseEnv } from '../../domain/fields/types.ts';
import { EVIDENCE } from '../../domain/freshness/cell.ts';
import { defaultPlan } from '../../domain/freshness/plan.ts';
import type { Db } from '../platform/postgres/db.ts';
import { migrateWorkspace } from '../platform/postgres/migrate.ts';
import { createCatalogEditor, type ObjectInput } from './catalog/define.ts';
import { createCatalogStore } from './catalog/store.ts';
import type { Ctx } from './types.ts';
import { createWriteDoor } from './write/door.ts';
import type { Guard } from './write/guard.ts';
import type { Committed, SearchIndexer } from './write/types.ts';

/** Everything allowed on these objects. */
export function fullAccess(...objects: string[]): Access {
  return {
    admin: true,
    objects: Object.fromEntries(
      objects.map((name) => [
        name,
        {
          rows: true as const,
          actions: [
            'read',
            'create',
            'update',
            'delete',
            'restore',
            'export',
            'import',
            'merge',
            'verify',
            'undo',
          ] as const,
          fields: { '*': 'edit' as const },
        },
      ]),
    ) as unknown as Access['objects'],
  };
}

/** A small world of two related objects for tests of the engine: customers and their contacts. */
export const CUSTOMER: ObjectInput = {
  name: 'customer',
  label: { zh: '客户', en: 'Customer' },
  plural: { zh: '客户', en: 'Customers' },
  title: 'name',
  owner: 'owner',
  fields: [
    {
      name: 'number',
      label: { zh: '客户编号', en: 'No.' },
      type: 'autonumber',
      numbering: 'CUST{yyyymmdd}-{serial:4}',
      unique: true,
      readonly: true,
    },
    {
      name: 'name',
      label: { zh: '客户名称', en: 'Name' },
      type: 'text',
      required: true,
      search: 'name',
      tracked: true,
      priority: 'middle',
    },
    {
      name: 'phone',
      label: { zh: '电话', en: 'Phone' },
      type: 'phone',
      search: 'phone',
      tracked: true,
      priority: 'high',
    },
    {
      name: 'level',
      label: { zh: '等级', en: 'Tier' },
      type: 'select',
      options: ['A', 'B', 'C'].map((value) => ({ value, label: { zh: value, en: value } })),
    },
    { name: 'amount', label: { zh: '合作金额', en: 'Amount' }, type: 'money', protected: true },
    { name: 'tags', label: { zh: '标签', en: 'Tags' }, type: 'tags', open: true },
    { name: 'signed_on', label: { zh: '签约日期', en: 'Signed on' }, type: 'date' },
    { name: 'uscc_like', label: { zh: '代码', en: 'Code' }, type: 'text', unique: true },
    { name: 'owner', label: { zh: '负责人', en: 'Owner' }, type: 'user' },
  ],
};

export const CONTACT: ObjectInput = {
  name: 'contact',
  label: { zh: '联系人', en: 'Contact' },
  plural: { zh: '联系人', en: 'Contacts' },
  title: 'name',
  parent: 'customer',
  fields: [
    { name: 'name', label: { zh: '姓名', en: 'Name' }, type: 'text', required: true, search: 'name' },
    { name: 'customer', label: { zh: '客户', en: 'Customer' }, type: 'relation', target: 'customer' },
    {
      name: 'phone',
      label: { zh: '手机', en: 'Mobile' },
      type: 'phone',
      search: 'phone',
      tracked: true,
      priority: 'high',
    },
  ],
};

export const NO_TREES: ParseEnv['trees'] = {};

const noSearch: SearchIndexer = { fields: () => new Set(), entry: () => null };

const TRUSTING: Guard = { ready: async () => undefined, judge: () => null, hold: async () => undefined };

/** An engine over a fresh workspace with the two objects, for tests. */
export async function testEngine(db: Db, options: { indexer?: SearchIndexer; guard?: Guard } = {}) {
  const workspace = 'main';
  await migrateWorkspace(db, `w_${workspace}`);
  const catalog = createCatalogStore(db);
  const editor = createCatalogEditor(db, catalog);
  await editor.createObject(workspace, CUSTOMER, [['name'], ['level', 'name']]);
  await editor.createObject(workspace, CONTACT);
  const facts: Committed[] = [];
  const door = createWriteDoor({
    db,
    catalog,
    plans: {
      of: (_workspace, object) => ({ plan: defaultPlan(object.fields, 1), segment: () => 0 }),
      evidenceKind: (_workspace, kind) => EVIDENCE.find((row) => row.kind === kind),
    },
    indexer: options.indexer ?? noSearch,
    scope: () => null,
    reach: () => null,
    env: (ctx) => ({ now: ctx.at, timeZone: 'Asia/Shanghai', trees: NO_TREES }),
    guard: options.guard ?? TRUSTING,
    committed: (fact) => facts.push(fact),
  });
  const ctx = (actor = 'user:wang', more: Partial<Ctx> = {}): Ctx => ({
    workspace,
    actor,
    source: 'page',
    access: fullAccess('customer', 'contact'),
    at: new Date(),
    lang: 'zh',
    ...more,
  });
  return { workspace, catalog, editor, door, ctx, facts, newId: uuidv7 };
}
