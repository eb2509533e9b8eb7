import sql, { type Sql } from 'sql-template-tag';
import { fieldsRead, type RollupField } from '../../../domain/schema/rollups.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { type CatalogStore, readCatalog } from '../../records/catalog/store.ts';
import { wantFill } from '../../records/rollups/fill-store.ts';
import { groupsOf, inTurn, type Moved, type RollupEnv, recompute, sourcesOf } from '../../records/rollups/recompute.ts';
import { type OutboxSet, placeAfter, readOutbox } from '../freshness/index.ts';

export interface RollupDeps {
  db: Db;
  catalog: CatalogStore;
  /** Zone of the workspace and the reference trees. */
  env(ctx: { at: Date }): Pick<RollupEnv, 'timeZone' | 'trees'>;
  now(): Date;
  /** After commit: pages that show these figures ask again. */
  tell(workspace: string, moved: Moved): void;
  /** In the transaction: a set concerns more records than one transaction should; all are worked out in portions. */
  fillSoon(tx: Tx, workspace: string): Promise<void>;
}

/** Reads the outbox under this name. */
export const FOLLOWER = 'rollups';
/** Records whose figures are worked out in one transaction: their rows are locked for that long. */
const MOST = 1_000;

/**
 * Works out the figures that what was written since the last time concerns, in one transaction with how far it got. A figure is made anew from the
 * records as they are, never added to: doing it twice changes nothing, and the last look sees the last change. Returns whether there may be more.
 */
export async function followRollups(deps: RollupDeps, workspace: string): Promise<boolean> {
  let moved: Moved = new Map();
  const more = await readOutbox(deps.db, workspace, FOLLOWER, async ({ tx, sets }) => {
    const last = sets.at(-1);
    if (!last) return null;
    const catalog = await catalogNow(deps, tx, workspace);
    const touched = touchedBy(sets, sourcesOf(catalog));
    if (touched.size > 0) {
      await inTurn(tx, workspace);
      moved = new Map();
      for (const [source, { setIds, gone }] of touched)
        await followSource(deps, tx, catalog, workspace, source, { setIds, gone, moved });
    }
    return placeAfter(last);
  });
  if (moved.size > 0) deps.tell(workspace, moved);
  return more;
}

/** A roll-up that was declared before a set was written is met by it: the cache may be a moment older than the sets. */
async function catalogNow({ catalog }: RollupDeps, tx: Tx, workspace: string): Promise<Catalog> {
  const cached = await catalog.get(workspace);
  const [row] = await tx.query<{ version: number }>(
    sql`select version::int as version from ${tableOf(workspace, 'catalog_version')}`,
  );
  return row?.version === cached.version ? cached : readCatalog(tx, workspace);
}

interface Touched {
  setIds: string[];
  /** Rows were removed for good: nothing tells any more where they pointed. */
  gone: boolean;
}

/** Objects that roll-ups look at and that sets wrote to, as far as figures can depend on it. */
function touchedBy(sets: readonly OutboxSet[], sources: ReadonlyMap<string, RollupField[]>): Map<string, Touched> {
  const touched = new Map<string, Touched>();
  for (const { id, undoes, summary } of sets)
    for (const [object, counts] of Object.entries(summary.counts ?? {})) {
      const rollups = sources.get(object);
      if (!rollups) continue;
      const gone = Object.keys(counts).some((word) => word === 'erased' || word === 'anonymised');
      const named = summary.records?.filter(([name]) => name === object);
      const read = new Set(rollups.flatMap(({ field }) => [...fieldsRead(field.rollup)]));
      // No fields: into the bin or out of it.
      const concerns = named?.some(([, , fields]) => fields.length === 0 || fields.some((name) => read.has(name)));
      if (concerns === false && !gone) continue;
      const entry = touched.get(object) ?? { setIds: [], gone: false };
      entry.setIds.push(id);
      // What it takes back of creations leaves no delta (decision 0007): the rows say which set they came with.
      if (undoes) entry.setIds.push(undoes);
      entry.gone ||= gone;
      touched.set(object, entry);
    }
  return touched;
}

async function followSource(
  deps: RollupDeps,
  tx: Tx,
  catalog: Catalog,
  workspace: string,
  source: string,
  { setIds, gone, moved }: Touched & { moved: Moved },
): Promise<void> {
  const rollups = sourcesOf(catalog).get(source) ?? [];
  if (gone) return refill(deps, tx, workspace, rollups);
  const object = objectOf(catalog, source);
  const env: RollupEnv = { workspace, catalog, now: deps.now(), ...deps.env({ at: deps.now() }) };
  for (const via of new Set(rollups.map(({ field }) => field.rollup.via))) {
    const own = rollups.filter(({ field }) => field.rollup.via === via);
    const rows = await tx.query<{ id: string }>(parentsSql(workspace, object, via, setIds));
    if (rows.length > MOST) await refill(deps, tx, workspace, own);
    else
      for (const [upper, fields] of groupsOf(own))
        await recompute(
          tx,
          env,
          upper,
          fields,
          rows.map(({ id }) => id),
          moved,
        );
  }
}

async function refill(deps: RollupDeps, tx: Tx, workspace: string, rollups: readonly RollupField[]): Promise<void> {
  await wantFill(
    tx,
    workspace,
    rollups.map(({ field }) => field),
  );
  await deps.fillSoon(tx, workspace);
}

/** Records that those which the sets wrote point to now, or pointed to before. */
function parentsSql(workspace: string, { id, name }: ObjectDef, via: string, setIds: readonly string[]): Sql {
  const table = tableOf(workspace, name);
  const delta = tableOf(workspace, 'delta');
  const column = ident(via);
  return sql`select distinct p.id from (
      select t.${column} as id from ${table} t where t.created_in = any(${setIds}::uuid[])
      union all
      select t.${column} from ${delta} d join ${table} t on t.id = d.record where d.change_set = any(${setIds}::uuid[]) and d.object = ${id}
      union all
      select (d.before ->> ${via})::uuid from ${delta} d where d.change_set = any(${setIds}::uuid[]) and d.object = ${id} and d.before ? ${via}
    ) p where p.id is not null order by p.id limit ${MOST + 1}`;
}
