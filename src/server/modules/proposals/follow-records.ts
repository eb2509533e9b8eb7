import sql, { empty, raw, type Sql } from 'sql-template-tag';
import { z } from 'zod';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Committed } from '../../records/write/types.ts';
import { type OutboxSet, placeAfter, readOutbox } from '../freshness/index.ts';

/**
 * Keeps with each open proposal who looks after its record, and whether that is in the bin: so that an inbox of a hundred thousand can be narrowed
 * to one's own by an index.
 */
export async function followRecords(
  on: Queryable,
  workspace: string,
  catalog: Catalog,
  only: { proposals?: string[]; records?: string[]; objects?: string[] } = {},
): Promise<void> {
  const proposals = tableOf(workspace, 'proposal');
  const narrowed =
    only.proposals !== undefined
      ? sql`and p.id = any(${only.proposals}::uuid[])`
      : only.records !== undefined
        ? sql`and p.record = any(${only.records}::uuid[])`
        : empty;
  for (const object of catalog.objects) {
    if (only.objects && !only.objects.includes(object.name)) continue;
    const { owner, from } = ownerSql(workspace, catalog, object);
    const gone = object.retired ? sql`true` : sql`t.deleted_at is not null`;
    await on.query(sql`update ${proposals} p set owner = f.owner, gone = f.gone
      from (select p.id, ${owner}::text as owner, ${gone} as gone from ${proposals} p join ${tableOf(workspace, object.name)} t on t.id = p.record
        ${from} where p.state = 'held' and p.object = ${object.name} ${narrowed}) f
      where p.id = f.id and (p.owner is distinct from f.owner or p.gone <> f.gone)`);
  }
}

/** The record's own owner; of one that belongs to another, that one's. */
function ownerSql(workspace: string, catalog: Catalog, object: ObjectDef): { owner: Sql; from: Sql } {
  if (object.owner) return { owner: sql`t.${ident(object.owner)}`, from: empty };
  const relation = object.fields.find((field) => field.name === object.parent);
  const parent = catalog.objects.find(({ name }) => name === relation?.target);
  if (!relation || !parent?.owner) return { owner: raw('null'), from: empty };
  return {
    owner: sql`u.${ident(parent.owner)}`,
    from: sql`left join ${tableOf(workspace, parent.name)} u on u.id = t.${ident(relation.name)}`,
  };
}

interface FollowDeps {
  db: Db;
  catalog: Pick<CatalogStore, 'get'>;
  workspaces(): Promise<string[]>;
}

/** Follows owners and the bin: woken when they may have moved, every minute for what other processes wrote. */
export function followProposalsJob(deps: FollowDeps) {
  return defineJob({
    name: 'proposals.follow',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) {
        const catalog = await deps.catalog.get(workspace);
        while (!signal.aborted && (await followSets(deps.db, workspace, catalog)));
      }
    },
  });
}

export function followSets(db: Db, workspace: string, catalog: Catalog): Promise<boolean> {
  return readOutbox(db, workspace, 'proposals', async ({ tx, place, sets }) => {
    // The first time: look at all once, instead of at all that ever happened.
    if (place.txid === '0') {
      await followRecords(tx, workspace, catalog);
      const [newest] = await tx.query<{ txid: string; id: string }>(sql`
        select txid::text as txid, id from ${tableOf(workspace, 'change_set')} c
        where txid < pg_snapshot_xmin(pg_current_snapshot()) order by c.txid desc, c.id desc limit 1`);
      return newest ? { txid: newest.txid, changeSet: newest.id, record: null } : null;
    }
    const moved = sets.filter(({ summary }) => moves(catalog, summary));
    const named = moved.flatMap(({ summary }) => summary.records ?? []);
    const whole = moved.some(({ summary }) => summary.records === undefined);
    // A customer who changes hands takes along what hangs on him: those are found by a look at all.
    const parents = new Set(catalog.objects.flatMap((object) => parentOf(object) ?? []));
    const all = whole || named.some(([object]) => parents.has(object));
    if (all) await followRecords(tx, workspace, catalog);
    else if (named.length > 0)
      await followRecords(tx, workspace, catalog, {
        records: named.map(([, id]) => id),
        objects: [...new Set(named.map(([object]) => object))],
      });
    const last = sets.at(-1);
    return last ? placeAfter(last) : null;
  });
}

const parentOf = (object: ObjectDef): string | undefined =>
  object.owner ? undefined : object.fields.find((field) => field.name === object.parent)?.target;

/** Whether a committed set may have given records another owner, or taken them to the bin or back. */
function moves(catalog: Catalog, summary: OutboxSet['summary']): boolean {
  const counts = Object.values(summary.counts ?? {});
  if (counts.some(({ deleted = 0, restored = 0 }) => deleted + restored > 0)) return true;
  if (!counts.some(({ updated = 0 }) => updated > 0)) return false;
  if (!summary.records) return true;
  return summary.records.some(([name, , fields]) => {
    const object = catalog.objects.find((one) => one.name === name);
    return fields.some((field) => field === object?.owner || field === object?.parent);
  });
}

/** Whether it is worth looking now. */
export const mayMoveProposals = (catalog: Catalog, { summary }: Committed): boolean => moves(catalog, summary);
