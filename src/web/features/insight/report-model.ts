import type { z } from 'zod';
import type { insight, reportDefinition, reportSchema } from '../../../contract/insight.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Label, Lang } from '../../../domain/issue.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { BYTE_ORDER_MARK, csvLine, csvText, neutralise } from '../../../domain/text/csv.ts';
import { type FormatEnv, formatValue, groupDigits, optionLabel } from '../../fields/format.ts';

export type Report = z.output<typeof reportSchema>;
export type Definition = z.output<typeof reportDefinition>;
export type Dimension = Definition['by'][number];
export type Measure = Definition['measures'][number];
export type Figures = z.output<NonNullable<typeof insight.aggregate.response>>;
export type Figure = number | string | null;

/** Something that a report can group by or count up. */
export interface Asked {
  path: string;
  label: Label;
  field?: FieldDef;
  is: 'time' | 'group' | 'number';
}

const GROUPS: ReadonlySet<string> = new Set([
  'select',
  'multiselect',
  'tags',
  'tree',
  'boolean',
  'rating',
  'user',
  'department',
  'relation',
  'text',
]);
const NUMBERS: ReadonlySet<string> = new Set(['number', 'money', 'percent', 'rating']);

const SYSTEM: Asked[] = [
  { path: '$created_at', label: { zh: '创建时间', en: 'Created' }, is: 'time' },
  { path: '$updated_at', label: { zh: '更新时间', en: 'Updated' }, is: 'time' },
  { path: '$due_at', label: { zh: '应核实时间', en: 'Verification due' }, is: 'time' },
  { path: '$freshness', label: { zh: '新鲜度', en: 'Freshness' }, is: 'number' },
];

function askedOf(path: string, label: Label, field: FieldDef): Asked[] {
  if (field.retired || mayBeSealed(field)) return [];
  const found: Asked[] = [];
  if (field.type === 'date' || field.type === 'datetime') found.push({ path, label, field, is: 'time' });
  if (GROUPS.has(field.type)) found.push({ path, label, field, is: 'group' });
  if (NUMBERS.has(field.type)) found.push({ path, label, field, is: 'number' });
  return found;
}

/** All that a report of an object can ask by: its own fields, those of the records it belongs to, what the system knows. */
export function askable(object: ObjectDef, objects: readonly ObjectDef[]): Asked[] {
  const own = object.fields.flatMap((field) => askedOf(field.name, field.label, field));
  const through = object.fields.flatMap((relation) => {
    const target =
      relation.type === 'relation' && !relation.retired && objects.find(({ name }) => name === relation.target);
    if (!target) return [];
    return target.fields
      .filter(({ type }) => type !== 'relation' && type !== 'text')
      .flatMap((field) => {
        const label = { zh: `${relation.label.zh}的${field.label.zh}`, en: `${relation.label.en}: ${field.label.en}` };
        return askedOf(`${relation.name}.${field.name}`, label, field);
      });
  });
  return [...own, ...SYSTEM, ...through];
}

/** What a path of a report means; undefined when the field is gone or hidden. */
export const findAsked = (all: readonly Asked[], path: string, is?: Asked['is'][]): Asked | undefined =>
  all.find((one) => one.path === path && (is === undefined || is.includes(one.is)));

/** A way of grouping to begin with. */
export function dimensionOn({ path, is, field }: Asked): Dimension {
  if (is === 'time') return { field: path, bucket: 'month' };
  return field?.type === 'tree' ? { field: path, level: 1 } : { field: path };
}

export const TIMES = ['day', 'week', 'month', 'quarter', 'year'] as const;

/** What a group is called. */
export function keyText(
  value: FieldValue,
  dimension: Dimension,
  asked: Asked | undefined,
  env: FormatEnv,
  titles: Readonly<Record<string, string>>,
  words: { empty: string; week(day: string): string; quarter(year: string, n: number): string },
): string {
  if (value === null || value === '') return words.empty;
  if (dimension.bucket) {
    const day = String(value);
    const [year = '', month = ''] = day.split('-');
    if (dimension.bucket === 'year') return year;
    if (dimension.bucket === 'quarter') return words.quarter(year, Math.ceil(Number(month) / 3));
    if (dimension.bucket === 'month') return `${year}-${month}`;
    return dimension.bucket === 'week' ? words.week(day) : day;
  }
  const { field } = asked ?? {};
  const known = { ...env, title: (id: string) => titles[id] ?? env.title(id) };
  if (!field) return known.title(String(value).replace(/^user:/, '')) ?? String(value);
  if (field.type === 'multiselect' || field.type === 'tags') return optionLabel(field, String(value), env.lang);
  if (field.type === 'tree')
    return (
      env
        .node(field.tree ?? '', String(value))
        ?.split(' / ')
        .at(-1) ?? String(value)
    );
  return formatValue(value, field, known);
}

/** A figure as a person reads it: money with its sign, freshness as a share, averages with two figures. */
export function figureText(value: Figure, measure: Measure, asked: Asked | undefined): string {
  if (value === null) return '–';
  if (measure.fn === 'count') return groupDigits(String(value));
  if (measure.field === '$freshness') return `${(Number(value) * 100).toFixed(1)}%`;
  const digits = measure.fn === 'average' ? 2 : (asked?.field?.scale ?? 2);
  const number = groupDigits(trimmed(Number(value).toFixed(digits)));
  if (asked?.field?.type === 'money') return `¥${number}`;
  return asked?.field?.type === 'percent' ? `${number}%` : number;
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** Figures of two dimensions as a table: rows by the first, columns by the second, in the order they came. */
export interface Pivot {
  columns: FieldValue[];
  rows: { key: FieldValue; cells: Figure[]; total: Figure }[];
  totals: Figure[];
  all: Figure;
}

/** @param n which measure */
export function pivotOf({ rows, totals }: Figures, n: number, timeColumns: boolean): Pivot {
  const columns: FieldValue[] = [];
  const byRow = new Map<string, { key: FieldValue; cells: Map<string, Figure> }>();
  const name = (value: FieldValue): string => JSON.stringify(value);
  for (const { keys, values } of rows) {
    const [row = null, column = null] = keys;
    if (!columns.some((one) => name(one) === name(column))) columns.push(column);
    const entry = byRow.get(name(row)) ?? { key: row, cells: new Map() };
    entry.cells.set(name(column), values[n] ?? null);
    byRow.set(name(row), entry);
  }
  const totalOf = (over: number, at: number, key: FieldValue): Figure =>
    totals.find((one) => one.over.length === 1 && one.over[0] === over && name(one.keys[at] ?? null) === name(key))
      ?.values[n] ?? null;
  const size = (key: FieldValue, over: number, at: number) =>
    Number(totalOf(over, at, key) ?? Number.NEGATIVE_INFINITY);
  if (timeColumns) columns.sort((a, b) => (String(a ?? '') < String(b ?? '') ? -1 : 1));
  else columns.sort((a, b) => size(b, 0, 1) - size(a, 0, 1));
  return {
    columns,
    rows: [...byRow.values()].map(({ key, cells }) => ({
      key,
      cells: columns.map((column) => cells.get(name(column)) ?? null),
      total: totalOf(1, 0, key),
    })),
    totals: columns.map((column) => totalOf(0, 1, column)),
    all: totals.find(({ over }) => over.length === 2)?.values[n] ?? null,
  };
}

/** The records behind a figure, as a filter of the table. null: the table can't be asked so. */
export function drillOf(definition: Definition, keys: readonly FieldValue[], all: readonly Asked[]): Filter | null {
  const parts: Filter[] = definition.filter ? [definition.filter] : [];
  for (const [n, dimension] of definition.by.entries()) {
    if (n >= keys.length) break;
    const value = keys[n] ?? null;
    const asked = findAsked(all, dimension.field);
    const { field } = dimension;
    if (value === null) parts.push({ field, op: 'empty' });
    else if (dimension.bucket) {
      const [from, to] = bucketDays(String(value), dimension.bucket);
      parts.push({
        all: [
          { field, op: 'gte', value: from },
          { field, op: 'lt', value: to },
        ],
      });
    } else if (asked?.field?.type === 'tree') parts.push({ field, op: dimension.level ? 'under' : 'eq', value });
    else if (asked?.field?.type === 'multiselect' || asked?.field?.type === 'tags')
      parts.push({ field, op: 'hasAny', value: [String(value)] });
    else if (
      asked?.field &&
      asked.field.type !== 'boolean' &&
      asked.field.type !== 'text' &&
      asked.field.type !== 'rating'
    )
      parts.push({ field, op: 'in', value: [String(value)] });
    else parts.push({ field, op: 'eq', value });
  }
  const flat = parts.flatMap((part) => ('all' in part ? part.all : [part]));
  return flat.length === 0 ? null : flat.length === 1 ? (flat[0] ?? null) : { all: flat };
}

/** First day of a period, and first day after it. */
export function bucketDays(day: string, bucket: NonNullable<Dimension['bucket']>): [from: string, to: string] {
  const at = new Date(`${day}T00:00:00Z`);
  const next = new Date(at);
  if (bucket === 'day') next.setUTCDate(at.getUTCDate() + 1);
  else if (bucket === 'week') next.setUTCDate(at.getUTCDate() + 7);
  else next.setUTCMonth(at.getUTCMonth() + { month: 1, quarter: 3, year: 12 }[bucket]);
  return [day, next.toISOString().slice(0, 10)];
}

/** One line per group for a spreadsheet: names, then figures as plain numbers. */
export function csvOf(head: string[], rows: (string | Figure)[][]): string {
  const cell = (value: string | Figure): string =>
    csvText(typeof value === 'string' ? neutralise(value) : String(value ?? ''));
  return BYTE_ORDER_MARK + [head, ...rows].map((row) => csvLine(row.map(cell))).join('');
}

export const nameOf = (report: Report, lang: Lang): string => report.label?.[lang] ?? report.name;
