import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Claims are kept so many days. */
const KEPT = 3;

/** A number that a list would show, and the customer it is shown with. */
export interface Call {
  number: string;
  bundle: string;
}

/**
 * Which of these numbers are this person's to call today: those on nobody's list yet become his, with the customer; those a colleague's list shows for
 * another customer are not. A customer who falls to somebody else meanwhile takes his number along. Two lists made at the same moment never get the
 * same number. @param day number of the day
 */
export async function claimCalls(
  db: Db,
  workspace: string,
  account: string,
  day: number,
  calls: Call[],
): Promise<Set<string>> {
  if (calls.length === 0) return new Set();
  const table = tableOf(workspace, 'call_claim');
  const rows = await db.query<{ number: string }>(sql`
    with wanted as (select number, bundle, md5(number) as key from jsonb_to_recordset(${JSON.stringify(calls)}::jsonb) as x(number text, bundle uuid)),
    old as (delete from ${table} where day < ${day}::int - ${KEPT}::int),
    moved as (
      update ${table} c set account = ${account} from wanted w
      where c.day = ${day}::int and c.number = w.key and c.bundle = w.bundle and c.account <> ${account} returning c.number
    ), claimed as (
      -- In one order, so that two lists never wait for each other crosswise.
      insert into ${table} (day, number, bundle, account) select distinct on (key) ${day}::int, key, bundle, ${account} from wanted order by key, bundle
      on conflict (day, number) do nothing returning number
    )
    select distinct w.number from wanted w where w.key in (select number from claimed union all select number from moved)
      or exists (select from ${table} c where c.day = ${day}::int and c.number = w.key and c.account = ${account})`);
  return new Set(rows.map((row) => row.number));
}
