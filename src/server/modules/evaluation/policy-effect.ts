import sql from 'sql-template-tag';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import type { effectSchema } from '../../../contract/evaluation.ts';
import { addDays, localDay } from '../../../domain/fields/calendar.ts';
import { type CompiledSegment, segmentOf } from '../../../domain/freshness/plan.ts';
import { compilePolicies, type Policy } from '../../../domain/freshness/policy.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { meanDifference, meanWithInterval, type Unit } from '../../../domain/statistics/means.ts';
import { compareShares, type Group } from '../../../domain/statistics/table.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type KeptField, keptFields, type Span } from './read-figures.ts';

type Effect = z.input<typeof effectSchema>;

/** Days looked at on either side unless a neighbouring version is nearer. */
const MOST_DAYS = 91;
/** Below a week on either side, weekends alone would make a difference. */
const LEAST_DAYS = 7;
const DAYS_A_WEEK = 7;

interface Version extends Record<string, unknown> {
  version: number;
  at: Date;
  policies: Policy[];
}

/**
 * Figures before and after a policy version, in windows of equal length that reach no further than its neighbours, for the rules it changed and,
 * where there are some, those it left alone. What changed for both is no difference between them: the difference in differences is over
 * rules (field × segment) as units, by their values (see domain/statistics/means.ts). No claim of cause is made.
 */
export async function policyEffect(
  db: Db,
  workspace: string,
  catalog: Catalog,
  version: number,
  timeZone: string,
  now: Date,
): Promise<Effect> {
  const versions = await db.query<Version>(sql`
    select version, at, policies from ${tableOf(workspace, 'policy_version')}
    where version in (${version}, (select max(version) from ${tableOf(workspace, 'policy_version')} where version < ${version}),
      (select min(version) from ${tableOf(workspace, 'policy_version')} where version > ${version})) order by version`);
  const asked = versions.find((one) => one.version === version);
  if (!asked) throw new AppError('not-found');
  const former = versions.find((one) => one.version < version);
  const next = versions.find((one) => one.version > version);
  const day = localDay(asked.at, timeZone);
  // The day of the switch is neither: a day's figures are counted at its beginning, and planning anew takes some of it.
  const room = {
    before: former ? daysBetween(localDay(former.at, timeZone), day) - 1 : MOST_DAYS,
    after: daysBetween(day, localDay(next ? next.at : now, timeZone)) - 1,
  };
  const days = Math.min(MOST_DAYS, room.before, room.after);
  const none = { version, day, days: Math.max(0, days), before: null, after: null };
  if (days < LEAST_DAYS)
    return { ...none, why: room.after < LEAST_DAYS && !next ? 'too-early' : 'too-short', groups: [], compared: null };
  const spans = {
    before: { first: addDays(day, -days), end: day },
    after: { first: addDays(day, 1), end: addDays(day, days + 1) },
  };
  const units = await unitsOf(db, workspace, catalog, former?.policies ?? [], asked.policies, spans);
  const told = { ...none, before: lastDay(spans.before), after: lastDay(spans.after) };
  if (units.length === 0) return { ...told, why: 'not-kept', groups: [], compared: null };
  const [changed, kept] = [units.filter((unit) => unit.changed), units.filter((unit) => !unit.changed)];
  return {
    ...told,
    why: changed.length === 0 ? 'nothing-changed' : null,
    groups: [
      { group: 'changed' as const, ...groupFigures(changed, days) },
      { group: 'unchanged' as const, ...groupFigures(kept, days) },
    ].filter((group) => group.rules > 0),
    compared: changed.length === 0 ? null : compared(changed, kept, days),
  };
}

interface EffectUnit {
  changed: boolean;
  /** Minutes to verify one value. */
  minutes: number;
  before: KeptField;
  after: KeptField;
}

async function unitsOf(
  db: Db,
  workspace: string,
  catalog: Catalog,
  former: readonly Policy[],
  asked: readonly Policy[],
  spans: { before: Span; after: Span },
): Promise<EffectUnit[]> {
  const before = new Map((await keptFields(db, workspace, spans.before)).map((row) => [keyOf(row), row]));
  const after = new Map((await keptFields(db, workspace, spans.after)).map((row) => [keyOf(row), row]));
  return catalog.objects.flatMap((object) =>
    rulesOf(object, former, asked).flatMap(({ field, segment, changed, minutes }) => {
      const key = keyOf({ object: object.id, field, segment });
      const [old, young] = [before.get(key), after.get(key)];
      // Half of the days at least, or the windows are not what they say.
      const enough = (row: KeptField | undefined, span: Span) =>
        row !== undefined && row.cells > 0 && row.days * 2 >= daysBetween(span.first, span.end);
      if (!old || !young || !enough(old, spans.before) || !enough(young, spans.after)) return [];
      return [{ changed, minutes, before: old, after: young }];
    }),
  );
}

const keyOf = (row: { object: number; field: number; segment: string }) => `${row.object} ${row.field} ${row.segment}`;

/** The rules of an object and whether the version changed them. Where the segments are others than before, records moved between them: then fields are compared as a whole. */
export function rulesOf(object: ObjectDef, former: readonly Policy[], asked: readonly Policy[]) {
  const [old, young] = [compilePolicies(object, former, 1), compilePolicies(object, asked, 1)];
  const keys = (plan: typeof old) => plan.segments.map((segment) => segment.key).join(' ');
  const same = keys(old) === keys(young);
  const segments = [{ id: 0, key: '' }, ...young.segments];
  const numberIn = (plan: typeof old, key: string) => plan.segments.find((segment) => segment.key === key)?.id ?? 0;
  const ruleOf = (segment: CompiledSegment, field: number) => {
    const rule = segment.fields.find((one) => one.fieldId === field);
    return JSON.stringify(
      rule && [rule.threshold, rule.intervalDays, rule.weight, rule.hard, rule.responsible, rule.hazard],
    );
  };
  return young.plan.fallback.fields.flatMap(({ fieldId: field, minutes }) => {
    const lines = segments.map(({ key }) => ({
      field,
      segment: key,
      minutes,
      changed:
        ruleOf(segmentIn(old, numberIn(old, key)), field) !== ruleOf(segmentIn(young, numberIn(young, key)), field),
    }));
    if (same) return lines;
    return [{ field, segment: '*', minutes, changed: lines.some((line) => line.changed) }];
  });
}

function segmentIn({ plan }: ReturnType<typeof compilePolicies>, segment: number): CompiledSegment {
  return segmentOf(plan, { baseAt: 0, baseConfidence: 0, segment });
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

function groupFigures(units: readonly EffectUnit[], days: number) {
  const sum = (of: (unit: EffectUnit) => number) => units.reduce((total, unit) => total + of(unit), 0);
  const side = (which: 'before' | 'after') => {
    const cells = sum((unit) => unit[which].cells);
    const checked = sum((unit) => unit[which].confirmed + unit[which].wrong);
    const wrong = sum((unit) => unit[which].wrong);
    return {
      freshness: ratio(
        sum((unit) => unit[which].belief),
        cells,
      ),
      expired: ratio(
        sum((unit) => unit[which].expired),
        cells,
      ),
      checksPerWeek: (checked / days) * DAYS_A_WEEK,
      minutesPerWeek: (sum((unit) => unit.minutes * (unit[which].confirmed + unit[which].wrong)) / days) * DAYS_A_WEEK,
      checked,
      wrong,
    };
  };
  return {
    rules: units.length,
    values: sum((unit) => ratio(unit.after.cells, unit.after.days)),
    before: side('before'),
    after: side('after'),
  };
}

function compared(changed: readonly EffectUnit[], kept: readonly EffectUnit[], days: number): Effect['compared'] {
  const changes = (units: readonly EffectUnit[], of: (row: KeptField) => number): Unit[] =>
    units.map((unit) => ({
      value: of(unit.after) - of(unit.before),
      weight: ratio(unit.after.cells, unit.after.days),
    }));
  const difference = (of: (row: KeptField) => number) => {
    const [first, second] = [changes(changed, of), changes(kept, of)];
    return kept.length > 0 ? meanDifference(first, second) : meanWithInterval(first);
  };
  const found = (units: readonly EffectUnit[], which: 'before' | 'after'): Group => ({
    hits: units.reduce((sum, unit) => sum + unit[which].wrong, 0),
    n: units.reduce((sum, unit) => sum + unit[which].wrong + unit[which].confirmed, 0),
  });
  const wrong = compareShares(found(changed, 'after'), found(changed, 'before'));
  return {
    against: kept.length > 0 ? 'unchanged' : 'none',
    freshness: difference((row) => ratio(row.belief, row.cells)),
    expired: difference((row) => ratio(row.expired, row.cells)),
    /** Checks a week per 1,000 values. */
    load: difference((row) =>
      ratio((row.confirmed + row.wrong) * DAYS_A_WEEK * 1000, ratio(row.cells, row.days) * days),
    ),
    wrong: { difference: wrong.difference, verdict: wrong.verdict },
  };
}

const lastDay = ({ first, end }: Span) => ({ first, last: addDays(end, -1) });

function daysBetween(first: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(first)) / 86_400_000);
}
