import { AppError } from '../../../contract/errors.ts';
import { identity as api } from '../../../contract/identity.ts';
import { session } from '../../../contract/session.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { createAccount, findAccount, listAccounts, updateAccount } from './accounts.ts';
import { removeFactors } from './factors.ts';
import type { Identity } from './identity.ts';
import { factorRoles, saveFactorRoles } from './policy.ts';
import { invite, linkFor } from './reset.ts';
import { CALLBACK, readSso, saveSso } from './sso.ts';
import { tellOfChange } from './tell-of-change.ts';

const done = { ok: true as const };

/** What administrators do about people and how they sign in. */
export function peopleRoutes(app: App, identity: Identity): void {
  const { db, seal, publicUrl } = identity;

  route(app, session.accounts, async () => ({ accounts: await listAccounts(db) }));
  route(app, session.createAccount, ({ body }) => db.tx((tx) => createAccount(tx, body)));
  route(app, session.updateAccount, async ({ params, body }) => {
    const account = await updateAccount(db, params.id, body);
    identity.forget();
    return account;
  });

  route(app, api.invite, ({ caller, body, lang }) => invite(identity, body, caller.actor, lang));
  route(app, api.makeLink, ({ caller, params, lang }) => linkFor(identity, params.id, caller.actor, lang));
  route(app, api.removeFactors, async ({ params, lang }) => {
    await db.tx(async (tx) => {
      const account = await findAccount(tx, params.id);
      await removeFactors(tx, account.id);
      await tellOfChange(identity, tx, 'factors', account, lang);
    });
    identity.forget();
    return done;
  });

  route(app, api.policy, async () => {
    const [roles, sso] = await Promise.all([factorRoles(db), readSso(db, seal)]);
    const shown = sso && {
      enabled: sso.enabled,
      name: sso.name,
      issuer: sso.issuer,
      clientId: sso.clientId,
      join: sso.join,
      trustEmail: sso.trustEmail,
      secret: sso.clientSecret !== '',
    };
    return { factorRoles: roles, sso: shown, callback: publicUrl === undefined ? null : publicUrl + CALLBACK };
  });
  route(app, api.saveFactorRoles, async ({ caller, body }) => {
    await saveFactorRoles(db, body.roles, caller.actor);
    identity.forget();
    return done;
  });
  route(app, api.saveSso, async ({ caller, body }) => {
    const { clientSecret, ...settings } = body;
    if (settings.enabled && publicUrl === undefined) throw new AppError('public-url-needed');
    if (!identity.allowPlainSso && !settings.issuer.startsWith('https:')) throw new AppError('sso-issuer');
    await saveSso(db, seal, settings, clientSecret, caller.actor);
    return done;
  });
}
