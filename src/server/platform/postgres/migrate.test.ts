import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../test/support/database.ts';
import { migrate, migratePlatform, migrateWorkspace } from './migrate.ts';

const { db } = await testDatabase({ poolSize: 20 });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'xianke-migrations-'));
});
afterEach(() => rmSync(directory, { recursive: true }));
const file = (name: string, text: string) => writeFileSync(join(directory, name), text);

describe('migrate', () => {
  it('applies each file once when ten start at the same moment', async () => {
    file('0001-a.sql', 'create table tally (n int); insert into tally values (1);');
    file('0002-b.sql', 'insert into tally values (2); select pg_sleep(0.05);');
    const runs = await Promise.all(Array.from({ length: 10 }, () => migrate(db, 'ten', directory)));
    expect(runs.flat().sort()).toEqual(['0001-a.sql', '0002-b.sql']);
    expect(await db.query(sql`select n from ten.tally order by n`)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('leaves nothing of a file that fails, keeps those before it, and goes on when it is mended', async () => {
    file('0001-a.sql', 'create table a ();');
    file('0002-b.sql', 'create table b (); select 1/0;');
    await expect(migrate(db, 'fails', directory)).rejects.toThrow('division by zero');
    const tables = () =>
      db.query(sql`select tablename from pg_tables where schemaname = 'fails' and tablename <> 'migration'`);
    expect(await tables()).toEqual([{ tablename: 'a' }]);
    file('0002-b.sql', 'create table b ();');
    expect(await migrate(db, 'fails', directory)).toEqual(['0002-b.sql']);
  });

  it('refuses a file that was changed after it was applied, but not changed line ends', async () => {
    file('0001-a.sql', 'create table a (\n);');
    await migrate(db, 'frozen', directory);
    file('0001-a.sql', 'create table a (\r\n);');
    expect(await migrate(db, 'frozen', directory)).toEqual([]);
    file('0001-a.sql', 'create table a (n int);');
    await expect(migrate(db, 'frozen', directory)).rejects.toMatchObject({ code: 'migration-changed' });
  });

  it('refuses a database that a newer version has used', async () => {
    file('0001-a.sql', '');
    file('0002-b.sql', '');
    await migrate(db, 'newer', directory);
    rmSync(join(directory, '0002-b.sql'));
    await expect(migrate(db, 'newer', directory)).rejects.toMatchObject({ code: 'database-newer' });
  });

  it('makes the schema of a workspace from the files of the product', async () => {
    expect(await migratePlatform(db)).toEqual([]);
    await migrateWorkspace(db, 'w_test');
    expect(await migrateWorkspace(db, 'w_test')).toEqual([]);
    expect(await db.query(sql`select version from w_test.catalog_version`)).toEqual([{ version: 1 }]);
  });
});
