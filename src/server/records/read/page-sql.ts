import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import type { TableRow } from '../catalog/columns.ts';
import type { Cursor } from './cursor.ts';
import { all } from './filter-sql.ts';
import { selectSql } from './row.ts';
import {
  afterSql,
  joinsOf,
  keyColumns,
  keyText,
  orderOfColumns,
  orderSql,
  type Phase,
  phaseSql,
  type SortPlan,
} from './sort-key.ts';
import { ALIAS, type Source } from './source.ts';
import type { Strategy } from './strategy.ts';

/** One phase of a page. */
export interface Part {
  phase: Phase;
  limit: number;
  place: Cursor | null;
  offset: number;
}

/** A row with its place in the order (no field can have that name): an array as PostgreSQL writes it, for only that of the last row is ever read. */
export type Found = TableRow & { $place: string };

/** Ids by the index first, rows after: neither a sort nor an offset drags wide rows along. */
export function pageStatement(source: Source, part: Part, strategy: Strategy): Sql {
  return sql`
    with page as materialized (${idsSql(source, part, strategy)}),
    numbered as (select *, row_number() over () as n from page)
    select ${selectSql(source.fields, ALIAS, source.reach)}, numbered.place::text as "$place"
    from numbered join ${source.table} t on t.id = numbered.id order by n`;
}

function idsSql(source: Source, part: Part, strategy: Strategy): Sql {
  const { plan, table } = source;
  const bounds = [phaseSql(plan, part.phase), part.place && afterSql(plan, part.place, ALIAS, part.phase)].filter(
    (condition): condition is Sql => condition !== null,
  );
  // In the text, so that a plan made once knows how little is wanted.
  const limit = sql`limit ${raw(String(Math.trunc(part.limit)))}${part.offset > 0 ? sql` offset ${part.offset}` : empty}`;
  if (strategy.how === 'filtered') {
    const columns = join([sql`t.id`, sql`${placeOf(plan)} as place`, ...keyColumns(plan)], ', ');
    // OFFSET 0 keeps PostgreSQL from walking the sort's index instead.
    return sql`select id, place from (select ${columns} from ${table} t ${joinsOf(plan)} where ${all([strategy.by === 'search' ? source.collect : source.where, ...bounds])} offset 0) found
      order by ${orderOfColumns(plan)} ${limit}`;
  }
  if (strategy.how === 'ordered' && plan.keys.every((key) => key.joins === null)) {
    const walked = all([source.walked, ...bounds]);
    return sql`select t.id, ${placeOf(plan)} as place
      from (select t.* from ${table} t where ${walked} order by ${orderSql(plan, ALIAS)} limit ${strategy.window}) t
      where ${source.where} ${limit}`;
  }
  return sql`select t.id, ${placeOf(plan)} as place from ${table} t ${joinsOf(plan)} where ${all([source.where, ...bounds])} order by ${orderSql(plan, ALIAS)} ${limit}`;
}

function placeOf(plan: SortPlan): Sql {
  return plan.keys.length > 0 ? sql`array[${join(plan.keys.map(keyText), ', ')}]` : sql`array[]::text[]`;
}
