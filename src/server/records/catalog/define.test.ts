import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { CONTACT, testEngine } from '../testing.ts';
import { type CatalogEditor, createCatalogEditor } from './define.ts';

let db: Db;
let editor: CatalogEditor;
let engine: Awaited<ReturnType<typeof testEngine>>;

beforeAll(async () => {
  db = await testDb();
  engine = await testEngine(db);
  editor = createCatalogEditor(db, engine.catalog);
});

const field = async (name: string) => {
  const { objects } = await engine.catalog.get('main');
  return objects.find((object) => object.name === 'customer')?.fields.find((one) => one.name === name);
};

describe('changing a field', () => {
  test('keeps what is not named and takes away what is null', async () => {
    await editor.updateField('main', 'customer', 'phone', {
      group: '联系',
      help: { zh: '带区号', en: 'With area code' },
    });
    await editor.updateField('main', 'customer', 'phone', { help: null });
    const phone = await field('phone');
    expect(phone).toMatchObject({ group: '联系', priority: 'high', tracked: true });
    expect(phone).not.toHaveProperty('help');
  });

  test('a field that is no longer unique takes equal values', async () => {
    const create = (name: string) => ({ op: 'create' as const, object: 'customer', set: { name, uscc_like: 'X1' } });
    await engine.door.write(engine.ctx(), [create('甲')]);
    expect((await engine.door.write(engine.ctx(), [create('乙')])).outcomes[0]?.issues?.[0]?.code).toBe('not-unique');
    await editor.updateField('main', 'customer', 'uscc_like', { unique: null });
    expect((await engine.door.write(engine.ctx(), [create('乙')])).outcomes[0]?.status).toBe('applied');
    await expect(editor.updateField('main', 'customer', 'uscc_like', { unique: true })).rejects.toMatchObject({
      code: 'unique-has-duplicates',
    });
  });
});

test('an object cannot take the name of any table of the engine', async () => {
  const tables = await db.query<{ name: string }>(
    sql`select relname as name from pg_class where relnamespace = 'w_main'::regnamespace and relkind = 'r'`,
  );
  const taken = tables.map(({ name }) => name).filter((name) => !['customer', 'contact', 'migration'].includes(name));
  expect(taken).toContain('import_run');
  for (const name of taken)
    await expect(editor.createObject('main', { ...CONTACT, name })).rejects.toMatchObject({ code: 'name-reserved' });
});
