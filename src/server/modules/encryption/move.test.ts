import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { moveFields } from '../../records/sealed/move.ts';
import { isSealed } from '../../records/sealed/sealed-value.ts';
import { encryptionJob } from './encryption-jobs.ts';
import { type SealedWorld, sealedWorld } from './testing.ts';

let db: Db;
let world: SealedWorld;
let ids: string[] = [];
const PEOPLE = 1_200;
const wechat = (n: number) => `wx_marker_${n}`;
const never = () => new AbortController().signal;

beforeAll(async () => {
  db = (await testDatabase()).db;
  world = await sealedWorld(db);
  const changes = Array.from({ length: PEOPLE }, (_, n) => ({
    ...{ op: 'create' as const, object: 'contact' },
    set: { name: `人${n}`, wechat: wechat(n), mobile: `139${String(n).padStart(8, '0')}` },
  }));
  const { outcomes } = await world.engine.write.write(await world.ctx(), changes);
  ids = outcomes.map(({ id }) => id);
  for (const n of [0, 700]) await world.edit('contact', ids[n] ?? '', { wechat: `changed_${n}` });
});
afterAll(() => world.close());

const forms = async () => {
  const rows = await db.query<{ wechat: string }>(sql`select wechat from w_main.contact`);
  return {
    sealed: rows.filter((row) => isSealed(row.wechat)).length,
    plain: rows.filter((row) => !isSealed(row.wechat)).length,
  };
};
const past = async () =>
  (await db.query<{ before: { wechat: string } }>(sql`select before from w_main.delta where before ? 'wechat'`)).map(
    ({ before }) => before.wechat,
  );
const field = async () => {
  const { objects } = await world.engine.catalog.get('main');
  return objects.find(({ name }) => name === 'contact')?.fields.find(({ name }) => name === 'wechat');
};
const find = async (value: string) =>
  (
    await world.engine.read.list(await world.ctx(), { object: 'contact', filter: { field: 'wechat', op: 'eq', value } })
  ).rows.map(({ id }) => id);

describe('a field that becomes encrypted', () => {
  it('is moved in portions, past included, and read the same all the while', async () => {
    const change = await world.engine.editor.updateField('main', 'contact', 'wechat', { encrypted: true });
    expect(change).toMatchObject({ moving: 'in' });
    expect(change.encrypted).toBeUndefined();
    await expect(
      world.engine.editor.updateField('main', 'contact', 'wechat', { encrypted: false }),
    ).rejects.toMatchObject({ code: 'field-moving' });
    const job = encryptionJob({ ...world.moving, workspaces: async () => ['main'] });
    expect(await job.due?.()).toBe(true);
    // Killed after the first portion.
    const stop = new AbortController();
    const tx: Db['tx'] = async (work) => {
      const done = await db.tx(work);
      if ((await forms()).sealed > 0) stop.abort();
      return done;
    };
    await moveFields({ ...world.moving, db: { ...db, tx } }, 'main', stop.signal);
    const half = await forms();
    expect(half.sealed).toBeGreaterThan(0);
    expect(half.plain).toBeGreaterThan(0);
    expect(await find(wechat(3))).toEqual([ids[3]]);
    expect(await find(wechat(1_100))).toEqual([ids[1_100]]);
    // What is written meanwhile is sealed.
    await world.edit('contact', ids[1_100] ?? '', { wechat: 'meanwhile' });
    expect(await find('meanwhile')).toEqual([ids[1_100]]);
    expect((await world.get('contact', ids[1_150] ?? '')).values.wechat).toBe(wechat(1_150));
    await moveFields(world.moving, 'main', never());
    expect(await forms()).toEqual({ sealed: PEOPLE, plain: 0 });
    expect(await field()).toMatchObject({ encrypted: true });
    expect((await field())?.moving).toBeUndefined();
    expect((await past()).every(isSealed)).toBe(true);
    expect(await job.due?.()).toBe(false);
    const [entry] = await world.engine.read.history(await world.ctx(), 'contact', ids[700] ?? '');
    expect(entry?.fields).toContainEqual({ field: 'wechat', before: wechat(700), after: 'changed_700' });
    expect(await find('changed_700')).toEqual([ids[700]]);
  });

  it('is gone from the planner’s statistics', async () => {
    await db.query(sql`analyze w_main.contact`);
    const [row] = await db.query<{
      n: number;
    }>(sql`select count(*)::int as n from pg_stats where tablename = 'contact' and attname = 'wechat'
      and (most_common_vals::text like '%wx_marker%' or histogram_bounds::text like '%wx_marker%')`);
    expect(row?.n).toBe(0);
  });

  it('is moved back the same way', async () => {
    await world.engine.editor.updateField('main', 'contact', 'wechat', { encrypted: false });
    expect(await find(wechat(5))).toEqual([ids[5]]);
    await world.edit('contact', ids[6] ?? '', { wechat: 'in_plain_again' });
    await moveFields(world.moving, 'main', never());
    expect(await forms()).toEqual({ sealed: 0, plain: PEOPLE });
    expect((await past()).some(isSealed)).toBe(false);
    const now = await field();
    expect([now?.encrypted, now?.moving]).toEqual([undefined, undefined]);
    expect(await find('in_plain_again')).toEqual([ids[6]]);
    const page = await world.engine.read.list(await world.ctx(), {
      object: 'contact',
      sort: [{ field: 'wechat', dir: 'asc' }],
      page: { limit: 1 },
    });
    expect(page.rows[0]?.values.wechat).toBe('changed_0');
  });
});
