import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

type Names = (workspace: string, ids: string[]) => Promise<Record<string, string>>;

const PREFIX = 'customer:';

/** Adds the people who answered through a link (`customer:ID` in the history) to whoever has names already. */
export function withCustomerNames(db: Db, names: Names): Names {
  return async (workspace, ids) => {
    const known = await names(workspace, ids);
    const asked = ids.filter((id) => id.startsWith(PREFIX)).map((id) => id.slice(PREFIX.length));
    if (asked.length === 0) return known;
    const rows = await db.query<{ id: string; name: string }>(
      sql`select id::text, name from ${tableOf(workspace, 'ask_recipient')} where id::text = any(${asked})`,
    );
    return { ...known, ...Object.fromEntries(rows.map(({ id, name }) => [PREFIX + id, name])) };
  };
}
