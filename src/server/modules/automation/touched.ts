import sql, { empty } from 'sql-template-tag';
import type { Values, WakeIndex } from '../../../domain/automation/index.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fromColumn, type TableRow } from '../../records/catalog/columns.ts';
import { liveFields } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { type OutboxPortion, type OutboxSet, type Place, placeAfter } from '../freshness/index.ts';

/** One record as one change set left it, and as it was before. */
export interface Touched {
  set: OutboxSet;
  object: ObjectDef;
  id: string;
  version: number;
  what: 'created' | 'changed' | 'deleted' | 'told';
  /** Fields that were written. */
  fields: string[];
  evidence?: string;
  /** null: it was not there. */
  before: Values | null;
  after: Values;
}

/** Sets that move records about say nothing that was not said before; a set of evidence does. */
const SILENT = new Set(['merge', 'unmerge']);

/** The change, as a firing notes it. */
export const changeOf = ({ set, version }: Touched) => ({
  set: set.id,
  version,
  actor: set.actor,
  at: set.at,
});

/** A record that a set names, before it is read. */
export interface Named {
  set: OutboxSet;
  object: ObjectDef;
  id: string;
  version: number;
}

export const isImport = (set: OutboxSet): boolean => set.kind === 'import' || set.source === 'import';

/** Which objects and fields somebody follows. */
export type Watch = Pick<WakeIndex, 'watches' | 'concerns'>;

/** Objects of a set that some rule could be about. */
export function watchedIn(set: OutboxSet, index: Watch, catalog: Catalog): ObjectDef[] {
  if (SILENT.has(set.kind)) return [];
  const counts = set.summary.counts ?? {};
  return catalog.objects.filter(({ name, retired }) => counts[name] && !retired && index.watches(name, isImport(set)));
}

/** Records that a small set names in its summary and some rule could be about; null: it is too large to name them. An undo takes back what it does not name. */
export function namedIn(set: OutboxSet, objects: readonly ObjectDef[], index: Watch): Named[] | null {
  const { records } = set.summary;
  if (!records || set.kind === 'undo') return null;
  return records.flatMap(([name, id, fields, version]) => {
    const object = objects.find((one) => one.name === name);
    return object && index.concerns(name, fields) ? [{ set, object, id, version }] : [];
  });
}

/** The next records of a large set, in the order of their ids. */
export async function nextOfSet(
  on: Queryable,
  workspace: string,
  set: OutboxSet,
  objects: readonly ObjectDef[],
  after: string | null,
  limit: number,
): Promise<Named[]> {
  const behind = after === null ? empty : sql`and id > ${after}::uuid`;
  const named: Named[] = [];
  for (const object of objects) {
    const rows = await on.query<{ id: string; version: number }>(sql`
      select id, version from (
        (select id, 1 as version from ${tableOf(workspace, object.name)} where created_in = ${set.id}::uuid ${behind} order by id limit ${limit})
        union all
        (select record as id, version from ${tableOf(workspace, 'delta')} where change_set = ${set.id}::uuid and object = ${object.id}::int
          ${after === null ? empty : sql`and record > ${after}::uuid`} order by record, version limit ${limit})) x
      order by x.id, x.version limit ${limit}`);
    for (const { id, version } of rows) named.push({ set, object, id, version });
  }
  named.sort((a, b) => (a.id === b.id ? a.version - b.version : a.id < b.id ? -1 : 1));
  const cut = named[limit - 1];
  // All versions of one record stay together.
  return cut ? named.filter(({ id }) => id <= cut.id) : named;
}

/** Records of large sets looked at in one transaction, so that it stays short. */
const PORTION = 500;

/** The next records that a follower of the outbox is to look at, and the place it gets to with them. */
export async function nextNamed(
  { tx, place, sets }: OutboxPortion,
  workspace: string,
  index: Watch,
  catalog: Catalog,
): Promise<{ named: Named[]; reached: Place }> {
  const named: Named[] = [];
  let reached: Place = place;
  for (const set of sets) {
    const objects = watchedIn(set, index, catalog);
    const small = objects.length === 0 ? [] : namedIn(set, objects, index);
    if (small === null) {
      const after = place.record !== null && set.id === place.changeSet ? place.record : null;
      const portion = await nextOfSet(tx, workspace, set, objects, after, PORTION);
      named.push(...portion);
      const last = portion.length >= PORTION ? (portion.at(-1)?.id ?? null) : null;
      reached = last === null ? placeAfter(set) : { txid: set.txid, changeSet: set.id, record: last };
      if (last !== null || named.length >= PORTION) break;
    } else {
      named.push(...small);
      reached = placeAfter(set);
      if (named.length >= PORTION) break;
    }
  }
  return { named, reached };
}

interface Delta {
  record: string;
  version: number;
  kind: string;
  before: Record<string, FieldValue>;
  [column: string]: unknown;
}

/**
 * Reads records as each set left them: the present row, less what later changes replaced. Two statements per object, however many there are.
 */
export async function readTouched(
  read: Pick<ReadDoor, 'unseal'>,
  on: Queryable,
  workspace: string,
  named: readonly Named[],
): Promise<Touched[]> {
  const found = new Map<Named, Touched>();
  for (const object of new Set(named.map((one) => one.object))) {
    const mine = named.filter((one) => one.object === object);
    const first = new Map<string, number>();
    for (const { id, version } of mine) first.set(id, Math.min(version, first.get(id) ?? version));
    const since = JSON.stringify([...first].map(([id, version]) => ({ id, version })));
    const rows = await on.query<TableRow>(
      sql`select * from ${tableOf(workspace, object.name)} where id = any(${[...first.keys()]}::uuid[])`,
    );
    const deltas = await on.query<Delta>(sql`select d.record, d.version, d.kind::text as kind, d.before
      from jsonb_to_recordset(${since}::jsonb) as s(id uuid, version int)
      join ${tableOf(workspace, 'delta')} d on d.record = s.id and d.version >= s.version order by d.record, d.version desc`);
    const later = new Map<string, Delta[]>();
    for (const delta of deltas) {
      const list = later.get(delta.record) ?? [];
      later.set(delta.record, list);
      list.push(delta);
    }
    const now = new Map(rows.map((row) => [row.id, row]));
    for (const one of mine) {
      const row = now.get(one.id);
      const touched = row && asOf(one, row, later.get(one.id) ?? []);
      if (touched) found.set(one, touched);
    }
  }
  await openSealed(read, workspace, [...found.values()]);
  // In the order things happened: rules that count rely on it.
  return named.flatMap((one) => found.get(one) ?? []);
}

/** Encrypted values as they were written: conditions are about them. */
async function openSealed(
  read: Pick<ReadDoor, 'unseal'>,
  workspace: string,
  touched: readonly Touched[],
): Promise<void> {
  const ctx: Ctx = {
    ...{ workspace, actor: 'system', source: 'system', at: new Date(), lang: 'zh' },
    access: { objects: {}, admin: false },
  };
  for (const object of new Set(touched.map((one) => one.object))) {
    if (!object.fields.some(({ encrypted }) => encrypted)) continue;
    const kept = touched
      .filter((one) => one.object === object)
      .flatMap(({ id, before, after }) =>
        [after, ...(before ? [before] : [])].map((values) => ({ record: id, values })),
      );
    await read.unseal(ctx, object.name, kept);
  }
}

function asOf({ set, object, id, version }: Named, row: TableRow, deltas: readonly Delta[]): Touched | null {
  const after: Values = {};
  const fields = liveFields(object);
  for (const field of fields) after[field.name] = fromColumn(field, row[field.name]);
  let own: Delta | undefined;
  for (const delta of deltas) {
    if (delta.version < version) break;
    if (delta.version === version) own = delta;
    else for (const { name } of fields) if (name in delta.before) after[name] = delta.before[name] ?? null;
  }
  if (version === 1 && !own) {
    const filled = Object.keys(after).filter((name) => after[name] !== null);
    return { set, object, id, version, what: 'created', fields: filled, before: null, after };
  }
  if (!own) return null;
  const before = { ...after };
  const written: string[] = [];
  for (const { name } of fields)
    if (name in own.before) {
      before[name] = own.before[name] ?? null;
      written.push(name);
    }
  const sign = own.before.$e;
  const evidence = Array.isArray(sign) ? String(sign[0]) : undefined;
  const what = own.kind === 'd' ? 'deleted' : own.kind === 'u' && written.length > 0 ? 'changed' : 'told';
  return {
    set,
    object,
    id,
    version,
    what,
    fields: written,
    before,
    after,
    ...(evidence !== undefined && { evidence }),
  };
}
