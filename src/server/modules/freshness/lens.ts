import sql, { join, raw, type Sql } from 'sql-template-tag';
import { isVerification } from '../../../domain/freshness/cell.ts';
import { type CompiledSegment, recordFreshness } from '../../../domain/freshness/plan.ts';
import { settledAt } from '../../../domain/freshness/tuple.ts';
import type { Label } from '../../../domain/issue.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { type FreshnessLens, type FreshnessState, recordStateOf } from '../../records/read/freshness-lens.ts';
import type { CellFreshness, RowFreshness } from '../../records/types.ts';
import type { Plans } from './plans.ts';

const YEAR_SECONDS = 365.25 * 24 * 3600;
/** A day is so long whatever the clocks on the wall do: `interval '1 day'` would follow those of the session's time zone. */
const DAY_SECONDS = 24 * 3600;

/** Freshness of one workspace as the policy in force sees it: for lists (memory) and for filters (SQL). */
export function createLens(plans: Plans, workspace: string): FreshnessLens {
  return {
    stale: (object, field, f, now) =>
      perSegment(plans, workspace, object, field, f, (plan) => {
        if (plan.intervalDays > 0) {
          const start = startSql(field, f);
          return sql`(${settledSql(field, f)} <= ${now}::timestamptz - make_interval(secs => ${plan.intervalDays * DAY_SECONDS}::float8) or ${start} <= ${plan.threshold})`;
        }
        return sql`${confidenceSql(field, f, plan, now)} <= ${plan.threshold}`;
      }),
    below: (object, field, confidence, f, now) =>
      perSegment(
        plans,
        workspace,
        object,
        field,
        f,
        (plan) => sql`${confidenceSql(field, f, plan, now)} < ${confidence}`,
      ),
    kindLabel: (kind) => kindLabel(plans, workspace, kind),
    row: (object, state, _values, now) => rowFreshness(plans, workspace, object, state, now),
  };
}

type FieldPlan = CompiledSegment['fields'][number];

/** The condition of the segment a record is in; empty cells are missing, not stale. */
function perSegment(
  plans: Plans,
  workspace: string,
  object: ObjectDef,
  field: FieldDef,
  f: Sql,
  condition: (plan: FieldPlan) => Sql,
): Sql {
  const { plan } = plans.objectPlan(workspace, object);
  const cases = [...plan.segments.values()].flatMap((segment) => {
    const fieldPlan = segment.fields.find((candidate) => candidate.fieldId === field.id);
    return fieldPlan ? [sql`when ${raw(String(segment.id))} then ${condition(fieldPlan)}`] : [];
  });
  if (cases.length === 0) return raw('false');
  return sql`(not (${field.id}::int = any(coalesce(${f}.missing, '{}'))) and case ${f}.segment ${join(cases, ' ')} else false end)`;
}

function asOfSql(field: FieldDef, f: Sql): Sql {
  const key = raw(`'${field.id}'`);
  return sql`coalesce(to_timestamp((${f}.cells->${key}->>1)::float8), ${f}.base_at)`;
}

/** When the value was last verified or written: signals since then leave it. */
function settledSql(field: FieldDef, f: Sql): Sql {
  const key = raw(`'${field.id}'`);
  return sql`coalesce(to_timestamp(coalesce(${f}.cells->${key}->>5, ${f}.cells->${key}->>1)::float8), ${f}.base_at)`;
}

function startSql(field: FieldDef, f: Sql): Sql {
  const key = raw(`'${field.id}'`);
  return sql`coalesce((${f}.cells->${key}->>0)::float8, ${f}.base_confidence)`;
}

/** `p₀·exp(−(λ·f·age)^k)`, f the record's own factor: survival since the last evidence, of the exponential and, near enough for a filter, of the Weibull hazard. */
function confidenceSql(field: FieldDef, f: Sql, plan: FieldPlan, now: Date): Sql {
  const start = startSql(field, f);
  const years = sql`greatest(0, extract(epoch from ${now}::timestamptz - ${asOfSql(field, f)})::float8) / ${raw(String(YEAR_SECONDS))}`;
  const { rate, shape } = plan.hazard;
  return sql`${start} * exp(-power(${rate}::float8 * ${f}.frailty * ${years}, ${shape}::float8))`;
}

/** Cells and score of one record now, with the three clocks told apart. */
export function rowFreshness(
  plans: Plans,
  workspace: string,
  object: ObjectDef,
  state: FreshnessState,
  now: Date,
): RowFreshness {
  const { plan } = plans.objectPlan(workspace, object);
  const result = recordFreshness(plan, recordStateOf(state), now);
  const names = new Map(object.fields.map((field) => [field.id, field.name]));
  const cells: Record<string, CellFreshness> = {};
  for (const cell of result.cells) {
    const name = names.get(cell.fieldId);
    if (!name) continue;
    const tuple = state.cells?.[cell.fieldId];
    const [, asOf = 0, method = null, by = null, changed = null, , signal] = tuple ?? [];
    const verified = tuple && isVerification(method);
    cells[name] = {
      confidence: cell.confidence,
      state: cell.state,
      verifiedAt: verified ? iso(settledAt(tuple)) : null,
      changedAt: changed !== null ? iso(changed) : null,
      method,
      by,
      dueAt: cell.dueAt === null ? null : new Date(cell.dueAt).toISOString(),
      ...(signal !== undefined && {
        signal: { kind: signal, at: iso(asOf), label: kindLabel(plans, workspace, signal) },
      }),
    };
  }
  return {
    score: result.score,
    dueAt: result.dueAt === null ? null : new Date(result.dueAt).toISOString(),
    cells,
  };
}

function kindLabel(plans: Plans, workspace: string, kind: string): Label {
  return plans.evidenceKind(workspace, kind)?.label ?? { zh: kind, en: kind };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
