import { beforeAll, describe, expect, test } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import type { Access } from '../../../domain/access/types.ts';
import { testEngine } from '../testing.ts';
import type { HistoryEntry, ReadDoor } from '../types.ts';
import { createReadDoor } from './door.ts';
import { environment } from './sample.ts';

let engine: Awaited<ReturnType<typeof testEngine>>;
let door: ReadDoor;
let id: string;

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

beforeAll(async () => {
  const db = await testDb();
  engine = await testEngine(db);
  door = createReadDoor({ db, catalog: engine.catalog, environment });
  id = engine.newId();
  const write = async (minute: number, reason: string | undefined, change: object) => {
    const ctx = engine.ctx('user:wang', { at: at(minute), ...(reason !== undefined && { reason }) });
    const version = (await engine.door.write(ctx, [{ op: 'update', object: 'customer', id, ...change }])).outcomes[0];
    expect(version?.status).toBe('applied');
  };
  await write(0, '导入', { op: 'create', set: { name: '甲', level: 'A', phone: '13800138000' } });
  await write(1, undefined, { set: { name: '乙' } });
  await write(2, '来电', { set: { name: '丙', level: 'B' } });
  await write(3, undefined, { verify: { fields: ['phone'], method: 'phone' } });
  await write(4, undefined, { set: { phone: '13900139000' } });
  await write(5, undefined, { op: 'delete' });
  await write(6, undefined, { op: 'restore' });
});

const brief = (entries: HistoryEntry[]) =>
  entries.map((e) => [e.version, e.kind, ...e.fields.map((f) => `${f.field}: ${f.before} → ${f.after}`)]);

describe('history', () => {
  test('tells what was and what became, newest first, down to the creation', async () => {
    const entries = await door.history(engine.ctx(), 'customer', id);
    const creation = entries.at(-1);
    expect(creation).toMatchObject({
      version: 1,
      kind: 'create',
      at: at(0).toISOString(),
      reason: '导入',
      source: 'page',
    });
    expect(creation?.fields).toContainEqual({ field: 'name', before: null, after: '甲' });
    expect(brief(entries.slice(0, -1))).toEqual([
      [7, 'restore'],
      [6, 'delete'],
      [5, 'update', 'phone: 13800138000 → 13900139000'],
      [4, 'verify', 'phone: 13800138000 → 13800138000'],
      [3, 'update', ...expectAny(entries, 3)],
      [2, 'update', 'name: 甲 → 乙'],
    ]);
    expect(expectAny(entries, 3).sort()).toEqual(['level: A → B', 'name: 乙 → 丙']);
    expect(entries.find((e) => e.version === 3)).toMatchObject({
      reason: '来电',
      actor: 'user:wang',
      at: at(2).toISOString(),
    });
  });

  const expectAny = (entries: HistoryEntry[], version: number): string[] =>
    entries.flatMap((e) => (e.version === version ? e.fields.map((f) => `${f.field}: ${f.before} → ${f.after}`) : []));

  test('of one field has its changes, verifications and first value only', async () => {
    expect(brief(await door.history(engine.ctx(), 'customer', id, { field: 'phone' }))).toEqual([
      [5, 'update', 'phone: 13800138000 → 13900139000'],
      [4, 'verify', 'phone: 13800138000 → 13800138000'],
      [1, 'create', 'phone: null → 13800138000'],
    ]);
  });

  test('pages by version and by moment without gap or overlap', async () => {
    const all = await door.history(engine.ctx(), 'customer', id);
    const paged: HistoryEntry[] = [];
    for (let before: string | undefined; ; ) {
      const page = await door.history(engine.ctx(), 'customer', id, { limit: 2, ...(before && { before }) });
      paged.push(...page);
      if (page.length < 2) break;
      before = String(page.at(-1)?.version);
    }
    expect(paged).toEqual(all);
    const since = await door.history(engine.ctx(), 'customer', id, { before: at(2).toISOString() });
    expect(since).toEqual(all.slice(-3));
  });

  test('shows fields as the actor may see them, and no trace of changes to hidden ones', async () => {
    const access: Access = {
      admin: false,
      objects: {
        customer: { rows: true, actions: ['read'], fields: { '*': 'read', phone: 'masked', name: 'hidden' } },
      },
    };
    const entries = await door.history(engine.ctx('user:li', { access }), 'customer', id);
    expect(JSON.stringify(entries)).not.toMatch(/1380013|1390013|甲|乙|丙/);
    expect(brief(entries).slice(2, -1)).toEqual([
      [5, 'update', 'phone: 138****8000 → 139****9000'],
      [4, 'verify', 'phone: 138****8000 → 138****8000'],
      [3, 'update', 'level: A → B'],
    ]);
    await expect(
      door.history(engine.ctx('user:li', { access }), 'customer', id, { field: 'name' }),
    ).rejects.toMatchObject({
      status: 422,
    });
  });

  test('belongs to records in scope only', async () => {
    const access: Access = {
      admin: false,
      objects: {
        customer: { rows: { field: 'owner', op: 'eq', value: 'nobody' }, actions: ['read'], fields: { '*': 'read' } },
      },
    };
    await expect(door.history(engine.ctx('user:li', { access }), 'customer', id)).rejects.toMatchObject({
      code: 'record-unknown',
    });
  });
});
