import { AppError } from '../../../contract/errors.ts';
import { type TradeShown, type TradeTemplate, trades } from '../../../contract/trades.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { MakeCtx } from '../edge.ts';
import { installTrade, removeTrade, type TradeDeps, tradeFile } from './install-trade.ts';
import { planTrade } from './plan-trade.ts';
import { type InstalledTrade, installedTrades, shippedTrades } from './trade-store.ts';

/** Trade templates: what a line of business needs beyond the template of everybody, as files. */
export function tradeRoutes(app: App, deps: TradeDeps & { ctxOf: MakeCtx }): void {
  const { ctxOf } = deps;
  const show = async (workspace: string, file: TradeTemplate, rows?: InstalledTrade[]): Promise<TradeShown> => {
    const { objects } = await deps.catalog.get(workspace);
    const row = (rows ?? (await installedTrades(deps.db, workspace))).find(({ name }) => name === file.name);
    return present(file, objects, row);
  };

  route(app, trades.list, async (call) => {
    const { workspace } = await ctxOf(call);
    const rows = await installedTrades(deps.db, workspace);
    const others = rows.filter(({ name }) => !shippedTrades().some((one) => one.name === name));
    const all = [...shippedTrades(), ...others.map(({ body }) => body)];
    return { templates: await Promise.all(all.map((file) => show(workspace, file, rows))) };
  });

  route(app, trades.look, async (call) => {
    const { workspace } = await ctxOf(call);
    planTrade(call.body, (await deps.catalog.get(workspace)).objects);
    return show(workspace, call.body);
  });

  route(app, trades.install, async (call) => {
    const ctx = await ctxOf(call);
    const { file, name } = call.body;
    const template = file ?? shippedTrades().find((one) => one.name === name);
    if (!template) throw new AppError('trade-unknown', { name: name ?? '' });
    await installTrade(deps, ctx, template);
    return show(ctx.workspace, template);
  });

  route(app, trades.file, async (call) => tradeFile(deps, (await ctxOf(call)).workspace, call.params.name));

  route(app, trades.remove, async (call) => {
    await removeTrade(deps, (await ctxOf(call)).workspace, call.params.name);
    return {};
  });
}

function present(file: TradeTemplate, objects: readonly ObjectDef[], row: InstalledTrade | undefined): TradeShown {
  const { name, version, label, description } = file;
  return {
    ...{ name, version, label, description },
    adds: file.objects.map((wanted) => {
      const there = objects.find((one) => one.name === wanted.name);
      const isThere = (field: string) => there?.fields.some((one) => one.name === field && !one.retired) ?? false;
      const named = wanted.label ?? there?.label ?? { zh: wanted.name, en: wanted.name };
      return {
        ...{ object: wanted.name, label: named, fresh: wanted.label !== undefined },
        fields: wanted.fields.filter((field) => row || !isThere(field.name)).map((field) => field.label),
        kept: row ? [] : wanted.fields.filter((field) => isThere(field.name)).map((field) => field.label),
        views: (wanted.views ?? []).map((view) => view.label),
      };
    }),
    installed: row ? { version: row.version, at: row.at.toISOString(), by: row.by } : null,
  };
}
