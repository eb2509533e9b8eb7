import { setImmediate } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { Access } from '../../../domain/access/types.ts';
import { dedupeTable, matcherOf, TableBuilder } from '../../../domain/matching/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { judgePair, savePairs } from './found-pairs.ts';
import { saveModel } from './match-model.ts';
import { matchRow, schemaOf } from './matchable.ts';
import type { Report } from './scan-progress.ts';

export interface ScanDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  accessFor: (catalog: Catalog) => Access;
  now: () => Date;
}

/** Pairs written at once. */
const BATCH = 500;

export interface Scanned {
  records: number;
  pairs: number;
}

/**
 * Looks through all living records of an object: learns its weights, finds clusters, keeps their pairs. What was decided stays; open pairs that look
 * alike no more leave the queue. The comparison holds its thread for minutes at a million records: run it in one of its own.
 */
export async function scanObject(
  deps: ScanDeps,
  workspace: string,
  name: string,
  report: Report = () => {},
): Promise<Scanned> {
  const catalog = await deps.catalog.get(workspace);
  const object = objectOf(catalog, name);
  const schema = schemaOf(object);
  const begun = deps.now();
  const access = deps.accessFor(catalog);
  const ctx: Ctx = { workspace, actor: 'system', source: 'system', access, at: begun, lang: 'zh' };
  const builder = new TableBuilder(schema);
  const ids: string[] = [];
  const fields = schema.fields.map(({ column }) => column);
  const total = await countLiving(deps.db, workspace, name);
  for await (const page of deps.read.stream(ctx, { object: name, fields })) {
    for (const row of page) {
      ids.push(row.id);
      builder.add(matchRow(row.values, schema));
    }
    report({ phase: 'reading', done: ids.length, total });
  }
  report({ phase: 'comparing', done: null, total: null });
  // Lets the word go out: the comparison holds this thread.
  await setImmediate();
  const { clusters, edges, weights } = dedupeTable(builder.build());
  const matcher = matcherOf(schema, weights);
  let pairs = 0;
  for (let from = 0; from < edges.a.length; from += BATCH) {
    const batch: [string, string][] = [];
    for (let k = from; k < Math.min(from + BATCH, edges.a.length); k++) {
      const [a, b] = [edges.a[k] ?? 0, edges.b[k] ?? 0];
      // Alike, but their clusters contradict each other.
      if (clusters[a] === clusters[b]) batch.push([ids[a] ?? '', ids[b] ?? '']);
    }
    const rows = await deps.db.query<TableRow>(sql`select * from ${tableOf(workspace, name)}
      where id = any(${[...new Set(batch.flat())]}::uuid[]) and deleted_at is null`);
    const known = new Map(rows.map((row) => [row.id, { id: row.id, row: matchRow(valuesOf(object, row), schema) }]));
    const found = batch.flatMap(([a, b]) => {
      const [one, other] = [known.get(a), known.get(b)];
      return one && other ? [judgePair(matcher, one, other)] : [];
    });
    await savePairs(deps.db, workspace, object, found, deps.now());
    pairs += found.length;
    report({ phase: 'saving', done: Math.min(from + BATCH, edges.a.length), total: edges.a.length });
    await setImmediate();
  }
  await deps.db.tx(async (tx) => {
    await tx.query(sql`delete from ${tableOf(workspace, 'duplicate_pair')}
      where object = ${object.id} and state in ('open', 'later') and scored_at < ${begun}`);
    await saveModel(tx, workspace, object, { weights, at: begun, records: ids.length, pairs });
  });
  return { records: ids.length, pairs };
}

async function countLiving(db: Db, workspace: string, name: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from ${tableOf(workspace, name)} where deleted_at is null`,
  );
  return row?.n ?? 0;
}
