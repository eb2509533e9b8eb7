import sql from 'sql-template-tag';
import { addObservation, type RateSums } from '../../../domain/freshness/sums.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Plans } from './plans.ts';

/** Observations added to the sums in one transaction. */
const PORTION = 20_000;

/** Field and segment of a rate. */
export interface RateKey {
  field: number;
  segment: string;
}

/** Object id → number of a segment in the plan → its key. */
export type SegmentKeys = Map<number, Map<number, string>>;

export function segmentKeys(plans: Plans, workspace: string, catalog: Catalog): SegmentKeys {
  return new Map(
    catalog.objects.map((object) => {
      const { segments } = plans.objectPlan(workspace, object);
      return [object.id, new Map(segments.map(({ id, key }) => [id, key]))];
    }),
  );
}

/** Equal when the segments are drawn alike. */
export function drawnBy(keys: SegmentKeys): string {
  return JSON.stringify([...keys].map(([object, segments]) => [object, ...segments]));
}

/**
 * Adds the observations since the last time, finds and shares of finds, to the sums of their field and segment. When the segments were drawn anew, the sums are made again
 * from the observations (one compact table), never from the history of records.
 * @returns the fields that learned something, and whether there may be more
 */
export async function foldRates(
  db: Db,
  workspace: string,
  keys: SegmentKeys,
): Promise<{ fields: Set<number>; more: boolean }> {
  const drawn = drawnBy(keys);
  const state = tableOf(workspace, 'rate_state');
  await db.query(sql`insert into ${state} (one) values (true) on conflict do nothing`);
  return db.tx(async (tx) => {
    const [row] = await tx.query<{ seq: string; soft: string; segments: string }>(
      sql`select seq::text as seq, soft_seq::text as soft, segments from ${state} for update skip locked`,
    );
    if (!row) return { fields: new Set<number>(), more: false };
    const anew = row.segments !== drawn;
    if (anew) {
      await tx.query(sql`delete from ${tableOf(workspace, 'rate_sum')}`);
      await tx.query(
        sql`delete from ${tableOf(workspace, 'rate_fit')} where segment <> '' and not (segment = any(${allKeys(keys)}))`,
      );
    }
    const [after, afterSoft] = anew ? ['0', '0'] : [row.seq, row.soft];
    const hard = await readObservations(tx, workspace, 'observation', after);
    const soft = await readObservations(tx, workspace, 'soft_observation', afterSoft);
    const rows = [...hard, ...soft];
    await addToSums(tx, workspace, keys, rows);
    await tx.query(sql`update ${state} set seq = ${hard.at(-1)?.seq ?? after}::bigint,
      soft_seq = ${soft.at(-1)?.seq ?? afterSoft}::bigint, segments = ${drawn}`);
    return {
      fields: new Set(rows.map((one) => one.field)),
      more: hard.length === PORTION || soft.length === PORTION,
    };
  });
}

const allKeys = (keys: SegmentKeys): string[] => [...keys.values()].flatMap((segments) => [...segments.values()]);

interface Observed extends Record<string, unknown> {
  seq: string;
  field: number;
  age: number;
  outcome: string;
  /** Share of a find, below 0 for what is taken back. */
  weight: number;
  /** null: the record is gone for good. */
  object: number | null;
  segment: number | null;
}

function readObservations(
  tx: Tx,
  workspace: string,
  table: 'observation' | 'soft_observation',
  after: string,
): Promise<Observed[]> {
  return tx.query<Observed>(sql`
    select o.seq::text as seq, o.field, o.age, o.outcome, o.weight * o.share::float8 as weight, f.object, f.segment
    from (select * from ${tableOf(workspace, table)} s where seq > ${after}::bigint order by s.seq limit ${PORTION}) o
    left join ${tableOf(workspace, 'freshness')} f on f.record = o.record order by o.seq`);
}

async function addToSums(tx: Tx, workspace: string, keys: SegmentKeys, rows: Observed[]): Promise<void> {
  if (rows.length === 0) return;
  const table = tableOf(workspace, 'rate_sum');
  const touched = [...new Set(rows.map((row) => row.field))];
  const sums = new Map<string, RateKey & RateSums>();
  for (const one of await tx.query<RateKey & RateSums & Record<string, unknown>>(
    sql`select field, segment, observations, unchanged, intervals from ${table} where field = any(${touched}::int[])`,
  ))
    sums.set(`${one.field} ${one.segment}`, one);
  for (const { field, object, segment, age, outcome, weight } of rows) {
    if (object === null || segment === null) continue;
    const key = keys.get(object)?.get(segment) ?? '';
    const name = `${field} ${key}`;
    const sum = sums.get(name) ?? { field, segment: key, observations: 0, unchanged: 0, intervals: {} };
    addObservation(sum, age, outcome !== 'r', weight);
    sums.set(name, sum);
  }
  await tx.query(sql`
    insert into ${table} (field, segment, observations, unchanged, intervals)
    select field, segment, observations, unchanged, intervals from jsonb_to_recordset(${JSON.stringify([...sums.values()])}::jsonb)
      as x(field int, segment text, observations float8, unchanged float8, intervals jsonb)
    on conflict (field, segment) do update set observations = excluded.observations, unchanged = excluded.unchanged,
      intervals = excluded.intervals`);
}
