import sql, { type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { ScanFigures } from '../../../contract/scans.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Row of table scan_run. */
export interface Scan {
  id: string;
  object: string;
  at: Date;
  by: string | null;
  state: 'running' | 'done' | 'failed';
  silent_days: number;
  done: number;
  total: number;
  reached: string | null;
  figures: Partial<ScanFigures> | null;
  [column: string]: unknown;
}

/** Scans kept per object, for the trend; records behind their figures only of the newest. */
const KEPT = 12;

const scans = (workspace: string): Sql => tableOf(workspace, 'scan_run');

/** A scan that waits to be run; the one under way, where there is one. */
export async function newScan(
  on: Queryable,
  workspace: string,
  scan: { object: string; at: Date; by: string | null; silentDays: number },
): Promise<Scan> {
  const id = uuidv7();
  await on.query(sql`insert into ${scans(workspace)} (id, object, at, by, state, silent_days)
    select ${id}::uuid, ${scan.object}, ${scan.at}, ${scan.by}, 'running', ${scan.silentDays}::int
    where not exists (select from ${scans(workspace)} where object = ${scan.object} and state = 'running')`);
  const [newest] = await listScans(on, workspace, scan.object);
  if (!newest) throw new AppError('not-found');
  return newest;
}

export function listScans(on: Queryable, workspace: string, object: string): Promise<Scan[]> {
  return on.query<Scan>(
    sql`select * from ${scans(workspace)} where object = ${object} order by at desc, id desc limit ${KEPT}`,
  );
}

export async function readScan(on: Queryable, workspace: string, id: string): Promise<Scan> {
  const [scan] = await on.query<Scan>(sql`select * from ${scans(workspace)} where id = ${id}`);
  if (!scan) throw new AppError('not-found');
  return scan;
}

export async function runningScans(on: Queryable, workspace: string): Promise<Scan[]> {
  return on.query<Scan>(sql`select * from ${scans(workspace)} where state = 'running' order by at`);
}

/** Counts so far, and the record up to which values were read. */
export async function saveScan(on: Queryable, workspace: string, id: string, set: Sql): Promise<void> {
  await on.query(sql`update ${scans(workspace)} set ${set} where id = ${id}`);
}

export async function keepFindings(
  on: Queryable,
  workspace: string,
  scan: string,
  kind: string,
  records: Sql,
): Promise<number> {
  const rows = await on.query(sql`insert into ${tableOf(workspace, 'scan_finding')} (scan, kind, record)
    select ${scan}::uuid, ${kind}, f.id from (${records}) f on conflict do nothing returning 1 as kept`);
  return rows.length;
}

export async function forgetOld(on: Queryable, workspace: string, scan: Scan): Promise<void> {
  await on.query(sql`delete from ${scans(workspace)} where id in
    (select id from ${scans(workspace)} where object = ${scan.object} order by at desc, id desc offset ${KEPT})`);
  await on.query(sql`delete from ${tableOf(workspace, 'scan_finding')} f using ${scans(workspace)} s
    where s.id = f.scan and s.object = ${scan.object} and s.id <> ${scan.id}`);
}

/** Records behind a figure, as a condition on alias `t`. */
export function foundBy(workspace: string, scan: string, kind: string): Sql {
  return sql`t.id in (select record from ${tableOf(workspace, 'scan_finding')} where scan = ${scan}::uuid and kind = ${kind})`;
}
