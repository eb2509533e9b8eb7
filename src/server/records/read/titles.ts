import sql from 'sql-template-tag';
import { ceilingOf, isPlain } from '../../../domain/access/reach.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { fromColumn } from '../catalog/columns.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Row } from '../types.ts';
import { all, reachSql, scopeSql } from './filter-sql.ts';
import { REACH_COLUMN, reachOf, shown } from './row.ts';
import { seenField } from './scope.ts';
import type { ReadDeps, Source } from './source.ts';

/** Titles of related records and names of accounts that occur in rows, by id. What the actor may not read is left out. */
export async function titlesOf(
  deps: ReadDeps,
  source: Pick<Source, 'ctx' | 'env' | 'fields'>,
  rows: Row[],
): Promise<Record<string, string>> {
  const records = new Map<string, Set<string>>();
  const accounts = new Set<string>();
  for (const { field } of source.fields) {
    const ids = field.type === 'relation' && field.target ? entry(records, field.target) : null;
    const into = ids ?? (field.type === 'user' || field.type === 'department' ? accounts : null);
    if (into) for (const row of rows) if (isPlain(row.modes?.[field.name] ?? 'edit')) add(into, row.values[field.name]);
  }
  for (const row of rows)
    for (const actor of [row.createdBy, row.updatedBy]) if (actor.startsWith('user:')) accounts.add(actor.slice(5));
  const parts = await Promise.all([
    ...[...records].map(([object, ids]) => recordTitles(deps, source, object, [...ids])),
    accounts.size > 0 ? (deps.names?.(source.ctx.workspace, [...accounts]) ?? {}) : {},
  ]);
  return Object.assign({}, ...parts);
}

function entry(map: Map<string, Set<string>>, key: string): Set<string> {
  const found = map.get(key) ?? new Set<string>();
  map.set(key, found);
  return found;
}

function add(into: Set<string>, value: FieldValue | undefined): void {
  if (typeof value === 'string') into.add(value);
}

/** Titles of living records of one object, as the actor may see them. */
export async function recordTitles(
  deps: ReadDeps,
  { ctx, env }: Pick<Source, 'ctx' | 'env'>,
  name: string,
  ids: string[],
): Promise<Record<string, string>> {
  const object = findObject(env.catalog, name);
  const access = ctx.access.objects[name];
  if (ids.length === 0 || !object || !access?.actions.includes('read')) return {};
  const field = findField(object, object.title);
  if (!field || ceilingOf(access, object.title) === 'hidden') return {};
  const seen = seenField(access, field);
  const reach = reachSql(ctx.access, object, 't', env) ?? sql`null::int4`;
  const rows = await deps.db.query<{ id: string; title: unknown; $reach: number | null }>(sql`
    select t.id, t.${ident(field.name)} as title, ${reach} as ${REACH_COLUMN} from ${tableOf(ctx.workspace, name)} t
    where t.id = any(${ids}::uuid[]) and ${all([sql`t.deleted_at is null`, scopeSql(ctx.access, object, 't', env)])}`);
  return Object.fromEntries(
    rows.map((row) => [row.id, String(shown(fromColumn(field, row.title), seen, ctx.lang, reachOf(row)) ?? '')]),
  );
}
