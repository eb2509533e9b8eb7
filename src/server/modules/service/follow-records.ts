import sql from 'sql-template-tag';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { placeAfter, readOutbox } from '../freshness/index.ts';
import { type ServiceDeps, systemCtx } from './deps.ts';
import { readService } from './settings.ts';
import { KIND } from './tend-records.ts';

/** Puts down which records with clocks were written since the last time, in one transaction with how far it got. Returns whether there may be more. */
export async function followRecords(deps: ServiceDeps, workspace: string): Promise<boolean> {
  const { clocks } = await readService(deps.db, workspace);
  const watched = new Set(clocks.filter(({ off }) => !off).map(({ object }) => object));
  return readOutbox(deps.db, workspace, 'service', async ({ tx, sets }) => {
    const last = sets.at(-1);
    if (!last) return null;
    const { objects } = await deps.catalog.get(workspace);
    for (const object of objects) {
      if (!watched.has(object.name)) continue;
      const mine = sets
        .filter(({ kind, summary }) => kind !== KIND && summary.counts?.[object.name])
        .flatMap(({ id, undoes }) => [id, undoes ?? id]);
      if (mine.length > 0) await wantWritten(tx, workspace, object, mine, deps.now());
    }
    return placeAfter(last);
  });
}

async function wantWritten(
  tx: Tx,
  workspace: string,
  object: { id: number; name: string },
  sets: readonly string[],
  now: Date,
): Promise<void> {
  await tx.query(sql`insert into ${tableOf(workspace, 'service_due')} (record, object, next_at)
    select record, ${object.name}, ${now} from (
      select id as record from ${tableOf(workspace, object.name)} where created_in = any(${sets}::uuid[])
      union select record from ${tableOf(workspace, 'delta')} where change_set = any(${sets}::uuid[]) and object = ${object.id}
    ) w on conflict (record) do update set next_at = excluded.next_at`);
}

/** Hours, holidays or times were changed: what is not done is worked out anew. Returns how many records. */
export async function wantOpen(deps: ServiceDeps, workspace: string): Promise<number> {
  const { clocks } = await readService(deps.db, workspace);
  const now = deps.now();
  const ctx = await systemCtx(deps, workspace, now);
  let wanted = 0;
  for (const object of new Set(clocks.map((clock) => clock.object))) {
    const all = clocks.filter((clock) => clock.object === object && !clock.off).map(({ done }) => done as Filter);
    if (all.length === 0) continue;
    const { table, where } = await deps.read.select(ctx, { object, filter: { not: { all } } });
    const rows = await deps.db.query(sql`insert into ${tableOf(workspace, 'service_due')} (record, object, next_at)
      select t.id, ${object}, ${now} from ${table} t where ${where}
      on conflict (record) do update set next_at = excluded.next_at returning record`);
    wanted += rows.length;
  }
  return wanted;
}
