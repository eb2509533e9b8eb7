import sql, { empty, join, type Sql } from 'sql-template-tag';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { inPortions } from '../../platform/queue/pace.ts';
import { valuesOf } from '../catalog/columns.ts';
import { indexName, sealedIndex } from '../catalog/ddl.ts';
import type { CatalogEditor } from '../catalog/define.ts';
import { objectOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { CatalogStore } from '../catalog/store.ts';
import type { SearchEntry, SearchIndexer } from '../write/types.ts';
import { upsertEntries } from '../write/update-sql.ts';
import { isSealedSql } from './lookup-sql.ts';
import { endMove, listMoves, type StoredMove, saveMove } from './move-store.ts';
import { isSealed } from './sealed-value.ts';
import type { Sealing } from './sealing.ts';

export interface MoveDeps {
  /** Connections for work that nobody waits for. */
  db: Db;
  catalog: CatalogStore;
  editor: CatalogEditor;
  sealing: Sealing;
  indexer: SearchIndexer;
  /** Milliseconds until every process knows of a change of metadata. */
  settle: number;
}

/** Records per portion; their rows are locked for as long as it takes, some tens of milliseconds. */
const PORTION = 500;

/**
 * Moves the values of fields into encryption or out of it, in the background, a portion of records with their past in each transaction. A kill loses
 * a portion at most; writes and reads go on, for readers tell both forms apart.
 *   waiting   readers know of both forms; nothing is sealed yet
 *   moving    writers seal (or no longer do), and what stands is re-written
 *   checking  once more through, for what a process wrote that knew it last
 */
export async function moveFields(deps: MoveDeps, workspace: string, signal: AbortSignal): Promise<void> {
  for (const move of await listMoves(deps.db, workspace)) {
    if (signal.aborted) return;
    const found = findField(await freshCatalog(deps, workspace), move.field);
    if (found) await moveField(deps, workspace, found.object, found.field, move, signal);
    else await endMove(deps.db, workspace, move.field);
  }
}

async function freshCatalog({ catalog }: MoveDeps, workspace: string) {
  catalog.invalidate(workspace);
  return catalog.get(workspace);
}

function findField({ objects }: { objects: ObjectDef[] }, id: number) {
  for (const object of objects) {
    const field = object.fields.find((one) => one.id === id);
    if (field) return { object, field };
  }
  return undefined;
}

async function moveField(
  deps: MoveDeps,
  workspace: string,
  object: ObjectDef,
  field: FieldDef,
  move: StoredMove,
  signal: AbortSignal,
): Promise<void> {
  const { db, editor } = deps;
  const inward = move.direction === 'in';
  const next = (phase: StoredMove['phase']): Sql =>
    sql`phase = ${phase}, since = clock_timestamp(), reached = '00000000-0000-0000-0000-000000000000'`;
  let { phase } = move;
  if (phase === 'waiting') {
    await wait(deps.settle - move.age, signal);
    if (signal.aborted) return;
    if (inward) {
      await prepareIndex(db, workspace, object, field);
      // Everybody can read both forms by now: from here on writers seal.
      const state = { encrypted: true, moving: 'in' as const };
      await editor.settleField(workspace, object.name, field.name, state, (tx) =>
        saveMove(tx, workspace, field.id, next('moving')),
      );
      await wait(deps.settle, signal);
    } else await saveMove(db, workspace, field.id, next('moving'));
    phase = 'moving';
  }
  for (const pass of ['moving', 'checking'] as const) {
    if (signal.aborted || (pass === 'moving' && phase === 'checking')) continue;
    const current = objectOf(await freshCatalog(deps, workspace), object.name);
    await inPortions(signal, () => movePortion(deps, workspace, current, field, inward));
    if (!signal.aborted && pass === 'moving') await saveMove(db, workspace, field.id, next('checking'));
  }
  if (signal.aborted) return;
  if ((await countLeft(db, workspace, field, inward)) > 0) {
    // What can't be opened must not be taken for plain; what somebody wrote meanwhile in the old form is taken in the next run.
    await saveMove(db, workspace, field.id, sql`${next('checking')}, error = ${inward ? null : 'encryption-locked'}`);
    return;
  }
  await editor.settleField(workspace, object.name, field.name, inward ? { encrypted: true } : {}, (tx) =>
    endMove(tx, workspace, field.id),
  );
  await dropIndexes(db, workspace, object, field, inward ? ['unique'] : ['sealed', 'sealed_unique']);
  // The planner's statistics hold the commonest values in plain.
  await db.query(sql`analyze ${tableOf(workspace, object.name)} (${ident(field.name)})`);
}

/** Makes the index of look-ups beside running writes; one that a kill left half made goes first. */
async function prepareIndex(db: Db, workspace: string, object: ObjectDef, field: FieldDef): Promise<void> {
  await dropIndexes(db, workspace, object, field, ['sealed', 'sealed_unique']);
  await db.query(sealedIndex(workspace, object.name, field, true));
}

async function dropIndexes(
  db: Db,
  workspace: string,
  object: ObjectDef,
  field: FieldDef,
  kinds: readonly ('unique' | 'sealed' | 'sealed_unique')[],
): Promise<void> {
  for (const kind of kinds)
    await db.query(
      sql`drop index concurrently if exists ${tableOf(workspace, indexName(object.name, field.name, kind))}`,
    );
}

type Cell = { id: string; value: string };
type Past = { record: string; version: number; value: string };
type Kept = { id: string; column: 'wanted' | 'before'; record: string; value: string };

/** One portion of records: their value, those of their past, and those that wait in proposals. @returns whether there may be more */
function movePortion(
  { db, sealing, indexer }: MoveDeps,
  workspace: string,
  object: ObjectDef,
  field: FieldDef,
  inward: boolean,
): Promise<boolean> {
  const table = tableOf(workspace, object.name);
  const column = ident(field.name);
  return db.tx(async (tx) => {
    const [state] = await tx.query<{ reached: string }>(
      sql`select reached from ${tableOf(workspace, 'sealing_move')} where field = ${field.id} for update`,
    );
    if (!state) return false;
    const rows = await tx.query<{ id: string; value: string | null }>(sql`
      select id, ${column} as value from ${table} where id > ${state.reached}::uuid order by id limit ${PORTION} for update`);
    const last = rows.at(-1);
    if (!last) return false;
    const ids = rows.map(({ id }) => id);
    const cells = rows.filter((row): row is Cell => row.value !== null);
    const past = await tx.query<Past>(sql`
      select record, version, before->>${field.name} as value from ${tableOf(workspace, 'delta')}
      where record = any(${ids}::uuid[]) and jsonb_typeof(before->${field.name}) = 'string'`);
    const kept = await tx.query<Kept>(sql`
      select p.id, c.name as column, p.record, c.content->>${field.name} as value
      from ${tableOf(workspace, 'proposal')} p cross join lateral (values ('wanted', p.wanted), ('before', p.before)) c(name, content)
      where p.record = any(${ids}::uuid[]) and p.object = ${object.name} and jsonb_typeof(c.content->${field.name}) = 'string'`);
    const all = [
      ...cells.map(({ id, value }) => ({ record: id, value })),
      ...past.map(({ record, value }) => ({ record, value })),
      ...kept.map(({ record, value }) => ({ record, value })),
    ];
    const moved = await moveValues(sealing, tx, workspace, { object: object.name, field: field.name }, all, inward);
    await putCells(tx, table, column, cells, moved.slice(0, cells.length));
    await putPast(tx, workspace, field.name, past, moved.slice(cells.length, cells.length + past.length));
    await putKept(tx, workspace, field.name, kept, moved.slice(cells.length + past.length));
    if (field.search !== undefined && field.search !== 'none' && cells.length > 0)
      await reindexRows(tx, workspace, object, cells, indexer);
    const changed = moved.filter((value) => value !== null).length;
    await saveMove(tx, workspace, field.id, sql`reached = ${last.id}::uuid, done = done + ${changed}, error = null`);
    return rows.length === PORTION;
  });
}

/** The other form of each value; null where it has it already, or can't be opened. */
async function moveValues(
  sealing: Sealing,
  tx: Tx,
  workspace: string,
  place: { object: string; field: string },
  values: readonly { record: string; value: string }[],
  inward: boolean,
): Promise<(string | null)[]> {
  const moved: (string | null)[] = values.map(() => null);
  const due = [...values.entries()].filter(([, { value }]) => isSealed(value) !== inward);
  const done = inward
    ? await sealing.seal(
        tx,
        workspace,
        due.map(([, one]) => ({ ...place, ...one })),
      )
    : await sealing.open(
        tx,
        workspace,
        due.map(([, { record, value }]) => ({ ...place, record, sealed: value })),
      );
  for (const [k, [index]] of due.entries()) moved[index] = done[k] ?? null;
  return moved;
}

const changedOf = <One>(all: readonly One[], moved: readonly (string | null)[]): (One & { to: string })[] =>
  all.flatMap((one, place) => {
    const to = moved[place] ?? null;
    return to === null ? [] : [{ ...one, to }];
  });

async function putCells(tx: Tx, table: Sql, column: Sql, cells: readonly Cell[], moved: readonly (string | null)[]) {
  const rows = changedOf(cells, moved).map(({ id, to }) => ({ id, to }));
  if (rows.length > 0)
    await tx.query(sql`update ${table} t set ${column} = x."to"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, "to" text) where t.id = x.id`);
}

async function putPast(
  tx: Tx,
  workspace: string,
  field: string,
  past: readonly Past[],
  moved: readonly (string | null)[],
) {
  const rows = changedOf(past, moved).map(({ record, version, to }) => ({ record, version, to }));
  if (rows.length > 0)
    await tx.query(sql`update ${tableOf(workspace, 'delta')} d set before = d.before || jsonb_build_object(${field}::text, x."to")
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(record uuid, version int, "to" text)
      where d.record = x.record and d.version = x.version`);
}

async function putKept(
  tx: Tx,
  workspace: string,
  field: string,
  kept: readonly Kept[],
  moved: readonly (string | null)[],
) {
  const changed = changedOf(kept, moved);
  for (const name of ['wanted', 'before'] as const) {
    const rows = changed.filter(({ column }) => column === name).map(({ id, to }) => ({ id, to }));
    if (rows.length > 0)
      await tx.query(sql`update ${tableOf(workspace, 'proposal')} p
        set ${ident(name)} = p.${ident(name)} || jsonb_build_object(${field}::text, x."to")
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, "to" text) where p.id = x.id`);
  }
}

/** What is encrypted leaves the search index, and comes back into it. */
async function reindexRows(
  tx: Tx,
  workspace: string,
  object: ObjectDef,
  cells: readonly Cell[],
  indexer: SearchIndexer,
): Promise<void> {
  const columns = ['id', ...object.fields.filter(({ retired }) => !retired).map(({ name }) => name)];
  const rows = await tx.query<Record<string, unknown> & { id: string }>(sql`
    select ${join(columns.map(ident), ', ')} from ${tableOf(workspace, object.name)}
    where id = any(${cells.map(({ id }) => id)}::uuid[]) and deleted_at is null`);
  const entries = rows
    .map((row) => indexer.entry(object, valuesOf(object, row), row.id))
    .filter((entry): entry is SearchEntry => entry !== null);
  if (entries.length > 0) await tx.query(upsertEntries(workspace, entries, empty));
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** Values of a field in a form that is not the wanted one: none once a move is over. */
async function countLeft(db: Db, workspace: string, field: FieldDef, inward: boolean): Promise<number> {
  const column = ident(field.name);
  const other = inward ? sql`not ${isSealedSql(column)}` : isSealedSql(column);
  const [row] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from ${tableOf(workspace, field.object)} where ${column} is not null and ${other}`,
  );
  return row?.n ?? 0;
}
