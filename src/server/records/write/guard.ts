import sql, { join, type Sql } from 'sql-template-tag';
import type { Suspicion } from '../../../domain/anomaly/index.ts';
import type { Issue } from '../../../domain/issue.ts';
import { type HoldReason, isRuleHold } from '../../../domain/review/index.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { fieldOf, rolesOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { byObject } from './load.ts';
import type { Draft, Stored } from './types.ts';

/** New values of a record that wait for a person instead of being written. */
export interface Hold {
  draft: Draft;
  wanted: Record<string, FieldValue>;
  before: Record<string, FieldValue>;
  suspicions: Record<string, HoldReason>;
  /** By field: probability that the new value is right, 0..1. */
  confidence: Record<string, number>;
  /** Version of the record once the rest of the change is written. */
  version: number;
  /** Protected values that somebody must agree to: they become a request for approval. */
  approval?: Record<string, FieldValue>;
}

/** Whether a rule of the workspace holds a new value back. @param trust what the author's word is worth, 0..1 */
export type RuleJudge = (
  object: ObjectDef,
  field: FieldDef,
  values: { before: FieldValue; after: FieldValue; record: Record<string, FieldValue> },
  trust: number,
) => HoldReason | null;

/** Looks at new values before they count; the review module provides it. */
export interface Guard {
  ready(workspace: string): Promise<void>;
  /** @param own values the record, or its siblings, had before; oldest first */
  judge(
    workspace: string,
    field: FieldDef,
    segment: number,
    value: FieldValue,
    own: readonly FieldValue[],
  ): Suspicion | null;
  /** Rules that may hold something of this author; null, for nearly all: there are none. */
  rules?(ctx: Ctx): RuleJudge | null;
  /** Whether overwriting a protected field takes approval; null, for nearly all: no rule is about this author. */
  approvals?(ctx: Ctx): ((object: ObjectDef, field: FieldDef) => boolean) | null;
  /** Keeps what was held, in the transaction of the write. Returns the request for approval, when one was made. */
  hold(tx: Tx, ctx: Ctx, holds: Hold[]): Promise<string | undefined>;
}

/** What people and programs type is judged; imports say in their preview what is unusual, the rest speaks for itself. */
const TYPED: readonly string[] = ['page', 'api', 'form'];

export const isJudged = (ctx: Ctx): boolean => TYPED.includes(ctx.source);

/** By record and field, oldest first. */
export type OwnValues = Map<string, Record<string, FieldValue[]>>;

/** Values further back say little of the next one. */
const LOOK_BACK = 40;

/** Earlier amounts of the records that the drafts give a new one; of records that belong to another (a customer's contracts), those of their siblings. */
export async function loadOwnValues(
  on: Queryable,
  ctx: Ctx,
  drafts: Draft[],
  stored: ReadonlyMap<string, Stored>,
): Promise<OwnValues> {
  const own: OwnValues = new Map();
  for (const [object, group] of byObject(drafts.filter((draft) => amountsIn(draft).length > 0))) {
    const names = [...new Set(group.flatMap(amountsIn))].sort();
    if (object.parent) await loadSiblings(on, ctx, object, object.parent, names, group, stored, own);
    else await loadPast(on, ctx, names, group, stored, own);
  }
  return own;
}

/** Amounts that the draft sets. */
export function amountsIn({ object, set, change }: Draft): string[] {
  if (change.op !== 'create' && change.op !== 'update') return [];
  return rolesOf(object)
    .amounts.map(({ name }) => name)
    .filter((name) => (set[name] ?? null) !== null);
}

async function loadPast(
  on: Queryable,
  ctx: Ctx,
  names: string[],
  drafts: Draft[],
  stored: ReadonlyMap<string, Stored>,
  own: OwnValues,
): Promise<void> {
  const ids = drafts.filter(({ change }) => change.op === 'update').map(({ id }) => id);
  if (ids.length === 0) return;
  const rows = await on.query<{ record: string; before: Record<string, FieldValue> }>(sql`
    select d.record, d.before from unnest(${ids}::uuid[]) as r(id)
    cross join lateral (select record, version, before from ${tableOf(ctx.workspace, 'delta')}
      where record = r.id and before ?| ${names} order by version desc limit ${LOOK_BACK}) d
    order by d.record, d.version`);
  for (const { record, before } of rows) for (const name of names) push(own, record, name, before[name]);
  for (const id of ids) for (const name of names) push(own, id, name, stored.get(id)?.values[name]);
}

async function loadSiblings(
  on: Queryable,
  ctx: Ctx,
  object: ObjectDef,
  parent: string,
  names: string[],
  drafts: Draft[],
  stored: ReadonlyMap<string, Stored>,
  own: OwnValues,
): Promise<void> {
  const parentOf = (draft: Draft): FieldValue => draft.set[parent] ?? stored.get(draft.id)?.values[parent] ?? null;
  const parents = [...new Set(drafts.map(parentOf).filter((id) => typeof id === 'string'))];
  if (parents.length === 0) return;
  const columns: Sql[] = names.map((name) => sql`t.${ident(name)}::text as ${ident(name)}`);
  const rows = await on.query<{ id: string; parent: string } & Record<string, FieldValue>>(sql`
    select s.* from unnest(${parents}::uuid[]) as p(id)
    cross join lateral (select t.id, t.${ident(parent)} as parent, ${join(columns, ', ')} from ${tableOf(ctx.workspace, object.name)} t
      where t.${ident(parent)} = p.id and t.deleted_at is null order by t.id desc limit ${LOOK_BACK}) s
    order by s.id`);
  const siblings = new Map(parents.map((id) => [id, [] as typeof rows]));
  for (const row of rows) siblings.get(row.parent)?.push(row);
  for (const draft of drafts)
    for (const row of siblings.get(String(parentOf(draft))) ?? [])
      for (const name of names) push(own, draft.id, name, row[name]);
}

function push(own: OwnValues, record: string, name: string, value: FieldValue | undefined): void {
  if ((value ?? null) === null) return;
  const values = own.get(record) ?? {};
  own.set(record, values);
  const list = values[name] ?? [];
  values[name] = list;
  list.push(value ?? null);
}

/** What the author is told of a value that was held. */
export function heldIssue(object: ObjectDef, name: string, value: FieldValue, suspicion: HoldReason): Issue {
  if (isRuleHold(suspicion))
    return { code: 'held-rule', field: name, level: 'warning', params: { rule: suspicion.name } };
  const { code, times, usual, meant } = suspicion;
  const scale = fieldOf(object, name)?.scale ?? 2;
  const amount = (n: number) => String(Number(n.toFixed(n >= 1000 ? 0 : scale)));
  return {
    code: `held-${code}`,
    field: name,
    level: 'warning',
    params: {
      value: String(value),
      usual: amount(Number(usual.toPrecision(2))),
      times: String(Number(Math.max(times, 1 / times).toPrecision(2))),
      ...(meant !== undefined && { meant: amount(meant) }),
    },
  };
}
