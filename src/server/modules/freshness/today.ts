import sql, { raw } from 'sql-template-tag';
import { isPlain } from '../../../domain/access/reach.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import { isVerification } from '../../../domain/freshness/cell.ts';
import { callsForIt, dutyName, personFor, standsInFor } from '../../../domain/freshness/duties.ts';
import { cellIndex, cellState, segmentOf } from '../../../domain/freshness/plan.ts';
import {
  dailyList,
  sayReason,
  type TodayCandidate,
  type TodayCell,
  type TodayItem,
} from '../../../domain/freshness/today.ts';
import { settledAt } from '../../../domain/freshness/tuple.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { queryHot } from '../../platform/postgres/query-hot.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { recordStateOf } from '../../records/read/freshness-lens.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { bestContact } from './best-contact.ts';
import { claimCalls } from './claim-calls.ts';
import { entrustedBundles } from './entrusted.ts';
import type { Plans } from './plans.ts';
import { readTeam, type TeamToday } from './team-store.ts';
import { type Known, type KnownBundle, loadBundles } from './today-bundles.ts';
import { othersCall } from './whose-call.ts';

export interface TodayDeps {
  db: Db;
  read: ReadDoor;
  plans: Plans;
  env: (ctx: Ctx) => ParseEnv;
}

/** Rows of the index looked at per entry of the list: bundling needs some to spare, but never the whole base. */
const LOOK_AHEAD = 6;
/** A value one confirmed oneself, to no effect, is not asked of one again before this. */
const REST_MS = 7 * 86_400_000;

/**
 * Today's list of one person, by value per minute, one entry per customer. Reads an index range, then only the records it shows. Every value is on one
 * person's list, and a customer of whom several have something to ask on one person's a day: nobody is called by two.
 */
export async function todayList(deps: TodayDeps, ctx: Ctx, catalog: Catalog, owner: string, limit: number) {
  await deps.plans.ready(ctx.workspace);
  const today = await readTeam(deps.db, ctx.workspace, ctx.at, deps.env(ctx).timeZone);
  const me = today.team.get(owner);
  if (me?.away) {
    const done = await doneToday(deps, ctx, today);
    return { items: [], total: 0, capped: false, done, minutes: { planned: 0, capacity: 0 }, away: true };
  }
  const absent = standsInFor(owner, today.team);
  const [entrusted, total, done, own] = await Promise.all([
    entrustedBundles(deps, ctx, catalog, namesOf(owner, absent, today), limit * sharers(today)),
    countDue(deps, ctx, owner),
    doneToday(deps, ctx, today),
    dueBundles(deps, ctx, [owner, ...absent], limit * LOOK_AHEAD),
  ]);
  // What may fall to several is looked at by the one it falls to.
  const mine = own.filter((row) => personFor(undefined, row.owner, row.bundle, today.team) === owner);
  const his = entrusted.filter((row) =>
    row.names.some((name) => personFor(name, row.owner, row.bundle, today.team) === owner),
  );
  const bundles = [...new Set([...firstOf(his, limit * 2), ...firstOf(mine, limit * 2)])];
  const known = await loadBundles(deps, ctx, catalog, bundles);
  const candidates = bundles.flatMap((id) => candidateOf(deps, ctx, today, owner, id, known.get(id)));
  const list = dailyList(candidates, Number.POSITIVE_INFINITY, ctx.at.getTime());
  const items = await withOwnCalls(deps, ctx, today, owner, list.items, known, limit);
  return {
    items: items.map((item) => present(deps, ctx, item, known.get(item.id)?.entries ?? [])),
    ...total,
    total: Math.max(total.total, items.length),
    done,
    minutes: {
      planned: round(items.reduce((sum, item) => sum + item.bundle.minutes, 0)),
      capacity: round(me?.minutes ?? today.minutes),
    },
    away: false,
  };
}

/** The first of a list whose number is not on a colleague's list today: customers may share a contact, and he is called once. */
async function withOwnCalls(
  deps: TodayDeps,
  ctx: Ctx,
  { day }: TeamToday,
  owner: string,
  items: TodayItem[],
  known: Map<string, KnownBundle>,
  limit: number,
): Promise<TodayItem[]> {
  const kept: TodayItem[] = [];
  for (let at = 0; at < items.length && kept.length < limit; ) {
    const next = items.slice(at, at + limit - kept.length);
    at += next.length;
    const numbers = next.map((item) => numberOf(known.get(item.id)?.entries ?? []));
    const his = await claimCalls(
      deps.db,
      ctx.workspace,
      owner,
      day,
      next.flatMap(({ id }, index) => (numbers[index] ? [{ number: numbers[index], bundle: id }] : [])),
    );
    kept.push(
      ...next.filter((_, index) => {
        const number = numbers[index];
        return !number || his.has(number);
      }),
    );
  }
  return kept;
}

/** The number the page offers to call; one that the reader sees masked names nobody. */
function numberOf(entries: Known[]): string | null {
  const phone = bestContact(entries)?.phone;
  return phone === undefined || phone.includes('*') ? null : phone;
}

/** Names under which policies may entrust something that falls to him: his account, his duties, and those he stands in for. */
function namesOf(owner: string, absent: string[], { team }: TeamToday): Set<string> {
  const accounts = [owner, ...absent];
  return new Set([...accounts, ...accounts.flatMap((one) => (team.get(one)?.duties ?? []).map(dutyName))]);
}

/** How many may share what is entrusted to a duty: of so many candidates one is his. */
function sharers({ team }: TeamToday): number {
  const counts = new Map<string, number>();
  for (const { duties } of team.values()) for (const duty of duties) counts.set(duty, (counts.get(duty) ?? 0) + 1);
  return Math.min(10, Math.max(1, ...counts.values()));
}

const dueNow = (ctx: Ctx, owner: string) =>
  sql`owner = ${owner} and due_at is not null and due_at <= ${ctx.at}::timestamptz
    and (snoozed_until is null or snoozed_until <= ${ctx.at}::timestamptz)`;

/** Customers of some owners with most value per minute, again for each record of theirs that is due. */
async function dueBundles({ db }: TodayDeps, ctx: Ctx, owners: string[], limit: number): Promise<Due[]> {
  return queryHot<Due & Record<string, unknown>>(
    db,
    sql`select x.bundle, o.owner from unnest(${owners}::text[]) with ordinality o(owner, place) cross join lateral (
        select bundle, due_value from ${tableOf(ctx.workspace, 'freshness')} f
        where f.owner = o.owner and f.due_at is not null and f.due_at <= ${ctx.at}::timestamptz
          and (f.snoozed_until is null or f.snoozed_until <= ${ctx.at}::timestamptz)
        order by f.due_value desc limit ${raw(String(limit))}) x
      order by x.due_value desc`,
  );
}

interface Due {
  bundle: string;
  owner: string | null;
}

/** The first customers of a list that may name each several times. */
function firstOf(rows: Due[], limit: number): string[] {
  return [...new Set(rows.map((row) => row.bundle))].slice(0, limit);
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

function candidateOf(
  deps: TodayDeps,
  ctx: Ctx,
  today: TeamToday,
  owner: string,
  id: string,
  known: KnownBundle | undefined,
): TodayCandidate[] {
  const first = known?.entries[0];
  // Of a customer who lies in the bin, or out of sight, nothing is asked; contacts of his may live on.
  const gone =
    known?.states.some(({ state }) => state.record === id) && !known.entries.some(({ row }) => row.id === id);
  if (!known || !first || gone) return [];
  const mayCall = !othersCall(deps.plans, ctx, today, owner, id, known);
  const segment = segmentOf(deps.plans.objectPlan(ctx.workspace, first.object).plan, recordStateOf(first.state));
  const cells = known.entries.flatMap((entry) => cellsOf(deps, ctx, today, owner, mayCall, entry));
  return [{ id, contact: { minutes: segment.contactMinutes, success: segment.contactSuccess }, cells }];
}

/** Cells worth asking this person to ask: those past due that are his, by the record or by the policy. A fresh sibling costs the customer's patience and buys little. */
function cellsOf(
  deps: TodayDeps,
  ctx: Ctx,
  { team }: TeamToday,
  owner: string,
  mayCall: boolean,
  { object, state, row }: Known,
): TodayCell[] {
  const { plan } = deps.plans.objectPlan(ctx.workspace, object);
  const record = recordStateOf(state);
  return segmentOf(plan, record).fields.flatMap((field): TodayCell[] => {
    const def = object.fields.find((candidate) => candidate.id === field.fieldId);
    const cell = cellState(plan, record, field.fieldId, ctx.at);
    if (!def || !cell || cell.state !== 'stale') return [];
    if (!mayCall && callsForIt(field.responsible)) return [];
    if (personFor(field.responsible, state.owner, state.bundle, team) !== owner) return [];
    if (!isPlain(row.modes?.[def.name] ?? 'edit')) return [];
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
async function doneToday(deps: TodayDeps, ctx: Ctx, { midnight }: TeamToday): Promise<number> {
  const [row] = await queryHot<{ n: number }>(
    deps.db,
    sql`select count(distinct f.bundle)::int as n
      from ${tableOf(ctx.workspace, 'delta')} d join ${tableOf(ctx.workspace, 'freshness')} f on f.record = d.record
      where d.at >= ${midnight}::timestamptz and d.actor = ${ctx.actor} and (d.kind = 'v' or d.before ? '$v')`,
  );
  return row?.n ?? 0;
}

function titleOf({ object, row }: Known): string {
  return String(row.values[object.title] ?? '');
}

function round(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}
