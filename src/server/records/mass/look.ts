import sql, { type Sql } from 'sql-template-tag';
import { isPlain, modeInRow } from '../../../domain/access/reach.ts';
import { sameValue } from '../../../domain/change/same-value.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { Ctx } from '../types.ts';
import type { WriteDeps } from '../write/types.ts';
import { countsOf } from './apply.ts';
import { classesSql } from './classes-sql.ts';
import { type LookedAt, readRows, respelled, valuesFor } from './row-changes.ts';
import { type MassCounts, type MassPlan, type MassSample, NONE, type Portion, type SetPlan } from './types.ts';

/** Records shown with what would become of them. */
export const SAMPLES = 8;

/** What the plan would do to `items` (a relation of id and seen), by class. */
export async function lookAtClasses(
  on: Queryable,
  deps: WriteDeps,
  ctx: Ctx,
  plan: SetPlan,
  items: Sql,
): Promise<MassCounts> {
  return countsOf(
    await on.query<{ class: string; n: number }>(
      sql`select class, count(*)::int as n from (${classesSql(ctx, plan, items, deps)}) looked group by class`,
    ),
  );
}

/** Ids of the first records of `items` that would change. */
export async function firstChanging(
  on: Queryable,
  deps: WriteDeps,
  ctx: Ctx,
  plan: SetPlan,
  items: Sql,
): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id from (${classesSql(ctx, plan, items, deps)}) looked where class = 'change' limit ${SAMPLES}`,
  );
  return rows.map(({ id }) => id);
}

/** What the plan would do to records that must be read, and those of them that would change. */
export async function lookAtRows(
  on: Queryable,
  deps: WriteDeps,
  ctx: Ctx,
  plan: Exclude<MassPlan, SetPlan>,
  portion: Portion,
): Promise<{ counts: MassCounts; keep: Portion }> {
  const env = deps.env(ctx);
  const rows = await readRows(on, ctx, plan, portion.records, deps);
  const counts: MassCounts = { ...NONE, refused: {} };
  const rules: Record<string, number> = {};
  const changing = new Set<string>();
  for (const row of rows) {
    if (plan.kind === 'respell') for (const [field, rule] of rulesIn(plan, row, env)) addOne(rules, `${field} ${rule}`);
    const set = Object.entries(valuesFor(plan, row.values, env));
    const refused = plan.kind === 'replace' && set.some(([, value]) => !parseField(value, plan.field, env).ok);
    if (refused) addOne(counts.refused, 'mass-invalid');
    else if (set.length === 0) counts.same += 1;
    else {
      counts.change += 1;
      changing.add(row.id);
    }
  }
  if (Object.keys(rules).length > 0) counts.rules = rules;
  const keep: Portion = { records: [], versions: [] };
  for (const [index, id] of portion.records.entries()) {
    if (!changing.has(id)) continue;
    keep.records.push(id);
    keep.versions.push(portion.versions[index] ?? 0);
  }
  return { counts, keep };
}

function addOne(to: Record<string, number>, key: string): void {
  to[key] = (to[key] ?? 0) + 1;
}

function* rulesIn(
  plan: Extract<MassPlan, { kind: 'respell' }>,
  row: LookedAt,
  env: ParseEnv,
): Generator<[string, string]> {
  for (const field of plan.fields) {
    const found = respelled(plan, field, row.values, env);
    if (found.is === 'other') yield [field.name, found.rule];
    else if (found.is === 'invalid') yield [field.name, 'invalid'];
  }
}

/** These records before and after. A title that the actor may not read is left out. */
export async function sampleOf(
  on: Queryable,
  deps: WriteDeps,
  ctx: Ctx,
  plan: MassPlan,
  ids: string[],
): Promise<MassSample[]> {
  const { object } = plan;
  const rows = await readRows(on, ctx, plan, ids.slice(0, SAMPLES), deps, [object.title]);
  const access = ctx.access.objects[object.name];
  const env = deps.env(ctx);
  return rows.map(({ id, values, reach }) => ({
    id,
    title: isPlain(modeInRow(access, reach, object.title)) ? String(values[object.title] ?? '') : '',
    changes: changesShown(plan, values, env).filter(({ field }) => isPlain(modeInRow(access, reach, field))),
  }));
}

function changesShown(plan: MassPlan, values: Record<string, FieldValue>, env: ParseEnv): MassSample['changes'] {
  if (plan.kind === 'verify')
    return plan.fields
      .filter(({ name }) => (values[name] ?? null) !== null)
      .map(({ name }) => ({ field: name, before: values[name] ?? null, after: values[name] ?? null }));
  return Object.entries(valuesFor(plan, values, env))
    .map(([field, after]) => ({ field, before: values[field] ?? null, after }))
    .filter(({ before, after }) => !sameValue(before, after));
}
