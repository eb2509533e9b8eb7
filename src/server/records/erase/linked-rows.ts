import sql, { type Sql } from 'sql-template-tag';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';

/** Rows that are about a record and name it by its id: they go with it. What only mentions its values is found by value (sweep.ts). */
const LINKED: readonly [table: string, where: (ids: Sql) => Sql][] = [
  ['freshness', (ids) => sql`record = any(${ids})`],
  ['search_entry', (ids) => sql`record = any(${ids})`],
  ['match_entry', (ids) => sql`record = any(${ids})`],
  ['duplicate_pair', (ids) => sql`a = any(${ids}) or b = any(${ids})`],
  ['record_merge', (ids) => sql`winner = any(${ids}) or losers && ${ids}`],
  ['record_redirect', (ids) => sql`record = any(${ids}) or winner = any(${ids})`],
  ['proposal', (ids) => sql`record = any(${ids})`],
  ['ask', (ids) => sql`record = any(${ids})`],
  ['ask_recipient', (ids) => sql`contact = any(${ids})`],
  ['form_submission', (ids) => sql`record = any(${ids})`],
  ['form_key', (ids) => sql`record = any(${ids})`],
  ['greeting', (ids) => sql`record = any(${ids}) or contact = any(${ids}) or person = any(${ids})`],
  ['campaign_recipient', (ids) => sql`person = any(${ids})`],
  ['greeting_stop', (ids) => sql`person = any(${ids})`],
  ['notification', (ids) => sql`record = any(${ids})`],
  ['contact_attempt', (ids) => sql`bundle = any(${ids})`],
  ['snooze', (ids) => sql`bundle = any(${ids})`],
  // A hash of a telephone number is soon guessed.
  ['call_claim', (ids) => sql`bundle = any(${ids})`],
  ['soft_observation', (ids) => sql`record = any(${ids})`],
  ['observation', (ids) => sql`record = any(${ids})`],
  ['evidence_cause', (ids) => sql`record = any(${ids})`],
  ['check_item', (ids) => sql`record = any(${ids})`],
  ['scan_finding', (ids) => sql`record = any(${ids})`],
  ['share', (ids) => sql`record = any(${ids})`],
  ['claim', (ids) => sql`record = any(${ids})`],
  ['pool_move', (ids) => sql`record = any(${ids})`],
  ['service_due', (ids) => sql`record = any(${ids})`],
  ['service_clock', (ids) => sql`record = any(${ids})`],
  ['private_check', (ids) => sql`records && ${ids}`],
  ['access_request', (ids) => sql`record = any(${ids})`],
  ['import_change', (ids) => sql`record = any(${ids})`],
  ['retention_case', (ids) => sql`record = any(${ids}) and state <> 'done'`],
];

export const LINKED_TABLES: readonly string[] = LINKED.map(([table]) => table);

/** Takes them away. @returns rows per table */
export async function removeLinked(
  tx: Tx,
  workspace: string,
  records: readonly string[],
): Promise<Record<string, number>> {
  const ids = sql`${records}::uuid[]`;
  const removed: Record<string, number> = {};
  for (const [table, where] of LINKED) {
    const [row] = await tx.query<{ n: number }>(
      sql`with gone as (delete from ${tableOf(workspace, table)} where ${where(ids)} returning 1) select count(*)::int as n from gone`,
    );
    if (row && row.n > 0) removed[table] = row.n;
  }
  // Of mass operations the preview shows titles, and what was found in a portion may hold values.
  await tx.query(sql`update ${tableOf(workspace, 'mass_run')} set preview = jsonb_set(preview, '{samples}', '[]')
    where preview is not null and exists (select from jsonb_array_elements(preview -> 'samples') s where (s ->> 'id')::uuid = any(${ids}))`);
  await tx.query(
    sql`update ${tableOf(workspace, 'mass_portion')} set found = null where found is not null and records && ${ids}`,
  );
  // That and when somebody agreed or asked may have to be shown later; words typed about him not.
  await tx.query(
    sql`update ${tableOf(workspace, 'consent')} set note = null where person = any(${ids}) and note is not null`,
  );
  await tx.query(
    sql`update ${tableOf(workspace, 'subject_request')} set note = null, answer = null where record = any(${ids})`,
  );
  return removed;
}
