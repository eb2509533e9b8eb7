import sql from 'sql-template-tag';
import type { TagCount } from '../../../contract/tagging.ts';
import { fromColumn, type TableRow } from '../../records/catalog/columns.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { applyTags } from './apply-tags.ts';
import { CUSTOMER, ctxOfTagger, customerOf, KIND, type TagDeps, tagFields } from './deps.ts';
import type { Words } from './dictionary-store.ts';
import { dropFound, keepFound } from './mention-store.ts';
import { moveRun, readRun, type TagRun } from './run-store.ts';
import { type Found, hear, type Source, sourcesOf } from './texts.ts';

/** Records read in one go. */
const PORTION = 1000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Does what the state of a run asks for: looks through all texts (looking → ready), sets the tags that somebody agreed to (running → done). A kill goes on
 * where it was; cancelled, it stops between portions.
 */
export async function advanceRun(deps: TagDeps, workspace: string, id: string, signal: AbortSignal): Promise<void> {
  const run = await readRun(deps.db, workspace, id);
  try {
    if (run.state === 'looking') await look(deps, workspace, run, signal);
    else if (run.state === 'running') await act(deps, workspace, run, signal);
  } catch (error) {
    deps.log.warn({ err: error, run: id }, 'look through texts failed');
    const message = error instanceof Error ? error.message : String(error);
    await moveRun(deps.db, workspace, id, sql`state = 'failed', error = ${message}, finished_at = ${deps.now()}`, [
      'looking',
      'running',
    ]);
    await dropFound(deps.db, workspace, id);
    await close(deps, workspace, run, 'cancelled');
  }
}

async function look(deps: TagDeps, workspace: string, run: TagRun, signal: AbortSignal): Promise<void> {
  const { db } = deps;
  const catalog = await deps.catalog.get(workspace);
  const words = await deps.tags.latest(db, workspace);
  const sources = sourcesOf(catalog, words.dictionary);
  if (run.total === 0) {
    let total = 0;
    for (const { object } of sources) {
      const [row] = await db.query<{ n: number }>(
        sql`select count(*)::int as n from ${tableOf(workspace, object.name)} where deleted_at is null`,
      );
      total += row?.n ?? 0;
    }
    await moveRun(db, workspace, run.id, sql`total = ${total}`, ['looking']);
  }
  let { source: at, after } = run.reached ?? { source: 0, after: FIRST };
  const counts = new Map((run.counts ?? []).map((one) => [`${one.field} ${one.tag}`, one]));
  let { done } = run;
  for (let source = sources[at]; source; source = sources[at]) {
    if (signal.aborted) return;
    const rows = await readTexts(deps, workspace, source, after);
    const last = rows.at(-1);
    if (last) {
      done += rows.length;
      after = last.id;
    } else {
      at += 1;
      after = FIRST;
    }
    const found = listen(deps, words, source, rows, counts);
    const reached = JSON.stringify({ source: at, after });
    const going = await db.tx(async (tx) => {
      await keepFound(tx, workspace, found, { state: 'found', run: run.id, now: deps.now() });
      const set = sql`reached = ${reached}::jsonb, done = ${done}, counts = ${JSON.stringify([...counts.values()])}::jsonb`;
      return moveRun(tx, workspace, run.id, set, ['looking']);
    });
    if (!going || (await readRun(db, workspace, run.id)).cancel) return cancel(deps, workspace, run);
  }
  const counted = await countCustomers(deps, workspace, run.id, [...counts.values()]);
  await moveRun(db, workspace, run.id, sql`state = 'ready', done = total, counts = ${JSON.stringify(counted)}::jsonb`, [
    'looking',
  ]);
}

function readTexts({ db }: TagDeps, workspace: string, source: Source, after: string): Promise<TableRow[]> {
  const names = [source.of, source.when, ...source.fields].flatMap((field) => (field ? [field.name] : []));
  const columns = [...new Set(names)].map((name) => sql`, t.${ident(name)}`);
  return db.query<TableRow>(sql`select t.id, t.updated_at${columns.length > 0 ? joined(columns) : sql``}
    from ${tableOf(workspace, source.object.name)} t
    where t.id > ${after}::uuid and t.deleted_at is null order by t.id limit ${PORTION}`);
}

const joined = (parts: ReturnType<typeof sql>[]) => parts.reduce((all, one) => sql`${all}${one}`);

function listen(
  deps: TagDeps,
  words: Words,
  source: Source,
  rows: readonly TableRow[],
  counts: Map<string, TagCount>,
): Found[] {
  const now = deps.now();
  const found: Found[] = [];
  const count = (field: string, tag: string, what: 'texts' | 'denied') => {
    const key = `${field} ${tag}`;
    const one = counts.get(key) ?? { field, tag, customers: 0, texts: 0, denied: 0 };
    counts.set(key, { ...one, [what]: one[what] + 1 });
  };
  for (const row of rows) {
    const fields = [source.of, source.when, ...source.fields].flatMap((field) => field ?? []);
    const values = Object.fromEntries(fields.map((field) => [field.name, fromColumn(field, row[field.name])]));
    const heard = hear(
      words,
      source,
      { id: row.id, values, writtenAt: new Date(row.updated_at as string | Date) },
      now,
    );
    for (const { field, tag } of heard.found) count(field, tag, 'texts');
    for (const { field, tag } of heard.denied) count(field, tag, 'denied');
    found.push(...heard.found);
  }
  return found;
}

/** Customers that would have each tag and do not have it yet. */
async function countCustomers(
  { db, catalog }: TagDeps,
  workspace: string,
  run: string,
  counts: TagCount[],
): Promise<TagCount[]> {
  const customer = customerOf(await catalog.get(workspace));
  const fields = new Set(customer ? tagFields(customer).map(({ name }) => name) : []);
  const counted: TagCount[] = [];
  for (const one of counts) {
    if (!fields.has(one.field)) continue;
    const [row] = await db.query<{ n: number }>(sql`select count(distinct m.record)::int as n
      from ${tableOf(workspace, 'tag_mention')} m join ${tableOf(workspace, CUSTOMER)} c on c.id = m.record and c.deleted_at is null
      where m.run = ${run}::uuid and m.state = 'found' and m.field = ${one.field} and m.tag = ${one.tag}
        and not (${one.tag} = any(coalesce(c.${ident(one.field)}, '{}')))`);
    counted.push({ ...one, customers: row?.n ?? 0 });
  }
  return counted.sort((a, b) => b.customers - a.customers || b.texts - a.texts);
}

/** From `ready` on to writing, as one change set. false: it was not ready. */
export async function beginRun(deps: TagDeps, workspace: string, id: string): Promise<boolean> {
  const run = await readRun(deps.db, workspace, id);
  if (run.state !== 'ready') return false;
  const ctx = ctxOfTagger(await deps.catalog.get(workspace), workspace, deps.now(), '根据文字内容自动打标签（全部）');
  const customers = await countFound(deps, workspace, id);
  const changeSet = await deps.write.openChangeSet(ctx, KIND, ctx.reason);
  const set = sql`state = 'running', done = 0, total = ${customers}, change_set = ${changeSet}`;
  const begun = await moveRun(deps.db, workspace, id, set, ['ready']);
  if (!begun) await deps.write.closeChangeSet(ctx, changeSet, 'cancelled');
  return begun;
}

async function countFound({ db }: TagDeps, workspace: string, run: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    sql`select count(distinct record)::int as n from ${tableOf(workspace, 'tag_mention')} where run = ${run}::uuid and state = 'found'`,
  );
  return row?.n ?? 0;
}

async function act(deps: TagDeps, workspace: string, run: TagRun, signal: AbortSignal): Promise<void> {
  const { change_set: changeSet } = run;
  if (changeSet === null) throw new Error('a run that writes has a change set');
  for (;;) {
    if (signal.aborted) return;
    const now = await readRun(deps.db, workspace, run.id);
    if (now.cancel) return cancel(deps, workspace, now);
    const some = await applyTags(deps, workspace, { run: run.id, changeSet });
    if (some === 0) break;
    const left = await countFound(deps, workspace, run.id);
    await moveRun(deps.db, workspace, run.id, sql`done = greatest(total - ${left}, 0)`, ['running']);
  }
  await close(deps, workspace, run, 'done');
  await moveRun(deps.db, workspace, run.id, sql`state = 'done', done = total, finished_at = ${deps.now()}`, [
    'running',
  ]);
}

/** What was written stays, as one change set that can be undone; what was only found is forgotten. */
export async function cancel(deps: TagDeps, workspace: string, run: TagRun): Promise<void> {
  await dropFound(deps.db, workspace, run.id);
  await close(deps, workspace, run, 'cancelled');
  await moveRun(deps.db, workspace, run.id, sql`state = 'cancelled', finished_at = ${deps.now()}`, [
    'looking',
    'ready',
    'running',
  ]);
}

/** So that everybody hears of it once. */
async function close(deps: TagDeps, workspace: string, run: TagRun, status: 'done' | 'cancelled'): Promise<void> {
  const { change_set: changeSet } = await readRun(deps.db, workspace, run.id);
  if (changeSet === null) return;
  const ctx = ctxOfTagger(await deps.catalog.get(workspace), workspace, deps.now());
  await deps.write.closeChangeSet(ctx, changeSet, status);
}
