import sql, { empty } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { NoticeKind } from './notice-words.ts';

/** A word to one person, shown in the page. */
export interface NewNotice {
  /** Account id, with or without `user:`. */
  account: string;
  /** Unique for the account: the same thing is told once. */
  cause: string;
  kind: NoticeKind;
  params: Record<string, string | number>;
  object?: string;
  record?: string;
}

export interface StoredNotice {
  id: string;
  kind: NoticeKind;
  params: Record<string, string | number>;
  object: string | null;
  record: string | null;
  at: Date;
  read_at: Date | null;
  [column: string]: unknown;
}

/** @returns false when this cause has been told before */
export async function notify(tx: Tx, workspace: string, notice: NewNotice, at: Date): Promise<boolean> {
  const rows =
    await tx.query(sql`insert into ${tableOf(workspace, 'notification')} (id, account, cause, kind, params, object, record, at)
    values (${uuidv7()}, ${notice.account.replace(/^user:/, '')}, ${notice.cause}, ${notice.kind}, ${JSON.stringify(notice.params)},
      ${notice.object ?? null}, ${notice.record ?? null}, ${at})
    on conflict (account, cause) do nothing returning id`);
  return rows.length > 0;
}

export async function listNotices(
  on: Queryable,
  workspace: string,
  account: string,
  query: { before?: string | undefined; unread?: boolean | undefined; limit: number },
): Promise<{ notices: StoredNotice[]; unread: number }> {
  const table = tableOf(workspace, 'notification');
  const notices = await on.query<StoredNotice>(sql`select id, kind, params, object, record, at, read_at from ${table}
    where account = ${account} ${query.before === undefined ? empty : sql`and id < ${query.before}`}
      ${query.unread ? sql`and read_at is null` : empty}
    order by id desc limit ${query.limit}`);
  // Above 99 the bell only says so.
  const [count] = await on.query<{ n: number }>(sql`select count(*)::int as n from
    (select from ${table} where account = ${account} and read_at is null limit 100) unread`);
  return { notices, unread: count?.n ?? 0 };
}

/** @param ids absent: all */
export async function markRead(
  on: Queryable,
  workspace: string,
  account: string,
  ids: string[] | undefined,
  at: Date,
): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'notification')} set read_at = ${at}
    where account = ${account} and read_at is null ${ids === undefined ? empty : sql`and id = any(${ids}::uuid[])`}`);
}
