import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { asking, type TestProduct, testProduct } from '../../test/support/product.ts';
import { backupJob } from './backing-up.ts';
import { backUp, checkBackup, restore } from './backups.ts';
import { createEngine } from './engine.ts';
import { accessFor } from './modules/access/index.ts';
import { describeSchema, listTables } from './platform/backup/describe-schema.ts';
import { silentLog } from './platform/log.ts';
import { openMasterKeys } from './platform/master-keys.ts';
import type { Db } from './platform/postgres/db.ts';

const directory = mkdtempSync(join(tmpdir(), 'xianke-backups-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const key = randomBytes(32);
const SCHEMAS = ['auth', 'jobs', 'w_main', 'xianke', 'xianke_keys'];

let made: TestProduct;
let post: ReturnType<typeof asking>['post'];
let customers: string[] = [];

beforeAll(async () => {
  made = await testProduct();
  ({ post } = asking(await made.as('wang')));
  await post('/objects/customer/fields', {
    ...{ name: 'secret', label: { zh: '密', en: 'Secret' }, type: 'text', encrypted: true },
  });
  const { outcomes } = await post<{ outcomes: { id: string }[] }>('/records/changes', {
    changes: ['甲', '乙', '丙'].map((name) => ({
      ...{ op: 'create', object: 'customer' },
      set: { name: `${name}公司\t“${name}”\\\n`.trim(), remark: `第一行\n第二行\t\\N ${name} 𠮷`, secret: `密${name}` },
    })),
  });
  customers = outcomes.map(({ id }) => id);
}, 60_000);

/** A digest of each table's rows, in whatever order they stand. */
async function digests(db: Db, but: readonly string[] = []): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { schema, table } of await listTables(db, SCHEMAS)) {
    if (but.includes(schema)) continue;
    const [row] = await db.query<{ digest: string }>(sql`
      select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${raw(`"${schema}"."${table}"`)} t`);
    found[`${schema}.${table}`] = row?.digest ?? '';
  }
  return found;
}

/** Calls of programs are noted a moment later, so their numbers go on. */
async function formOf(db: Db): Promise<string[]> {
  const { before, after } = await describeSchema(db, SCHEMAS);
  return [...before, ...after.filter((statement) => !statement.includes("'auth.client_call', 'id'), "))];
}

const empty = () => testDatabase({ empty: true });
const target = (): string => mkdtempSync(join(directory, 'to-'));

describe('a backup', { timeout: 120_000 }, () => {
  it('restores every row and the form of every table, and people can go on', async () => {
    // Jobs go on meanwhile, so what they write is compared by form only.
    const before = await digests(made.db, ['jobs']);
    const done = await backUp(made.db, {
      directory,
      dataDir: made.directory,
      key,
      at: new Date('2026-11-22T01:00:00Z'),
    });
    expect(done.path).toMatch(/xianke-20261122-010000\.xkb$/);
    expect(await checkBackup(done.path, key)).toMatchObject({ rows: done.rows, keys: true });
    const { db } = await empty();
    const place = target();
    await restore(db, { path: done.path, keys: done.keys, dataDir: place, key });
    const same = (await digests(made.db, ['jobs'])) as Record<string, string>;
    const after = await digests(db, ['jobs']);
    // Only what nobody wrote meanwhile can be compared; that is nearly all.
    const still = Object.keys(before).filter((name) => before[name] === same[name]);
    expect(still.length).toBeGreaterThan(120);
    for (const name of still) expect(`${name} ${after[name]}`).toBe(`${name} ${before[name]}`);
    expect(await formOf(db)).toEqual(await formOf(made.db));
    expect(readFileSync(join(place, 'secret.key'))).toEqual(readFileSync(join(made.directory, 'secret.key')));
    // Numbers go on where they were; the template, the catalog and encrypted values are there.
    copyFileSync(join(made.directory, 'master.keys'), join(place, 'master.keys'));
    const engine = createEngine(db, undefined, undefined, openMasterKeys({ dataDir: place }));
    const access = accessFor('admin', await engine.catalog.get('main'));
    const ctx = {
      workspace: 'main',
      actor: 'user:x',
      source: 'api' as const,
      access,
      at: new Date(),
      lang: 'zh' as const,
    };
    const { rows } = await engine.read.list(ctx, {
      object: 'customer',
      filter: { field: 'name', op: 'contains', value: '公司' },
    });
    expect(rows.map(({ values }) => values.secret).sort()).toEqual(['密丙', '密乙', '密甲']);
    const written = await engine.write.write(ctx, [{ op: 'create', object: 'customer', set: { name: '丁公司' } }]);
    expect(written.outcomes[0]).toMatchObject({ status: 'applied' });
  });

  it('does not open the values of a record whose key was destroyed since, whatever else is at hand', async () => {
    const old = await backUp(made.db, {
      directory,
      dataDir: made.directory,
      key,
      at: new Date('2026-11-22T02:00:00Z'),
    });
    await made.db.query(sql`delete from xianke_keys.data_key where record = ${customers[0]}`);
    const now = await backUp(made.db, {
      directory,
      dataDir: made.directory,
      key,
      at: new Date('2026-11-22T03:00:00Z'),
    });
    const { db } = await empty();
    const place = target();
    await restore(db, { path: old.path, keys: now.keys, dataDir: place, key });
    copyFileSync(join(made.directory, 'master.keys'), join(place, 'master.keys'));
    const engine = createEngine(db, undefined, undefined, openMasterKeys({ dataDir: place }));
    const access = accessFor('admin', await engine.catalog.get('main'));
    const ctx = {
      workspace: 'main',
      actor: 'user:x',
      source: 'api' as const,
      access,
      at: new Date(),
      lang: 'zh' as const,
    };
    const { rows } = await engine.read.list(ctx, {
      object: 'customer',
      filter: { field: 'name', op: 'contains', value: '公司' },
    });
    const secrets = Object.fromEntries(rows.map(({ id, values }) => [id, values.secret]));
    expect(secrets[customers[0] ?? '']).not.toBe('密甲');
    expect(Object.values(secrets)).toContain('密乙');
  });

  it('is restored whole or not at all', async () => {
    const { path, keys } = await backUp(made.db, {
      directory,
      dataDir: made.directory,
      key,
      at: new Date('2026-11-22T04:00:00Z'),
    });
    const { db } = await empty();
    const place = target();
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    const bad = join(place, 'xianke-20261122-040000.xkb');
    writeFileSync(bad, bytes);
    const into = { keys, dataDir: place, key };
    await expect(restore(db, { ...into, path: bad })).rejects.toMatchObject({ code: 'backup-damaged' });
    await expect(restore(db, { ...into, path, key: randomBytes(32) })).rejects.toMatchObject({
      code: 'backup-key-other',
    });
    await expect(restore(db, { ...into, path, keys: join(place, 'nothing.xkb') })).rejects.toMatchObject({
      code: 'restore-keys-missing',
    });
    const [schemas] = await db.query(
      sql`select count(*)::int as n from pg_namespace where nspname = any(${SCHEMAS}::text[])`,
    );
    expect(schemas).toEqual({ n: 0 });
    await restore(db, { ...into, path });
    await expect(restore(db, { ...into, path })).rejects.toMatchObject({ code: 'restore-not-empty' });
  });

  it('is kept in so many copies, its keys in one', async () => {
    const place = target();
    for (const day of [1, 2, 3, 4])
      await backUp(made.db, {
        ...{ directory: place, dataDir: made.directory, key },
        at: new Date(Date.UTC(2026, 10, day)),
        keep: 2,
      });
    expect(readdirSync(place).sort()).toEqual([
      'xianke-20261103-000000.xkb',
      'xianke-20261104-000000.xkb',
      'xianke-keys.xkb',
    ]);
  });

  it('refuses a database with something in it that it would leave out', async () => {
    await made.db.query(sql`create view w_main.lonely as select 1 as one`);
    await expect(
      backUp(made.db, { directory, dataDir: made.directory, key, at: new Date('2026-11-22T05:00:00Z') }),
    ).rejects.toMatchObject({ code: 'backup-unknown' });
    await made.db.query(sql`drop view w_main.lonely`);
  });

  it('is made every night, and administrators hear of it when it was not', async () => {
    const place = target();
    const nights = async (folder: string) => {
      const key = { dataDir: made.directory };
      const config = { dataDir: made.directory, backups: { directory: folder, keep: 3, key } };
      const { engine } = made.product;
      const job = backupJob({
        ...{ engine, background: made.db, config, log: silentLog, workspace: 'main' },
        now: () => new Date('2026-11-23T18:20:00Z'),
      });
      await job.handler({
        payload: {},
        signal: new AbortController().signal,
        progress: async () => undefined,
      } as never);
      return made.db.query(sql`select kind, params from w_main.notification where kind = 'backup-failed'`);
    };
    expect(await nights(place)).toEqual([]);
    expect(readdirSync(place)).toEqual(['xianke-20261123-182000.xkb', 'xianke-keys.xkb']);
    const file = join(place, 'xianke-keys.xkb');
    expect(await nights(file)).toEqual([{ kind: 'backup-failed', params: { reason: 'EEXIST' } }]);
  });
});
