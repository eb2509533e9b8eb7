import sql, { raw } from 'sql-template-tag';
import type { RecordState } from '../../../domain/freshness/plan.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { valuesOf } from '../../records/catalog/columns.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type BeliefColumns, recordStateOf } from '../../records/read/freshness-lens.ts';

/** A record of a sampled customer: his own, or one that is verified with him. */
export interface Member {
  object: ObjectDef;
  state: RecordState;
  /** Only where segments ask for them. */
  values: Record<string, FieldValue>;
}

/** A customer with all that one contact verifies. */
export interface Bundle {
  owner: string | null;
  /** Page of the table it was drawn with: rows of one page came in together. */
  cluster: number;
  members: Member[];
}

export interface Sample {
  bundles: Bundle[];
  /** Customers there are, about. */
  total: number;
  /** The sample is all there is. */
  whole: boolean;
}

export interface SampleSize {
  customers: number;
  /** Pages drawn; of each some rows, for the rest of a page would say the same again. */
  pages: number;
}

/** Enough for ± 2–3 %, few enough for a second. */
const QUICK: SampleSize = { customers: 2000, pages: 250 };

interface Row extends BeliefColumns, Record<string, unknown> {
  record: string;
  object: number;
  owner: string | null;
  bundle: string;
}

/** Customers drawn at random, page by page, with everything verified with them: what policies are tried on. */
export async function sampleBundles(
  db: Db,
  workspace: string,
  catalog: Catalog,
  withValues: boolean,
  size: SampleSize = QUICK,
): Promise<Sample> {
  const { heads, total, whole } = await drawHeads(db, workspace, size);
  const ids = heads.map((head) => head.bundle);
  const rows = await db.query<Row>(sql`
    select record, object, owner, bundle, segment, base_at, base_confidence, cells, missing, frailty
    from ${tableOf(workspace, 'freshness')} where bundle = any(${ids}::uuid[])`);
  const objects = new Map(catalog.objects.filter((object) => !object.retired).map((object) => [object.id, object]));
  const values = withValues ? await readValues(db, workspace, objects, rows) : null;
  const bundles = new Map<string, Bundle>(
    heads.map(({ bundle, owner, cluster }) => [bundle, { owner, cluster, members: [] }]),
  );
  for (const row of rows) {
    const object = objects.get(row.object);
    const found = values ? values.get(row.record) : {};
    if (!object || !found) continue;
    const member = { object, state: recordStateOf(row), values: found };
    // The customer first: what reaching him costs is his plan's.
    if (row.record === row.bundle) bundles.get(row.bundle)?.members.unshift(member);
    else bundles.get(row.bundle)?.members.push(member);
  }
  return { bundles: [...bundles.values()].filter((bundle) => bundle.members.length > 0), total, whole };
}

interface Head extends Record<string, unknown> {
  bundle: string;
  owner: string | null;
  cluster: number;
}

async function drawHeads(
  db: Db,
  workspace: string,
  wanted: SampleSize,
): Promise<{ heads: Head[]; total: number; whole: boolean }> {
  const table = tableOf(workspace, 'freshness');
  // As the planner counts: rows per page when last looked, times the pages there are now. Far exacter than counting what was drawn.
  const [size] = await db.query<{ pages: number; rows: number | null }>(sql`
    select pages, case when reltuples > 0 and relpages > 0 then reltuples / relpages * pages end as rows
    from (select reltuples::float8, relpages, pg_relation_size(oid)::float8 / 8192 as pages from pg_class
      where oid = ${`w_${workspace}.freshness`}::regclass) c`);
  const pages = size?.pages ?? 0;
  const whole = pages <= wanted.pages / 2;
  const percent = whole ? 100 : Math.min(100, (wanted.pages / pages) * 100);
  const drawn = await db.query<Head & { head: boolean }>(sql`
    select bundle, owner, ((ctid::text::point)[0])::int as cluster, bundle = record as head
    from ${table} tablesample system (${raw(percent.toFixed(6))})`);
  const heads = drawn.filter((row) => row.head);
  const rows = size?.rows ?? (drawn.length * 100) / percent;
  // Pages are drawn whole; of each the same share is kept.
  const share = Math.min(1, wanted.customers / Math.max(1, heads.length));
  const kept = whole ? heads.slice(0, 4 * wanted.customers) : heads.filter((head) => fraction(head.bundle) < share);
  return {
    heads: kept,
    total: whole ? heads.length : Math.round(rows * (heads.length / Math.max(1, drawn.length))),
    whole: whole && kept.length === heads.length,
  };
}

/** A number in [0, 1) from the random part of an id. */
function fraction(id: string): number {
  return Number.parseInt(id.slice(-8), 16) / 2 ** 32;
}

async function readValues(
  db: Db,
  workspace: string,
  objects: Map<number, ObjectDef>,
  rows: Row[],
): Promise<Map<string, Record<string, FieldValue>>> {
  const found = new Map<string, Record<string, FieldValue>>();
  for (const object of objects.values()) {
    const ids = rows.filter((row) => row.object === object.id).map((row) => row.record);
    if (ids.length === 0) continue;
    const read = await db.query<{ id: string; version: number }>(
      sql`select * from ${tableOf(workspace, object.name)} where id = any(${ids}::uuid[]) and deleted_at is null`,
    );
    for (const row of read) found.set(row.id, valuesOf(object, row));
  }
  return found;
}
