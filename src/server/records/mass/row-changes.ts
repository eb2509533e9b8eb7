import sql, { join } from 'sql-template-tag';
import { modeInRow, type Reach } from '../../../domain/access/reach.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import { type Respelled, respell } from '../../../domain/standardise/respell.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fromColumn, type TableRow } from '../catalog/columns.ts';
import { fieldOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { REACH_COLUMN, reachOf } from '../read/row.ts';
import type { Ctx } from '../types.ts';
import type { WriteDeps } from '../write/types.ts';
import { isSetPlan, type MassPlan } from './types.ts';

/** A record as far as a plan looks at it. */
export interface LookedAt {
  id: string;
  version: number;
  values: Record<string, FieldValue>;
  /** Which grants reach it, where rows differ. */
  reach: Reach;
}

/** Which rows the actor sees, and which of his grants reach each. */
export type RowScopes = Pick<WriteDeps, 'scope' | 'reach'>;

/** Fields that a plan looks at, by name. */
export function fieldsLookedAt(plan: MassPlan): FieldDef[] {
  switch (plan.kind) {
    case 'value':
    case 'replace':
      return [plan.field];
    case 'verify':
    case 'respell':
      return plan.fields;
    default:
      return [];
  }
}

/** Records of these ids within the scope, with the fields that the plan looks at and those named. */
export async function readRows(
  on: Queryable,
  ctx: Ctx,
  plan: MassPlan,
  ids: readonly string[],
  rows: RowScopes,
  more: readonly string[] = [],
): Promise<LookedAt[]> {
  const { object } = plan;
  const named = more.flatMap((name) => fieldOf(object, name) ?? []);
  const fields = [...new Map([...fieldsLookedAt(plan), ...named].map((field) => [field.name, field])).values()];
  const columns = ['id', 'version', ...fields.map(({ name }) => name)].map((name) => sql`t.${ident(name)}`);
  const scope = rows.scope(ctx, object);
  const reach = rows.reach(ctx, object);
  if (reach) columns.push(sql`${reach} as ${REACH_COLUMN}`);
  // What he may not change in a row is not there for an action that reads what it changes.
  const access = ctx.access.objects[object.name];
  const reads = !isSetPlan(plan);
  const isSeen = (name: string, at: Reach) => !reads || more.includes(name) || modeInRow(access, at, name) === 'edit';
  const found = await on.query<TableRow>(sql`
    select ${join(columns, ', ')} from unnest(${ids}::uuid[]) as i(id) join ${tableOf(ctx.workspace, object.name)} t on t.id = i.id
    ${scope ? sql`where ${scope}` : sql``}`);
  return found.map((row) => ({
    id: row.id,
    version: row.version,
    values: Object.fromEntries(
      fields
        .filter(({ name }) => isSeen(name, reachOf(row)))
        .map((field) => [field.name, fromColumn(field, row[field.name])]),
    ),
    reach: reachOf(row),
  }));
}

/** Values the plan gives to one record, by field; those that stay are not named. */
export function valuesFor(
  plan: MassPlan,
  values: Record<string, FieldValue>,
  env: ParseEnv,
): Record<string, FieldValue> {
  if (plan.kind === 'value') return { [plan.field.name]: valueFor(plan, values[plan.field.name] ?? null) };
  if (plan.kind === 'replace') {
    const before = values[plan.field.name];
    return typeof before === 'string' && before.includes(plan.action.find)
      ? { [plan.field.name]: before.replaceAll(plan.action.find, plan.action.with) }
      : {};
  }
  if (plan.kind !== 'respell') return {};
  return Object.fromEntries(
    plan.fields.flatMap((field) => {
      const found = respelled(plan, field, values, env);
      return found.is === 'other' ? [[field.name, found.value]] : [];
    }),
  );
}

export function respelled(
  plan: Extract<MassPlan, { kind: 'respell' }>,
  field: FieldDef,
  values: Record<string, FieldValue>,
  env: ParseEnv,
): Respelled {
  return respell(values[field.name] ?? null, field, env, plan.action);
}

function valueFor({ action, value }: Extract<MassPlan, { kind: 'value' }>, before: FieldValue): FieldValue {
  if (action.kind === 'set') return value;
  const had = Array.isArray(before) ? before : [];
  const named = Array.isArray(value) ? value : [];
  if (action.kind === 'append') return [...had, ...named.filter((one) => !had.includes(one))];
  const left = had.filter((one) => !named.includes(one));
  return left.length > 0 ? left : null;
}

/** The change of one record, as the door takes it; null: nothing is to be done to it. `seen`: version at which it was found. */
export function changeOf(plan: MassPlan, row: LookedAt, seen: number, env: ParseEnv): Change | null {
  const base = { object: plan.object.name, id: row.id, version: seen };
  switch (plan.kind) {
    case 'life':
      return { op: plan.action.kind, ...base };
    case 'verify': {
      const filled = plan.fields.filter(({ name }) => (row.values[name] ?? null) !== null).map(({ name }) => name);
      const fields = filled.length > 0 ? filled : plan.fields.map(({ name }) => name);
      return { op: 'update', ...base, verify: { fields, method: plan.action.method } };
    }
    default: {
      const set = valuesFor(plan, row.values, env);
      return Object.keys(set).length > 0 ? { op: 'update', ...base, set } : null;
    }
  }
}
