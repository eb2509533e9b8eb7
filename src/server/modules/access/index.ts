import type { App } from '../../platform/http/server.ts';
import type { AccessDeps } from './deps.ts';
import { explainRoutes } from './explain-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { rolesRoutes } from './roles-routes.ts';
import { shareRoutes } from './share-routes.ts';
import { unitsRoutes } from './units-routes.ts';

export { type AccessStore, accessFor, createAccessStore, type Person } from './access-store.ts';

/** The HTTP edge of who may see and do what. */
export function accessRoutes(app: App, deps: AccessDeps): void {
  rolesRoutes(app, deps);
  unitsRoutes(app, deps);
  explainRoutes(app, deps);
  shareRoutes(app, deps);
  requestRoutes(app, deps);
}
