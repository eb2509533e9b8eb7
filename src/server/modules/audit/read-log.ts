import sql, { join, type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import {
  type AuditEntry,
  consistencyRanges,
  inclusionRanges,
  type LogLine,
  type SignedHead,
} from '../../../domain/audit/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type EntryRow, entryOf, privateOf } from './entry-rows.ts';
import { leafHashes, rootsOf } from './tile-store.ts';

export interface EntryFilter {
  actor?: string | undefined;
  kind?: string | undefined;
  object?: string | undefined;
  record?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Leaves below this one. */
  before?: number | undefined;
  limit?: number | undefined;
}

/** Newest first; `private` is null where there is none or it was erased. */
export async function listEntries(
  on: Queryable,
  workspace: string,
  filter: EntryFilter,
): Promise<(AuditEntry & { leaf: number; private: EntryRow['private'] })[]> {
  const conditions: Sql[] = [sql`true`];
  if (filter.actor) conditions.push(sql`actor = ${filter.actor}`);
  if (filter.kind) conditions.push(sql`kind = ${filter.kind}`);
  if (filter.object) conditions.push(sql`object = ${filter.object}`);
  if (filter.record) conditions.push(sql`records @> array[${filter.record}::uuid]`);
  if (filter.from) conditions.push(sql`at >= ${filter.from}::timestamptz`);
  if (filter.to) conditions.push(sql`at < ${filter.to}::timestamptz`);
  if (filter.before !== undefined) conditions.push(sql`leaf < ${filter.before}`);
  const rows = await on.query<EntryRow>(sql`select * from ${tableOf(workspace, 'audit_entry')}
    where ${join(conditions, ' and ')} order by leaf desc limit ${filter.limit ?? 50}`);
  return rows.map((row) => ({ ...entryOf(row), leaf: row.leaf, private: row.private }));
}

export async function logState(on: Queryable, workspace: string): Promise<{ log: string; size: number }> {
  const [row] = await on.query<{ log: string; size: number }>(
    sql`select log, size::float8 as size from ${tableOf(workspace, 'audit_log')}`,
  );
  if (!row) throw new AppError('not-found');
  return row;
}

interface HeadRow extends Record<string, unknown> {
  size: number;
  at: Date;
  root: Buffer;
  signature: Buffer;
}

const headOf = (row: HeadRow): SignedHead => ({
  size: row.size,
  at: row.at.toISOString(),
  root: row.root.toString('base64'),
  signature: row.signature.toString('base64'),
});

/** Newest first. */
export async function listHeads(
  on: Queryable,
  workspace: string,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<SignedHead[]> {
  const older = before === undefined ? sql`true` : sql`size < ${before}`;
  const rows = await on.query<HeadRow>(
    sql`select * from ${tableOf(workspace, 'audit_head')} where ${older} order by size desc, at desc limit ${limit}`,
  );
  return rows.map(headOf);
}

/** Heads that cover leaves [begin, end), oldest first. */
async function headsBehind(on: Queryable, workspace: string, begin: number, end: number): Promise<SignedHead[]> {
  const rows = await on.query<HeadRow>(
    sql`select * from ${tableOf(workspace, 'audit_head')} where size > ${begin} and size <= ${end} order by size, at`,
  );
  return rows.map(headOf);
}

export interface EntryProof {
  type: 'proof';
  log: string;
  entry: AuditEntry;
  leaf: number;
  head: SignedHead;
  /** base64, RFC 6962 §2.1.1; at most one hash for each doubling of the log. */
  path: string[];
}

/** One entry with what proves that it is under the newest head. */
export async function proveEntry(
  on: Queryable,
  workspace: string,
  leaf: number,
): Promise<EntryProof & { private: EntryRow['private'] }> {
  const [[row], [head], { log }] = await Promise.all([
    on.query<EntryRow>(sql`select * from ${tableOf(workspace, 'audit_entry')} where leaf = ${leaf}`),
    listHeads(on, workspace, { limit: 1 }),
    logState(on, workspace),
  ]);
  if (!row || !head || head.size <= leaf) throw new AppError('not-found');
  const path = await rootsOf(on, workspace, inclusionRanges(leaf, head.size));
  return { type: 'proof', log, entry: entryOf(row), leaf, head, path: path.map(base64), private: row.private };
}

/** What proves that the log at one size is the beginning of the log at another: RFC 6962 §2.1.2. */
export async function proveConsistency(
  on: Queryable,
  workspace: string,
  older: number,
  newer: number,
): Promise<string[]> {
  const { size } = await logState(on, workspace);
  if (older > newer || newer > size) throw new AppError('not-found');
  return (await rootsOf(on, workspace, consistencyRanges(older, newer))).map(base64);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const BLOCK = 1000;

/** Entries from a leaf on, each with the hash that the tree has for it, and behind them the heads that cover them: what a verifier takes. */
export async function* logLines(
  on: Queryable,
  workspace: string,
  options: { from?: number; privately?: boolean } = {},
): AsyncGenerator<Extract<LogLine, { type: 'entry' | 'head' }>[]> {
  let from = options.from ?? 0;
  for (;;) {
    const rows = await on.query<EntryRow>(
      sql`select * from ${tableOf(workspace, 'audit_entry')} where leaf >= ${from} order by leaf limit ${BLOCK}`,
    );
    // Without a last entry heads may still stand there: those of a log that was cut short.
    const last = rows.at(-1);
    const end = last === undefined || rows.length < BLOCK ? Number.MAX_SAFE_INTEGER : last.leaf + 1;
    const heads = await headsBehind(on, workspace, from, end);
    const hashes = last ? await leafHashes(on, workspace, { begin: from, end: last.leaf + 1 }) : [];
    const lines: Extract<LogLine, { type: 'entry' | 'head' }>[] = [];
    const headsUpTo = (size: number): void => {
      while (heads[0] && heads[0].size <= size) {
        const head = heads.shift();
        if (head) lines.push({ type: 'head', ...head });
      }
    };
    for (const row of rows) {
      headsUpTo(row.leaf);
      const secret = options.privately ? privateOf(row) : undefined;
      const hash = hashes[row.leaf - from]?.toString('base64') ?? '';
      lines.push({ type: 'entry', leaf: row.leaf, ...entryOf(row), hash, ...(secret && { private: secret }) });
    }
    headsUpTo(end);
    yield lines;
    if (rows.length < BLOCK || last === undefined) return;
    from = last.leaf + 1;
  }
}
