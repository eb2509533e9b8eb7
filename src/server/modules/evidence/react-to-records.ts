import sql, { empty } from 'sql-template-tag';
import type { Access } from '../../../domain/access/types.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { valuesOf } from '../../records/catalog/columns.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';
import { type OutboxSet, type Place, type Plans, placeAfter, readOutbox } from '../freshness/index.ts';
import { type Caused, writeOnce } from './causes.ts';
import { changeOf, type Reaction, targetOf } from './reactions.ts';

export interface ReactDeps {
  db: Db;
  write: WriteDoor;
  catalogs: CatalogStore;
  plans: Plans;
  accessFor: (catalog: Catalog) => Access;
  reactions: readonly Reaction[];
  now: () => Date;
}

/** Records looked at in one transaction. */
const PORTION = 1000;

interface Written {
  object: ObjectDef;
  id: string;
  values: Record<string, FieldValue>;
  at: Date;
}

/** Evidence that follows from what was written since the last time: an interaction, a delivery, a signature. Returns whether there may be more. */
export async function reactToRecords(deps: ReactDeps, workspace: string): Promise<boolean> {
  await deps.plans.ready(workspace);
  const catalog = await deps.catalogs.get(workspace);
  return readOutbox(deps.db, workspace, 'evidence', async ({ tx, place, sets }) => {
    const written: Written[] = [];
    let reached: Place = place;
    for (const set of sets) {
      const stopped = place.record !== null && set.id === place.changeSet ? place.record : null;
      const last = await collect(deps, tx, workspace, catalog, set, stopped, written);
      reached = last === null ? placeAfter(set) : { txid: set.txid, changeSet: set.id, record: last };
      if (last !== null || written.length >= PORTION) break;
    }
    await react(deps, tx, workspace, catalog, written);
    return reached;
  });
}

const SILENT = new Set(['undo', 'evidence', 'merge', 'unmerge']);

/** Records of a set that may be evidence. Returns the last one looked at when the set has more. */
async function collect(
  deps: ReactDeps,
  tx: Tx,
  workspace: string,
  catalog: Catalog,
  set: OutboxSet,
  after: string | null,
  written: Written[],
): Promise<string | null> {
  // What was taken back says nothing; what is moved about by merges and restorations said it before.
  if (SILENT.has(set.kind)) return null;
  let stopped: string | null = null;
  for (const object of catalog.objects) {
    const counts = set.summary.counts?.[object.name];
    if (!counts?.created && !counts?.updated) continue;
    if (!deps.reactions.some((reaction) => reaction.object === object.name)) continue;
    // Small sets name their records; of large ones the two indexes know.
    const named = set.summary.records?.filter(([name]) => name === object.name).map(([, id]) => id);
    const ids = named
      ? sql`select unnest(${named}::uuid[]) as id`
      : sql`select id from ${tableOf(workspace, object.name)} where created_in = ${set.id}::uuid
          union select record from ${tableOf(workspace, 'delta')} where change_set = ${set.id}::uuid and object = ${object.id} and kind = 'u'`;
    const rows = await tx.query<{ place: string; id: string | null; version: number; deleted_at: Date | null }>(sql`
      select x.id as place, t.* from (select distinct id from (${ids}) touched ${after === null ? empty : sql`where id > ${after}::uuid`}
        order by id limit ${PORTION}) x
      left join ${tableOf(workspace, object.name)} t on t.id = x.id order by x.id`);
    for (const row of rows)
      if (row.id !== null && row.deleted_at === null)
        written.push({ object, id: row.id, values: valuesOf(object, row), at: set.at });
    const last = rows.at(-1)?.place;
    // Several objects in one large set go on from the same place: ids are made in order of time, and causes count once.
    if (rows.length === PORTION && last && (stopped === null || last < stopped)) stopped = last;
  }
  return stopped;
}

async function react(deps: ReactDeps, tx: Tx, workspace: string, catalog: Catalog, written: Written[]): Promise<void> {
  const hits = written.flatMap((record) =>
    deps.reactions
      .filter((reaction) => reaction.object === record.object.name)
      .flatMap((reaction) => {
        const target = targetOf(reaction, record.object, record.values);
        const kind = deps.plans.evidenceKind(workspace, reaction.evidence);
        return target && kind ? [{ record, reaction, kind, target }] : [];
      }),
  );
  if (hits.length === 0) return;
  const targets = await readTargets(
    tx,
    workspace,
    catalog,
    hits.map((hit) => hit.target),
  );
  const { policies } = deps.plans.policy(workspace);
  const caused = hits.flatMap(({ record, reaction, kind, target }): Caused[] => {
    const found = targets.get(target.id);
    if (!found) return [];
    const at = momentOf(reaction, record);
    const change = changeOf(reaction, kind, found.object, target.id, found.values, policies, at);
    return change ? [{ cause: `${record.object.name}:${record.id}`, kind: kind.kind, change }] : [];
  });
  if (caused.length === 0) return;
  const ctx: Ctx = {
    workspace,
    actor: 'system',
    source: 'system',
    access: deps.accessFor(catalog),
    at: deps.now(),
    lang: 'zh',
  };
  await writeOnce(deps, ctx, caused);
}

function momentOf(reaction: Reaction, record: Written): Date {
  const told = reaction.at === undefined ? null : record.values[reaction.at];
  const at = typeof told === 'string' ? new Date(told) : record.at;
  return Number.isNaN(at.getTime()) ? record.at : at;
}

async function readTargets(
  tx: Tx,
  workspace: string,
  catalog: Catalog,
  targets: { object: string; id: string }[],
): Promise<Map<string, { object: ObjectDef; values: Record<string, FieldValue> }>> {
  const found = new Map<string, { object: ObjectDef; values: Record<string, FieldValue> }>();
  for (const object of catalog.objects) {
    const ids = [...new Set(targets.filter((target) => target.object === object.name).map((target) => target.id))];
    if (ids.length === 0) continue;
    const rows = await tx.query<{ id: string; version: number; deleted_at: Date | null }>(
      sql`select * from ${tableOf(workspace, object.name)} where id = any(${ids}::uuid[]) and deleted_at is null`,
    );
    for (const row of rows) found.set(row.id, { object, values: valuesOf(object, row) });
  }
  return found;
}
