import sql from 'sql-template-tag';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { TableRow } from '../catalog/columns.ts';
import { tableOf } from '../catalog/names.ts';
import type { Row } from '../types.ts';
import { plainValues, reachOf, selectSql, shown, toRow } from './row.ts';
import { ALIAS, type Source } from './source.ts';

interface Delta extends Record<string, unknown> {
  record: string;
  version: number;
  at: Date;
  actor: string;
  kind: string;
  before: Record<string, FieldValue>;
}

type RowSource = Pick<Source, 'ctx' | 'table' | 'fields' | 'reach' | 'open'>;

/** Whole rows as they were at a moment, in the order of the ids. */
export async function rowsAsOf(db: Queryable, source: RowSource, ids: string[], at: Date): Promise<Row[]> {
  if (ids.length === 0) return [];
  const delta = tableOf(source.ctx.workspace, 'delta');
  const [rows, later] = await Promise.all([
    db.query<TableRow & { last_at: Date | null; last_by: string | null; created_by: string; created_at: Date }>(sql`
      select ${selectSql(source.fields, ALIAS, source.reach)}, last.at as last_at, last.actor as last_by
      from ${source.table} t left join lateral (
        select d.at, d.actor from ${delta} d where d.record = t.id and d.at <= ${at} order by d.version desc limit 1
      ) last on true where t.id = any(${ids}::uuid[])`),
    db.query<Delta>(sql`
      select record, version, at, actor, kind, before from ${delta}
      where record = any(${ids}::uuid[]) and at > ${at} order by record, version desc`),
  ]);
  if (source.open) await Promise.all([source.open(rows), source.open.past(later)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const changes = groupByRecord(later);
  return ids.flatMap((id) => {
    const stored = byId.get(id);
    if (!stored) return [];
    const values = plainValues(stored, source.fields);
    let { version } = stored;
    // From the newest back: the oldest change after the moment has the last word.
    for (const change of changes.get(id) ?? []) {
      version = change.version - 1;
      if (change.kind === 'u')
        for (const [name, value] of Object.entries(change.before)) if (name in values) values[name] = value;
    }
    // The present row says what the actor sees; the moment, which values.
    const row = toRow({ ...stored, deleted_at: null }, source.fields, source.ctx.lang);
    const then = source.fields.filter(({ field }) => field.name in row.values);
    return {
      ...row,
      values: Object.fromEntries(
        then.map((seen) => [
          seen.field.name,
          shown(values[seen.field.name] ?? null, seen, source.ctx.lang, reachOf(stored)),
        ]),
      ),
      version,
      updatedAt: (stored.last_at ?? stored.created_at).toISOString(),
      updatedBy: stored.last_by ?? stored.created_by,
    };
  });
}

function groupByRecord(deltas: Delta[]): Map<string, Delta[]> {
  const groups = new Map<string, Delta[]>();
  for (const delta of deltas) {
    const group = groups.get(delta.record);
    if (group) group.push(delta);
    else groups.set(delta.record, [delta]);
  }
  return groups;
}
