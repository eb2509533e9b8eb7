import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { retention as api } from '../../../contract/retention.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx } from '../../records/types.ts';
import { agedSql } from './aged-records.ts';
import type { PrivacyDeps } from './deps.ts';
import { titlesOf } from './erasure-routes.ts';
import { deleteRule, keepCases, listCases, listRules, readRule, saveRule } from './retention-store.ts';

const SAMPLES = 8;

/** The HTTP edge of retention rules. */
export function retentionRoutes(app: App, deps: PrivacyDeps): void {
  const { db, ctxOf } = deps;
  /** The law's view: all rows, whoever looks. */
  const whole = async (ctx: Ctx): Promise<Ctx> => ({
    ...ctx,
    access: deps.fullAccess(await deps.catalog.get(ctx.workspace)),
  });

  route(app, api.rules, async (call) => {
    const { workspace } = await ctxOf(call);
    return {
      rules: (await listRules(db, workspace)).map(
        ({ id, name, object, filter, clock, days, grace, invite, mode, active, warned, kept, done, ran_at }) => ({
          ...{ id, name, object, clock, days, grace, invite, mode, active, warned, kept, done },
          filter: filter as never,
          ranAt: ran_at?.toISOString() ?? null,
        }),
      ),
    };
  });

  route(app, api.tryRule, async (call) => {
    const ctx = await whole(await ctxOf(call));
    const catalog = await deps.catalog.get(ctx.workspace);
    const rule = { ...call.body, filter: call.body.filter as Filter | null };
    const { aged, before, of } = await agedSql(deps, ctx, catalog, rule);
    const [found] = await db.query<{
      ages: { years: number; n: number }[];
      samples: { id: string; title: string | null; last: string }[];
    }>(sql`${aged}, hit as materialized (select a.id, a.title, a.last from a where a.last < ${before})
      select (select coalesce(jsonb_agg(x), '[]') from (select floor(extract(epoch from ${before} - last) / 31557600)::int as years, count(*)::int as n
          from hit group by 1 order by 1) x) as ages,
        (select coalesce(jsonb_agg(x), '[]') from (select id, title, last from hit order by last limit ${SAMPLES}) x) as samples`);
    const { ages = [], samples = [] } = found ?? {};
    const [total] = await db.query<{ n: number }>(of);
    return {
      n: ages.reduce((sum, { n }) => sum + n, 0),
      of: total?.n ?? 0,
      ages,
      samples: samples.map(({ id, title, last }) => ({ id, title: title ?? '', last: new Date(last).toISOString() })),
    };
  });

  route(app, api.saveRule, async (call) => {
    const ctx = await ctxOf(call);
    const rule = { ...call.body, filter: call.body.filter as Filter | null };
    // What can't be asked can't be stored either: unknown fields, a clock that the object has not.
    await agedSql(deps, await whole(ctx), await deps.catalog.get(ctx.workspace), rule);
    await saveRule(db, ctx, call.params.id, rule);
    return { ok: true as const };
  });

  route(app, api.deleteRule, async (call) => {
    const { workspace } = await ctxOf(call);
    if (!(await deleteRule(db, workspace, call.params.id))) throw new AppError('not-found');
    return { ok: true as const };
  });

  route(app, api.cases, async (call) => {
    const { workspace } = await ctxOf(call);
    const rule = await readRule(db, workspace, call.params.id);
    if (!rule) throw new AppError('not-found');
    const object = objectOf(await deps.catalog.get(workspace), rule.object);
    const cases = await listCases(db, workspace, rule.id);
    const ids = cases.map(({ record }) => record);
    const titles = new Map((await titlesOf(db, workspace, object, ids)).map(({ id, title }) => [id, title]));
    return {
      cases: cases.map((one) => ({
        ...{ rule: one.rule, record: one.record, object: object.name, title: titles.get(one.record) ?? '' },
        ...{ state: one.state, foundAt: one.found_at.toISOString(), dueAt: one.due_at.toISOString(), owner: one.owner },
        invitedAt: one.invited_at?.toISOString() ?? null,
        keptUntil: one.kept_until?.toISOString() ?? null,
      })),
    };
  });

  route(app, api.keep, async (call) => {
    const ctx = await ctxOf(call);
    await keepCases(db, ctx, call.params.id, call.body.records, call.body.days);
    return { ok: true as const };
  });
}
