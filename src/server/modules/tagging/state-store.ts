import sql from 'sql-template-tag';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** A tag of a customer. */
export interface TagKey {
  record: string;
  field: string;
  tag: string;
}

/** Row of table tag_state. */
export interface TagState extends TagKey {
  /** null: texts set it. */
  actor: string | null;
  set_at: Date;
  set_in: string | null;
  last_at: Date;
  [column: string]: unknown;
}

/** A tag that was set or heard again; `last`: when it was last heard. */
export interface Heard extends TagKey {
  actor: string | null;
  at: Date;
  set: string | null;
  last: Date;
}

const states = (workspace: string) => tableOf(workspace, 'tag_state');

/** Notes tags that are there now; of those known only when they were last heard. */
export async function keepStates(tx: Tx, workspace: string, some: readonly Heard[]): Promise<void> {
  // One row cannot be written twice in one statement: of several mentions the latest counts.
  const rows = new Map<string, Heard>();
  for (const one of some) {
    const key = `${one.record} ${one.field} ${one.tag}`;
    const known = rows.get(key);
    if (!known || known.last < one.last) rows.set(key, one);
  }
  if (rows.size === 0) return;
  await tx.query(sql`insert into ${states(workspace)} as s (record, field, tag, actor, set_at, set_in, last_at)
    select record, field, tag, actor, at, set, last
    from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb) as x(record uuid, field text, tag text, actor text, at timestamptz, set uuid, last timestamptz)
    on conflict (record, field, tag) do update set last_at = greatest(s.last_at, excluded.last_at)`);
}

export async function dropStates(tx: Tx, workspace: string, some: readonly TagKey[]): Promise<void> {
  if (some.length === 0) return;
  await tx.query(sql`delete from ${states(workspace)} s
    using jsonb_to_recordset(${JSON.stringify(some.map(({ record, field, tag }) => ({ record, field, tag })))}::jsonb) as x(record uuid, field text, tag text)
    where s.record = x.record and s.field = x.field and s.tag = x.tag`);
}

export function statesOf(on: Queryable, workspace: string, records: readonly string[]): Promise<TagState[]> {
  return on.query<TagState>(sql`select * from ${states(workspace)} where record = any(${[...records]}::uuid[])`);
}

/** Tags that texts or rules set and that were last heard at `until` or before. What a person or an import set stays until a person takes it away. */
export function endedStates(
  on: Queryable,
  workspace: string,
  { field, tag, until, limit }: { field: string; tag: string; until: Date; limit: number },
): Promise<TagState[]> {
  return on.query<TagState>(sql`select * from ${states(workspace)}
    where field = ${field} and tag = ${tag} and last_at <= ${until}::timestamptz and (actor is null or actor like 'rule:%')
    order by last_at, record limit ${limit}`);
}
