import sql from 'sql-template-tag';
import { apps } from '../../../contract/apps.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { listApps, registerApp, removeApp, renewSecret, updateApp } from './app-store.ts';
import { answerAt, readAsked } from './authorize.ts';
import { callsOf } from './call-log.ts';
import { connections, consent, disconnect } from './grant-store.ts';
import { issuerOf, type OAuthDeps } from './oauth-routes.ts';

const done = { ok: true as const };

/** The HTTP edge for people: registering apps, consenting, and what one's programs do. */
export function appsRoutes(app: App, deps: OAuthDeps): void {
  const { db, config, forget, calls } = deps;

  route(app, apps.list, async () => ({ apps: await listApps(db) }));
  route(app, apps.register, async ({ body, caller }) => registerApp(db, own(caller).account.id, body));
  route(app, apps.update, async ({ params, body }) => {
    await updateApp(db, params.id, body);
    forget();
    return done;
  });
  route(app, apps.renewSecret, async ({ params, caller }) => {
    own(caller);
    return { secret: await renewSecret(db, params.id) };
  });
  route(app, apps.remove, async ({ params }) => {
    await removeApp(db, params.id);
    forget();
    return done;
  });
  route(app, apps.calls, async ({ params }) => {
    await calls.flush();
    return callsOf(db, params.id);
  });
  route(app, apps.keyCalls, async ({ params, caller }) => {
    const [mine] = await db.query(
      sql`select id from auth.api_key where id = ${params.id} and account = ${caller.account.id}`,
    );
    if (!mine) throw new AppError('not-found');
    await calls.flush();
    return callsOf(db, params.id);
  });

  route(app, apps.connected, async ({ caller }) => ({ connections: await connections(db, caller.account.id) }));
  route(app, apps.disconnect, async ({ caller, params }) => {
    await disconnect(db, caller.account.id, params.id);
    forget();
    return done;
  });

  route(app, apps.request, async ({ body, request }) => {
    const asked = await readAsked(db, body.asked);
    const { client, scopes, wrong } = asked;
    return {
      app: { id: client.id, name: client.name, about: client.about, homeUrl: client.home_url },
      scopes,
      returnsTo: asked.redirectUri.replace(/\?.*$/, ''),
      wrong: wrong && {
        error: wrong.error,
        why: wrong.message,
        redirect: answerAt(asked, issuerOf(config.publicUrl, request), {
          error: wrong.error,
          error_description: wrong.message,
        }),
      },
    };
  });
  route(app, apps.decide, async ({ body, caller, request }) => {
    const asked = await readAsked(db, body.asked);
    const issuer = issuerOf(config.publicUrl, request);
    if (asked.wrong) return { redirect: answerAt(asked, issuer, { error: asked.wrong.error }) };
    if (!body.allow) return { redirect: answerAt(asked, issuer, { error: 'access_denied' }) };
    const code = await consent(db, own(caller).account.id, asked);
    return { redirect: answerAt(asked, issuer, { code }) };
  });
}

/** What gives power away is done by the person on the page: a key or app can't make itself another. */
function own(caller: Caller): Caller {
  if (caller.via !== 'session') throw new AppError('session-needed');
  return caller;
}
