import sql, { join, raw, type Sql } from 'sql-template-tag';
import type { ScanFigures } from '../../../contract/scans.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { isSpelled, respell } from '../../../domain/standardise/respell.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fromColumn, type TableRow } from '../../records/catalog/columns.ts';
import { liveFields, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { contactSource, quietSql } from '../reminders/index.ts';
import { forgetOld, keepFindings, type Scan, saveScan } from './scan-store.ts';

export interface ScanDeps {
  db: Db;
  catalogs: CatalogStore;
  env: (of: { at: Date }) => ParseEnv;
  now: () => Date;
}

/** Records read in one go. */
const PORTION = 1000;
const DAY_MS = 86_400_000;

type Counts = Record<string, number>;

/**
 * Counts what is missing, wrong, silent or double among the living records of an object. Values are read portion by portion, each with its place in one
 * transaction: a kill goes on where it was.
 */
export async function runScan(deps: ScanDeps, workspace: string, scan: Scan, signal: AbortSignal): Promise<void> {
  const catalog = await deps.catalogs.get(workspace);
  const object = objectOf(catalog, scan.object);
  const { db } = deps;
  if (scan.figures === null) {
    const first = await countMissing(db, workspace, object);
    await saveScan(db, workspace, scan.id, sql`figures = ${JSON.stringify(first)}::jsonb, total = ${first.records}`);
    scan.figures = first;
  }
  if (!(await readValues(deps, workspace, object, scan, signal))) return;
  const figures: ScanFigures = {
    records: 0,
    missing: [],
    invalid: [],
    respell: [],
    ...scan.figures,
    silent: await findSilent(deps, workspace, scan),
    duplicates: await countPairs(db, workspace, object),
  };
  await saveScan(
    db,
    workspace,
    scan.id,
    sql`figures = ${JSON.stringify(figures)}::jsonb, state = 'done', done = total`,
  );
  await forgetOld(db, workspace, scan);
}

async function countMissing(
  db: Db,
  workspace: string,
  object: ObjectDef,
): Promise<Pick<ScanFigures, 'records' | 'missing'>> {
  const asked = liveFields(object).filter((field) => field.required || field.tracked);
  const columns = asked.map((field) => sql`, (count(*) - count(${ident(field.name)}))::int as ${ident(field.name)}`);
  const [row] = await db.query<Record<string, number>>(
    sql`select count(*)::int as "$n"${columns.length > 0 ? join(columns, '') : raw('')} from ${tableOf(workspace, object.name)} where deleted_at is null`,
  );
  const { $n: records = 0, ...counts } = row ?? {};
  return { records, missing: mostFirst(counts) };
}

const mostFirst = (counts: Counts): { field: string; count: number }[] =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([field, count]) => ({ field, count }))
    .sort((a, b) => b.count - a.count);

/** false: the server stops; it goes on later. */
async function readValues(
  deps: ScanDeps,
  workspace: string,
  object: ObjectDef,
  scan: Scan,
  signal: AbortSignal,
): Promise<boolean> {
  const fields = liveFields(object).filter(isSpelled);
  const counts = {
    invalid: Object.fromEntries((scan.figures?.invalid ?? []).map(({ field, count }) => [field, count])),
    respell: Object.fromEntries((scan.figures?.respell ?? []).map(({ field, count }) => [field, count])),
  };
  const columns = ['id', ...fields.map(({ name }) => name)].map((name) => sql`t.${ident(name)}`);
  let reached = scan.reached ?? '00000000-0000-0000-0000-000000000000';
  let { done } = scan;
  for (;;) {
    if (signal.aborted) return false;
    const rows: TableRow[] = await deps.db.query<TableRow>(sql`
      select ${join(columns, ', ')} from ${tableOf(workspace, object.name)} t
      where t.id > ${reached}::uuid and t.deleted_at is null order by t.id limit ${PORTION}`);
    const last = rows.at(-1);
    if (!last) return true;
    const found = findingsIn(rows, fields, deps.env({ at: scan.at }));
    done += rows.length;
    reached = last.id;
    for (const [kind, ids] of found) {
      const [what, field = ''] = kind.split(':');
      const total: Counts = what === 'invalid' ? counts.invalid : counts.respell;
      total[field] = (total[field] ?? 0) + ids.length;
    }
    scan.figures = { ...scan.figures, invalid: mostFirst(counts.invalid), respell: mostFirst(counts.respell) };
    const figures = JSON.stringify(scan.figures);
    await deps.db.tx(async (tx) => {
      for (const [kind, ids] of found)
        await keepFindings(tx, workspace, scan.id, kind, sql`select unnest(${ids}::uuid[]) as id`);
      await saveScan(
        tx,
        workspace,
        scan.id,
        sql`reached = ${reached}::uuid, done = ${done}, figures = ${figures}::jsonb`,
      );
    });
  }
}

function findingsIn(rows: TableRow[], fields: FieldDef[], env: ParseEnv): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const row of rows)
    for (const field of fields) {
      const { is } = respell(fromColumn(field, row[field.name]), field, env);
      if (is === 'same') continue;
      const kind = `${is === 'invalid' ? 'invalid' : 'respell'}:${field.name}`;
      const ids = found.get(kind);
      if (ids) ids.push(row.id);
      else found.set(kind, [row.id]);
    }
  return found;
}

async function findSilent({ db, catalogs }: ScanDeps, workspace: string, scan: Scan): Promise<ScanFigures['silent']> {
  const source = contactSource(await catalogs.get(workspace));
  if (!source || source.customer.name !== scan.object) return null;
  const until = new Date(scan.at.getTime() - scan.silent_days * DAY_MS);
  const quiet: Sql = quietSql(workspace, source, until);
  return { count: await keepFindings(db, workspace, scan.id, 'silent', quiet), days: scan.silent_days };
}

async function countPairs(db: Db, workspace: string, object: ObjectDef): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(*)::int as n from ${tableOf(workspace, 'duplicate_pair')} where object = ${object.id}::int and state = 'open'`,
  );
  return row?.n ?? 0;
}
