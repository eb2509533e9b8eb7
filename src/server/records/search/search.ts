import sql, { empty, raw, type Sql } from 'sql-template-tag';
import { ceilingOf, isPlain } from '../../../domain/access/reach.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { fromColumn } from '../catalog/columns.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { all, any, reachSql, type SqlEnv, scopeSql, TRUE } from '../read/filter-sql.ts';
import { modeHere, REACH_COLUMN, reachOf, type Seen, shown } from '../read/row.ts';
import { seenField } from '../read/scope.ts';
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
  const found = (checked: boolean) => findHits(deps, sourcesOf(ctx, env, plan, limit, objects, checked));
  const hits = await found(false);
  const seen = await describeHits(deps, ctx, env, objects, hits, limit);
  const cut = hits.length >= CARRIED || plan.common.length > 0;
  if (seen.length === Math.min(limit, hits.length) || !cut) return seen;
  // Much of what was found lies in the recycle bin, and more may be behind it: check while looking.
  return describeHits(deps, ctx, env, objects, await found(true), limit);
}

/** Best first: exact titles, titles that begin so, the newest. */
async function findHits(deps: ReadDeps, sources: HitSource[]): Promise<Hit[]> {
  const run = (finders: Sql[]): Promise<Hit[]> => {
    const statement = sql`
      select record, object, min(rank) as rank from (${union(finders)}) hits
      group by record, object order by 3, 1 desc limit ${raw(String(CARRIED))}`;
    return deps.db.query<Hit & Record<string, unknown>>(statement);
  };
  const hits = await run(sources.map((source) => quickHits(source, WINDOW)));
  const [first] = sources;
  if (!first || hits.length >= first.limit || first.plan.common.length === 0) return hits;
  // Fewer than a page, so these are all that the first look found, of every object.
  const ofSource = ({ objects }: HitSource) => hits.filter((hit) => objects.some(({ id }) => id === hit.object)).length;
  return run(await Promise.all(sources.map((source) => deepHits(deps, source, ofSource(source)))));
}

/** Entries of some objects as one actor may search them. */
interface HitSource extends HitScope {
  ctx: Ctx;
  env: SqlEnv;
  plan: SearchPlan;
  limit: number;
  /** Row scope over alias `t`. */
  inScope: Sql;
  /** Looks into the object's table for each hit: a narrower scope must, and what is deleted is left out at once. Of one object only. */
  checked: boolean;
  /** What every branch selects. */
  columns: Sql;
}

/** Objects whose rows are all visible and whose entries read alike are searched as one: planning each apart takes longer than finding. */
function sourcesOf(
  ctx: Ctx,
  env: SqlEnv,
  plan: SearchPlan,
  limit: number,
  objects: ObjectDef[],
  checked: boolean,
): HitSource[] {
  const sources = new Map<string, HitSource>();
  for (const object of objects) {
    const doc = readableDoc(object, env);
    const inScope = scopeSql(ctx.access, object, 't', env);
    const apart = checked || inScope !== TRUE;
    const key = apart ? object.name : `${doc.sql} ${doc.values.join()}`;
    const known = sources.get(key);
    if (known) known.objects.push(object);
    else {
      const columns = sql`s.record, s.object, ${rankSql(plan, doc)} as rank`;
      const { workspace } = ctx;
      sources.set(key, { ctx, env, plan, limit, workspace, objects: [object], doc, inScope, checked: apart, columns });
    }
  }
  return [...sources.values()];
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
  const { plan, columns } = source;
  const parts = [exactHits(source, plan, columns), ...plan.rare.map((branch) => indexedHits(source, branch, columns))];
  if (plan.common.length > 0) for (const object of source.objects) parts.push(newest(source, object, window));
  return best(source, union(parts));
}

function newest(source: HitSource, object: ObjectDef, window: number): Sql {
  const { plan, inScope, workspace, columns } = source;
  const among =
    inScope === TRUE
      ? TRUE
      : sql`exists (select from ${tableOf(workspace, object.name)} t where t.id = s.record and t.deleted_at is null and ${inScope})`;
  const limit = inScope === TRUE ? CARRIED : source.limit;
  return newestHits({ ...source, objects: [object] }, plan.common, columns, { window, among, limit });
}

/**
 * The first look found too few: further among the newest when it found some, otherwise common fragments rarely come
 * together, and the index knows where; or the actor's own rows are few enough to be looked through.
 */
async function deepHits(deps: ReadDeps, source: HitSource, found: number): Promise<Sql> {
  const { plan, limit, workspace, inScope, columns } = source;
  const window = found > 0 ? Math.ceil((2 * WINDOW * limit) / found) : Number.POSITIVE_INFINITY;
  const entries = await tableRows(deps.db, tableOf(workspace, 'search_entry'));
  const indexed = plan.common.reduce((sum, branch) => sum + branch.share * entries, 0);
  const cost = indexed * (inScope === TRUE ? HIT_COST : SCOPED_HIT_COST);
  if (window <= Math.min(FURTHEST, cost)) return quickHits(source, window);
  const branches = [...plan.rare, ...plan.common];
  const [object] = source.objects;
  if (inScope !== TRUE && object) {
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
  return best(source, union(parts));
}

/** Branches overlap. Without a narrower scope nearly every hit is visible: the best few are enough. With one, all have to be checked. */
function best({ workspace, objects, inScope, limit, checked }: HitSource, hits: Sql): Sql {
  const carried = inScope === TRUE ? sql`order by 3, 1 desc limit ${raw(String(CARRIED))}` : empty;
  const once = sql`select record, object, min(rank) as rank from (${hits}) h group by record, object ${carried}`;
  const [object] = objects;
  if (!checked || !object) return once;
  return sql`select t.id as record, h.object, h.rank from (${once}) h join ${tableOf(workspace, object.name)} t on t.id = h.record
    where ${all([sql`t.deleted_at is null`, inScope])} order by 3, 1 desc limit ${limit}`;
}

/** Title and second line of the first hits that are there and in sight, as far as readable. */
async function describeHits(
  deps: ReadDeps,
  ctx: Ctx,
  env: SqlEnv,
  objects: ObjectDef[],
  hits: Hit[],
  limit: number,
): Promise<SearchHit[]> {
  const described: SearchHit[] = [];
  // Hardly any hit is deleted, so the first few hold a page.
  for (let from = 0; from < hits.length && described.length < limit; from += 2 * limit) {
    const some = hits.slice(from, from + 2 * limit);
    const known = new Map<string, SearchHit>();
    await Promise.all(
      objects.map(async (object) => {
        const ids = some.filter((hit) => hit.object === object.id).map((hit) => hit.record);
        if (ids.length === 0) return;
        for (const hit of await describeGroup(deps, ctx, env, object, ids)) known.set(hit.id, hit);
      }),
    );
    described.push(...some.flatMap((hit) => known.get(hit.record) ?? []));
  }
  return described.slice(0, limit);
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
    return access && field && ceilingOf(access, field.name) !== 'hidden' ? seenField(access, field) : null;
  };
  const title = seen(object.title);
  const parent = seen(object.parent);
  const phone = seen(object.fields.find((f) => f.search === 'phone' && !mayBeSealed(f))?.name);
  const column = (part: Seen | null, name: string): Sql =>
    part ? sql`t.${ident(part.field.name)} as ${ident(name)}` : sql`null as ${ident(name)}`;
  const rows = await deps.db.query<{
    id: string;
    title: unknown;
    parent: string | null;
    phone: unknown;
    $reach: number | null;
  }>(sql`
    select t.id, ${reachSql(ctx.access, object, 't', env) ?? sql`null::int4`} as ${REACH_COLUMN}, ${column(title, 'title')}, ${column(parent, 'parent')}, ${column(phone, 'phone')}
    from ${tableOf(ctx.workspace, object.name)} t
    where t.id = any(${ids}::uuid[]) and ${all([sql`t.deleted_at is null`, scopeSql(ctx.access, object, 't', env)])}`);
  const plainParent = (row: (typeof rows)[number]): string | null =>
    parent && isPlain(modeHere(parent, reachOf(row))) ? row.parent : null;
  const parents = parent?.field.target
    ? await recordTitles(
        deps,
        { ctx, env },
        parent.field.target,
        rows.flatMap((row) => plainParent(row) ?? []),
      )
    : {};
  const text = (part: Seen | null, value: unknown, row: (typeof rows)[number]): string =>
    part ? String(shown(fromColumn(part.field, value), part, ctx.lang, reachOf(row)) ?? '') : '';
  return rows.map((row) => {
    const detail = [parents[plainParent(row) ?? ''] ?? '', text(phone, row.phone, row)]
      .filter((p) => p !== '')
      .join(' · ');
    return { object: object.name, id: row.id, title: text(title, row.title, row), ...(detail && { detail }) };
  });
}
