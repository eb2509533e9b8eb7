import { expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { createWorkspace } from '../../modules/workspace/index.ts';
import { createCatalogEditor } from './define.ts';
import { createCatalogStore } from './store.ts';

it('looks before it answers when nobody asked for a while, so that a change by another process is seen by the first who asks', async () => {
  const db = await testDb();
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  let now = 0;
  const idle = createCatalogStore(db, () => now);
  await idle.get('main');
  const other = createCatalogStore(db);
  const editor = createCatalogEditor(db, other);
  const label = { zh: '甲', en: 'A' };
  const field = { name: 'name', label, type: 'text' as const };
  await editor.createObject('main', { name: 'thing', label, plural: label, title: 'name', fields: [field] });
  // Within a second nobody looks; after two the first who asks waits for the look, and so do those beside him.
  expect((await idle.get('main')).objects).toEqual([]);
  now = 2_500;
  const found = await Promise.all([idle.get('main'), idle.get('main')]);
  expect(found.map(({ objects }) => objects.map(({ name }) => name))).toEqual([['thing'], ['thing']]);
});
