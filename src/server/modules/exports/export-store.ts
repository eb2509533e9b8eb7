import sql, { type Sql } from 'sql-template-tag';
import type { ExportSettings } from '../../../contract/exports.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { ExportWish } from './wish.ts';

/** Row of table export_file, without the hashes. */
export interface ExportFile {
  id: string;
  serial: number;
  at: Date;
  actor: string;
  source: string;
  object: string;
  format: string;
  for_editing: boolean;
  query: { fields?: string[] };
  reason: string | null;
  approval: string | null;
  state: 'writing' | 'done' | 'cut' | 'ended';
  rows: number | null;
  file: string | null;
  name: string | null;
  expires_at: Date | null;
  [column: string]: unknown;
}

const table = (workspace: string): Sql => tableOf(workspace, 'export_file');
const columns = sql`id, serial, at, actor, source, object, format, for_editing, query, reason, approval, state, rows, file, name, expires_at`;

const USUAL: ExportSettings = { visible: true, cells: 'notes', hours: 72 };

export async function readExportSettings(on: Queryable, workspace: string): Promise<ExportSettings> {
  const [row] = await on.query<{ settings: ExportSettings }>(
    sql`select settings from ${tableOf(workspace, 'export_setting')}`,
  );
  return { ...USUAL, ...row?.settings };
}

export async function saveExportSettings(on: Queryable, workspace: string, settings: ExportSettings): Promise<void> {
  await on.query(sql`insert into ${tableOf(workspace, 'export_setting')} (settings) values (${JSON.stringify(settings)}::jsonb)
    on conflict (one) do update set settings = excluded.settings`);
}

/** Before the first byte goes out. */
export async function insertExport(on: Queryable, ctx: Ctx, id: string, wish: ExportWish): Promise<number> {
  const { object, fields, filter, search, asOf, deleted } = wish.query;
  const [row] = await on.query<{ serial: number }>(sql`
    insert into ${table(ctx.workspace)} (id, at, actor, source, object, format, for_editing, query, reason, approval)
    values (${id}, ${ctx.at}, ${ctx.viewer ?? ctx.actor}, ${ctx.source}, ${object}, ${wish.format}, ${wish.forEditing},
      ${JSON.stringify({ fields, filter, search, asOf, deleted })}::jsonb, ${ctx.reason?.trim() || null}, ${ctx.approved ?? null})
    returning serial`);
  if (!row) throw new Error('insert returned nothing');
  return row.serial;
}

export async function endExport(
  on: Queryable,
  workspace: string,
  id: string,
  end: { state: 'done' | 'cut'; rows: number; records: Buffer },
): Promise<void> {
  await on.query(sql`update ${table(workspace)} set state = ${end.state}, rows = ${end.rows}, records = ${end.records}
    where id = ${id} and state = 'writing'`);
}

export async function keepFile(
  on: Queryable,
  workspace: string,
  id: string,
  kept: { file: string; name: string; expiresAt: Date },
): Promise<void> {
  await on.query(
    sql`update ${table(workspace)} set file = ${kept.file}, name = ${kept.name}, expires_at = ${kept.expiresAt} where id = ${id}`,
  );
}

export async function findExport(on: Queryable, workspace: string, id: string): Promise<ExportFile | null> {
  const [row] = await on.query<ExportFile>(sql`select ${columns} from ${table(workspace)} where id = ${id}`);
  return row ?? null;
}

export function findSerials(on: Queryable, workspace: string, serials: number[]): Promise<ExportFile[]> {
  return on.query<ExportFile>(sql`select ${columns} from ${table(workspace)} where serial = any(${serials}::int[])`);
}

/** Newest first. @param actor only his, and what he is invited to */
export function listExports(
  on: Queryable,
  workspace: string,
  { actor, before, limit }: { actor: string | null; before?: string | undefined; limit: number },
): Promise<ExportFile[]> {
  return on.query<ExportFile>(sql`select ${columns} from ${table(workspace)} e
    where (${actor}::text is null or actor = ${actor} or exists (select from ${tableOf(workspace, 'export_guest')} g
      where g.export = e.id and 'user:' || g.account = ${actor})) and (${before ?? null}::uuid is null or id < ${before ?? null}::uuid)
    order by id desc limit ${limit}`);
}

/** Who has fetched it. */
export async function takenOf(
  on: Queryable,
  workspace: string,
  ids: string[],
): Promise<Map<string, { account: string; at: Date }[]>> {
  const rows = await on.query<{ export: string; account: string; at: Date }>(
    sql`select export, account, at from ${tableOf(workspace, 'export_taken')} where export = any(${ids}::uuid[]) order by at`,
  );
  const taken = new Map<string, { account: string; at: Date }[]>();
  for (const { export: id, account, at } of rows) taken.set(id, [...(taken.get(id) ?? []), { account, at }]);
  return taken;
}

/** Marks it fetched by somebody. false: he has fetched it before. */
export async function take(on: Queryable, workspace: string, id: string, account: string, at: Date): Promise<boolean> {
  const rows = await on.query(sql`insert into ${tableOf(workspace, 'export_taken')} (export, account, at)
    values (${id}, ${account}, ${at}) on conflict do nothing returning account`);
  return rows.length > 0;
}

/** A transfer that broke off was none. */
export async function untake(on: Queryable, workspace: string, id: string, account: string): Promise<void> {
  await on.query(sql`delete from ${tableOf(workspace, 'export_taken')} where export = ${id} and account = ${account}`);
}

export async function guestsOf(on: Queryable, workspace: string, id: string): Promise<string[]> {
  const rows = await on.query<{ account: string }>(
    sql`select account from ${tableOf(workspace, 'export_guest')} where export = ${id}`,
  );
  return rows.map(({ account }) => account);
}

export async function setGuests(
  on: Queryable,
  workspace: string,
  id: string,
  accounts: string[],
  at: Date,
): Promise<void> {
  const guests = tableOf(workspace, 'export_guest');
  await on.query(sql`delete from ${guests} where export = ${id} and not account = any(${accounts}::text[])`);
  await on.query(sql`insert into ${guests} (export, account, at) select ${id}::uuid, unnest(${accounts}::text[]), ${at}::timestamptz
    on conflict do nothing`);
}

/** Entries of the audit log that say an export began, sealed ones. */
export async function leavesOf(on: Queryable, workspace: string, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await on.query<{ export: string; leaf: number }>(sql`
    select body->>'act' as export, min(leaf)::int as leaf from ${tableOf(workspace, 'audit_entry')}
    where kind = 'export' and body->>'act' = any(${ids}::text[]) group by 1`);
  return new Map(rows.map(({ export: id, leaf }) => [id, leaf]));
}

/** Files whose time is over. */
export function overdueFiles(on: Queryable, workspace: string, now: Date): Promise<{ id: string; file: string }[]> {
  return on.query<{ id: string; file: string }>(
    sql`select id, file from ${table(workspace)} where file is not null and expires_at < ${now} limit 100`,
  );
}

export async function forgetFile(on: Queryable, workspace: string, id: string): Promise<void> {
  await on.query(sql`update ${table(workspace)} set file = null, state = 'ended' where id = ${id}`);
}

/** Hashes of records, export by export, newest first. */
export async function* recordHashes(
  on: Queryable,
  workspace: string,
  object: string,
  most: number,
): AsyncGenerator<{ id: string; records: Buffer }> {
  const rows = await on.query<{ id: string }>(
    sql`select id from ${table(workspace)} where object = ${object} and records is not null order by id desc limit ${most}`,
  );
  for (const { id } of rows) {
    const [row] = await on.query<{ records: Buffer }>(sql`select records from ${table(workspace)} where id = ${id}`);
    if (row) yield { id, records: row.records };
  }
}
