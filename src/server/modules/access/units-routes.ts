import { access as api } from '../../../contract/access.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { AccessDeps } from './deps.ts';
import { listUnits, removeUnit, saveDepartment, saveTeam, saveTerritory } from './unit-store.ts';

/** Departments, teams and territories: who belongs where. */
export function unitsRoutes(app: App, deps: AccessDeps): void {
  const { db, ctxOf } = deps;
  const done = (): { ok: true } => {
    deps.access.forget();
    return { ok: true };
  };

  route(app, api.units, async (call) => listUnits(db, (await ctxOf(call)).workspace));

  route(app, api.saveDepartment, async (call) => {
    await saveDepartment(db, (await ctxOf(call)).workspace, call.params.id, call.body);
    return done();
  });
  route(app, api.saveTeam, async (call) => {
    await saveTeam(db, (await ctxOf(call)).workspace, call.params.id, call.body);
    return done();
  });
  route(app, api.saveTerritory, async (call) => {
    await saveTerritory(db, (await ctxOf(call)).workspace, call.params.id, call.body);
    return done();
  });

  for (const [endpoint, kind] of [
    [api.deleteDepartment, 'department'],
    [api.deleteTeam, 'team'],
    [api.deleteTerritory, 'territory'],
  ] as const)
    route(app, endpoint, async (call) => {
      await removeUnit(db, (await ctxOf(call)).workspace, kind, call.params.id);
      return done();
    });
}
