import { createHash, randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';

export type LinkKind = 'invite' | 'reset';

/** Hours a link is good for. One that an administrator passes on by hand takes longer than a mail. */
const HOURS = { invite: 7 * 24, reset: 24, mail: 1 } as const;

export interface Link {
  kind: LinkKind;
  /** 256 random bits; nowhere else but in the link. */
  token: string;
  expiresAt: string;
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Makes a link. Those made before stay good, for an attacker who asks for links must not spoil the owner's. */
export async function makeLink(
  tx: Tx,
  account: string,
  kind: LinkKind,
  by: string,
  lasts: keyof typeof HOURS = kind,
): Promise<Link> {
  const token = randomBytes(32).toString('base64url');
  const [row] = await tx.query<{ expires: Date }>(sql`
    insert into auth.link (id, hash, account, kind, created_by, expires_at)
    values (${uuid()}, ${hashOf(token)}, ${account}, ${kind}, ${by}, now() + make_interval(hours => ${HOURS[lasts]}))
    returning expires_at as expires`);
  await tx.query(sql`delete from auth.link where expires_at < now() - interval '30 days'`);
  return { kind, token, expiresAt: (row?.expires ?? new Date()).toISOString() };
}

export interface OpenedLink {
  kind: LinkKind;
  account: string;
  name: string;
  email: string;
}

/** Whose link it is, as long as it is good. Throws link-invalid. */
export async function findLink(on: Queryable, token: string): Promise<OpenedLink> {
  const [row] = await on.query<OpenedLink & Record<string, unknown>>(sql`
    select l.kind, u.id as account, u.name, u.email from auth.link l join auth."user" u on u.id = l.account
    where l.hash = ${hashOf(token)} and l.used_at is null and l.expires_at > now() and not u.disabled`);
  if (!row) throw new AppError('link-invalid');
  return row;
}

/** Uses a link up, and with it all others of the account: of two at once one succeeds. */
export async function takeLink(tx: Tx, token: string): Promise<OpenedLink> {
  const found = await findLink(tx, token);
  const taken = await tx.query(sql`update auth.link set used_at = now()
    where hash = ${hashOf(token)} and used_at is null returning id`);
  if (taken.length === 0) throw new AppError('link-invalid');
  await tx.query(sql`update auth.link set used_at = now() where account = ${found.account} and used_at is null`);
  return found;
}
