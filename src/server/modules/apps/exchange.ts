import sql from 'sql-template-tag';
import { covers } from '../../../domain/access/scope.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { Client } from './app-store.ts';
import { endGrant, type Issued, issueTokens, openGrant } from './grant-store.ts';
import { type Breach, OAuthError } from './oauth-error.ts';
import { hashOf, isVerifierOf } from './secrets.ts';

/** Said of a code or token that is unknown, expired, ended, of another app or not proven: an attacker learns no more than that. */
const invalid = (breach?: Breach): OAuthError =>
  new OAuthError('invalid_grant', 'the code or token is not valid for this client', 400, breach);

interface Held extends Record<string, unknown> {
  app_grant: string;
  app: string;
  account: string;
  kind: string;
  scopes: string[];
  granted: string[];
  alive: boolean;
  used_at: Date | null;
}

/**
 * The grant's row is locked, so of two that present the same code or token at once the second sees what the first did. An error leaves the
 * transaction as a value: what it ended must stay ended.
 */
async function settle(db: Db, work: (tx: Tx) => Promise<Issued | OAuthError>): Promise<Issued> {
  const outcome = await db.tx(work);
  if (outcome instanceof OAuthError) throw outcome;
  return outcome;
}

const alive = sql`g.ended_at is null and g.ends_at > now() and not u.disabled`;

/** RFC 6749 §4.1.3. A code seen a second time ends all that came of the first (§4.1.2, RFC 9700 §4.5). */
export function exchangeCode(
  db: Db,
  client: Client,
  { code, redirectUri, verifier }: { code: string; redirectUri: string; verifier: string },
): Promise<Issued> {
  return settle(db, async (tx) => {
    const [held] = await tx.query<Held & { redirect_uri: string; challenge: string }>(sql`
      select c.app_grant, g.app, g.account, g.kind, g.scopes, g.scopes as granted, c.used_at, c.redirect_uri, c.challenge,
        ${alive} and c.expires_at > now() as alive
      from auth.app_code c join auth.app_grant g on g.id = c.app_grant join auth."user" u on u.id = g.account
      where c.hash = ${hashOf(code)} for update of g, c`);
    if (!held || held.app !== client.id) return invalid();
    if (held.used_at) {
      await endGrant(tx, held.app_grant, 'replayed-code');
      return invalid({ why: 'replayed-code', account: held.account, app: held.app });
    }
    if (!held.alive || held.redirect_uri !== redirectUri || !isVerifierOf(verifier, held.challenge)) return invalid();
    await tx.query(sql`update auth.app_code set used_at = now() where hash = ${hashOf(code)}`);
    return issueTokens(tx, held.app_grant, held.scopes, { scopes: held.scopes });
  });
}

/** RFC 6749 §6: each refresh token works once. One seen again was stolen, from the app or by it: the grant ends (RFC 9700 §4.14.2). */
export function refresh(db: Db, client: Client, token: string, asked: string[] | undefined): Promise<Issued> {
  return settle(db, async (tx) => {
    const [held] = await tx.query<Held>(sql`
      select t.app_grant, g.app, g.account, g.kind, t.scopes, g.scopes as granted, t.used_at, ${alive} and t.expires_at > now() as alive
      from auth.app_token t join auth.app_grant g on g.id = t.app_grant join auth."user" u on u.id = g.account
      where t.hash = ${hashOf(token)} and t.kind = 'refresh' for update of g, t`);
    if (!held || held.app !== client.id) return invalid();
    if (held.used_at) {
      await endGrant(tx, held.app_grant, 'reused-token');
      return invalid({ why: 'reused-token', account: held.account, app: held.app });
    }
    if (!held.alive) return invalid();
    if (asked?.some((scope) => !covers(held.scopes, scope)))
      return new OAuthError('invalid_scope', 'a scope exceeds what was granted');
    await tx.query(sql`update auth.app_token set used_at = now() where hash = ${hashOf(token)}`);
    return issueTokens(tx, held.app_grant, asked ?? held.scopes, { scopes: held.granted });
  });
}

/** RFC 6749 §4.4: the app for itself, as the person an administrator chose; no refresh token (§4.4.3). */
export function forItself(db: Db, client: Client, asked: string[] | undefined): Promise<Issued> {
  return settle(db, async (tx) => {
    const { account, secret } = client;
    if (account === null || secret === null)
      return new OAuthError('unauthorized_client', 'the app may not use client credentials');
    const scopes = asked ?? client.scopes;
    if (scopes.length === 0 || scopes.some((scope) => !covers(client.scopes, scope)))
      return new OAuthError('invalid_scope', 'a scope is unknown or the app is not registered for it');
    const grant = await openGrant(tx, { app: client.id, account, kind: 'own', scopes });
    return issueTokens(tx, grant, scopes, null);
  });
}
