import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { privacy as api, type ErasureView } from '../../../contract/privacy.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { countMentions } from '../../records/erase/mentions.ts';
import { readTraces } from '../../records/erase/read-traces.ts';
import type { PrivacyDeps } from './deps.ts';
import { type Erasure, type ErasureRecord, listErasures, newErasure, readErasure } from './erasure-store.ts';
import { tieErasure } from './request-store.ts';
import { reachOf } from './targets.ts';

const LISTED = 100;

/** The HTTP edge of erasing. */
export function erasureRoutes(app: App, deps: PrivacyDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.preview, async (call) => {
    const { workspace } = await ctxOf(call);
    const catalog = await deps.catalog.get(workspace);
    const object = objectOf(catalog, call.body.object);
    const titles = await titlesOf(db, workspace, object, call.body.ids);
    if (titles.length === 0) throw new AppError('not-found');
    const { records, family } = await reachOf(db, workspace, catalog, call.body);
    const targets = new Map<string, string[]>();
    for (const { object: name, record } of records) targets.set(name, [...(targets.get(name) ?? []), record]);
    const ids = records.map(({ record }) => record);
    const traces = await readTraces(db, workspace, catalog, targets, family, deps.sealing);
    const mentions: { object: string; n: number }[] = [];
    for (const other of catalog.objects)
      mentions.push({ object: other.name, n: await countMentions(db, workspace, other, traces, ids, family) });
    const [past] = await db.query<{ deltas: number; files: number }>(sql`
      with d as (select change_set from ${tableOf(workspace, 'delta')} where record = any(${ids}::uuid[]))
      select (select count(*)::int from d) as deltas,
        (select count(*)::int from ${tableOf(workspace, 'import_run')} r join xianke.file f on f.id = r.file
          where r.change_set in (select change_set from d union select created_in from ${tableOf(workspace, object.name)} where id = any(${ids}::uuid[]))) as files`);
    return {
      title: titles.map(({ title }) => title).join('、'),
      records: countModes(records),
      mentions: mentions.filter(({ n }) => n > 0),
      files: past?.files ?? 0,
      deltas: past?.deltas ?? 0,
      alike: await alikeOf(db, workspace, object, ids),
    };
  });

  route(app, api.erase, async (call) => {
    const ctx = await ctxOf(call);
    const { ground, request, ...choice } = call.body;
    const catalog = await deps.catalog.get(ctx.workspace);
    const object = objectOf(catalog, choice.object);
    if ((await titlesOf(db, ctx.workspace, object, choice.ids)).length === 0) throw new AppError('not-found');
    const { records } = await reachOf(db, ctx.workspace, catalog, choice);
    const id = await newErasure(db, ctx, { mode: choice.mode, ground, cause: request, records });
    if (request) await tieErasure(db, ctx, request, id);
    await deps.eraseSoon();
    return viewOf(deps, ctx.workspace, await readErasure(db, ctx.workspace, id));
  });

  route(app, api.erasures, async (call) => {
    const { workspace } = await ctxOf(call);
    const found = await listErasures(db, workspace, LISTED);
    return { erasures: await Promise.all(found.map((one) => viewOf(deps, workspace, one))) };
  });

  route(app, api.erasure, async (call) => {
    const { workspace } = await ctxOf(call);
    const found = await readErasure(db, workspace, call.params.id);
    return viewOf(deps, workspace, found);
  });
}

async function viewOf(deps: PrivacyDeps, workspace: string, row: Erasure): Promise<ErasureView> {
  const names = await deps.names(workspace, [row.by]);
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: row.by,
    byName: names[row.by] ?? '',
    mode: row.mode,
    ground: row.ground,
    cause: row.cause,
    state: row.state,
    report: row.report,
    error: row.error,
    finishedAt: row.finished_at?.toISOString() ?? null,
    scrubbed: row.state === 'done' && row.unscrubbed.length === 0,
  };
}

function countModes(records: readonly ErasureRecord[]): { object: string; mode: ErasureRecord['mode']; n: number }[] {
  const counts = new Map<string, { object: string; mode: ErasureRecord['mode']; n: number }>();
  for (const { object, mode } of records) {
    const key = `${object} ${mode}`;
    const one = counts.get(key) ?? { object, mode, n: 0 };
    one.n += 1;
    counts.set(key, one);
  }
  return [...counts.values()];
}

export function titlesOf(
  on: Queryable,
  workspace: string,
  object: ObjectDef,
  ids: readonly string[],
): Promise<{ id: string; title: string }[]> {
  return on.query<{ id: string; title: string }>(sql`select id, coalesce(${ident(object.title)}::text, '') as title
    from ${tableOf(workspace, object.name)} where id = any(${ids}::uuid[]) order by id`);
}

/** Pairs that wait for a decision: the same person may be there twice, and the other record would stay. */
async function alikeOf(on: Queryable, workspace: string, object: ObjectDef, ids: readonly string[]) {
  const rows = await on.query<{ id: string; title: string }>(sql`
    select t.id, coalesce(t.${ident(object.title)}::text, '') as title from ${tableOf(workspace, object.name)} t
    where t.deleted_at is null and not (t.id = any(${ids}::uuid[])) and t.id in (
      select case when a = any(${ids}::uuid[]) then b else a end from ${tableOf(workspace, 'duplicate_pair')}
      where state in ('open', 'later') and object = ${object.id} and (a = any(${ids}::uuid[]) or b = any(${ids}::uuid[])))
    limit 20`);
  return rows.map((row) => ({ object: object.name, ...row }));
}
