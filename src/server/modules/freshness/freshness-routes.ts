import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { freshness } from '../../../contract/freshness.ts';
import { isPlain, modeOf } from '../../../domain/access/reach.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import type { Idempotency } from '../../platform/http/idempotency.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { scopeSql } from '../../records/read/filter-sql.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { healthReport } from './health.ts';
import type { Plans } from './plans.ts';
import { beginReplan, readReplan, savePolicy } from './policy-store.ts';
import { effectivePolicies, statedPart } from './policy-table.ts';
import type { Preset } from './presets.ts';
import { cannotReach, snooze } from './put-off.ts';
import { todayList } from './today.ts';

export interface FreshnessDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  plans: Plans;
  ctxOf: MakeCtx;
  env: (ctx: Ctx) => ParseEnv;
  presets: readonly Preset[];
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  /** Enqueues the re-plan of a workspace, in the transaction that changed its policy. */
  replanSoon: (tx: Parameters<typeof savePolicy>[0], workspace: string) => Promise<void>;
  idempotency: Idempotency;
}

/** Entries shown of today's list unless asked otherwise. */
const TODAY = 20;

/** The HTTP edge of freshness: scenario presets, policies, today's list, health. */
export function freshnessRoutes(app: App, deps: FreshnessDeps): void {
  const { db, plans, ctxOf } = deps;

  async function store(ctx: Ctx, entry: Parameters<typeof savePolicy>[3]): Promise<number> {
    const version = await db.tx(async (tx) => {
      const saved = await savePolicy(tx, ctx.workspace, ctx.actor, entry);
      await beginReplan(tx, ctx.workspace);
      await deps.replanSoon(tx, ctx.workspace);
      return saved;
    });
    plans.invalidate(ctx.workspace);
    return version;
  }

  route(app, freshness.presets, async (call) => {
    const ctx = await ctxOf(call);
    await plans.ready(ctx.workspace);
    return { presets: [...deps.presets], current: plans.policy(ctx.workspace).scenario };
  });

  route(app, freshness.applyPreset, async (call) => {
    const ctx = await ctxOf(call);
    const preset = deps.presets.find((candidate) => candidate.id === call.params.id);
    if (!preset) throw new AppError('not-found');
    return { version: await store(ctx, { policies: preset.policies, scenario: preset.id }) };
  });

  route(app, freshness.policies, async (call) => {
    const ctx = await ctxOf(call);
    await plans.ready(ctx.workspace);
    const policy = plans.policy(ctx.workspace);
    const catalog = await deps.catalog.get(ctx.workspace);
    return {
      version: policy.version,
      scenario: policy.scenario,
      policies: effectivePolicies(catalog, policy.policies, plans.fits(ctx.workspace)),
      replan: await readReplan(db, ctx.workspace),
    };
  });

  route(app, freshness.savePolicies, async (call) => {
    const ctx = await ctxOf(call);
    await plans.ready(ctx.workspace);
    const { scenario } = plans.policy(ctx.workspace);
    const policies = call.body.policies.map(statedPart);
    return { version: await store(ctx, { policies, scenario, reason: call.body.reason }) };
  });

  route(app, freshness.today, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const mine = ctx.actor.replace(/^user:/, '');
    const owner = call.query.owner ?? mine;
    if (owner !== mine && !ctx.access.admin) throw new AppError('forbidden');
    return todayList(deps, ctx, catalog, owner, call.query.limit ?? TODAY);
  });

  route(app, freshness.cannotReach, async (call) => {
    const ctx = await ctxOf(call);
    await deps.read.get(ctx, call.params.object, call.params.id);
    return deps.idempotency.once(call.request, ctx, (remember) =>
      db.tx(async (tx) => {
        const until = await cannotReach(tx, ctx, call.params.id, call.body.how, call.body.note);
        const reply = { until: until.toISOString() };
        await remember?.(tx, reply);
        return reply;
      }),
    );
  });

  route(app, freshness.snooze, async (call) => {
    const ctx = await ctxOf(call);
    await deps.read.get(ctx, call.params.object, call.params.id);
    return deps.idempotency.once(call.request, ctx, (remember) =>
      db.tx(async (tx) => {
        const until = await snooze(tx, ctx, call.params.id, call.body.days, call.body.reason);
        const reply = { until: until.toISOString() };
        await remember?.(tx, reply);
        return reply;
      }),
    );
  });

  route(app, freshness.health, async (call) => {
    const ctx = await ctxOf(call);
    const catalog: Catalog = await deps.catalog.get(ctx.workspace);
    const object = objectOf(catalog, call.query.object ?? 'customer');
    const access = ctx.access.objects[object.name];
    if (!access?.actions.includes('read')) throw new AppError('forbidden');
    const reads = (field: FieldDef): boolean => isPlain(modeOf(access, field.name));
    const env = { ...deps.env(ctx), workspace: ctx.workspace, catalog, now: ctx.at };
    const rows = scopeSql(ctx.access, object, 't', env);
    const report = await healthReport(deps, ctx.workspace, object, deps.env(ctx), { rows, reads });
    // The day's figures are everybody's: not those of a part.
    if (access.rows !== true || !object.fields.every(reads)) return report;
    await db.query(sql`insert into ${tableOf(ctx.workspace, 'health_day')} (object, day, at, report)
      values (${object.name}, ${ctx.at}::timestamptz::date, ${ctx.at}, ${JSON.stringify(report)})
      on conflict (object, day) do update set at = excluded.at, report = excluded.report`);
    return report;
  });
}
