import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sql, { raw } from 'sql-template-tag';
import type { Db } from '../../src/server/platform/postgres/db.ts';

/** Tables, of all schemas, and statistics with rows in which one of these texts stands; with such rows. */
export async function tablesWith(db: Db, markers: readonly string[]): Promise<Record<string, string[]>> {
  const tables = await db.query<{ name: string }>(sql`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
    union all select '(select stavalues1, stavalues2, stavalues3, stavalues4, stavalues5 from pg_statistic where starelid >= 16384)'`);
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await db.query<{ text: string }>(
      sql`select t::text as text from ${raw(name)} t where t::text ilike any(${markers.map((marker) => `%${marker}%`)})`,
    );
    if (rows.length > 0) found[name] = rows.map(({ text }) => text.slice(0, 600));
  }
  return found;
}

/** Files below a folder in whose bytes one of these texts stands, in UTF-8 or UTF-16. */
export function filesWith(root: string, markers: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const path = join(root, name);
    const bytes = statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : Buffer.alloc(0);
    for (const marker of markers)
      for (const encoding of ['utf8', 'utf16le'] as const)
        if (bytes.includes(Buffer.from(marker, encoding))) found.push(`${name} ${marker}`);
  }
  return found;
}

/** Where PostgreSQL keeps this database, everything written out. */
export async function databaseFolder(db: Db): Promise<string> {
  await db.query(sql`checkpoint`);
  const [place] = await db.query<{ path: string }>(
    sql`select current_setting('data_directory') || '/base/' || oid as path from pg_database where datname = current_database()`,
  );
  return place?.path ?? '';
}
