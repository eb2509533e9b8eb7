import { randomUUID } from 'node:crypto';
import sql, { join } from 'sql-template-tag';
import type { Access } from '../../../domain/access/types.ts';
import type { Tree, TreeNode } from '../../../domain/fields/types.ts';
import type { Catalog, FieldDef, FieldTypeName, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { migrateWorkspace } from '../../platform/postgres/migrate.ts';
import { createTable } from '../catalog/ddl.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';

/** A small catalog on the real engine for the tests of reading: one field of each kind, and a related object. */

export const WORKSPACE = 'main';
export const NOW = new Date('2026-06-15T04:00:00Z');

const label = (text: string) => ({ zh: text, en: text });

let fieldId = 0;
export function field(object: string, name: string, type: FieldTypeName, more: Partial<FieldDef> = {}): FieldDef {
  fieldId += 1;
  return { id: fieldId, object, name, label: label(name), type, position: fieldId, ...more };
}

export function object(id: number, name: string, fields: FieldDef[], more: Partial<ObjectDef> = {}): ObjectDef {
  return { id, name, label: label(name), plural: label(name), title: 'name', fields, position: id, ...more };
}

export const company = object(
  1,
  'company',
  [
    field('company', 'name', 'text', { search: 'name' }),
    field('company', 'amount', 'money'),
    field('company', 'score', 'number', { tracked: true }),
    field('company', 'stars', 'rating'),
    field('company', 'signed', 'date'),
    field('company', 'seen', 'datetime'),
    field('company', 'active', 'boolean'),
    field('company', 'level', 'select'),
    field('company', 'tags', 'tags'),
    field('company', 'industry', 'tree', { tree: 'industry' }),
    field('company', 'owner', 'user'),
    field('company', 'phone', 'phone', { search: 'phone', tracked: true }),
    field('company', 'place', 'geo'),
  ],
  { owner: 'owner' },
);

export const person = object(2, 'person', [
  field('person', 'name', 'text', { search: 'name' }),
  field('person', 'company', 'relation', { target: 'company' }),
  field('person', 'mobile', 'phone', { search: 'phone' }),
]);

export const catalog: Catalog = { version: 1, objects: [company, person] };

/** A › A01 › A011, A › A02, B. */
const NODES: TreeNode[] = [
  ['A', null],
  ['A01', 'A'],
  ['A011', 'A01'],
  ['A02', 'A'],
  ['B', null],
].map(([code, parent]) => ({ code: String(code), parent: parent ?? null, label: label(String(code)) }));

const node = (code: string): TreeNode | null => NODES.find((n) => n.code === code) ?? null;
const path = (code: string): TreeNode[] => {
  const at = node(code);
  return at ? [...(at.parent ? path(at.parent) : []), at] : [];
};
export const tree: Tree = { find: node, node, path, children: (code) => NODES.filter((n) => n.parent === code) };

export const environment = () => ({ timeZone: 'Asia/Shanghai', trees: { industry: tree } });

export const everything: Access = {
  admin: true,
  objects: {
    company: { rows: true, actions: ['read', 'export'], fields: { '*': 'edit' } },
    person: { rows: true, actions: ['read', 'export'], fields: { '*': 'edit' } },
  },
};

export const ctx = (access: Access = everything): Ctx => ({
  workspace: WORKSPACE,
  actor: 'user:u1',
  source: 'page',
  access,
  at: NOW,
  lang: 'zh',
});

/** Creates the workspace's schema with the sample objects' tables. */
export async function createSample(db: Db, objects: ObjectDef[] = catalog.objects): Promise<void> {
  await migrateWorkspace(db, `w_${WORKSPACE}`);
  for (const one of objects) for (const statement of createTable(WORKSPACE, one)) await db.query(statement);
}

export interface SampleRow {
  id?: string;
  at?: Date;
  deleted?: Date;
  values: Record<string, FieldValue>;
}

/** Puts rows into an object's table as the write door would. Gives their ids. */
export async function insertRows(db: Db, of: ObjectDef, rows: SampleRow[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { id = randomUUID(), at = NOW, deleted = null, values } of rows) {
    const names = Object.keys(values);
    const stored = names.map((name) => {
      const value = values[name];
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value;
    });
    await db.query(sql`
      insert into ${tableOf(WORKSPACE, of.name)} (${join(
        ['id', 'created_at', 'created_by', 'created_in', 'updated_at', 'updated_by', 'deleted_at', ...names].map(ident),
        ', ',
      )}) values (${join([id, at, 'user:u1', randomUUID(), at, 'user:u1', deleted, ...stored], ', ')})`);
    ids.push(id);
  }
  return ids;
}
