import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { access as api } from '../../../contract/access.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Action, FieldMode } from '../../../domain/access/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import type { AccessDeps } from './deps.ts';
import { moved } from './role-store.ts';

const DAY_MS = 86_400_000;

/** Sharing one record with a person or a team until a day. */
export function shareRoutes(app: App, deps: AccessDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.shares, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    await deps.read.get(ctx, object, id);
    const may = (await mayWith(deps, ctx, object, id, 'share')) !== undefined;
    if (!may) return { may, people: [], teams: [], shares: [] };
    const accounts = await deps.accounts();
    const teams = await db.query<{ id: string; name: string }>(
      sql`select id, name from ${tableOf(ctx.workspace, 'team')} order by name`,
    );
    const rows = await db.query<{
      id: string;
      account: string | null;
      team: string | null;
      edit: boolean;
      until: Date;
    }>(sql`
      select id, account, team, edit, until from ${tableOf(ctx.workspace, 'share')}
      where record = ${id}::uuid and object = ${object} and until > ${ctx.at} order by until`);
    const nameOf = (id: string | null, among: { id: string; name: string }[]) =>
      among.find((one) => one.id === id)?.name ?? '';
    return {
      may,
      people: accounts.filter(({ disabled }) => !disabled).map(({ id, name }) => ({ id, name })),
      teams,
      shares: rows.map(({ until, ...share }) => ({
        ...share,
        name: nameOf(share.account, accounts) || nameOf(share.team, teams),
        until: until.toISOString(),
      })),
    };
  });

  route(app, api.share, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id } = call.params;
    const { account, team, edit, days } = call.body;
    if ((account === null) === (team === null)) throw new AppError('invalid-input', { count: 1 });
    const row = await mayWith(deps, ctx, object, id, 'share');
    if (!row || (edit && !(await mayWith(deps, ctx, object, id, 'update')))) throw new AppError('forbidden');
    const until = new Date(ctx.at.getTime() + days * DAY_MS);
    await db.tx(async (tx) => {
      await tx.query(sql`
        insert into ${tableOf(ctx.workspace, 'share')} (id, object, record, account, team, edit, fields, until, created_at, created_by)
        values (${uuidv7()}, ${object}, ${id}, ${account}, ${team}, ${edit}, ${JSON.stringify(modesOf(row, edit))}::jsonb,
          ${until}, ${ctx.at}, ${ctx.actor})`);
      await moved(tx, ctx.workspace);
    });
    deps.access.forget();
    return { ok: true as const };
  });

  route(app, api.unshare, async (call) => {
    const ctx = await ctxOf(call);
    const { object, id, share } = call.params;
    if (!(await mayWith(deps, ctx, object, id, 'share'))) throw new AppError('forbidden');
    await db.tx(async (tx) => {
      await tx.query(sql`delete from ${tableOf(ctx.workspace, 'share')} where id = ${share} and record = ${id}`);
      await moved(tx, ctx.workspace);
    });
    deps.access.forget();
    return { ok: true as const };
  });
}

/** The record as the actor sees it, if he may do this with it. */
async function mayWith(
  deps: AccessDeps,
  ctx: Ctx,
  object: string,
  id: string,
  purpose: Action,
): Promise<Row | undefined> {
  if (!ctx.access.objects[object]?.actions.includes(purpose)) return undefined;
  const filter = { field: '$id', op: 'eq' as const, value: id };
  const page = await deps.read.list(ctx, { object, filter, purpose, page: { limit: 1 } });
  return page.rows[0];
}

/** Nobody can give more than he has: what he sees masked stays masked for whom he shares it with. */
function modesOf(row: Row, edit: boolean): Record<string, FieldMode> {
  const own = Object.keys(row.values).map((name): [string, FieldMode] => {
    const mode = row.modes?.[name] ?? 'edit';
    return [name, mode === 'edit' && !edit ? 'read' : mode];
  });
  return { '*': 'hidden', ...Object.fromEntries(own) };
}
