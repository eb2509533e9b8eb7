import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../contract/errors.ts';
import { session } from '../../../contract/session.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { createAccount, findAccount, isSetUp, listAccounts, setUp, updateAccount } from './accounts.ts';
import { createApiKey, deleteApiKey, listApiKeys } from './api-keys.ts';
import type { Identity } from './identity.ts';
import { signIn } from './sign-in.ts';

/** The HTTP edge of sign-in, accounts and API keys. */
export function identityRoutes(app: App, identity: Identity): void {
  const { db } = identity;

  route(app, session.setupState, async () => ({ needed: !(await isSetUp(db)) }));

  route(app, session.setup, async ({ body, request, reply }) => {
    const account = await setUp(db, body);
    await identity.afterSetup({ account, company: body.company, lang: body.lang ?? 'zh' });
    await open(identity, body, request, reply);
    return { account };
  });

  route(app, session.signIn, async ({ body, request, reply }) => ({
    account: await open(identity, body, request, reply),
  }));

  route(app, session.signOut, async ({ request, reply }) => {
    if (request.caller?.via === 'session') {
      const engine = await identity.engine();
      setCookies(reply, await engine.signOut(new Headers({ cookie: request.headers.cookie ?? '' })));
      identity.forget();
    }
    return { ok: true as const };
  });

  route(app, session.me, async ({ caller }) => ({
    account: await findAccount(db, caller.account.id),
    acts: [...(await identity.actsOf(caller))],
    workspace: await identity.workspaceOf(caller),
  }));

  route(app, session.accounts, async () => ({ accounts: await listAccounts(db) }));
  route(app, session.createAccount, ({ body }) => db.tx((tx) => createAccount(tx, body)));
  route(app, session.updateAccount, async ({ params, body }) => {
    const account = await updateAccount(db, params.id, body);
    identity.forget();
    return account;
  });

  route(app, session.apiKeys, async ({ caller }) => ({ keys: await listApiKeys(db, caller.account.id) }));
  route(app, session.createApiKey, async ({ caller, body }) => {
    // A key that makes keys would outlive being taken away.
    if (caller.via !== 'session') throw new AppError('session-needed');
    return createApiKey(db, caller.account.id, body.name, body);
  });
  route(app, session.deleteApiKey, async ({ caller, params }) => {
    await deleteApiKey(db, caller.account.id, params.id);
    identity.forget();
    return { ok: true as const };
  });
}

async function open(
  identity: Identity,
  credentials: { email: string; password: string },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const from = { address: request.ip, userAgent: request.headers['user-agent'] ?? '' };
  const { account, cookies } = await signIn(identity.db, await identity.engine(), credentials, from);
  setCookies(reply, cookies);
  return account;
}

function setCookies(reply: FastifyReply, cookies: string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}
