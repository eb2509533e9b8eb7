import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sql, { raw } from 'sql-template-tag';
import { root } from '../root.ts';
import { StartError } from '../start-error.ts';
import type { Db } from './db.ts';

interface Migration {
  name: string;
  text: string;
  checksum: string;
}

/** Brings schema `xianke`, what all workspaces share, up to date. Returns the names of the files that were applied. */
export function migratePlatform(db: Db): Promise<string[]> {
  return migrate(db, 'xianke', join(root, 'db', 'migrations'));
}

/** Brings one workspace's schema up to date; makes it when there is none. */
export function migrateWorkspace(db: Db, schema: string): Promise<string[]> {
  return migrate(db, schema, join(root, 'db', 'workspace'));
}

/**
 * Applies the files of a directory that a schema has not seen, in the order of their names, each in a transaction of
 * its own with `search_path` set to the schema, and records them in its table `migration`. Files are frozen once applied.
 * Any number of processes may do this at once: each file is taken under one advisory lock. A kill leaves whole files only.
 */
export async function migrate(db: Db, schema: string, directory: string): Promise<string[]> {
  const migrations = readMigrations(directory);
  await prepareSchema(db, schema);
  const applied = await readApplied(db, schema);
  refuseChanged(schema, migrations, applied);
  const done: string[] = [];
  for (const migration of migrations) {
    if (!applied.has(migration.name) && (await apply(db, schema, migration))) done.push(migration.name);
  }
  return done;
}

/** Files in order; names have the form NNNN-what.sql. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      // A checkout on Windows may have turned line ends.
      const text = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    });
}

const quote = (identifier: string) => raw(`"${identifier.replaceAll('"', '""')}"`);
const LOCK = 'xianke migration';
const lock = (schema: string) => sql`select pg_advisory_xact_lock(hashtextextended(${`${LOCK} ${schema}`}, 0))`;

async function prepareSchema(db: Db, schema: string): Promise<void> {
  const [found] = await db.query<{ exists: boolean }>(
    sql`select to_regclass(${`"${schema.replaceAll('"', '""')}".migration`}) is not null as exists`,
  );
  if (found?.exists) return;
  await db.tx(async (tx) => {
    await tx.query(lock(schema));
    await tx.query(sql`create schema if not exists ${quote(schema)}`);
    await tx.query(sql`create table if not exists ${quote(schema)}.migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
  });
}

async function readApplied(db: Db, schema: string): Promise<Map<string, string>> {
  const rows = await db.query<{ name: string; checksum: string }>(
    sql`select name, checksum from ${quote(schema)}.migration`,
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

function refuseChanged(schema: string, migrations: Migration[], applied: Map<string, string>): void {
  for (const [name, checksum] of applied) {
    const migration = migrations.find((candidate) => candidate.name === name);
    if (!migration) {
      throw new StartError('database-newer', {
        zh: `数据库（${schema}）由更新的版本使用过（${name}）。请升级本程序。`,
        en: `A newer version has used this database (${schema}: ${name}). Upgrade the program.`,
      });
    }
    if (migration.checksum !== checksum) {
      throw new StartError('migration-changed', {
        zh: `迁移文件 ${name} 在应用到 ${schema} 之后被修改。请恢复原文件，把改动写成新的迁移文件。`,
        en: `Migration ${name} was changed after it was applied to ${schema}. Restore it and put the change into a new file.`,
      });
    }
  }
}

/** False when another process applied it while we waited for the lock. */
function apply(db: Db, schema: string, migration: Migration): Promise<boolean> {
  return db.tx(async (tx) => {
    await tx.query(lock(schema));
    const [seen] = await tx.query<{ checksum: string }>(
      sql`select checksum from ${quote(schema)}.migration where name = ${migration.name}`,
    );
    if (seen) return false;
    await tx.query(sql`select set_config('search_path', ${`"${schema.replaceAll('"', '""')}", public`}, true)`);
    // The simple protocol runs a file of many statements.
    await tx.client.query(migration.text);
    await tx.query(
      sql`insert into ${quote(schema)}.migration (name, checksum) values (${migration.name}, ${migration.checksum})`,
    );
    return true;
  });
}
