import sql, { join, type Sql } from 'sql-template-tag';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import type { accountSchema } from '../../../contract/session.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { isCommon } from './common-passwords.ts';

export type Account = z.output<typeof accountSchema>;

export interface NewAccount {
  name: string;
  email: string;
  /** null: somebody who is invited chooses one himself. */
  password: string | null;
  role: 'admin' | 'member';
}

interface AccountRow extends Omit<Account, 'createdAt' | 'disabled'> {
  disabled: boolean;
  createdAt: Date;
}

const columns = sql`id, name, email, role, disabled, "createdAt"`;
const toAccount = (row: AccountRow): Account => ({ ...row, createdAt: row.createdAt.toISOString() });

/** Addresses are compared without regard to case. */
export const standardEmail = (email: string): string => email.trim().toLowerCase();

export async function listAccounts(on: Queryable): Promise<Account[]> {
  const rows = await on.query<AccountRow & { invited: boolean }>(sql`select ${columns}, not exists (
      select from auth.account a where a."userId" = u.id and (a.password is not null or a."providerId" <> 'credential')
    ) as invited from auth."user" u order by "createdAt", id`);
  return rows.map(({ invited, ...row }) => ({ ...toAccount(row), ...(invited && { invited }) }));
}

export async function findAccount(on: Queryable, id: string): Promise<Account> {
  const [row] = await on.query<AccountRow>(sql`select ${columns} from auth."user" where id::text = ${id}`);
  if (!row) throw new AppError('not-found');
  return toAccount(row);
}

export async function isSetUp(on: Queryable): Promise<boolean> {
  const [row] = await on.query<{ found: boolean }>(sql`select exists (select from auth."user") as found`);
  return row?.found ?? false;
}

/** Makes the first account, an administrator. Of any number of simultaneous attempts one succeeds. */
export function setUp(db: Db, account: Omit<NewAccount, 'role'> & { password: string }): Promise<Account> {
  return db.tx(async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('xianke setup', 0))`);
    if (await isSetUp(tx)) throw new AppError('setup-done');
    return createAccount(tx, { ...account, role: 'admin' });
  });
}

export async function createAccount(tx: Tx, account: NewAccount): Promise<Account> {
  const email = standardEmail(account.email);
  const password = account.password === null ? null : await hash(account.password, email);
  const [row] = await tx.query<AccountRow>(sql`
    insert into auth."user" (name, email, "emailVerified", role, disabled)
    values (${account.name.trim()}, ${email}, false, ${account.role}, false)
    on conflict (email) do nothing returning ${columns}`);
  if (!row) throw new AppError('account-exists', { email });
  await tx.query(sql`
    insert into auth.account ("accountId", "providerId", "userId", password, "updatedAt")
    values (${row.id}, 'credential', ${row.id}, ${password}, now())`);
  return toAccount(row);
}

export interface AccountChange {
  name?: string | undefined;
  role?: 'admin' | 'member' | undefined;
  disabled?: boolean | undefined;
  password?: string | undefined;
}

/** Changes an account. A new password or being disabled ends its sessions; the last administrator stays one. */
export function updateAccount(db: Db, id: string, change: AccountChange): Promise<Account> {
  return db.tx(async (tx) => {
    // Two administrators who demote each other at the same moment must not both succeed.
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('xianke accounts', 0))`);
    const before = await findAccount(tx, id);
    const assignments: Sql[] = [sql`"updatedAt" = now()`];
    if (change.name !== undefined) assignments.push(sql`name = ${change.name.trim()}`);
    if (change.role !== undefined) assignments.push(sql`role = ${change.role}`);
    if (change.disabled !== undefined) assignments.push(sql`disabled = ${change.disabled}`);
    const [row] = await tx.query<AccountRow>(
      sql`update auth."user" set ${join(assignments)} where id = ${before.id} returning ${columns}`,
    );
    if (!row) throw new AppError('not-found');
    await refuseNoAdmin(tx);
    if (change.password !== undefined) await setPassword(tx, row, change.password);
    const ends = change.password !== undefined || change.disabled === true;
    if (ends) await tx.query(sql`delete from auth.session where "userId" = ${row.id}`);
    return toAccount(row);
  });
}

/** Refuses passwords that are guessed first. Whose account came by single sign-on gets one beside it. */
export async function setPassword(tx: Tx, { id, email }: { id: string; email: string }, plain: string): Promise<void> {
  const password = await hash(plain, email);
  await tx.query(sql`
    insert into auth.account ("accountId", "providerId", "userId", password, "updatedAt")
    values (${id}, 'credential', ${id}, ${password}, now())
    on conflict ("providerId", "accountId") do update set password = excluded.password, "updatedAt" = now()`);
}

async function refuseNoAdmin(tx: Tx): Promise<void> {
  const [row] = await tx.query<{ left: boolean }>(
    sql`select exists (select from auth."user" where role = 'admin' and not disabled) as left`,
  );
  if (!row?.left) throw new AppError('last-admin');
}

async function hash(password: string, email: string): Promise<string> {
  if (isCommon(password, email)) throw new AppError('password-common');
  const { hashPassword } = await import('better-auth/crypto');
  return hashPassword(password);
}
