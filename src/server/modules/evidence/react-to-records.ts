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
import { takeBack } from './take-back.ts';

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
  /** null: it lies in the bin. */
  values: Record<string, FieldValue> | null;
  at: Date;
  /** Written with few others: its evidence gets a change set of its own, to be taken back with it. */
  alone: boolean;
}

/**
 * Evidence that follows from what was written since the last time: an interaction, a delivery, a signature; and back goes what followed from records
 * that were undone, deleted or corrected. Returns whether there may be more.
 */
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

/** What is moved about by merges said it before. */
const SILENT = new Set(['evidence', 'merge', 'unmerge']);
/** Records of a set that each get evidence of their own; those of an import share it by the portion. */
const FEW = 20;

/** Records of a set that may be evidence, or were. Returns the last one looked at when the set has more. */
async function collect(
  deps: ReactDeps,
  tx: Tx,
  workspace: string,
  catalog: Catalog,
  set: OutboxSet,
  after: string | null,
  written: Written[],
): Promise<string | null> {
  if (SILENT.has(set.kind)) return null;
  let stopped: string | null = null;
  for (const object of catalog.objects) {
    const { created = 0, updated = 0, deleted = 0, restored = 0 } = set.summary.counts?.[object.name] ?? {};
    const touched = created + updated + deleted + restored;
    if (touched === 0 || !deps.reactions.some((reaction) => reaction.object === object.name)) continue;
    // Small sets name their records; of large ones, and of what an undo undid, the two indexes know.
    const named = set.summary.records?.filter(([name]) => name === object.name).map(([, id]) => id);
    const those = set.undoes ? [set.id, set.undoes] : [set.id];
    const ids = named
      ? sql`select unnest(${named}::uuid[]) as id`
      : sql`select id from ${tableOf(workspace, object.name)} where created_in = any(${those}::uuid[])
          union select record from ${tableOf(workspace, 'delta')}
          where change_set = any(${those}::uuid[]) and object = ${object.id} and kind in ('u', 'd', 'r')`;
    const rows = await tx.query<{ place: string; id: string | null; version: number; deleted_at: Date | null }>(sql`
      select x.id as place, t.* from (select distinct id from (${ids}) touched ${after === null ? empty : sql`where id > ${after}::uuid`}
        order by id limit ${PORTION}) x
      left join ${tableOf(workspace, object.name)} t on t.id = x.id order by x.id`);
    const alone = touched <= FEW;
    for (const row of rows) {
      const values = row.id === null || row.deleted_at !== null ? null : valuesOf(object, row);
      written.push({ object, id: row.place, values, at: set.at, alone });
    }
    const last = rows.at(-1)?.place;
    // Several objects in one large set go on from the same place: ids are made in order of time, and causes count once.
    if (rows.length === PORTION && last && (stopped === null || last < stopped)) stopped = last;
  }
  return stopped;
}

const causeOf = ({ object, id }: Pick<Written, 'object' | 'id'>): string => `${object.name}:${id}`;

async function react(deps: ReactDeps, tx: Tx, workspace: string, catalog: Catalog, all: Written[]): Promise<void> {
  // A record written several times in this portion speaks as it is now, once.
  const written = [...new Map(all.map((one) => [causeOf(one), one])).values()];
  if (written.length === 0) return;
  const hits = written.flatMap((record) =>
    deps.reactions
      .filter((reaction) => reaction.object === record.object.name)
      .flatMap((reaction) => {
        const target = record.values && targetOf(reaction, record.object, record.values);
        return target ? [{ record, reaction, target }] : [];
      }),
  );
  const ctx: Ctx = {
    workspace,
    actor: 'system',
    source: 'system',
    access: deps.accessFor(catalog),
    at: deps.now(),
    lang: 'zh',
  };
  await takeBack(
    deps,
    ctx,
    written.map(causeOf),
    hits.map((hit) => ({ cause: causeOf(hit.record), kind: hit.reaction.evidence, record: hit.target.id })),
  );
  if (hits.length === 0) return;
  const targets = await readTargets(
    tx,
    workspace,
    catalog,
    hits.map((hit) => hit.target),
  );
  const { policies } = deps.plans.policy(workspace);
  const groups = new Map<string, Caused[]>();
  for (const { record, reaction, target } of hits) {
    const found = targets.get(target.id);
    const kind = deps.plans.evidenceKind(workspace, reaction.evidence);
    if (!found || !kind || !record.values) continue;
    const at = momentOf(reaction, record.values, record.at);
    const change = changeOf(reaction, kind, found.object, target.id, found.values, policies, at);
    if (!change) continue;
    const group = record.alone ? causeOf(record) : '';
    groups.set(group, [...(groups.get(group) ?? []), { cause: causeOf(record), kind: kind.kind, change }]);
  }
  for (const caused of groups.values()) await writeOnce(deps, ctx, caused);
}

function momentOf(reaction: Reaction, values: Record<string, FieldValue>, written: Date): Date {
  const told = reaction.at === undefined ? null : values[reaction.at];
  const at = typeof told === 'string' ? new Date(told) : written;
  return Number.isNaN(at.getTime()) ? written : at;
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
