import sql, { type Sql } from 'sql-template-tag';
import { modeOf } from '../../../domain/filter/validate.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { fromColumn } from '../catalog/columns.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { all, any, type SqlEnv, scopeSql, TRUE } from '../read/filter-sql.ts';
import { type Seen, shown } from '../read/row.ts';
import { envOf, type ReadDeps } from '../read/source.ts';
import { explain, tableRows } from '../read/strategy.ts';
import { recordTitles } from '../read/titles.ts';
import type { Ctx, SearchHit } from '../types.ts';
import { commonGrams } from './common-grams.ts';
import { exactHits, type HitScope, indexedHits, matchSql, newestHits, rankSql, union, WINDOW } from './hits-sql.ts';
import { planSearch, type SearchPlan } from './plan-search.ts';
import { isSearchable, readableDoc } from './readable-doc.ts';

interface Hit {
  record: string;
  object: number;
  rank: number;
}

/** Searches all objects: exact titles first, then titles that begin so, then the newest. */
export async function search(
  deps: ReadDeps,
  ctx: Ctx,
  text: string,
  options: { objects?: string[]; limit?: number } = {},
): Promise<SearchHit[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const limit = Math.max(1, Math.min(options.limit ?? 20, 50));
  const objects = catalog.objects.filter(
    (object) => (options.objects?.includes(object.name) ?? true) && isSearchable(object, ctx.access),
  );
  const [env, shares] = await Promise.all([envOf(deps, ctx, catalog), commonGrams(deps.db, ctx.workspace)]);
  const plan = planSearch(text, shares);
  if (!plan || objects.length === 0) return [];
  const run = (finders: Sql[]): Promise<Hit[]> =>
    deps.db.query<Hit & Record<string, unknown>>(sql`
      select record, object, min(rank) as rank from (${union(finders)}) hits
      group by record, object order by 3, 1 desc limit ${limit}`);
  const sources = objects.map((object): HitSource => ({ ctx, env, plan, limit, ...sourceOf(ctx, env, object) }));
  let hits = await run(sources.map((source) => quickHits(source, WINDOW)));
  if (hits.length < limit && plan.common.length > 0) {
    // Fewer than a page, so these are all that the first look found, of every object.
    const deeper = sources.map((source) =>
      deepHits(deps, source, hits.filter((hit) => hit.object === source.object.id).length),
    );
    hits = await run(await Promise.all(deeper));
  }
  return describeHits(deps, ctx, env, objects, hits);
}

/** One object's entries as one actor may search them. */
interface HitSource extends HitScope {
  ctx: Ctx;
  env: SqlEnv;
  plan: SearchPlan;
  limit: number;
  /** Row scope over alias `t`. */
  inScope: Sql;
  /** What every branch selects. */
  columns(plan: SearchPlan): Sql;
}

function sourceOf(ctx: Ctx, env: SqlEnv, object: ObjectDef): Omit<HitSource, 'ctx' | 'env' | 'plan' | 'limit'> {
  const doc = readableDoc(object, ctx.access, sql`s.doc`);
  return {
    workspace: ctx.workspace,
    object,
    doc,
    inScope: scopeSql(ctx.access, object, 't', env),
    columns: (plan) => sql`s.record, ${rankSql(plan, doc)} as rank`,
  };
}

/** Most hits that are carried to the visibility check of an object whose rows are all in scope. */
const CARRIED = 200;
/** Entries that the second look may walk at most. */
const FURTHEST = 60_000;
/** What a hit of the index costs, in entries walked in order: it lies anywhere, and a narrow scope is checked apart. */
const HIT_COST = 3;
const SCOPED_HIT_COST = 8;
/** Looking through this many rows of one's own is quicker than asking the index for everybody's. */
const FEW_ROWS = 20_000;

/** By rare grams, by the exact title, and among the newest. */
function quickHits(source: HitSource, window: number): Sql {
  const { plan } = source;
  const columns = source.columns(plan);
  const parts = [exactHits(source, plan, columns), ...plan.rare.map((branch) => indexedHits(source, branch, columns))];
  if (plan.common.length > 0) parts.push(newest(source, window));
  return visible(source, union(parts));
}

function newest(source: HitSource, window: number): Sql {
  const { plan, inScope, workspace, object } = source;
  const among =
    inScope === TRUE
      ? TRUE
      : sql`exists (select from ${tableOf(workspace, object.name)} t where t.id = s.record and t.deleted_at is null and ${inScope})`;
  const limit = inScope === TRUE ? Math.max(CARRIED, source.limit) : source.limit;
  return newestHits(source, plan.common, source.columns(plan), { window, among, limit });
}

/**
 * The first look found too few: further among the newest when it found some, otherwise common fragments rarely come
 * together, and the index knows where; or the actor's own rows are few enough to be looked through.
 */
async function deepHits(deps: ReadDeps, source: HitSource, found: number): Promise<Sql> {
  const { plan, limit, object, workspace, inScope } = source;
  const window = found > 0 ? Math.ceil((2 * WINDOW * limit) / found) : Number.POSITIVE_INFINITY;
  const entries = await tableRows(deps.db, tableOf(workspace, 'search_entry'));
  const indexed = plan.common.reduce((sum, branch) => sum + branch.share * entries, 0);
  const cost = indexed * (inScope === TRUE ? HIT_COST : SCOPED_HIT_COST);
  if (window <= Math.min(FURTHEST, cost)) return quickHits(source, window);
  const columns = source.columns(plan);
  const branches = [...plan.rare, ...plan.common];
  if (inScope !== TRUE) {
    const living = all([sql`t.deleted_at is null`, inScope]);
    const table = tableOf(workspace, object.name);
    const rows = await explain(deps.db, sql`select from ${table} t where ${living}`);
    if (rows['Plan Rows'] <= FEW_ROWS)
      return sql`select s.record, ${object.id}::int as object, ${rankSql(plan, source.doc)} as rank
        from (select t.id from ${table} t where ${living} offset 0) mine
        join ${tableOf(workspace, 'search_entry')} s on s.record = mine.id
        where ${any(branches.map((branch) => matchSql(branch, source.doc)))} order by 3, 1 desc limit ${limit}`;
  }
  const parts = [exactHits(source, plan, columns), ...branches.map((branch) => indexedHits(source, branch, columns))];
  return visible(source, union(parts));
}

function visible({ workspace, object, inScope, limit }: HitSource, hits: Sql): Sql {
  // Branches overlap. Without a narrower scope nearly every hit is visible: the best few are enough. With one, all have to be checked.
  const carried = inScope === TRUE ? sql`order by 2, 1 desc limit ${Math.max(CARRIED, limit)}` : sql``;
  return sql`select t.id as record, ${object.id}::int as object, h.rank
    from (select record, min(rank) as rank from (${hits}) h group by record ${carried}) h join ${tableOf(workspace, object.name)} t on t.id = h.record
    where ${all([sql`t.deleted_at is null`, inScope])} order by 3, 1 desc limit ${limit}`;
}

/** Title and second line of each hit, as far as readable. */
async function describeHits(
  deps: ReadDeps,
  ctx: Ctx,
  env: SqlEnv,
  objects: ObjectDef[],
  hits: Hit[],
): Promise<SearchHit[]> {
  const described = new Map<string, SearchHit>();
  const groups = objects.map((object) => ({
    object,
    ids: hits.filter((h) => h.object === object.id).map((h) => h.record),
  }));
  await Promise.all(
    groups
      .filter(({ ids }) => ids.length > 0)
      .map(async ({ object, ids }) => {
        for (const hit of await describeGroup(deps, ctx, env, object, ids)) described.set(hit.id, hit);
      }),
  );
  return hits.map((hit) => described.get(hit.record)).filter((hit): hit is SearchHit => hit !== undefined);
}

async function describeGroup(
  deps: ReadDeps,
  ctx: Ctx,
  env: SqlEnv,
  object: ObjectDef,
  ids: string[],
): Promise<SearchHit[]> {
  const access = ctx.access.objects[object.name];
  const seen = (name: string | undefined): Seen | null => {
    const field = object.fields.find((f) => f.name === name && !f.retired);
    const mode = field ? modeOf(access, field.name) : 'hidden';
    return field && mode !== 'hidden' ? { field, mode } : null;
  };
  const title = seen(object.title);
  const parent = seen(object.parent);
  const phone = seen(object.fields.find((f) => f.search === 'phone')?.name);
  const column = (part: Seen | null, name: string): Sql =>
    part ? sql`t.${ident(part.field.name)} as ${ident(name)}` : sql`null as ${ident(name)}`;
  const rows = await deps.db.query<{ id: string; title: unknown; parent: string | null; phone: unknown }>(sql`
    select t.id, ${column(title, 'title')}, ${column(parent, 'parent')}, ${column(phone, 'phone')}
    from ${tableOf(ctx.workspace, object.name)} t where t.id = any(${ids}::uuid[])`);
  const parents = parent?.field.target
    ? await recordTitles(
        deps,
        { ctx, env },
        parent.field.target,
        rows.flatMap((row) => row.parent ?? []),
      )
    : {};
  const text = (part: Seen | null, value: unknown): string =>
    part ? String(shown(fromColumn(part.field, value), part, ctx.lang) ?? '') : '';
  return rows.map((row) => {
    const detail = [row.parent ? (parents[row.parent] ?? '') : '', text(phone, row.phone)]
      .filter((p) => p !== '')
      .join(' · ');
    return { object: object.name, id: row.id, title: text(title, row.title), ...(detail && { detail }) };
  });
}
