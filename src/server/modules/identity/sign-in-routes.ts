import type { FastifyRequest } from 'fastify';
import { identity as api } from '../../../contract/identity.ts';
import { session } from '../../../contract/session.ts';
import type { SignInNote } from '../../platform/http/caller.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { isSetUp, setUp } from './accounts.ts';
import { fromOf } from './deps.ts';
import { passkeyHost } from './engine.ts';
import type { Identity } from './identity.ts';
import { findLink } from './links.ts';
import { passkeyRequest, signInByPasskey } from './passkeys.ts';
import { sent, setCookies } from './reply-cookies.ts';
import { acceptLink, requestReset } from './reset.ts';
import { openByPassword, signInByCode, signInByPassword, signOut } from './sign-in.ts';
import { finishSso, ownPath, readSso, startSso } from './sso.ts';
import { countAttempt } from './throttle.ts';

/** What somebody may ask who is not signed in yet. */
export function signInRoutes(app: App, identity: Identity): void {
  const { db } = identity;

  route(app, session.setupState, async () => ({ needed: !(await isSetUp(db)) }));

  route(app, session.setup, async ({ body, request, reply, lang }) => {
    const account = await setUp(db, body);
    await identity.afterSetup({ account, company: body.company, lang: body.lang ?? 'zh' });
    const own = { email: account.email, password: body.password };
    sent(reply, await openByPassword(identity, own, fromOf(request, lang), noted(request, 'password')));
    return { account };
  });

  route(app, api.ways, async () => {
    const [sso, mail] = await Promise.all([readSso(db, identity.seal), identity.post.ready()]);
    return {
      passkeyHost: passkeyHost(identity.publicUrl),
      mail: mail && identity.publicUrl !== undefined,
      sso: sso?.enabled && identity.publicUrl !== undefined ? sso.name : null,
    };
  });

  route(app, session.signIn, async ({ body, request, reply, lang }) =>
    sent(reply, await signInByPassword(identity, body, fromOf(request, lang), noted(request, 'password'))),
  );
  route(app, api.second, async ({ body, request, reply, lang }) =>
    sent(reply, await signInByCode(identity, body, fromOf(request, lang), noted(request, body.kind))),
  );
  route(app, api.passkeyRequest, async ({ request, reply, lang }) => {
    const { options, cookies } = await passkeyRequest(identity, fromOf(request, lang));
    setCookies(reply, cookies);
    return options;
  });
  route(app, api.passkey, async ({ body, request, reply, lang }) =>
    sent(reply, await signInByPasskey(identity, body.response, fromOf(request, lang), noted(request, 'passkey'))),
  );

  route(app, session.signOut, async ({ request, reply, lang }) => {
    if (request.caller?.via === 'session') {
      setCookies(reply, await signOut(identity, await identity.engine(), fromOf(request, lang)));
      identity.forget();
    }
    return { ok: true as const };
  });

  route(app, api.requestReset, async ({ body, request, lang }) => {
    await requestReset(identity, body.email, fromOf(request, lang));
    return { ok: true as const };
  });
  route(app, api.openLink, async ({ body, request }) => {
    await countAttempt(db, [{ by: ['link', 'address', request.ip], most: 100, seconds: 900 }]);
    const { kind, name, email } = await findLink(db, body.token);
    return { kind, name, email };
  });
  route(app, api.useLink, async ({ body, request, reply, lang }) =>
    sent(reply, await acceptLink(identity, body, fromOf(request, lang), noted(request, 'link'))),
  );

  route(app, api.startSso, async ({ query, request, reply, lang }) => {
    const { url, cookies } = await startSso(identity, ownPath(query.to), fromOf(request, lang));
    setCookies(reply, cookies);
    await reply.redirect(url);
  });
  route(app, api.finishSso, async ({ query, request, reply, lang }) => {
    const { to, cookies } = await finishSso(identity, query, fromOf(request, lang), noted(request, 'sso'));
    setCookies(reply, cookies);
    await reply.redirect(to);
  });
}

/** The audit log reads from the request what came of it. */
function noted(request: FastifyRequest, way: string): SignInNote {
  const note: SignInNote = { way };
  request.signIn = note;
  return note;
}
