import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { handoverSchema } from '../../../contract/ownership.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import { receiversOf, runsOf } from '../mass/index.ts';
import type { Handover } from './handover-store.ts';

interface PresentDeps {
  db: Db;
  catalog: CatalogStore;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Handings over with how far each part is, and who got how many. */
export async function presentHandovers(
  deps: PresentDeps,
  ctx: Ctx,
  handovers: readonly Handover[],
): Promise<z.input<typeof handoverSchema>[]> {
  const { workspace, lang } = ctx;
  const parts = handovers.flatMap(({ runs }) => runs.flatMap(({ run }) => run ?? []));
  const found = new Map((await runsOf(deps.db, workspace, parts)).map((run) => [run.id, run]));
  const got = new Map<string, { account: string; count: number }[]>();
  const { objects } = await deps.catalog.get(workspace);
  for (const run of found.values()) {
    const owner = objects.find(({ name }) => name === run.object)?.owner;
    got.set(
      run.id,
      run.change_set && owner && run.state !== 'running'
        ? await ownersOf(deps.db, workspace, run.object, owner, run.change_set)
        : await receiversOf(deps.db, workspace, run.id),
    );
  }
  const people = [...got.values()].flat().map(({ account }) => account);
  const names = await deps.names(workspace, [
    ...new Set([...people, ...handovers.flatMap(({ account, actor }) => [account, actor])]),
  ]);
  return handovers.map((one) => ({
    id: one.id,
    account: one.account,
    name: names[one.account] ?? '',
    at: one.at.toISOString(),
    actor: one.actor,
    actorName: names[one.actor] ?? '',
    reason: one.reason,
    state: one.state,
    wish: one.wish,
    ended: one.ended,
    undoneAt: one.undone_at?.toISOString() ?? null,
    runs: one.runs.map(({ object, run: id }) => {
      const run = id === null ? undefined : found.get(id);
      return {
        object,
        run: id,
        state: run?.state ?? 'waiting',
        total: run?.total ?? 0,
        done: run?.done ?? 0,
        changed: run?.counts.change ?? 0,
        changeSet: run?.change_set ?? null,
        receivers: (got.get(id ?? '') ?? []).map(({ account, count }) => ({ name: names[account] ?? '', count })),
        error: run?.error?.message[lang] ?? null,
      };
    }),
  }));
}

/** Whose the records of a change set are now. */
function ownersOf(
  db: Db,
  workspace: string,
  object: string,
  owner: string,
  changeSet: string,
): Promise<{ account: string; count: number }[]> {
  return db.query<{ account: string; count: number }>(sql`
    select t.${ident(owner)}::text as account, count(*)::int as count from ${tableOf(workspace, 'delta')} d
    join ${tableOf(workspace, object)} t on t.id = d.record
    where d.change_set = ${changeSet}::uuid and t.${ident(owner)} is not null group by 1 order by 2 desc limit 20`);
}
