import sql, { type Sql } from 'sql-template-tag';
import {
  judgeByRules,
  type Matcher,
  type Row as MatchRow,
  prepare,
  scorePair,
} from '../../../domain/matching/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { tableRows } from '../../records/read/strategy.ts';
import { type OutboxSet, placeAfter, readOutbox } from '../freshness/index.ts';
import { findCandidates, saveKeys } from './candidates.ts';
import { type FoundPair, judgePair, leastOf, savePairs } from './found-pairs.ts';
import { matcherFor } from './match-model.ts';
import { type Compared, comparedOf, hashedKeys, lookupKeys, matchableObjects, matchRow } from './matchable.ts';

export interface FollowDeps {
  db: Db;
  catalog: CatalogStore;
  /** Has an object looked through as a whole, when the transaction commits. */
  scanSoon: (tx: Tx, workspace: string, object: string) => Promise<void>;
  now: () => Date;
}

/** Reads the outbox under this name. */
export const FOLLOWER = 'duplicates';

/** Records compared in one transaction, so that it stays short; more where none is compared. */
const PORTION = 30;
const LARGE_PORTION = 500;
/** Sets larger than this are compared by a scan of the whole object: that is quicker per record. */
const ONE_BY_ONE = 2_000;
/** Objects larger than this are looked through at night only: a scan of a million records takes minutes of a processor and a gigabyte. */
const SCANNED_AT_ONCE = 100_000;
/** Candidates scored for one record. */
const COMPARED = 60;

/** An object and what of it is compared. */
interface Followed {
  object: ObjectDef;
  compared: Compared;
}

interface Touched {
  id: string;
  row: MatchRow | null;
}

/** Keeps keys and pairs up with what was written since the last time, each change set once. Returns whether there may be more. */
export async function followChanges(deps: FollowDeps, workspace: string): Promise<boolean> {
  const catalog = await deps.catalog.get(workspace);
  const objects = matchableObjects(catalog).map((object) => ({ object, compared: comparedOf(catalog, object) }));
  return readOutbox(deps.db, workspace, FOLLOWER, async ({ tx, place, sets }) => {
    const [first] = sets;
    if (!first) return null;
    const after = place.record !== null && first.id === place.changeSet ? place.record : null;
    const named = after === null ? await followNamed(deps, tx, workspace, objects, sets) : null;
    if (named) return placeAfter(named);
    const stopped = await followSet(deps, tx, workspace, objects, first, after);
    return stopped === null ? placeAfter(first) : { txid: first.txid, changeSet: first.id, record: stopped };
  });
}

/** Sets that name their records, as edits do: many in one pass, and a record edited several times once. Returns the last set of them, null when the first names none. */
async function followNamed(
  deps: FollowDeps,
  tx: Tx,
  workspace: string,
  objects: Followed[],
  sets: readonly OutboxSet[],
): Promise<OutboxSet | null> {
  const touched = new Map<Followed, Set<string>>();
  let looked = 0;
  let last: OutboxSet | null = null;
  for (const set of sets) {
    const records = set.summary.records;
    // An undo takes back what it does not name.
    if (!records || set.kind === 'undo' || looked >= PORTION) break;
    for (const one of objects) {
      if (sizeOf(set, one.object) === 0) continue;
      const ids = touched.get(one) ?? new Set<string>();
      touched.set(one, ids);
      for (const id of comparedIn(records, one)) ids.add(id);
    }
    looked = [...touched.values()].reduce((sum, ids) => sum + ids.size, 0);
    last = set;
  }
  for (const [one, ids] of touched) {
    if (ids.size === 0) continue;
    const found = await readRecords(tx, workspace, one, sql`select unnest(${[...ids]}::uuid[]) as id`, ids.size);
    await keepKeys(tx, workspace, one, found);
    await comparePairs(deps, tx, workspace, one, found);
  }
  return last;
}

/** Records of an object that a set changed; verifications change none. */
function sizeOf(set: OutboxSet, object: ObjectDef): number {
  const { created = 0, updated = 0, deleted = 0, restored = 0 } = set.summary.counts?.[object.name] ?? {};
  return created + updated + deleted + restored;
}

/** An edit of fields that nobody is recognised by changes nothing here; deletions and restorations name none. */
function comparedIn(records: NonNullable<OutboxSet['summary']['records']>, { object, compared }: Followed): string[] {
  return records
    .filter(
      ([name, , fields]) =>
        name === object.name && (fields.length === 0 || fields.some((one) => compared.columns.has(one))),
    )
    .map(([, id]) => id);
}

/** A set too large to name its records, portion by portion. Returns the last record looked at when it has more. */
async function followSet(
  deps: FollowDeps,
  tx: Tx,
  workspace: string,
  objects: Followed[],
  set: OutboxSet,
  after: string | null,
): Promise<string | null> {
  let stopped: string | null = null;
  for (const one of objects) {
    const { object } = one;
    const size = sizeOf(set, object);
    if (size === 0) continue;
    const portion = size <= ONE_BY_ONE ? PORTION : LARGE_PORTION;
    const { deleted = 0 } = set.summary.counts?.[object.name] ?? {};
    if (set.kind === 'undo' && after === null && deleted > 0) await forgetUndone(tx, workspace, object, set);
    const touched = await readTouched(tx, workspace, one, set, after, portion);
    await keepKeys(tx, workspace, one, touched);
    if (size <= ONE_BY_ONE) await comparePairs(deps, tx, workspace, one, touched);
    const last = touched.at(-1)?.id;
    if (touched.length === portion && last) {
      // Several objects in one large set go on from the same place: to do some twice does no harm.
      if (stopped === null || last < stopped) stopped = last;
    } else if (size > ONE_BY_ONE && (await tableRows(tx, tableOf(workspace, object.name))) <= SCANNED_AT_ONCE)
      await deps.scanSoon(tx, workspace, object.name);
  }
  return stopped;
}

async function readTouched(
  tx: Tx,
  workspace: string,
  one: Followed,
  set: OutboxSet,
  after: string | null,
  portion: number,
): Promise<Touched[]> {
  const { object } = one;
  const start = after ?? '00000000-0000-0000-0000-000000000000';
  // Each part is cut by itself: one walk along the key instead of a million rows per portion.
  const ids = sql`(select id from ${tableOf(workspace, object.name)} where created_in = ${set.id}::uuid and id > ${start}::uuid order by id limit ${portion})
    union (select record from ${tableOf(workspace, 'delta')} where change_set = ${set.id}::uuid and object = ${object.id}::int
      and kind in ('u', 'd', 'r') and record > ${start}::uuid order by record limit ${portion})`;
  return readRecords(tx, workspace, one, ids, portion);
}

/** The first of these records as they are now, in the order of their ids. */
async function readRecords(
  tx: Tx,
  workspace: string,
  { object, compared }: Followed,
  ids: Sql,
  limit: number,
): Promise<Touched[]> {
  const rows = await tx.query<TableRow & { deleted_at: Date | null }>(sql`
    select t.* from (select id from (${ids}) touched order by id limit ${limit}) x
      join ${tableOf(workspace, object.name)} t on t.id = x.id order by t.id`);
  return rows.map((row) => ({
    id: row.id,
    row: row.deleted_at === null ? matchRow(valuesOf(object, row), compared) : null,
  }));
}

/** An undone import leaves no delta: what it made lies in the bin under the undo's name. */
async function forgetUndone(tx: Tx, workspace: string, object: ObjectDef, set: OutboxSet): Promise<void> {
  const gone = sql`select id from ${tableOf(workspace, object.name)} where deleted_at is not null and deleted_in = ${set.id}::uuid`;
  await tx.query(sql`delete from ${tableOf(workspace, 'match_entry')} where record in (${gone})`);
  await tx.query(sql`delete from ${tableOf(workspace, 'duplicate_pair')}
    where object = ${object.id} and state in ('open', 'later') and (a in (${gone}) or b in (${gone}))`);
}

/** Table match_entry: one row per living record. */
async function keepKeys(tx: Tx, workspace: string, { object, compared }: Followed, touched: Touched[]): Promise<void> {
  const living = touched.flatMap(({ id, row }) => (row ? [{ record: id, keys: hashedKeys(row, compared) }] : []));
  const gone = touched.filter(({ row }) => row === null).map(({ id }) => id);
  await saveKeys(tx, workspace, object, living);
  if (gone.length === 0) return;
  await tx.query(sql`delete from ${tableOf(workspace, 'match_entry')} where record = any(${gone}::uuid[])`);
  await tx.query(sql`delete from ${tableOf(workspace, 'duplicate_pair')}
    where state in ('open', 'later') and (a = any(${gone}::uuid[]) or b = any(${gone}::uuid[]))`);
}

/** Pairs of these records with any other: found ones are kept, those that look alike no more leave the queue. */
async function comparePairs(
  deps: FollowDeps,
  tx: Tx,
  workspace: string,
  { object, compared }: Followed,
  touched: Touched[],
): Promise<void> {
  const matcher = await matcherFor(deps.db, workspace, object);
  const found = new Map<string, FoundPair>();
  for (const one of touched) {
    if (!one.row) continue;
    for (const pair of await pairsOf(tx, workspace, { object, compared }, matcher, { id: one.id, row: one.row }))
      found.set(`${pair.a} ${pair.b}`, pair);
  }
  const pairs = [...found.values()];
  const now = deps.now();
  await savePairs(tx, workspace, object, pairs, now);
  const ids = touched.map(({ id }) => id);
  await tx.query(sql`delete from ${tableOf(workspace, 'duplicate_pair')} p
    where state in ('open', 'later') and (a = any(${ids}::uuid[]) or b = any(${ids}::uuid[]))
      and not exists (select from unnest(${pairs.map(({ a }) => a)}::uuid[], ${pairs.map(({ b }) => b)}::uuid[]) f(a, b)
        where f.a = p.a and f.b = p.b)`);
}

async function pairsOf(
  tx: Tx,
  workspace: string,
  { object, compared }: Followed,
  matcher: Matcher,
  one: { id: string; row: MatchRow },
): Promise<FoundPair[]> {
  const ids = await findCandidates(tx, workspace, object, lookupKeys(one.row, compared), COMPARED);
  const others = ids.filter((id) => id !== one.id);
  if (others.length === 0) return [];
  const rows = await tx.query<TableRow>(
    sql`select * from ${tableOf(workspace, object.name)} where id = any(${others}::uuid[]) and deleted_at is null`,
  );
  const own = prepare(matcher, one.row);
  return rows.flatMap((row) => {
    const other = { id: row.id, row: matchRow(valuesOf(object, row), compared) };
    const verdict = judgeByRules(compared.rules, one.row, other.row);
    if (verdict?.rule.effect === 'never') return [];
    const likely = scorePair(matcher, own, prepare(matcher, other.row)).probability >= leastOf(matcher);
    return likely || verdict ? [judgePair(matcher, one, other, verdict)] : [];
  });
}
