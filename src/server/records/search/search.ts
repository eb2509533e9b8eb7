import sql, { type Sql } from 'sql-template-tag';
import { modeOf } from '../../../domain/filter/validate.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { fromColumn } from '../catalog/columns.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { all, any, type SqlEnv, scopeSql, TRUE } from '../read/filter-sql.ts';
import { type Seen, shown } from '../read/row.ts';
import { envOf, type ReadDeps } from '../read/source.ts';
import { explain } from '../read/strategy.ts';
import { recordTitles } from '../read/titles.ts';
import type { Ctx, SearchHit } from '../types.ts';
import { commonGrams } from './common-grams.ts';
import { exactHits, type HitScope, indexedHits, likeSql, newestHits, rankSql, union } from './hits-sql.ts';
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
  const run = (find: (object: ObjectDef) => Sql): Promise<Hit[]> =>
    deps.db.query<Hit & Record<string, unknown>>(sql`
      select record, object, min(rank) as rank from (${union(objects.map(find))}) hits
      group by record, object order by 3, 1 desc limit ${limit}`);
  let hits = await run((object) => quickHits(ctx, env, object, plan, limit));
  if (hits.length < limit && plan.common.length > 0) {
    const deep = new Map<ObjectDef, Sql>();
    for (const object of objects) deep.set(object, await deepHits(deps, ctx, env, object, plan, limit));
    hits = await run((object) => deep.get(object) ?? quickHits(ctx, env, object, plan, limit));
  }
  return describeHits(deps, ctx, env, objects, hits);
}

/** Most hits that are carried to the visibility check of an object whose rows are all in scope. */
const CARRIED = 200;

/** By rare grams, by the exact title, and among the newest. */
function quickHits(ctx: Ctx, env: SqlEnv, object: ObjectDef, plan: SearchPlan, limit: number): Sql {
  const doc = readableDoc(object, ctx.access, sql`s.doc`);
  const scope: HitScope = { workspace: ctx.workspace, object, doc };
  const columns = sql`s.record, ${rankSql(plan, doc)} as rank`;
  const parts = [exactHits(scope, plan, columns), ...plan.rare.map((branch) => indexedHits(scope, branch, columns))];
  if (plan.common.length > 0) parts.push(newestHits(scope, plan.common, columns, Math.max(CARRIED, limit)));
  return visible(ctx, env, object, union(parts), limit);
}

/** Common fragments that rarely come together: by the index after all, or within the few rows the actor has. */
async function deepHits(
  deps: ReadDeps,
  ctx: Ctx,
  env: SqlEnv,
  object: ObjectDef,
  plan: SearchPlan,
  limit: number,
): Promise<Sql> {
  const doc = readableDoc(object, ctx.access, sql`s.doc`);
  const columns = sql`s.record, ${rankSql(plan, doc)} as rank`;
  const inScope = scopeSql(ctx.access, object, 't', env);
  const table = tableOf(ctx.workspace, object.name);
  const branches = [...plan.rare, ...plan.common];
  if (inScope !== TRUE) {
    const living = all([sql`t.deleted_at is null`, inScope]);
    const rows = await explain(deps.db, sql`select from ${table} t where ${living}`);
    if (rows['Plan Rows'] <= FEW_ROWS) {
      return sql`select s.record, ${object.id}::int as object, ${rankSql(plan, doc)} as rank
        from (select t.id from ${table} t where ${living} offset 0) mine
        join ${tableOf(ctx.workspace, 'search_entry')} s on s.record = mine.id
        where ${any(branches.map((branch) => likeSql(branch, doc)))}
        order by 3, 1 desc limit ${limit}`;
    }
  }
  const scope: HitScope = { workspace: ctx.workspace, object, doc };
  const parts = [
    exactHits(scope, plan, columns),
    ...branches.map((branch) => indexedHits(scope, branch, columns)),
    newestHits(scope, plan.common, columns, Math.max(CARRIED, limit)),
  ];
  return visible(ctx, env, object, union(parts), limit);
}

/** Looking through this many rows of one's own is quicker than asking the index for everybody's. */
const FEW_ROWS = 20_000;

function visible(ctx: Ctx, env: SqlEnv, object: ObjectDef, hits: Sql, limit: number): Sql {
  const inScope = scopeSql(ctx.access, object, 't', env);
  // Without a narrower scope nearly every hit is visible: the best few are enough. With one, all have to be checked.
  const carried = inScope === TRUE ? sql`order by 2, 1 desc limit ${Math.max(CARRIED, limit)}` : sql``;
  return sql`select t.id as record, ${object.id}::int as object, h.rank
    from (select * from (${hits}) h ${carried}) h join ${tableOf(ctx.workspace, object.name)} t on t.id = h.record
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
