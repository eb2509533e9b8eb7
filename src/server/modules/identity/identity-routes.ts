import type { App } from '../../platform/http/server.ts';
import type { Identity } from './identity.ts';
import { ownRoutes } from './own-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** The HTTP edge of sign-in, accounts and API keys. */
export function identityRoutes(app: App, identity: Identity): void {
  signInRoutes(app, identity);
  ownRoutes(app, identity);
  peopleRoutes(app, identity);
}
