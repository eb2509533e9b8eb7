import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { isSealed } from '../../records/sealed/sealed-value.ts';
import { type SealedWorld, sealedWorld } from './testing.ts';

const ID = '11010519491231002X';
const OTHER = '440524188001010014';
let db: Db;
let world: SealedWorld;

beforeAll(async () => {
  db = (await testDatabase()).db;
  world = await sealedWorld(db);
  await world.addField('contact', { name: 'id_number', type: 'idcard', unique: true, encrypted: true });
  await world.addField('contact', { name: 'secret_note', type: 'longtext', encrypted: true, search: 'text' });
});
afterAll(() => world.close());

const stored = async (id: string, column = 'id_number') => {
  const [row] = await db.query<{ value: string | null }>(
    sql`select ${raw(`"${column}"`)} as value from w_main.contact where id = ${id}`,
  );
  return row?.value ?? null;
};
const find = async (filter: Filter) =>
  (await world.engine.read.list(await world.ctx(), { object: 'contact', filter })).rows.map(({ id }) => id);
const codes = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error: { issues?: { code: string }[]; code: string }) => error.issues?.map(({ code }) => code) ?? [error.code],
  );

describe('an encrypted field', () => {
  let id = '';
  it('is ciphertext in the base, and the value at the read door', async () => {
    id = await world.create('contact', { name: '王芳', id_number: ID.toLowerCase(), secret_note: '住在三楼' });
    expect(isSealed(await stored(id))).toBe(true);
    expect((await world.get('contact', id)).values).toMatchObject({ id_number: ID, secret_note: '住在三楼' });
    const page = await world.engine.read.list(await world.ctx(), { object: 'contact' });
    expect(page.rows[0]?.values.id_number).toBe(ID);
    expect((await world.get('contact', id, world.another())).values.id_number).toBe(ID);
  });

  it('is found by the whole value, however it is written, and by being empty', async () => {
    const without = await world.create('contact', { name: '赵四' });
    expect(await find({ field: 'id_number', op: 'eq', value: ID })).toEqual([id]);
    expect(await find({ field: 'id_number', op: 'eq', value: ` ${ID.toLowerCase()}` })).toEqual([id]);
    expect(await find({ field: 'id_number', op: 'in', value: [OTHER, ID] })).toEqual([id]);
    expect(await find({ field: 'id_number', op: 'eq', value: OTHER })).toEqual([]);
    expect(await find({ field: 'id_number', op: 'ne', value: ID })).toEqual([without]);
    expect(await find({ field: 'id_number', op: 'empty' })).toEqual([without]);
    expect(await find({ field: 'id_number', op: 'notEmpty' })).toEqual([id]);
  });

  it('is not sorted, grouped, searched or asked for by a part', async () => {
    const { read } = world.engine;
    const ctx = await world.ctx();
    const list = (more: object) => codes(read.list(ctx, { object: 'contact', ...more }));
    expect(await list({ sort: [{ field: 'id_number', dir: 'asc' }] })).toEqual(['sort-encrypted']);
    expect(await codes(read.group(ctx, { object: 'contact' }, 'id_number'))).toEqual(['group-encrypted']);
    for (const op of ['contains', 'startsWith', 'notContains'] as const)
      expect(await list({ filter: { field: 'id_number', op, value: '1101' } })).toEqual(['filter-encrypted']);
    expect((await read.search(ctx, '住在三楼')).length).toBe(0);
    expect((await read.search(ctx, '王芳')).length).toBe(1);
  });

  it('stays the only one of its kind where it is unique', async () => {
    const write = async (change: object) =>
      (await world.engine.write.write(await world.ctx(), [change as never])).outcomes[0];
    const create = { op: 'create', object: 'contact', set: { name: '又一个', id_number: ID } };
    expect((await write(create))?.issues?.map(({ code }) => code)).toEqual(['not-unique']);
    // Behind the door's friendly check stands an index.
    await expect(
      db
        .query(sql`insert into w_main.contact select gen_random_uuid(), 1, now(), 'x', gen_random_uuid(), now(), 'x'`)
        .then(() =>
          db.query(
            sql`update w_main.contact set id_number = (select id_number from w_main.contact where id = ${id}) where created_by = 'x'`,
          ),
        ),
    ).rejects.toMatchObject({ code: '23505' });
    await db.query(sql`delete from w_main.contact where created_by = 'x'`);
    await write({ op: 'delete', object: 'contact', id });
    const second = await write(create);
    expect(second?.status).toBe('applied');
    expect((await write({ op: 'restore', object: 'contact', id }))?.issues?.map(({ code }) => code)).toEqual([
      'not-unique',
    ]);
    await write({ op: 'delete', object: 'contact', id: second?.id });
    expect((await write({ op: 'restore', object: 'contact', id }))?.status).toBe('applied');
  });

  it('has a past that is ciphertext too, and is read, looked back at and undone', async () => {
    const before = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const set = await world.edit('contact', id, { id_number: OTHER });
    const [delta] = await db.query<{ before: Record<string, unknown> }>(
      sql`select before from w_main.delta where record = ${id} and before ? 'id_number'`,
    );
    expect(isSealed(delta?.before.id_number)).toBe(true);
    const [entry] = await world.engine.read.history(await world.ctx(), 'contact', id);
    expect(entry?.fields).toContainEqual({ field: 'id_number', before: ID, after: OTHER });
    const ctx = await world.ctx();
    const then = await world.engine.read.get(ctx, 'contact', id, { asOf: before.toISOString() });
    expect(then.values.id_number).toBe(ID);
    const asOf = {
      object: 'contact',
      asOf: before.toISOString(),
      filter: { field: 'id_number', op: 'eq', value: ID },
    } as const;
    expect((await world.engine.read.list(ctx, asOf)).rows.map((row) => row.id)).toEqual([id]);
    const since = await world.engine.read.since(ctx, 'contact', [{ id, version: then.version }]);
    expect(since.get(id)).toMatchObject({ base: { id_number: ID }, now: { id_number: OTHER } });
    await world.engine.write.undo(ctx, set);
    expect((await world.get('contact', id)).values.id_number).toBe(ID);
    expect(isSealed(await stored(id))).toBe(true);
  });

  it('tells authors of a conflict, and does nothing where nothing changes', async () => {
    const row = await world.get('contact', id);
    const write = async (change: object, actor = 'user:li') =>
      (
        await world.engine.write.write(await world.ctx({ actor }), [
          { op: 'update', object: 'contact', id, ...change } as never,
        ])
      ).outcomes[0];
    expect((await write({ set: { id_number: ID } }))?.status).toBe('unchanged');
    await write({ set: { id_number: OTHER } }, 'user:zhang');
    const clash = await write({ set: { id_number: '11010119900307803X' }, version: row.version });
    expect(clash).toMatchObject({ status: 'conflict', conflicts: [{ field: 'id_number', theirs: OTHER }] });
    await world.edit('contact', id, { id_number: ID });
  });

  it('is masked and hidden by role like any other, and can’t be guessed at by who may not see it', async () => {
    const seen = async (mode: 'masked' | 'hidden') => {
      const ctx = await world.ctx();
      const { contact, ...objects } = structuredClone(ctx.access.objects);
      if (contact) contact.fields.id_number = mode;
      return { ...ctx, access: { admin: false, objects: { ...objects, ...(contact && { contact }) } } };
    };
    const masked = await world.engine.read.get(await seen('masked'), 'contact', id);
    expect(masked.values.id_number).toBe(`${'*'.repeat(14)}002X`);
    expect(await world.engine.read.get(await seen('hidden'), 'contact', id)).not.toHaveProperty('values.id_number');
    const guess = { object: 'contact', filter: { field: 'id_number', op: 'eq', value: ID } } as const;
    expect(await codes(world.engine.read.list(await seen('masked'), guess))).toEqual(['filter-access']);
  });

  it('can’t be set in bulk, nor be the title, nor be of a type that is sorted by', async () => {
    const set = { kind: 'set', field: 'id_number', value: OTHER } as const;
    expect(await codes(world.engine.mass(db).plan(await world.ctx(), 'contact', set))).toEqual(['mass-encrypted']);
    const { editor } = world.engine;
    const label = { zh: '数', en: 'n' };
    await expect(
      editor.createField('main', 'contact', { name: 'n', label, type: 'number', encrypted: true }),
    ).rejects.toMatchObject({ code: 'encrypt-type' });
    await expect(editor.updateField('main', 'contact', 'name', { encrypted: true })).rejects.toMatchObject({
      code: 'encrypt-title',
    });
  });

  it('leaves no key where there is none', async () => {
    const customer = await world.create('customer', { name: '没有加密字段的客户' });
    await world.edit('customer', customer, { remark: '改' });
    const [row] = await db.query<{ n: number }>(
      sql`select count(*)::int as n from xianke_keys.data_key where record = ${customer}`,
    );
    expect(row?.n).toBe(0);
  });
});
