import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { openMasterKeys } from '../../platform/master-keys.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { advanceRotation, beginRotation, forgetMaster, lastRotation } from '../../records/sealed/rotate.ts';
import type { Ctx } from '../../records/types.ts';
import { readEncryption } from './read-encryption.ts';
import { type SealedWorld, sealedWorld } from './testing.ts';

const IDS = ['11010519491231002X', '440524188001010014', '11010119900307803X'];
let db: Db;
let world: SealedWorld;
let records: string[] = [];
const rotating = () => ({ db, masters: world.masters });
const values = async (engine = world.another()) => {
  const rows = await Promise.all(records.map((id) => world.get('contact', id, engine)));
  return rows.map((row) => row.values.id_number);
};
const never = () => new AbortController().signal;

beforeAll(async () => {
  db = (await testDatabase()).db;
  world = await sealedWorld(db);
  await world.addField('contact', { name: 'id_number', type: 'idcard', encrypted: true });
  records = await Promise.all(IDS.map((id, n) => world.create('contact', { name: `人${n}`, id_number: id })));
});
afterAll(() => world.close());

describe('rotation of the master key', () => {
  let old = '';
  let oldFile = '';

  it('takes up a first key at first need', async () => {
    const state = await readEncryption(world.engine, 'main');
    expect(state).toMatchObject({ missing: [], keys: 3, fields: [{ field: 'id_number', values: 3, moving: null }] });
    expect(state.masters).toMatchObject([{ state: 'current', here: true }]);
    old = state.masters[0]?.id ?? '';
    oldFile = readFileSync(join(world.dataDir, 'master.keys'), 'utf8');
  });

  it('goes on where it was cut short, with reads and writes all the while', async () => {
    const { master } = await beginRotation(rotating(), 'user:li', new Date());
    await expect(beginRotation(rotating(), 'user:li', new Date())).rejects.toMatchObject({ code: 'rotation-running' });
    const stop = new AbortController();
    // One portion of one key, then the process ends.
    const query = db.query;
    await advanceRotation(
      {
        db: {
          ...db,
          query,
          tx: async (work) => {
            const done = await db.tx(work);
            stop.abort();
            return done;
          },
        },
        masters: world.masters,
      },
      stop.signal,
      1,
    );
    const halfway = await lastRotation(db);
    expect(halfway).toMatchObject({ done: 1, total: 4, finished_at: null });
    expect(await values()).toEqual(IDS);
    await expect(forgetMaster(rotating(), old)).rejects.toMatchObject({ code: 'master-key-needed' });
    // New people are under the new key at once.
    const id = await world.create('contact', { name: '新来的', id_number: '53010219200508011X' });
    const [row] = await db.query<{ master: string }>(sql`select master from xianke_keys.data_key where record = ${id}`);
    expect(row?.master).toBe(master);
    await advanceRotation(rotating(), never(), 1);
    expect((await lastRotation(db))?.finished_at).toBeInstanceOf(Date);
    const [left] = await db.query<{ n: number }>(
      sql`select count(*)::int as n from xianke_keys.data_key where master <> ${master}`,
    );
    expect(left?.n).toBe(0);
  });

  it('leaves the old key useless: without it all is read, with it alone nothing is', async () => {
    await forgetMaster(rotating(), old);
    expect(await values()).toEqual(IDS);
    const only = openMasterKeys({ dataDir: '/nowhere', given: oldFile });
    expect(await only.ids()).toEqual([old]);
    expect(await values(world.another(only))).toEqual(IDS.map(() => '（已锁定）'));
    expect((await readEncryption(world.engine, 'main')).masters).toHaveLength(1);
  });

  it('takes the newest of keys that are given from outside', async () => {
    const file = readFileSync(join(world.dataDir, 'master.keys'), 'utf8');
    const one = openMasterKeys({ dataDir: '/nowhere', given: file });
    await expect(beginRotation({ db, masters: one }, 'user:li', new Date())).rejects.toMatchObject({
      code: 'master-key-given',
    });
    const fresh = Buffer.alloc(32, 7).toString('base64');
    const both = openMasterKeys({ dataDir: '/nowhere', given: `${fresh}\n${file}` });
    await beginRotation({ db, masters: both }, 'user:li', new Date());
    await advanceRotation({ db, masters: both }, never());
    expect(await values(world.another(openMasterKeys({ dataDir: '/nowhere', given: fresh })))).toEqual(IDS);
    writeFileSync(join(world.dataDir, 'master.keys'), fresh);
  });
});

describe('a master key that is lost', () => {
  it('locks the fields, and nothing else: others are read and written, and it is said which key is missing', async () => {
    const lost = world.another(openMasterKeys({ dataDir: '/nowhere', given: Buffer.alloc(32, 9).toString('base64') }));
    const [id = ''] = records;
    const row = await lost.read.get(await world.ctx(), 'contact', id);
    expect(row).toMatchObject({ values: { name: '人0', id_number: '（已锁定）' }, locked: ['id_number'] });
    expect(row.modes?.id_number).toBe('masked');
    const write = async (set: object) =>
      lost.write.write(await world.ctx(), [{ op: 'update', object: 'contact', id, set: { ...set } }]);
    const refused = await write({ id_number: IDS[1] });
    expect(refused.outcomes[0]).toMatchObject({ status: 'rejected', issues: [{ code: 'field-locked' }] });
    expect((await write({ id_number: null })).outcomes[0]?.status).toBe('rejected');
    expect((await write({ id_number: '（已锁定）' })).outcomes[0]?.status).toBe('rejected');
    expect((await write({ name: '改了名' })).outcomes[0]?.status).toBe('applied');
    const create = { op: 'create' as const, object: 'contact', set: { name: '没有钥匙', id_number: IDS[1] } };
    await expect(lost.write.write(await world.ctx(), [create])).rejects.toMatchObject({ code: 'master-key-missing' });
    const filter = { field: 'id_number', op: 'eq' as const, value: IDS[0] ?? '' };
    await expect(lost.read.list(await world.ctx(), { object: 'contact', filter })).rejects.toMatchObject({
      code: 'encryption-locked',
    });
    const state = await readEncryption(lost, 'main');
    const current = state.masters.filter((one) => one.state === 'current');
    expect(state.missing).toEqual(current.map((one) => one.id));
    const rotating = { db, masters: lost.sealing.masters };
    await expect(beginRotation(rotating, 'user:li', new Date())).rejects.toMatchObject({ code: 'master-key-missing' });
    // No key was made in its place.
    expect(state.masters.some(({ here }) => here)).toBe(false);
    expect(await values()).toEqual(IDS);
  });
});

describe('erasure', () => {
  it('destroys the person’s key: an older copy of the data shows nothing of his, and all of others', async () => {
    const [gone = '', stays = ''] = records;
    await world.edit('contact', gone, { id_number: IDS[1] });
    const copy = await db.query<{ id: string; id_number: string }>(
      sql`select id, id_number from w_main.contact where id = any(${[gone, stays]}::uuid[])`,
    );
    const past = await db.query<{ before: { id_number: string } }>(
      sql`select before from w_main.delta where record = ${gone} and before ? 'id_number'`,
    );
    const ctx = await world.ctx();
    const set = '018f0000-0000-7000-8000-0000000000c1';
    const { eraseDoor } = world.engine;
    await eraseDoor.open(ctx, set, 'erase', 'subject');
    const order = {
      changeSet: set,
      erasure: set,
      object: 'contact',
      ids: [gone],
      mode: 'erase' as const,
      ground: 'subject',
    };
    await eraseDoor.erase(ctx, { ...order, alongside: async () => undefined });
    for (const engine of [world.engine, world.another()]) {
      const sealed = [
        ...copy.map(({ id, id_number }) => ({ record: id, sealed: id_number })),
        ...past.map(({ before }) => ({ record: gone, sealed: before.id_number })),
      ];
      const opened = await engine.sealing.open(
        db,
        'main',
        sealed.map((one) => ({ ...one, object: 'contact', field: 'id_number' })),
      );
      expect(opened).toEqual(sealed.map(({ record }) => (record === stays ? IDS[1] : null)));
    }
  });

  it('is noticed when the person is entered again: nothing of him is kept, and it takes a reason', async () => {
    const mobile = '13962740001';
    const gone = await world.create('contact', { name: '要走的人', mobile });
    const ctx = await world.ctx();
    const set = '018f0000-0000-7000-8000-0000000000c2';
    const { eraseDoor } = world.engine;
    await eraseDoor.open(ctx, set, 'erase', 'subject');
    const order = { changeSet: set, erasure: set, object: 'contact', ids: [gone], mode: 'erase' as const };
    await eraseDoor.erase(ctx, { ...order, ground: 'subject', alongside: async () => undefined });
    const marks = await db.query<{ row: string }>(sql`select m::text as row from w_main.erased_mark m`);
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.map(({ row }) => row).join()).not.toContain('6274');
    const enter = async (more: Partial<Ctx>, typed = '139-6274-0001') => {
      const create = { op: 'create' as const, object: 'contact', set: { name: '又来了', mobile: typed } };
      const { outcomes } = await world.another().write.write(await world.ctx(more), [create], { dryRun: true });
      return outcomes[0];
    };
    const date = ctx.at.toISOString().slice(0, 10);
    const refused = { status: 'rejected', issues: [{ code: 'was-erased', field: 'mobile', params: { date } }] };
    expect(await enter({})).toMatchObject(refused);
    expect(await enter({ source: 'import', reason: '通讯录.xlsx' })).toMatchObject(refused);
    expect(await enter({ reason: '本人重新同意，2026 合同' })).toMatchObject({
      ...{ status: 'applied', issues: [{ code: 'was-erased-noted', level: 'warning' }] },
    });
    expect(await enter({}, '13962740002')).toMatchObject({ status: 'applied' });
  });
});
