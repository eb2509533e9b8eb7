import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { access as api } from '../../../contract/access.ts';
import { AppError } from '../../../contract/errors.ts';
import { isPlain } from '../../../domain/access/reach.ts';
import type { FieldMode } from '../../../domain/access/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx } from '../../records/types.ts';
import type { AccessDeps } from './deps.ts';
import { moved } from './role-store.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;
/** Days that the over-secrecy report looks back. */
const LOOK_BACK = 90;
const MOST = 200;

type RequestRow = {
  id: string;
  account: string;
  object: string;
  record: string;
  field: string;
  reason: string | null;
  asked_at: Date;
  state: 'open' | 'granted' | 'refused';
  until: Date | null;
};

/** Asking to see a value, deciding it, and what the asking says about needless secrecy. */
export function requestRoutes(app: App, deps: AccessDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.ask, async (call) => {
    const ctx = await ctxOf(call);
    const { object, record, field, reason } = call.body;
    const mode = await modeHere(deps, ctx, object, record, field);
    if (isPlain(mode)) throw new AppError('value-visible');
    await db.query(sql`
      insert into ${tableOf(ctx.workspace, 'access_request')} (id, account, object, record, field, reason, asked_at)
      values (${uuidv7()}, ${accountOf(ctx)}, ${object}, ${record}, ${field}, ${reason ?? null}, ${ctx.at})
      on conflict (account, record, field) where state = 'open' do update set reason = excluded.reason`);
    return { ok: true as const };
  });

  route(app, api.requests, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const rows = await db.query<RequestRow>(sql`
      select id, account, object, record, field, reason, asked_at, state, until
      from ${tableOf(ctx.workspace, 'access_request')}
      where account = ${accountOf(ctx)} or state = 'open' order by (state = 'open') desc, asked_at desc limit ${MOST}`);
    const titles = await visibleTitles(deps.read, ctx, catalog, rows);
    const names = new Map((await deps.accounts()).map(({ id, name }) => [id, name]));
    const shown = [];
    for (const { asked_at, until, ...row } of rows) {
      const label = catalog.objects
        .find(({ name }) => name === row.object)
        ?.fields.find(({ name }) => name === row.field)?.label;
      const title = titles.get(row.record);
      const mine = row.account === accountOf(ctx);
      if (!label || title === undefined || (!mine && !(await mayDecide(deps, ctx, row)))) continue;
      const more = {
        name: names.get(row.account) ?? '',
        askedAt: asked_at.toISOString(),
        until: until?.toISOString() ?? null,
      };
      shown.push({ ...row, ...more, title, label, mine });
    }
    return { requests: shown };
  });

  route(app, api.decide, async (call) => {
    const ctx = await ctxOf(call);
    const table = tableOf(ctx.workspace, 'access_request');
    const [row] = await db.query<RequestRow>(sql`select * from ${table} where id = ${call.params.id}`);
    if (!row || !(await mayDecide(deps, ctx, row))) throw new AppError('not-found');
    const { grant, days = DEFAULT_DAYS } = call.body;
    const until = grant ? new Date(ctx.at.getTime() + days * DAY_MS) : null;
    await db.tx(async (tx) => {
      const [first] = await tx.query(sql`
        update ${table} set state = ${grant ? 'granted' : 'refused'}, decided_at = ${ctx.at}, decided_by = ${ctx.actor}, until = ${until}
        where id = ${row.id} and state = 'open' returning id`);
      if (!first) throw new AppError('request-decided');
      await moved(tx, ctx.workspace);
    });
    deps.access.forget();
    return { ok: true as const };
  });

  route(app, api.secrecy, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const since = new Date(ctx.at.getTime() - LOOK_BACK * DAY_MS);
    const rows = await db.query<{ object: string; field: string; asked: number; granted: number; people: number }>(sql`
      select object, field, count(*)::int as asked, count(*) filter (where state = 'granted')::int as granted,
        count(distinct account)::int as people
      from ${tableOf(ctx.workspace, 'access_request')} where asked_at > ${since}
      group by object, field order by granted desc, asked desc limit 100`);
    return {
      days: LOOK_BACK,
      fields: rows.flatMap((row) => {
        const object = catalog.objects.find(({ name }) => name === row.object);
        const field = object && fieldOf(object, row.field);
        return field
          ? [{ ...row, label: field.label, needless: row.asked >= 3 && row.granted * 3 >= row.asked * 2 }]
          : [];
      }),
    };
  });
}

const accountOf = (ctx: Ctx): string => ctx.actor.replace(/^user:/, '');

/** How the actor sees a field of a record; what he does not know exists is not found. */
async function modeHere(deps: AccessDeps, ctx: Ctx, name: string, record: string, field: string): Promise<FieldMode> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), name);
  const def = fieldOf(object, field);
  if (!def || def.retired) throw new AppError('not-found');
  const page = await deps.read.list(ctx, {
    object: name,
    fields: [field],
    filter: { field: '$id', op: 'eq', value: record },
    page: { limit: 1 },
  });
  const [row] = page.rows;
  if (!row) throw new AppError('record-unknown');
  if (!(field in row.values) && row.modes?.[field] === undefined) throw new AppError('not-found');
  return row.modes?.[field] ?? 'edit';
}

/** The record's owner, as far as he reads the value himself, and administrators; nobody decides what he asked for. */
async function mayDecide(
  deps: AccessDeps,
  ctx: Ctx,
  row: Pick<RequestRow, 'account' | 'object' | 'record' | 'field' | 'state'>,
): Promise<boolean> {
  if (row.state !== 'open' || row.account === accountOf(ctx)) return false;
  if (ctx.access.admin) return true;
  const { owner } = objectOf(await deps.catalog.get(ctx.workspace), row.object);
  if (!owner || !ctx.access.objects[row.object]) return false;
  const page = await deps.read.list(ctx, {
    object: row.object,
    fields: [owner, row.field],
    filter: { field: '$id', op: 'eq', value: row.record },
    page: { limit: 1 },
  });
  const [record] = page.rows;
  return (
    record?.values[owner] === accountOf(ctx) &&
    row.field in record.values &&
    isPlain(record.modes?.[row.field] ?? 'edit')
  );
}
