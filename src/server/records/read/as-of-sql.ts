import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { isLeaf, type Leaf, readLeaf } from '../../../domain/filter/meaning.ts';
import { findSubject, type Subject } from '../../../domain/filter/subject.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { tableOf } from '../catalog/names.ts';
import type { Cursor } from './cursor.ts';
import { all, conditionOn, filterSql, scopeSql, storedMeaning, TRUE } from './filter-sql.ts';
import { formerBound, formerKey, formerValue, keyLiteral } from './former-value.ts';
import { overlaySql } from './overlay-sql.ts';
import {
  afterSql,
  conjuncts,
  keyText,
  orderOfColumns,
  orderSql,
  type Phase,
  phaseSql,
  type SortKey,
  type SortPlan,
} from './sort-key.ts';
import { ALIAS, type Source } from './source.ts';

/** A list as of a moment. The plan has one key at most. */
export interface PastList {
  source: Source;
  at: Date;
  /** Fields that filter and sort look at. */
  fields: FieldDef[];
  /** Field of the sort key, when it is one that can have changed. */
  sorted: FieldDef | null;
}

export interface PastPart {
  phase: Phase;
  limit: number;
  place: Cursor | null;
}

const inScope = ({ source }: PastList): Sql => scopeSql(source.ctx.access, source.sight.object, 'c', source.env);

const filterOf = ({ source }: PastList): Sql =>
  source.filter ? filterSql(source.filter, source.sight.object, ALIAS, source.env) : TRUE;

const keyOf = (list: PastList): SortPlan => list.source.plan;

const placeColumn = (plan: SortPlan): Sql =>
  plan.keys.length > 0 ? sql`array[${join(plan.keys.map(keyText), ', ')}]` : sql`array[]::text[]`;

const selected = (plan: SortPlan): Sql =>
  join(
    [
      sql`t.id`,
      sql`${placeColumn(plan)} as place`,
      ...plan.keys.map((key, i) => sql`${key.expression} as ${raw(`k${i}`)}`),
    ],
    ', ',
  );

/**
 * In the order of the sort: rows whose sort field has not changed since, by the index of the table, and rows where it has,
 * by their former values. Both are walked no further than `window`.
 */
export function walkPast(list: PastList, part: PastPart, window: number): Sql {
  const plan = keyOf(list);
  // Indexes for sorting hold living rows only; those deleted since are few and have an index of their own.
  const lives = plan.keys.length === 0 ? [TRUE] : [sql`c.deleted_at is null`, sql`c.deleted_at > ${list.at}`];
  const streams = lives.map((life) => unchangedStream(list, part, window, life));
  if (list.sorted) streams.push(changedStream(list, list.sorted, part, window));
  return sql`select id, place from (${join(
    streams.map((s) => sql`(${s})`),
    ' union all ',
  )}) found
    order by ${orderOfColumns(plan)} limit ${part.limit}`;
}

function onAlias(plan: SortPlan, from: string, to: string): SortPlan {
  const moved = (key: SortKey): SortKey => ({
    ...key,
    expression: raw(key.expression.sql.replaceAll(`"${from}".`, `"${to}".`)),
  });
  return { ...plan, keys: plan.keys.map(moved) };
}

function unchangedStream(list: PastList, part: PastPart, window: number, life: Sql): Sql {
  const { source, at, sorted } = list;
  const plan = onAlias(keyOf(list), ALIAS, 'c');
  const bounds = [
    life,
    sql`c.created_at <= ${at}`,
    inScope(list),
    phaseSql(plan, part.phase),
    part.place && afterSql(plan, part.place, 'c', part.phase),
  ].filter((condition): condition is Sql => condition !== null);
  const [key] = plan.keys;
  bounds.push(...onKey(list).map(({ leaf }) => filterSql(leaf, source.sight.object, 'c', source.env)));
  const walked = sql`select c.*${key ? sql`, ${key.expression} as walked` : empty} from ${source.table} c
    where ${all(bounds)} order by ${orderSql(plan, 'c')} limit ${window}`;
  const untouched = sorted ? sql`(t.changed ? ${sorted.name}) is not true` : TRUE;
  return sql`select ${selected(keyOf(list))} from (${walkedOverlay(list, walked)}) t
    where ${all([untouched, filterOf(list)])} ${walkOrder(plan)} limit ${part.limit}`;
}

/** The order of the walk, said of the candidates' own columns: PostgreSQL then knows that it has it already. */
function walkOrder(plan: SortPlan): Sql {
  const dir = raw(plan.id);
  return plan.keys.length > 0 ? sql`order by t.walked ${dir}, t.id ${dir}` : sql`order by t.id ${dir}`;
}

function walkedOverlay({ source, at, fields }: PastList, walked: Sql): Sql {
  const passed = source.plan.keys.length > 0 ? [sql`c.walked`] : [];
  return overlaySql(source.ctx.workspace, walked, fields, at, passed);
}

function changedStream(list: PastList, field: FieldDef, part: PastPart, window: number): Sql {
  const { source, at } = list;
  const plan = keyOf(list);
  const delta = tableOf(source.ctx.workspace, 'delta');
  const former = formerKey(field, sql`d.before`);
  const dir = raw(plan.id);
  const value = part.place?.values[0] ?? null;
  const compare = raw(plan.id === 'asc' ? '>' : '<');
  const after =
    part.place === null
      ? TRUE
      : value === null
        ? sql`d.record ${compare} ${part.place.id}::uuid`
        : sql`(${former}, d.record) ${compare} (${formerBound(field, value)}, ${part.place.id}::uuid)`;
  const touched = sql`d.before ? ${keyLiteral(field)}`;
  const bounds = [
    sql`d.object = ${source.sight.object.id}`,
    touched,
    sql`d.kind = 'u'`,
    sql`d.at > ${at}`,
    part.phase === 'empty' ? sql`${former} is null` : sql`${former} is not null`,
    after,
    ...onKey(list).map((handle) => formerly(list, handle)),
    // Only the first change after the moment replaced the value it had then. A scalar, so that it is asked row by row.
    sql`(select 1 from ${delta} e where e.record = d.record and e.version < d.version and e.at > ${at}
      and e.kind = 'u' and e.before ? ${keyLiteral(field)} limit 1) is null`,
  ];
  const walked = sql`select c.*, d.value as walked from (
      select d.record, ${former} as value from ${delta} d where ${all(bounds)} order by ${former} ${dir}, d.record ${dir} limit ${window}
    ) d join ${source.table} c on c.id = d.record where ${all([sql`c.created_at <= ${at}`, inScope(list)])}`;
  return sql`select ${selected(plan)} from (${walkedOverlay(list, walked)}) t
    where ${filterOf(list)} ${walkOrder(plan)} limit ${part.limit}`;
}

/** A condition that every match fulfils, on a field of the object, that no empty value fulfils: it can be looked up. */
export interface Handle {
  leaf: Leaf;
  field: FieldDef;
  subject: Subject;
}

export function handlesOf(filter: Filter | undefined, source: Source): Handle[] {
  if (!filter) return [];
  return conjuncts(filter).flatMap((leaf): Handle[] => {
    const subject = findSubject(source.env.catalog, source.sight.object, leaf.field);
    if (subject?.is !== 'field') return [];
    const read = readLeaf(leaf, subject, source.env);
    if ('issue' in read || 'not' in read.meaning || 'any' in read.meaning) return [];
    return [{ leaf, field: subject.field, subject }];
  });
}

/** All rows that can match: those that fulfil the condition now, and those that did before a change since; then exactly. */
export function collectPast(list: PastList, part: PastPart, handle: Handle | null): Sql {
  const plan = keyOf(list);
  const after = part.place ? afterSql(plan, part.place, ALIAS, 'both') : TRUE;
  return sql`select id, place from (
      select ${selected(plan)} from (${matchingPast(list, handle)}) t where ${after} offset 0
    ) found order by ${orderOfColumns(plan)} limit ${part.limit}`;
}

/** Rows as they were, under the overlay's columns, that match the filter. */
export function matchingPast(list: PastList, handle: Handle | null): Sql {
  const { source, at, fields } = list;
  const visible = all([sql`c.created_at <= ${at}`, inScope(list)]);
  const candidates = handle
    ? sql`select c.* from (${candidateIds(list, handle)}) k join ${source.table} c on c.id = k.id where ${visible}`
    : sql`select c.* from ${source.table} c where ${visible}`;
  return sql`select t.* from (${overlaySql(source.ctx.workspace, candidates, fields, at)}) t where ${filterOf(list)}`;
}

/** Conditions on the sort field itself bound the walk. */
function onKey({ source, sorted }: PastList): Handle[] {
  return sorted ? handlesOf(source.filter, source).filter(({ field }) => field === sorted) : [];
}

/** The condition on what a change `d` replaced. */
function formerly({ source }: PastList, { leaf, field, subject }: Handle): Sql {
  const read = readLeaf(leaf, subject, source.env);
  if (!('meaning' in read)) return sql`false`;
  return conditionOn(formerValue(field, sql`d.before`), storedMeaning(read.meaning, subject, source.env), subject);
}

function candidateIds(list: PastList, handle: Handle): Sql {
  const { source, at } = list;
  const { leaf, field } = handle;
  const { object } = source.sight;
  const now = filterSql(leaf, object, 'c', source.env);
  return sql`select c.id from ${source.table} c where c.deleted_at is null and ${now}
    union select c.id from ${source.table} c where c.deleted_at > ${at} and ${now}
    union select d.record from ${tableOf(source.ctx.workspace, 'delta')} d where d.object = ${object.id}
      and d.before ? ${keyLiteral(field)} and d.kind = 'u' and d.at > ${at} and ${formerly(list, handle)}`;
}

/** Names of own fields that a filter looks at, those of relations that its paths start from included. */
export function fieldNames(filter: Filter): string[] {
  if ('all' in filter) return filter.all.flatMap(fieldNames);
  if ('any' in filter) return filter.any.flatMap(fieldNames);
  if ('not' in filter) return fieldNames(filter.not);
  return isLeaf(filter) ? [filter.field.split('.')[0] ?? ''] : [];
}
