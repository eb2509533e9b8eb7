import { createHash } from 'node:crypto';
import sql from 'sql-template-tag';
import type { Lang } from '../../../domain/issue.ts';
import type { SignInNote } from '../../platform/http/caller.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { type Account, createAccount, findAccount, setPassword, standardEmail } from './accounts.ts';
import { passwordHash } from './confirm.ts';
import type { From } from './deps.ts';
import type { Identity } from './identity.ts';
import { letter, linkPath } from './letters.ts';
import { type Link, makeLink, takeLink } from './links.ts';
import { endDevices } from './session-store.ts';
import { type Outcome, openByPassword } from './sign-in.ts';
import { tellOfChange } from './tell-of-change.ts';
import { countAttempt } from './throttle.ts';

export interface SentLink extends Link {
  /** false: it is passed on by hand. */
  mailed: boolean;
}

/**
 * Mails a link to choose a new password, if there is such an account. Counted by address before; what is done for an account happens after the reply,
 * so that neither its words nor its time tell whether there is one.
 */
export async function requestReset(identity: Identity, given: string, from: From): Promise<void> {
  const email = standardEmail(given);
  await countAttempt(identity.db, [{ by: ['reset', 'address', from.address], most: 20, seconds: 3600 }]);
  identity.later(async () => {
    const { db, post, publicUrl } = identity;
    if (publicUrl === undefined || !(await post.ready())) return;
    const [person] = await db.query<{ id: string; name: string }>(
      sql`select id, name from auth."user" where email = ${email} and not disabled`,
    );
    if (!person) return;
    const few = await countAttempt(db, [{ by: ['reset', 'account', email], most: 5, seconds: 3600 }]).catch(() => null);
    if (!few) return;
    await db.tx(async (tx) => {
      const link = await makeLink(tx, person.id, 'reset', 'visitor', 'mail');
      await mailLink(identity, tx, link, { name: person.name, email }, from.lang);
    });
  });
}

/** Adds somebody without a password and makes the link by which he chooses one. */
export function invite(
  identity: Identity,
  person: { name: string; email: string; role: 'admin' | 'member' },
  by: string,
  lang: Lang,
): Promise<{ account: Account; link: SentLink }> {
  return identity.db.tx(async (tx) => {
    const account = await createAccount(tx, { ...person, password: null });
    return { account, link: await sendLink(identity, tx, account, 'invite', by, lang) };
  });
}

/** An administrator's link for somebody: to choose a new password, or, who never had one, to join. */
export function linkFor(identity: Identity, id: string, by: string, lang: Lang): Promise<SentLink> {
  return identity.db.tx(async (tx) => {
    const account = await findAccount(tx, id);
    const kind = (await passwordHash(tx, account.id)) === null ? 'invite' : 'reset';
    return sendLink(identity, tx, account, kind, by, lang);
  });
}

async function sendLink(
  identity: Identity,
  tx: Tx,
  account: Account,
  kind: Link['kind'],
  by: string,
  lang: Lang,
): Promise<SentLink> {
  const link = await makeLink(tx, account.id, kind, by);
  const mailed = identity.publicUrl !== undefined && (await identity.post.ready());
  if (mailed) await mailLink(identity, tx, link, account, lang);
  return { ...link, mailed };
}

async function mailLink(
  { post, publicUrl = '', firm }: Identity,
  tx: Tx,
  link: Link,
  to: { name: string; email: string },
  lang: Lang,
): Promise<void> {
  const cause = `link:${createHash('sha256').update(link.token).digest('hex').slice(0, 24)}`;
  const url = publicUrl + linkPath(link);
  await post.put(tx, letter(link.kind, lang, await firm(), to, { cause, url }));
}

/** Sets the password of a link's account, ends all its sessions and signs in; a second factor is asked for as always. */
export async function acceptLink(
  identity: Identity,
  { token, password, name }: { token: string; password: string; name?: string | undefined },
  from: From,
  note: SignInNote,
): Promise<Outcome> {
  const { db } = identity;
  await countAttempt(db, [{ by: ['link', 'address', from.address], most: 100, seconds: 900 }]);
  const email = await db.tx(async (tx) => {
    const link = await takeLink(tx, token);
    note.account = link.account;
    await setPassword(tx, { id: link.account, email: link.email }, password);
    await tx.query(sql`update auth."user" set "emailVerified" = true, "updatedAt" = now()
      ${link.kind === 'invite' && name ? sql`, name = ${name.trim()}` : sql``} where id = ${link.account}`);
    await endDevices(tx, link.account);
    if (link.kind === 'reset') await tellOfChange(identity, tx, 'changed', { ...link, id: link.account }, from.lang);
    return link.email;
  });
  identity.forget();
  return openByPassword(identity, { email, password }, from, note);
}
