import sql, { raw } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { isVerification } from '../../../domain/freshness/cell.ts';
import { cellIndex, cellState, segmentOf } from '../../../domain/freshness/plan.ts';
import {
  dailyList,
  sayReason,
  type TodayCandidate,
  type TodayCell,
  type TodayItem,
} from '../../../domain/freshness/today.ts';
import { settledAt } from '../../../domain/freshness/tuple.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { objectById } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { FreshnessState } from '../../records/read/freshness-lens.ts';
import type { Ctx, ReadDoor, Row } from '../../records/types.ts';
import { bestContact } from './best-contact.ts';
import { entrustedBundles } from './entrusted.ts';
import type { Plans } from './plans.ts';

export interface TodayDeps {
  db: Db;
  read: ReadDoor;
  plans: Plans;
  env: (ctx: Ctx) => ParseEnv;
}

/** Minutes a day for verifying, until the team states its own. */
export const DAY_CAPACITY = 30;
/** Rows of the index looked at per entry of the list: bundling needs some to spare, but never the whole base. */
const LOOK_AHEAD = 6;
/** A value one confirmed oneself, to no effect, is not asked of one again before this. */
const REST_MS = 7 * 86_400_000;

interface DueRow extends FreshnessState {
  object: number;
  bundle: string;
  owner: string | null;
  [column: string]: unknown;
}

interface Known {
  object: ObjectDef;
  state: DueRow;
  row: Row;
}

/** Today's list of one person, by value per minute, one entry per customer. Reads an index range, then only the records it shows. */
export async function todayList(deps: TodayDeps, ctx: Ctx, catalog: Catalog, owner: string, limit: number) {
  await deps.plans.ready(ctx.workspace);
  const [due, entrusted, total, done] = await Promise.all([
    dueBundles(deps, ctx, owner, limit * LOOK_AHEAD),
    entrustedBundles(deps, ctx, catalog, owner, limit),
    countDue(deps, ctx, owner),
    doneToday(deps, ctx),
  ]);
  const bundles = [...new Set([...entrusted, ...due])].slice(0, limit * 2 + entrusted.length);
  const known = await loadBundles(deps, ctx, catalog, bundles);
  const candidates = bundles.flatMap((id) => candidateOf(deps, ctx, owner, id, known.get(id) ?? []));
  const list = dailyList(candidates, Number.POSITIVE_INFINITY, ctx.at.getTime());
  const items = list.items.slice(0, limit);
  return {
    items: items.map((item) => present(deps, ctx, item, known.get(item.id) ?? [])),
    ...total,
    done,
    minutes: { planned: round(items.reduce((sum, item) => sum + item.bundle.minutes, 0)), capacity: DAY_CAPACITY },
  };
}

const dueNow = (ctx: Ctx, owner: string) =>
  sql`owner = ${owner} and due_at is not null and due_at <= ${ctx.at}::timestamptz
    and (snoozed_until is null or snoozed_until <= ${ctx.at}::timestamptz)`;

/** Customers with most value per minute, again for each record of theirs that is due. */
async function dueBundles({ db }: TodayDeps, ctx: Ctx, owner: string, limit: number): Promise<string[]> {
  const rows = await queryHot<{ bundle: string }>(
    db,
    sql`select bundle from ${tableOf(ctx.workspace, 'freshness')} where ${dueNow(ctx, owner)}
      order by due_value desc limit ${raw(String(limit))}`,
  );
  return rows.map((row) => row.bundle);
}

/** Due records that are counted; nobody works through more in a day. */
const COUNT_CAP = 1000;

async function countDue({ db }: TodayDeps, ctx: Ctx, owner: string): Promise<{ total: number; capped: boolean }> {
  const [row] = await queryHot<{ records: number; customers: number }>(
    db,
    sql`select count(*)::int as records, count(distinct bundle)::int as customers from (
      select bundle from ${tableOf(ctx.workspace, 'freshness')} where ${dueNow(ctx, owner)} limit ${raw(String(COUNT_CAP))}) due`,
  );
  return { total: row?.customers ?? 0, capped: row?.records === COUNT_CAP };
}

/** Freshness and values of everything verified in one contact with these customers, as far as the actor may see it. */
async function loadBundles(
  deps: TodayDeps,
  ctx: Ctx,
  catalog: Catalog,
  bundles: string[],
): Promise<Map<string, Known[]>> {
  const known = new Map<string, Known[]>();
  if (bundles.length === 0) return known;
  const states = await deps.db.query<DueRow>(sql`
    select record, object, bundle, owner, segment, base_at, base_confidence, cells, missing, frailty, score, scored_at, due_at
    from ${tableOf(ctx.workspace, 'freshness')} where bundle = any(${bundles}::uuid[])`);
  for (const objectId of new Set(states.map((state) => state.object))) {
    const object = objectById(catalog, objectId);
    if (!object || object.retired || !ctx.access.objects[object.name]) continue;
    const mine = states.filter((state) => state.object === objectId);
    const page = await deps.read.list(ctx, {
      object: object.name,
      filter: { field: '$id', op: 'in', value: mine.map((state) => state.record) },
      page: { limit: 500 },
      count: 'none',
    });
    const rows = new Map(page.rows.map((row) => [row.id, row]));
    for (const state of mine) {
      const row = rows.get(state.record);
      if (row) known.set(state.bundle, [...(known.get(state.bundle) ?? []), { object, state, row }]);
    }
  }
  return known;
}

function candidateOf(deps: TodayDeps, ctx: Ctx, owner: string, id: string, known: Known[]): TodayCandidate[] {
  const [first] = known;
  if (!first) return [];
  const segment = segmentOf(deps.plans.objectPlan(ctx.workspace, first.object).plan, recordOf(first.state));
  const cells = known.flatMap((entry) => cellsOf(deps, ctx, owner, entry));
  return [{ id, contact: { minutes: segment.contactMinutes, success: segment.contactSuccess }, cells }];
}

/** Cells worth asking this person to ask: those past due that are his, by the record or by the policy. A fresh sibling costs the customer's patience and buys little. */
function cellsOf(deps: TodayDeps, ctx: Ctx, owner: string, { object, state, row }: Known): TodayCell[] {
  const { plan } = deps.plans.objectPlan(ctx.workspace, object);
  const record = recordOf(state);
  const mode = ctx.access.objects[object.name];
  return segmentOf(plan, record).fields.flatMap((field): TodayCell[] => {
    const def = object.fields.find((candidate) => candidate.id === field.fieldId);
    const cell = cellState(plan, record, field.fieldId, ctx.at);
    if (!def || !cell || cell.state !== 'stale') return [];
    if ((field.responsible ?? state.owner) !== owner) return [];
    const allowed = mode?.fields[def.name] ?? mode?.fields['*'];
    if (allowed !== 'read' && allowed !== 'edit') return [];
    if ((row.values[def.name] ?? null) === null) return [];
    const tuple = state.cells?.[field.fieldId];
    const verified = tuple && isVerification(tuple[2]);
    // He said so himself, and his word did not settle it (B14): somebody else's would, not his once more.
    const unsettled = verified && tuple[6] === undefined && tuple[0] <= field.threshold && tuple[3] === `user:${owner}`;
    if (unsettled && ctx.at.getTime() - settledAt(tuple) * 1000 < REST_MS) return [];
    return [
      {
        record: state.record,
        fieldId: field.fieldId,
        confidence: cell.confidence,
        verifiedAt: verified ? settledAt(tuple) * 1000 : null,
        method: tuple?.[2] ?? null,
        value: cellIndex(field, record, ctx.at.getTime()),
        minutes: field.minutes,
        ...(field.intervalDays > 0 ? { hard: 'interval' } : {}),
      },
    ];
  });
}

function present(deps: TodayDeps, ctx: Ctx, item: TodayItem, known: Known[]) {
  const main = known.find((entry) => entry.row.id === item.id) ?? known[0];
  const env = deps.env(ctx);
  const cells = item.bundle.chosen.flatMap((cell, index) => {
    const entry = known.find((candidate) => candidate.row.id === cell.record);
    const field = entry?.object.fields.find((candidate) => candidate.id === cell.fieldId);
    const reason = item.reasons[index];
    if (!entry || !field || !reason) return [];
    return [presentCell(ctx, env, cell, entry, field, sayReason(reason, field.label[ctx.lang], ctx.lang))];
  });
  const contact = bestContact(known);
  return {
    object: main?.object.name ?? 'customer',
    id: item.id,
    title: main ? titleOf(main) : '',
    ...(contact && { contact }),
    minutes: round(item.bundle.minutes),
    value: item.bundle.value,
    ...(item.hard && { hard: true }),
    reasons: item.reasons.slice(0, 3).map((reason, index) => ({
      code: reason.code,
      params: reason.params,
      message: cells[index]?.reason ?? '',
    })),
    cells,
  };
}

function presentCell(ctx: Ctx, env: ParseEnv, cell: TodayCell, entry: Known, field: FieldDef, reason: string) {
  const value = entry.row.values[field.name] ?? null;
  const tuple = entry.state.cells?.[field.id];
  return {
    object: entry.object.name,
    id: entry.row.id,
    title: titleOf(entry),
    version: entry.row.version,
    field: field.name,
    label: field.label,
    value,
    text: fieldType(field.type).format(value, field, ctx.lang, env),
    freshness: {
      confidence: cell.confidence,
      state: 'stale' as const,
      verifiedAt: cell.verifiedAt === null ? null : new Date(cell.verifiedAt).toISOString(),
      changedAt: tuple?.[4] == null ? null : new Date(tuple[4] * 1000).toISOString(),
      method: tuple?.[2] ?? null,
      by: tuple?.[3] ?? null,
      dueAt: null,
    },
    reason,
  };
}

/** Customers the actor has verified something of since midnight of the workspace. */
async function doneToday(deps: TodayDeps, ctx: Ctx): Promise<number> {
  const { timeZone } = deps.env(ctx);
  const [row] = await queryHot<{ n: number }>(
    deps.db,
    sql`select count(distinct f.bundle)::int as n
      from ${tableOf(ctx.workspace, 'delta')} d join ${tableOf(ctx.workspace, 'freshness')} f on f.record = d.record
      where d.at >= date_trunc('day', ${ctx.at}::timestamptz, ${timeZone}) and d.actor = ${ctx.actor}
        and (d.kind = 'v' or d.before ? '$v')`,
  );
  return row?.n ?? 0;
}

function recordOf(state: DueRow) {
  return {
    baseAt: state.base_at,
    baseConfidence: state.base_confidence,
    cells: state.cells,
    missing: state.missing,
    segment: state.segment,
    frailty: state.frailty,
  };
}

function titleOf({ object, row }: Known): string {
  return String(row.values[object.title] ?? '');
}

function round(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}
