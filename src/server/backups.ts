import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sql, { raw } from 'sql-template-tag';
import { check, dump, load, type Tally } from './platform/backup/archive.ts';
import { keysMissing, notEmpty } from './platform/backup/backup-errors.ts';
import { listTables, quoted, type TableName } from './platform/backup/describe-schema.ts';
import { packEntries } from './platform/backup/entries.ts';
import { writeSealed } from './platform/backup/sealed-file.ts';
import type { Db, Queryable, Tx } from './platform/postgres/db.ts';

/**
 * What a backup is made of (docs/decisions/0044): data of one moment in a file for each backup, and beside them one file of which only the newest is kept. That
 * one has what must never come back out of something old: keys of encrypted values, and who was erased.
 */
const KEYS = 'xianke-keys.xkb';
const NAME = /^xianke-\d{8}-\d{6}\.xkb$/;
const KEY_SCHEMA = 'xianke_keys';
/** Of a workspace: who was erased, and by what he is recognised when he is entered again. */
const ERASED = ['erasure', 'erasure_record', 'erased_mark'];
/** In the data directory beside the database; master.keys and backup.key are kept elsewhere by whoever wants to be able to restore. */
const FILES = ['secret.key', 'files'];

export interface BackupMade {
  path: string;
  keys: string;
  bytes: number;
  rows: number;
  files: number;
}

/** Writes a backup into `directory`, renews the file of keys, and takes away all but the newest `keep`. People go on working meanwhile. */
export async function backUp(
  db: Db,
  options: { directory: string; dataDir: string; key: Buffer; at: Date; keep?: number | undefined },
): Promise<BackupMade> {
  const { directory, dataDir, key, at } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `xianke-${at.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}.xkb`);
  await snapshot(db, async (tx) => {
    const schemas = await schemasOf(tx);
    const tables = (await listTables(tx, schemas)).filter(({ schema }) => schema !== KEY_SCHEMA);
    const entries = dump(tx, { schemas, tables, files: { root: dataDir, names: FILES } });
    await writeSealed(path, key, { at, what: 'data' }, packEntries(entries));
  });
  // After the data: a record written in between has its key here too.
  const keys = join(directory, KEYS);
  await snapshot(db, async (tx) => {
    const tables = (await listTables(tx, await schemasOf(tx))).filter(isNewest);
    await writeSealed(keys, key, { at, what: 'keys' }, packEntries(dump(tx, { tables })));
  });
  // What was written is read back before anything older goes.
  const tally = await check(path, key);
  await check(keys, key);
  if (options.keep !== undefined) await forgetOld(directory, options.keep);
  return { path, keys, bytes: (await stat(path)).size, ...sums(tally) };
}

/** Reads a backup to its end, with the file of keys beside it if there is one. Throws where anything is damaged or the key is another. */
export async function checkBackup(path: string, key: Buffer): Promise<{ rows: number; files: number; keys: boolean }> {
  const tally = await check(path, key);
  const beside = join(dirname(path), KEYS);
  const keys = await isThere(beside);
  if (keys) await check(beside, key);
  return { ...sums(tally), keys };
}

/**
 * Restores into an empty database and data directory, whole or not at all. Both files are read to their ends first. Who was erased since is queued to be
 * erased again: `erasures`, which the caller sees through before anybody may look.
 */
export async function restore(
  db: Db,
  options: { path: string; keys: string | null; dataDir: string; key: Buffer },
): Promise<{ rows: number; files: number; erasures: number }> {
  const { path, dataDir, key } = options;
  if ((await schemasOf(db)).length > 0) throw notEmpty();
  await check(path, key);
  if (options.keys !== null) {
    if (!(await isThere(options.keys))) throw keysMissing(options.keys);
    await check(options.keys, key);
  }
  return db.tx(async (tx) => {
    const tally = await load(tx, path, key, { root: dataDir });
    const erasures = options.keys === null ? 0 : await loadNewest(tx, options.keys, key);
    await tx.query(raw('analyze'));
    return { ...sums(tally), erasures };
  });
}

/** Beside a backup. */
export const keysBeside = (path: string): string => join(dirname(path), KEYS);

const isNewest = ({ schema, table }: TableName): boolean =>
  schema === KEY_SCHEMA || (schema.startsWith('w_') && ERASED.includes(table));

function snapshot(db: Db, work: (tx: Tx) => Promise<void>): Promise<void> {
  return db.tx(async (tx) => {
    await tx.query(raw('set transaction isolation level repeatable read, read only'));
    await work(tx);
  });
}

async function schemasOf(on: Queryable): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    select nspname as name from pg_namespace where nspname in ('xianke', 'auth', 'jobs', ${KEY_SCHEMA}) or nspname like 'w\_%' order by 1`);
  return rows.map(({ name }) => name);
}

/** Keys as they are. Of the erased, those that the backup doesn't know, or had not done yet: they wait to be done again. */
async function loadNewest(tx: Tx, path: string, key: Buffer): Promise<number> {
  const known = new Set((await schemasOf(tx)).filter((name) => name.startsWith('w_')));
  const found = new Set<string>();
  await load(tx, path, key, {
    into: async (table) => {
      if (table.schema === KEY_SCHEMA) return table;
      if (!known.has(table.schema)) return null;
      found.add(table.schema);
      const draft = draftOf(table.schema, table.table);
      const original = `${quoted(table.schema)}.${quoted(table.table)}`;
      await tx.client.query(`create temp table ${quoted(draft)} (like ${original}) on commit drop`);
      return { ...table, schema: 'pg_temp', table: draft };
    },
  });
  let waiting = 0;
  for (const schema of found) {
    const own = (table: string) => raw(`${quoted(schema)}.${quoted(table)}`);
    const draft = (table: string) => raw(`pg_temp.${quoted(draftOf(schema, table))}`);
    await tx.query(sql`update ${draft('erasure')} set state = 'waiting', finished_at = null, error = null`);
    await tx.query(sql`update ${draft('erasure_record')} set done = false`);
    const rows = await tx.query(sql`
      insert into ${own('erasure')} select * from ${draft('erasure')} on conflict (id) do update
      set state = 'waiting', finished_at = null where ${own('erasure')}.state <> 'done' returning id`);
    waiting += rows.length;
    await tx.query(sql`insert into ${own('erasure_record')} select d.* from ${draft('erasure_record')} d
      join ${own('erasure')} e on e.id = d.erasure and e.state = 'waiting' on conflict do nothing`);
    await tx.query(sql`insert into ${own('erased_mark')} select * from ${draft('erased_mark')} on conflict do nothing`);
  }
  return waiting;
}

const draftOf = (schema: string, table: string): string => `newest ${schema} ${table}`;

async function forgetOld(directory: string, keep: number): Promise<void> {
  const names = (await readdir(directory)).filter((name) => NAME.test(name)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - Math.max(1, keep)))) await rm(join(directory, name));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const sums = ({ tables, files }: Tally) => ({ rows: Object.values(tables).reduce((sum, n) => sum + n, 0), files });
