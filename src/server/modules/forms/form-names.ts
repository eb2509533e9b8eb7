import sql from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { FORM_ACTOR } from './deps.ts';

type Names = (workspace: string, ids: string[]) => Promise<Record<string, string>>;

/** Adds the names of forms (`form:ID` in the history) to whoever has names already. */
export function withFormNames(db: Db, names: Names): Names {
  return async (workspace, ids) => {
    const known = await names(workspace, ids);
    const asked = ids.filter((id) => id.startsWith(FORM_ACTOR)).map((id) => id.slice(FORM_ACTOR.length));
    if (asked.length === 0) return known;
    const rows = await db.query<{ id: string; name: string }>(
      sql`select id::text, design ->> 'name' as name from ${tableOf(workspace, 'form')} where id::text = any(${asked})`,
    );
    return { ...known, ...Object.fromEntries(rows.map(({ id, name }) => [FORM_ACTOR + id, name])) };
  };
}
