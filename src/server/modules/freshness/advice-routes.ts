import { advice } from '../../../contract/advice.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { MakeCtx } from '../edge.ts';
import { adviseBudget } from './advise-budget.ts';
import { evaluate } from './evaluate.ts';
import { listRates } from './list-rates.ts';
import { statedPart } from './policy-table.ts';
import { listVersions, readVersion } from './policy-versions.ts';
import { readSetting, saveSetting } from './settings.ts';
import { suggestSplits } from './suggest-splits.ts';
import { type TryDeps, tryPolicies } from './try-policies.ts';
import { watchVerifiers } from './watch-verifiers.ts';

export interface AdviceDeps extends TryDeps {
  catalog: CatalogStore;
  ctxOf: MakeCtx;
}

const QUARTER = 91;
const MONTH = 30;

/** The HTTP edge of what was learned: rates, trying policies, the budget, evaluation. */
export function adviceRoutes(app: App, deps: AdviceDeps): void {
  const { db, plans } = deps;

  async function ready(call: Parameters<MakeCtx>[0]) {
    const { workspace, at } = await deps.ctxOf(call);
    await plans.ready(workspace);
    return { workspace, at, catalog: await deps.catalog.get(workspace) };
  }

  route(app, advice.rates, async (call) => {
    const { workspace, catalog } = await ready(call);
    return listRates(deps, workspace, catalog);
  });
  route(app, advice.versions, async (call) => {
    const { workspace } = await ready(call);
    return { versions: await listVersions(deps, workspace) };
  });
  route(app, advice.version, async (call) => {
    const { workspace } = await ready(call);
    return readVersion(db, workspace, call.params.version);
  });
  route(app, advice.try, async (call) => {
    const { workspace, catalog, at } = await ready(call);
    return tryPolicies(deps, workspace, catalog, call.body.policies.map(statedPart), at);
  });
  route(app, advice.curve, async (call) => {
    const { workspace, catalog } = await ready(call);
    return adviseBudget(deps, workspace, catalog, call.query.hours);
  });
  route(app, advice.splits, async (call) => {
    const { workspace, catalog } = await ready(call);
    return suggestSplits(db, workspace, catalog);
  });
  route(app, advice.capacity, async (call) => {
    const { workspace } = await ready(call);
    await saveSetting(db, workspace, 'capacity', call.body);
    return call.body;
  });
  route(app, advice.trustImports, async (call) => {
    const { workspace } = await ready(call);
    const { sources } = await readSetting(db, workspace, 'imports');
    await saveSetting(db, workspace, 'imports', { ...call.body, sources });
    return call.body;
  });
  route(app, advice.evaluation, async (call) => {
    const { workspace, catalog, at } = await ready(call);
    return evaluate(deps, workspace, catalog, call.query.days ?? QUARTER, at);
  });
  route(app, advice.verifiers, async (call) => {
    const { workspace, at } = await ready(call);
    const days = call.query.days ?? MONTH;
    return { days, verifiers: await watchVerifiers(deps, workspace, days, at) };
  });
}
