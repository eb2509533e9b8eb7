import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { raw } from 'sql-template-tag';
import type { Tx } from '../postgres/db.ts';
import { damaged } from './backup-errors.ts';
import { describeSchema, quoted, type SchemaScript, type TableName } from './describe-schema.ts';
import { type Entry, unpackEntries } from './entries.ts';
import { readSealed } from './sealed-file.ts';

/** What an archive says of itself at its end; whoever reads it counts along. */
export interface Tally {
  tables: Record<string, number>;
  files: number;
}

type Head =
  | { kind: 'schema'; script: SchemaScript }
  | ({ kind: 'table' } & TableName)
  | { kind: 'file'; path: string }
  | ({ kind: 'end' } & Tally);

const nothing = async function* (): AsyncGenerator<Buffer> {};
const named = ({ schema, table }: TableName): string => `${schema}.${table}`;
const target = ({ schema, table, columns }: TableName): string =>
  `${quoted(schema)}.${quoted(table)} (${columns.map(quoted).join(', ')})`;

/** All that a backup takes along, as one transaction sees it. */
export async function* dump(
  tx: Tx,
  what: { schemas?: readonly string[]; tables: readonly TableName[]; files?: { root: string; names: string[] } },
): AsyncGenerator<Entry<Head>> {
  const tally: Tally = { tables: {}, files: 0 };
  if (what.schemas) yield { head: { kind: 'schema', script: await describeSchema(tx, what.schemas) }, body: nothing() };
  for (const table of what.tables) {
    if (table.columns.length === 0) continue;
    let rows = 0;
    const body = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of tx.client.query(copyTo(`copy ${target(table)} to stdout`))) {
        rows += linesOf(piece as Buffer);
        yield piece as Buffer;
      }
      tally.tables[named(table)] = rows;
    };
    yield { head: { kind: 'table', ...table }, body: body() };
  }
  for await (const path of filesOf(what.files)) {
    tally.files++;
    yield {
      head: { kind: 'file', path: relative(what.files?.root ?? '', path).replaceAll(sep, '/') },
      body: readWhole(path),
    };
  }
  yield { head: { kind: 'end', ...tally }, body: nothing() };
}

/** In COPY's text form a line is a row: line ends within values are escaped. */
function linesOf(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++;
  return lines;
}

async function* readWhole(path: string): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(path)) yield piece as Buffer;
}

async function* filesOf(files?: { root: string; names: string[] }): AsyncGenerator<string> {
  for (const name of files?.names ?? []) {
    const path = join(files?.root ?? '', name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) yield path;
    if (found?.isDirectory())
      for (const inside of await readdir(path, { recursive: true, withFileTypes: true }))
        if (inside.isFile()) yield join(inside.parentPath, inside.name);
  }
}

/** Reads an archive to its end and counts along. Throws `backup-damaged` unless all is there as it was written. */
export async function check(path: string, key: Buffer): Promise<Tally> {
  const tally: Tally = { tables: {}, files: 0 };
  for await (const { head, body } of opened(path, key)) {
    let rows = 0;
    for await (const piece of body) rows += linesOf(piece);
    if (head.kind === 'table') tally.tables[named(head)] = rows;
    if (head.kind === 'file') tally.files++;
    if (head.kind === 'end') return agreeing(head, tally);
  }
  throw damaged();
}

/**
 * Brings an archive into an open transaction: form, rows, then what rows are checked by. `into` decides where a table's rows go (null: nowhere).
 * Files are written below `root`, never beside it.
 */
export async function load(
  tx: Tx,
  path: string,
  key: Buffer,
  options: { root?: string; into?: (table: TableName) => Promise<TableName | null> } = {},
): Promise<Tally> {
  const tally: Tally = { tables: {}, files: 0 };
  let after: string[] = [];
  await tx.query(raw('set local check_function_bodies = off'));
  await tx.query(raw("set local maintenance_work_mem = '256MB'"));
  for await (const { head, body } of opened(path, key)) {
    if (head.kind === 'schema') {
      for (const statement of head.script.before) await tx.client.query(statement);
      ({ after } = head.script);
    } else if (head.kind === 'table') {
      const place = options.into ? await options.into(head) : head;
      tally.tables[named(head)] = place ? await copyInto(tx, place, body) : await count(body);
    } else if (head.kind === 'file') {
      if (options.root !== undefined) await writeFile(options.root, head.path, body);
      tally.files++;
    } else {
      agreeing(head, tally);
      for (const statement of after) await tx.client.query(statement);
      return tally;
    }
  }
  throw damaged();
}

const opened = (path: string, key: Buffer) => unpackEntries<Head>(readSealed(path, key));

function agreeing(said: Tally, counted: Tally): Tally {
  const names = Object.keys(said.tables);
  if (
    said.files !== counted.files ||
    names.length !== Object.keys(counted.tables).length ||
    names.some((name) => said.tables[name] !== counted.tables[name])
  )
    throw damaged();
  return counted;
}

async function copyInto(tx: Tx, table: TableName, body: AsyncIterable<Buffer>): Promise<number> {
  const stream = tx.client.query(copyFrom(`copy ${target(table)} from stdin`));
  await pipeline(body, stream);
  return stream.rowCount;
}

async function count(body: AsyncIterable<Buffer>): Promise<number> {
  let rows = 0;
  for await (const piece of body) rows += linesOf(piece);
  return rows;
}

async function writeFile(root: string, path: string, body: AsyncIterable<Buffer>): Promise<void> {
  const place = resolve(root, path);
  if (!place.startsWith(resolve(root) + sep)) throw damaged();
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const file = await open(place, 'w', 0o600);
  try {
    for await (const piece of body) await file.write(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}
