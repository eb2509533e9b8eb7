import type { App } from '../../platform/http/server.ts';
import type { Log } from '../../platform/log.ts';
import { appsRoutes } from './apps-routes.ts';
import { createCallLog } from './call-log.ts';
import { type OAuthDeps, oauthRoutes } from './oauth-routes.ts';

export { findByToken } from './look-at-token.ts';
export { tidyAppsJob } from './tidy-job.ts';
export { withinScopes } from './within-scopes.ts';

/** The HTTP edge of apps by others: the OAuth 2.0 authorisation server, and the pages to register and connect them. */
export function appsModuleRoutes(app: App, { log, ...given }: Omit<OAuthDeps, 'calls'> & { log: Log }): void {
  const deps = { ...given, calls: createCallLog(given.db, log) };
  deps.calls.watch(app);
  oauthRoutes(app, deps);
  appsRoutes(app, deps);
}
