import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { findSubject, type Subject } from '../../../domain/filter/subject.ts';
import { subjectIssue } from '../../../domain/filter/validate.ts';
import type { Issue } from '../../../domain/issue.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import { fromColumn } from '../catalog/columns.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Aggregate, AggregateWish, Bucket, Ctx, Dimension, Measure, Query } from '../types.ts';
import { all, columnOf, FRESHNESS_COLUMNS, inFreshness, scopeSql } from './filter-sql.ts';
import { refuse } from './scope.ts';
import { ALIAS, type ReadDeps, readQuery, type Source } from './source.ts';
import { recordTitles } from './titles.ts';

const ROWS = { usual: 1000, most: 5000 };
const MOST = { dimensions: 2, measures: 6 };

/** One value per row of the object, with the join that brings it. */
interface Part {
  value: Sql;
  from: Sql;
  subject: Subject | null;
}

interface Key extends Part {
  bucket: Bucket | undefined;
}

interface Figure extends Part {
  fn: Measure['fn'];
}

/**
 * Figures by up to two dimensions over the rows in the caller's sight, read once: totals come of the groups. A field that he does not read in plain in
 * every row can't be grouped or summed, since the figures would tell what is in it; related records out of his sight count as none.
 */
export async function aggregate(deps: ReadDeps, ctx: Ctx, query: Query, wish: AggregateWish): Promise<Aggregate> {
  const source = await readQuery(deps, ctx, { ...query, sort: [] });
  const issues: Issue[] = [];
  if (query.asOf !== undefined) issues.push({ code: 'aggregate-past' });
  if (wish.by.length > MOST.dimensions || wish.measures.length > MOST.measures || wish.measures.length === 0)
    issues.push({ code: 'aggregate-size' });
  const keys = wish.by.flatMap((one, n) => keyPart(source, one, n, issues) ?? []);
  const figures = wish.measures.flatMap((one, n) => figurePart(source, one, n, issues) ?? []);
  refuse(issues);
  const limit = Math.max(1, Math.min(wish.limit ?? ROWS.usual, ROWS.most));
  const rows = await readFar(deps, statement(source, keys, figures, limit + 1));
  const read = (row: Record<string, unknown>) => ({
    keys: keys.map((key, n) => keyOf(key, row[`k${n}`])),
    values: figures.map((figure, n) => figureOf(figure, row[`a${n}`], row[`b${n}`])),
  });
  const found = rows.filter(({ $over }) => $over === 0).map(read);
  const shown = found.slice(0, limit);
  return {
    rows: shown,
    totals: rows.flatMap((row) => (row.$over > 0 ? [{ over: placesOf(row.$over, keys.length), ...read(row) }] : [])),
    more: found.length > limit,
    titles: await titlesOfKeys(deps, source, keys, shown),
  };
}

type Grouped = Record<string, unknown> & { $over: number };

/** A replica that has not heard of a field or an object yet, or is not there, does not keep anybody from his figures. */
async function readFar({ db, replica = db }: ReadDeps, asked: Sql): Promise<Grouped[]> {
  if (replica === db) return db.query<Grouped>(asked);
  try {
    return await replica.query<Grouped>(asked);
  } catch {
    // The question itself may be what is wrong: then the same error comes again.
    return db.query<Grouped>(asked);
  }
}

function statement(source: Source, keys: Key[], figures: Figure[], limit: number): Sql {
  const inner = [
    ...keys.map(({ value }, n) => sql`${value} as ${raw(`k${n}`)}`),
    ...figures.map(({ value }, n) => sql`${value} as ${raw(`v${n}`)}`),
  ];
  const places = keys.map((_, n) => raw(`k${n}`));
  const parts = figures.flatMap((figure, n) => partial(figure, n));
  const table = sql`(select ${join(inner, ', ')} from ${source.table} ${ident(ALIAS)} ${join([empty, ...[...keys, ...figures].map(({ from }) => from)], ' ')}
    where ${source.collect}) s`;
  const grouped = sql`select ${join([...places, ...parts], ', ')} from ${table} ${places.length > 0 ? sql`group by ${join(places, ', ')}` : empty}`;
  if (places.length === 0) return sql`select *, 0 as "$over" from (${grouped}) g`;
  const order = [...keys.map((key, n) => (key.bucket ? raw(`k${n}`) : raw('a0 desc nulls last'))), ...places];
  const sums = figures.flatMap((figure, n) => total(figure, n));
  const totals =
    places.length === 1
      ? sql`select null, ${join(sums, ', ')}, 1 from g`
      : sql`select k0, k1, ${join(sums, ', ')}, grouping(k0, k1) from g group by grouping sets ((k0), (k1), ())`;
  // The finest groups are made in one pass that may use several processors; totals are of the groups, not of the rows.
  return sql`with g as materialized (${grouped})
    (select g.*, 0 as "$over" from g order by ${join(order, ', ')} limit ${limit}) union all ${totals}`;
}

/** What is kept of a group for a figure, so that groups can be put together: for an average sum and count. */
function partial({ fn }: Figure, n: number): Sql[] {
  const [v, a, b] = [raw(`v${n}`), raw(`a${n}`), raw(`b${n}`)];
  if (fn === 'count') return [sql`count(${v}) as ${a}`];
  if (fn === 'sum') return [sql`sum(${v}) as ${a}`];
  if (fn === 'average') return [sql`sum(${v}) as ${a}`, sql`count(${v}) as ${b}`];
  return [fn === 'least' ? sql`min(${v}) as ${a}` : sql`max(${v}) as ${a}`];
}

function total({ fn }: Figure, n: number): Sql[] {
  const [a, b] = [raw(`a${n}`), raw(`b${n}`)];
  if (fn === 'least') return [sql`min(${a})`];
  if (fn === 'most') return [sql`max(${a})`];
  return fn === 'average' ? [sql`sum(${a})`, sql`sum(${b})`] : [sql`sum(${a})`];
}

/** Bit n from the left of PostgreSQL's grouping(): the dimension is summed over. */
const placesOf = (over: number, count: number): number[] =>
  Array.from({ length: count }, (_, n) => n).filter((n) => (over >> (count - 1 - n)) & 1);

function keyPart(source: Source, wish: Dimension, n: number, issues: Issue[]): Key | null {
  const part = partOf(source, wish.field, `k${n}`, issues);
  const subject = part?.subject;
  if (!part || !subject) return null;
  const refused = (code: string): null => {
    issues.push({ code, field: wish.field, params: { field: wish.field } });
    return null;
  };
  const { kind } = subject;
  if (kind === 'date' || kind === 'datetime') {
    if (wish.bucket === undefined) return refused('aggregate-bucket');
    const moment =
      kind === 'date' ? sql`${part.value}::timestamp` : sql`${part.value} at time zone ${source.env.timeZone}`;
    return { ...part, value: sql`to_char(date_trunc(${wish.bucket}, ${moment}), 'YYYY-MM-DD')`, bucket: wish.bucket };
  }
  if (wish.bucket !== undefined || kind === 'json') return refused('group-field');
  // Each value of a set counts by itself.
  if (kind === 'set') {
    const each = ident(`e${n}`);
    const from = sql`${part.from} left join lateral unnest(${part.value}) ${each}(value) on true`;
    return { ...part, value: sql`${each}.value`, from, bucket: undefined };
  }
  if (kind === 'tree' && wish.level !== undefined)
    return { ...treeLevel(source, part, wish.level, n), bucket: undefined };
  return { ...part, bucket: undefined };
}

/** Codes of a tree by their ancestor of a level. */
function treeLevel(source: Source, part: Part, level: number, n: number): Part {
  const field = fieldOfSubject(part.subject);
  const tree = source.env.trees[field?.tree ?? ''];
  const codes: string[] = [];
  const ancestors: string[] = [];
  const walk = (parent: string | null): void => {
    for (const { code } of tree?.children(parent) ?? []) {
      codes.push(code);
      ancestors.push(tree?.path(code)[level - 1]?.code ?? code);
      walk(code);
    }
  };
  walk(null);
  const map = ident(`x${n}`);
  const from = sql`${part.from} left join unnest(${codes}::text[], ${ancestors}::text[]) as ${map}(code, ancestor) on ${map}.code = ${part.value}`;
  return { ...part, value: sql`coalesce(${map}.ancestor, ${part.value})`, from };
}

const NUMBERS: ReadonlySet<string> = new Set(['number']);
const ORDERED: ReadonlySet<string> = new Set(['number', 'date', 'datetime']);

function figurePart(source: Source, { fn, field }: Measure, n: number, issues: Issue[]): Figure | null {
  if (field === undefined) {
    if (fn === 'count') return { value: raw('1'), from: empty, subject: null, fn };
    issues.push({ code: 'aggregate-number', params: { field: fn } });
    return null;
  }
  const part = partOf(source, field, `v${n}`, issues);
  if (!part?.subject) return null;
  const fits = fn === 'count' || (fn === 'least' || fn === 'most' ? ORDERED : NUMBERS).has(part.subject.kind);
  if (!fits) issues.push({ code: 'aggregate-number', field, params: { field } });
  return fits ? { ...part, fn } : null;
}

function partOf(source: Source, name: string, alias: string, issues: Issue[]): Part | null {
  const { env, ctx, sight } = source;
  const subject = findSubject(env.catalog, sight.object, name);
  const issue = subject
    ? subjectIssue(subject, ctx.access, name)
    : { code: 'filter-field', field: name, params: { field: name } };
  if (issue) issues.push(issue);
  if (!subject || issue) return null;
  if (subject.is !== 'system' && mayBeSealed(subject.field)) {
    issues.push({ code: 'group-encrypted', field: name, params: { field: name } });
    return null;
  }
  const a = ident(alias);
  if (subject.is === 'system' && inFreshness(subject.name))
    return {
      subject,
      value: sql`${a}.${FRESHNESS_COLUMNS[subject.name]}`,
      from: sql`left join ${tableOf(env.workspace, 'freshness')} ${a} on ${a}.record = ${ident(ALIAS)}.id`,
    };
  if (subject.is !== 'path') return { subject, value: columnOf(subject, ALIAS), from: empty };
  const visible = all([sql`${a}.deleted_at is null`, scopeSql(ctx.access, subject.target, alias, env)]);
  return {
    subject,
    value: sql`${a}.${ident(subject.field.name)}`,
    from: sql`left join ${tableOf(env.workspace, subject.target.name)} ${a} on ${a}.id = ${ident(ALIAS)}.${ident(subject.relation.name)} and ${visible}`,
  };
}

const fieldOfSubject = (subject: Subject | null): FieldDef | undefined =>
  subject && subject.is !== 'system' ? subject.field : undefined;

function keyOf({ subject, bucket }: Key, stored: unknown): FieldValue {
  const field = fieldOfSubject(subject);
  // A bucket is a day already; one value of a set is no set.
  if (bucket !== undefined || !field || subject?.kind === 'set') return (stored ?? null) as FieldValue;
  return fromColumn(field, stored);
}

function figureOf({ fn, subject }: Figure, a: unknown, b: unknown): number | string | null {
  if (fn === 'count') return Number(a ?? 0);
  if (a === null || a === undefined) return null;
  if (fn === 'average') return Number(b) === 0 ? null : Number(a) / Number(b);
  if (a instanceof Date) return subject?.kind === 'date' ? a.toISOString().slice(0, 10) : a.toISOString();
  // Money stays exact.
  return fieldOfSubject(subject)?.type === 'money' ? String(a) : subject?.kind === 'number' ? Number(a) : String(a);
}

async function titlesOfKeys(
  deps: ReadDeps,
  source: Source,
  keys: Key[],
  rows: Aggregate['rows'],
): Promise<Record<string, string>> {
  const found = await Promise.all(
    keys.map(async ({ subject }, n) => {
      const ids = rows.flatMap((row) => (typeof row.keys[n] === 'string' ? [row.keys[n]] : []));
      const field = fieldOfSubject(subject);
      if (field?.type === 'relation' && field.target) return recordTitles(deps, source, field.target, ids);
      const people = field ? field.type === 'user' || field.type === 'department' : subject?.kind === 'reference';
      const bare = ids.map((id) => id.replace(/^user:/, ''));
      return people && ids.length > 0 ? ((await deps.names?.(source.ctx.workspace, bare)) ?? {}) : {};
    }),
  );
  return Object.assign({}, ...found);
}
