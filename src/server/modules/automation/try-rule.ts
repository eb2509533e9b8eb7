import sql from 'sql-template-tag';
import { indexRules, isTimed, type Rule, subjectOf } from '../../../domain/automation/index.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { OutboxSet } from '../freshness/index.ts';
import type { FindDeps } from './deps.ts';
import { dueWithin } from './due-records.ts';
import { findFirings, type Judging } from './find-firings.ts';
import { seeRecords } from './record-words.ts';
import { type Named, namedIn, nextOfSet, readTouched, watchedIn } from './touched.ts';

export interface RuleTrial {
  days: number;
  /** How often it would have fired, and for how many records. */
  count: number;
  records: number;
  /** There was more than could be looked at: at least so often. */
  capped: boolean;
  object: string;
  samples: { id: string; title: string; at: string }[];
}

const DAY_MS = 86_400_000;
const SAMPLES = 20;
const PORTION = 500;
/** Milliseconds that a person waits. */
const PATIENCE = 8_000;

/**
 * What a rule would have done in the last days; writes nothing. Changes are taken from the history, with what was and what became; conditions on related
 * records, and on records that the clock finds, are judged as things are now.
 */
export async function tryRule(deps: FindDeps, ctx: Ctx, rule: Rule, days: number): Promise<RuleTrial> {
  const since = new Date(ctx.at.getTime() - days * DAY_MS);
  const fired = isTimed(rule.when) ? await tryTimed(deps, ctx, rule, since) : await tryChanges(deps, ctx, rule, since);
  const catalog = await deps.catalog.get(ctx.workspace);
  const name = subjectOf(rule.when, (of, relation) => {
    const object = findObject(catalog, of);
    return object && findField(object, relation)?.target;
  });
  const object = findObject(catalog, name ?? rule.when.object);
  const first = new Map<string, string>();
  for (const { record, at } of fired.list.toReversed()) if (!first.has(record)) first.set(record, at);
  const samples = [...first].slice(0, SAMPLES);
  const seen = object
    ? await seeRecords(
        deps.read,
        ctx,
        object.name,
        samples.map(([id]) => id),
      )
    : null;
  return {
    days,
    count: fired.list.length,
    records: first.size,
    capped: fired.capped,
    object: object?.name ?? rule.when.object,
    samples: samples.map(([id, at]) => ({
      id,
      at,
      title: String(seen?.rows.get(id)?.values[object?.title ?? ''] ?? '—'),
    })),
  };
}

interface Fired {
  list: { record: string; at: string }[];
  capped: boolean;
}

async function tryTimed(deps: FindDeps, ctx: Ctx, rule: Rule, since: Date): Promise<Fired> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const list: Fired['list'] = [];
  const began = performance.now();
  // Day by day: a rule that returns fires on each, not on the last alone.
  for (let from = since; from < ctx.at; from = new Date(from.getTime() + DAY_MS)) {
    const until = new Date(Math.min(from.getTime() + DAY_MS, ctx.at.getTime()));
    const portion = await dueWithin(deps, ctx, rule, catalog, { after: from, until });
    for (let after: string | null = null; portion; ) {
      const due = await portion(after, PORTION);
      for (const { id, day } of due) list.push({ record: id, at: day });
      if (performance.now() - began > PATIENCE) return { list, capped: true };
      after = due.at(-1)?.id ?? null;
      if (due.length < PORTION) break;
    }
  }
  return { list, capped: false };
}

async function tryChanges(deps: FindDeps, ctx: Ctx, rule: Rule, since: Date): Promise<Fired> {
  const { workspace } = ctx;
  const catalog = await deps.catalog.get(workspace);
  const index = indexRules([rule]);
  const last = new Map<string, Date>();
  const judging: Judging = { deps, workspace, catalog, index, at: ctx.at, lastFired: async () => last };
  const list: Fired['list'] = [];
  const began = performance.now();
  let after = earliestId(since);
  for (;;) {
    // Ids of change sets are made in order of time (UUIDv7).
    const sets = await deps.db.query<OutboxSet & Record<string, unknown>>(sql`
      select id, txid::text as txid, at, actor, source, kind, undoes, reason, summary from ${tableOf(workspace, 'change_set')} c
      where c.id > ${after}::uuid and status <> 'running' order by c.id limit ${PORTION}`);
    const named: Named[] = [];
    let cut = false;
    for (const set of sets) {
      const objects = watchedIn(set, index, catalog);
      if (objects.length === 0) continue;
      const small = namedIn(set, objects, index);
      const portion = small ?? (await nextOfSet(deps.db, workspace, set, objects, null, PORTION * 4));
      cut ||= small === null && portion.length >= PORTION * 4;
      named.push(...portion);
    }
    const firings = await findFirings(judging, await readTouched(deps.read, deps.db, workspace, named));
    const times = new Map(sets.map(({ id, at }) => [id, at]));
    for (const { record, change } of firings)
      list.push({ record, at: (times.get(change?.set ?? '') ?? ctx.at).toISOString() });
    if (cut || performance.now() - began > PATIENCE) return { list, capped: true };
    const end = sets.at(-1)?.id;
    if (sets.length < PORTION || end === undefined) return { list, capped: false };
    after = end;
  }
}

/** The least UUIDv7 of a moment (RFC 9562 §5.7: the first 48 bits are milliseconds). */
function earliestId(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
