import { AppError } from '../../../contract/errors.ts';
import { team } from '../../../contract/team.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { type MemberSettings, saveMember, viewTeam } from './team-store.ts';

/** The HTTP edge of who verifies what, how long a day, and who is away. */
export function teamRoutes(app: App, deps: { db: Db; ctxOf: MakeCtx; env: (ctx: Ctx) => ParseEnv }): void {
  const { db, ctxOf, env } = deps;
  const view = (ctx: Ctx) => viewTeam(db, ctx.workspace, ctx.at, env(ctx).timeZone);

  route(app, team.list, async (call) => view(await ctxOf(call)));

  route(app, team.save, async (call) => {
    const ctx = await ctxOf(call);
    return save(ctx, call.params.account, call.body);
  });

  route(app, team.saveAway, async (call) => {
    const ctx = await ctxOf(call);
    const account = ctx.actor.replace(/^user:/, '');
    const me = (await view(ctx)).people.find((one) => one.account === account);
    if (!me) throw new AppError('not-found');
    return save(ctx, account, { duties: me.duties, dailyMinutes: me.dailyMinutes, ...call.body });
  });

  async function save(ctx: Ctx, account: string, { deputy, absences, ...rest }: MemberSettings) {
    const { people } = await view(ctx);
    const known = new Set(people.map((one) => one.account));
    if (!known.has(account) || (deputy !== null && !known.has(deputy))) throw new AppError('not-found');
    // Two that begin on one day are one, as long as the longer.
    const days = new Map<string, { from: string; to: string }>();
    for (const absence of absences) {
      const other = days.get(absence.from);
      if (!other || other.to < absence.to) days.set(absence.from, absence);
    }
    await saveMember(db, ctx.workspace, account, { ...rest, deputy, absences: [...days.values()] }, ctx.actor);
    return view(ctx);
  }
}
