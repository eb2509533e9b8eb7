import type { z } from 'zod';
import { approvals as api, type approvalSchema } from '../../../contract/approvals.ts';
import { AppError } from '../../../contract/errors.ts';
import { type ApprovalRule, isNamed, mayDecide } from '../../../domain/approvals/index.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { type Approval, findApproval, listApprovals, openApprovals } from './approval-store.ts';
import { type DecideDeps, decideApproval, deciding, withdrawApproval } from './decide-approval.ts';
import { managerOf, namedDeciders } from './deciders.ts';
import type { Gate } from './gate.ts';
import { type PresentDeps, presentApprovals } from './present-approval.ts';
import type { ApprovalRuleStore } from './rule-store.ts';

export interface ApprovalsRouteDeps extends DecideDeps, PresentDeps {
  db: DecideDeps['db'];
  catalog: CatalogStore;
  gate: Gate;
  approvalRules: ApprovalRuleStore;
  ctxOf: MakeCtx;
}

const PAGE = 50;

/** The HTTP edge of approvals. */
export function approvalsRoutes(app: App, deps: ApprovalsRouteDeps): void {
  const { db, ctxOf, gate, approvalRules } = deps;

  const present = async (ctx: Ctx, list: readonly Approval[]) =>
    presentApprovals(deps, ctx, await deps.catalog.get(ctx.workspace), list, await deciding(deps, ctx));
  const one = async (ctx: Ctx, id: string): Promise<z.input<typeof approvalSchema>> => {
    const approval = await findApproval(db, ctx.workspace, id);
    const [view] = approval ? await present(ctx, [approval]) : [];
    if (!approval || !view || !(await maySee(ctx, approval))) throw new AppError('not-found');
    return view;
  };
  /** Who asked, who may decide or has decided, who audits. */
  const maySee = async (ctx: Ctx, approval: Approval): Promise<boolean> =>
    seesAll(ctx) ||
    approval.asker === ctx.actor ||
    approval.decided_by === ctx.actor ||
    mayDecide(approval, await deciding(deps, ctx), ctx.at);
  /** Those for this very person first; administrators see what is for others too. */
  const waiting = async (ctx: Ctx): Promise<Approval[]> => {
    const who = await deciding(deps, ctx);
    const mine = (await openApprovals(db, ctx.workspace)).filter((open) => mayDecide(open, who, ctx.at));
    return [...mine.filter((open) => isNamed(open, who)), ...mine.filter((open) => !isNamed(open, who))];
  };

  route(app, api.list, async (call) => {
    const ctx = await ctxOf(call);
    const { which, before } = call.query;
    if (which === 'mine-to-decide')
      return { approvals: await present(ctx, (await waiting(ctx)).slice(0, PAGE)), next: null };
    if (which === 'all' && !seesAll(ctx)) throw new AppError('forbidden');
    const asker = which === 'mine' ? ctx.actor : null;
    const list = await listApprovals(db, ctx.workspace, { asker, before, limit: PAGE + 1 });
    const page = list.slice(0, PAGE);
    return { approvals: await present(ctx, page), next: list.length > PAGE ? (page.at(-1)?.id ?? null) : null };
  });

  route(app, api.count, async (call) => ({ waiting: (await waiting(await ctxOf(call))).length }));

  route(app, api.needs, async (call) => {
    const ctx = await ctxOf(call);
    await gate.ready(ctx.workspace);
    const rule = gate.needed(ctx, call.query);
    if (!rule) return { needed: false, deciders: [], hours: 0 };
    const manager = rule.decider.by === 'manager' ? await managerOf(db, ctx.workspace, plain(ctx.actor)) : null;
    const ids = await namedDeciders(db, ctx.workspace, { rule, manager, asker: ctx.actor });
    const names = await deps.names(ctx.workspace, ids);
    return { needed: true, deciders: ids.flatMap((id) => names[id] ?? []), hours: rule.hours };
  });

  route(app, api.get, async (call) => one(await ctxOf(call), call.params.id));

  route(app, api.decide, async (call) => {
    const ctx = await ctxOf(call);
    await decideApproval(deps, ctx, call.params.id, call.body);
    return one(ctx, call.params.id);
  });

  route(app, api.withdraw, async (call) => {
    const ctx = await ctxOf(call);
    await withdrawApproval(deps, ctx, call.params.id);
    return one(ctx, call.params.id);
  });

  route(app, api.rules, async (call) => {
    const { workspace } = await ctxOf(call);
    await approvalRules.ready(workspace);
    return approvalRules.of(workspace);
  });

  route(app, api.saveRules, async (call) => {
    const ctx = await ctxOf(call);
    const { version, rules } = call.body;
    const known = new Set((await deps.catalog.get(ctx.workspace)).objects.map(({ name }) => name));
    if (rules.some(({ object }) => object !== undefined && !known.has(object))) throw new AppError('not-found');
    const entry = { author: ctx.actor, rules: rules as ApprovalRule[], from: version };
    return { version: await approvalRules.save(ctx.workspace, entry) };
  });
}

const seesAll = (ctx: Ctx): boolean => ctx.access.admin || (ctx.access.acts ?? []).includes('audit');

const plain = (actor: string): string => actor.replace(/^user:/, '');
