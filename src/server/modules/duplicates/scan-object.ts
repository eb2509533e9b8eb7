import { setImmediate } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { Access } from '../../../domain/access/types.ts';
import { dedupeTable, judgeByRules, matcherOf, TableBuilder } from '../../../domain/matching/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { saveKeys } from './candidates.ts';
import { type FoundPair, judgePair, savePairs } from './found-pairs.ts';
import { keyedBy, saveModel } from './match-model.ts';
import { comparedOf, hashedKeys, keysVersion, matchRow } from './matchable.ts';
import { ruleChains } from './rule-chains.ts';
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
  const compared = comparedOf(catalog, object);
  const { schema } = compared;
  const keyed = keysVersion(compared);
  const rekeys = (await keyedBy(deps.db, workspace, object)) !== keyed;
  const begun = deps.now();
  const access = deps.accessFor(catalog);
  const ctx: Ctx = { workspace, actor: 'system', source: 'system', access, at: begun, lang: 'zh' };
  const builder = new TableBuilder(schema);
  const ids: string[] = [];
  const fields = [...compared.columns];
  const chains = ruleChains(compared.rules);
  const total = await countLiving(deps.db, workspace, name);
  for await (const page of deps.read.stream(ctx, { object: name, fields })) {
    const rows = page.map((row) => ({ id: row.id, row: matchRow(row.values, compared) }));
    for (const { id, row } of rows) {
      chains.add(ids.length, row);
      ids.push(id);
      builder.add(row);
    }
    // Other fields or other rules: what was kept under the old keys would not be found.
    if (rekeys)
      await saveKeys(
        deps.db,
        workspace,
        object,
        rows.map(({ id, row }) => ({ record: id, keys: hashedKeys(row, compared) })),
      );
    report({ phase: 'reading', done: ids.length, total });
  }
  report({ phase: 'comparing', done: null, total: null });
  // Lets the word go out: the comparison holds this thread.
  await setImmediate();
  const { clusters, edges, weights } = dedupeTable(builder.build());
  const matcher = matcherOf(schema, weights);
  let pairs = 0;
  const { linked } = chains;
  const looked = edges.a.length + linked.length;
  for (let from = 0; from < looked; from += BATCH) {
    const batch: [a: string, b: string, found: boolean][] = [];
    for (let k = from; k < Math.min(from + BATCH, looked); k++) {
      const found = k < edges.a.length;
      const [a, b] = found ? [edges.a[k] ?? 0, edges.b[k] ?? 0] : (linked[k - edges.a.length] ?? [0, 0]);
      // Alike, but their clusters contradict each other; what a rule joins is joined all the same.
      if (!found || clusters[a] === clusters[b]) batch.push([ids[a] ?? '', ids[b] ?? '', found]);
    }
    const rows = await deps.db.query<TableRow>(sql`select * from ${tableOf(workspace, name)}
      where id = any(${[...new Set([...batch.map(([a]) => a), ...batch.map(([, b]) => b)])]}::uuid[]) and deleted_at is null`);
    const known = new Map(rows.map((row) => [row.id, { id: row.id, row: matchRow(valuesOf(object, row), compared) }]));
    const kept = new Map<string, FoundPair>();
    for (const [a, b, likely] of batch) {
      const [one, other] = [known.get(a), known.get(b)];
      if (!one || !other) continue;
      const verdict = judgeByRules(compared.rules, one.row, other.row);
      if (verdict ? verdict.rule.effect === 'never' : !likely) continue;
      // Found by what was learned, and by one rule or several.
      const pair = judgePair(matcher, one, other, verdict);
      kept.set(`${pair.a} ${pair.b}`, pair);
    }
    await savePairs(deps.db, workspace, object, [...kept.values()], deps.now());
    pairs += kept.size;
    report({ phase: 'saving', done: Math.min(from + BATCH, looked), total: looked });
    await setImmediate();
  }
  await deps.db.tx(async (tx) => {
    await tx.query(sql`delete from ${tableOf(workspace, 'duplicate_pair')}
      where object = ${object.id} and state in ('open', 'later') and scored_at < ${begun}`);
    await saveModel(tx, workspace, object, { weights, at: begun, records: ids.length, pairs, keyed });
  });
  return { records: ids.length, pairs };
}

async function countLiving(db: Db, workspace: string, name: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from ${tableOf(workspace, name)} where deleted_at is null`,
  );
  return row?.n ?? 0;
}
