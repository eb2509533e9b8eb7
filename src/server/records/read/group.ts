import sql, { empty, type Sql } from 'sql-template-tag';
import { findSubject } from '../../../domain/filter/subject.ts';
import { subjectIssue } from '../../../domain/filter/validate.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import { fromColumn } from '../catalog/columns.ts';
import { ident } from '../catalog/names.ts';
import type { Ctx, Group, Query } from '../types.ts';
import { groupAsOf } from './as-of.ts';
import { refuse } from './scope.ts';
import { type ReadDeps, readQuery, type Source } from './source.ts';

/** Count per value of one field, most frequent first; each value of a set counts by itself. With `sum`, a number field added up beside it. */
export async function group(
  deps: ReadDeps,
  ctx: Ctx,
  query: Query,
  name: string,
  limit = 100,
  sum?: string,
): Promise<Group[]> {
  const { asOf: _asOf, ...present } = query;
  const source = await readQuery(deps, ctx, { ...present, sort: [] });
  const most = Math.max(1, Math.min(limit, 500));
  const subject = findSubject(source.env.catalog, source.sight.object, name);
  const issue = { field: name, params: { field: name } };
  if (subject?.is !== 'field' || subject.kind === 'json') {
    refuse([{ code: subject ? 'group-field' : 'filter-field', ...issue }]);
    return [];
  }
  const forbidden = subjectIssue(subject, ctx.access, name);
  if (forbidden) refuse([forbidden]);
  if (mayBeSealed(subject.field)) refuse([{ code: 'group-encrypted', ...issue }]);
  const added = sum === undefined ? null : sumColumn(source, ctx, sum, query.asOf);
  if (query.asOf !== undefined) {
    const past = await groupAsOf(deps, ctx, query, subject.field, most);
    return past.map((row) => ({ value: fromColumn(subject.field, row.value), count: row.count }));
  }
  const column = sql`t.${ident(subject.field.name)}`;
  const from =
    subject.kind === 'set'
      ? sql`${source.table} t left join lateral unnest(${column}) v on true`
      : sql`${source.table} t`;
  const value = subject.kind === 'set' ? sql`v` : column;
  const rows = await deps.db.query<{ value: unknown; count: number; sum: string | number | null }>(sql`
    select ${value} as value, count(*) as count${added ? sql`, sum(${added})::text as sum` : empty} from ${from} where ${source.collect}
    group by 1 order by 2 desc, 1 limit ${most}`);
  return rows.map((row) => ({
    value: fromColumn(subject.field, row.value),
    count: row.count,
    ...(added && { sum: String(row.sum ?? '0') }),
  }));
}

/** Only what may be read in every row is added up: a sum tells what its parts are. */
function sumColumn(source: Source, ctx: Ctx, name: string, asOf: string | undefined): Sql {
  const subject = findSubject(source.env.catalog, source.sight.object, name);
  const issue = { field: name, params: { field: name } };
  if (subject?.is !== 'field' || subject.kind !== 'number' || asOf !== undefined) {
    refuse([{ code: subject ? 'group-field' : 'filter-field', ...issue }]);
    return empty;
  }
  const forbidden = subjectIssue(subject, ctx.access, name);
  if (forbidden) refuse([forbidden]);
  return sql`t.${ident(subject.field.name)}`;
}
