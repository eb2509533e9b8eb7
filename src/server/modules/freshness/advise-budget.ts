import type { z } from 'zod';
import type { curveSchema } from '../../../contract/advice.ts';
import { loadOf, restingInterval } from '../../../domain/freshness/load.ts';
import { type BudgetGroup, budgetFor, optimise, planAtPrice } from '../../../domain/freshness/optimum.ts';
import { segmentOf } from '../../../domain/freshness/plan.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { sampleBundles } from './sample-bundles.ts';
import type { TryDeps } from './try-policies.ts';

const HOURS_PER_YEAR_TO_MINUTES_PER_WEEK = 60 * (365.25 / 7);
const POINTS = 33;

interface Group extends BudgetGroup {
  object: ObjectDef;
  field: FieldDef;
  segment: number;
}

/**
 * Hours a week ↦ freshness at the best frequencies for them (model §3), where the policy in force stands, and what the best ones are for the hours
 * asked. Counts come from a sample; deadlines of the policy are kept and paid first.
 */
export async function adviseBudget(
  deps: TryDeps,
  workspace: string,
  catalog: Catalog,
  hours: number | undefined,
): Promise<z.input<typeof curveSchema>> {
  const sample = await sampleBundles(deps.db, workspace, catalog, false);
  const scale = sample.total / Math.max(1, sample.bundles.length);
  const planOf = (object: ObjectDef) => deps.plans.objectPlan(workspace, object).plan;
  // What reaching a customer costs is shared by the fields verified in one contact, as many as the policy in force brings together.
  let contacts = 0;
  let verifications = 0;
  let minutes = 0;
  let fresh = 0;
  let weight = 0;
  for (const bundle of sample.bundles) {
    const load = loadOf(bundle.members.map(({ object, state }) => ({ plan: planOf(object), state })));
    contacts += load.contacts;
    verifications += load.verifications;
    minutes += load.minutes;
    fresh += load.fresh;
    weight += load.weight;
  }
  const triesPerField = verifications > 0 ? contacts / verifications : 1;
  const groups = groupsOf(sample.bundles, catalog, planOf, scale, triesPerField);
  const perYear = (perWeek: number) => perWeek * HOURS_PER_YEAR_TO_MINUTES_PER_WEEK;
  const used = (minutes * scale) / HOURS_PER_YEAR_TO_MINUTES_PER_WEEK;
  const most = Math.max(used * 2, budgetFor(groups, 0.95) / HOURS_PER_YEAR_TO_MINUTES_PER_WEEK || 0, hours ?? 0, 1);
  const top = Number.isFinite(most) ? most : Math.max(used * 2, hours ?? 0, 1);
  const ends = Array.from({ length: POINTS }, (_, i) => (top * i * i) / (POINTS - 1) ** 2);
  const asked = optimise(groups, perYear(hours ?? used));
  return {
    sample: { customers: sample.bundles.length, of: sample.total, whole: sample.whole },
    points: ends.map((at) => {
      const plan = at > 0 ? optimise(groups, perYear(at)) : planAtPrice(groups, Number.POSITIVE_INFINITY);
      return { hours: at, freshness: plan.freshness };
    }),
    inForce: { hours: used, freshness: weight > 0 ? fresh / weight : 1 },
    asked: {
      hours: hours ?? used,
      freshness: asked.freshness,
      perHour:
        (asked.price * perYear(1)) /
        Math.max(
          1,
          groups.reduce((sum, group) => sum + (group.count ?? 1) * group.weight, 0),
        ),
    },
    needed: [0.8, 0.9, 0.95].flatMap((target) => {
      const need = budgetFor(groups, target) / HOURS_PER_YEAR_TO_MINUTES_PER_WEEK;
      return Number.isFinite(need) ? [{ freshness: target, hours: need }] : [];
    }),
    rules: groups.map((group, index) => {
      const days = (asked.intervals[index] ?? Number.POSITIVE_INFINITY) * 365.25;
      const rule = segmentOf(planOf(group.object), {
        baseAt: 0,
        baseConfidence: 1,
        segment: group.segment,
      }).fields.find((field) => field.fieldId === group.field.id);
      const now = rule ? restingInterval(rule) * 365.25 : Number.POSITIVE_INFINITY;
      return {
        object: group.object.name,
        field: group.field.name,
        segment: group.segment,
        cells: Math.round(group.count ?? 1),
        days: Number.isFinite(days) && days < 36_525 ? days : null,
        daysNow: Number.isFinite(now) && now < 36_525 ? now : null,
        fixed: group.fixedInterval !== undefined,
      };
    }),
  };
}

function groupsOf(
  bundles: readonly { members: readonly { object: ObjectDef; state: Parameters<typeof segmentOf>[1] }[] }[],
  catalog: Catalog,
  planOf: (object: ObjectDef) => Parameters<typeof segmentOf>[0],
  scale: number,
  triesPerField: number,
): Group[] {
  const fields = new Map(catalog.objects.flatMap((object) => object.fields.map((field) => [field.id, field] as const)));
  const groups = new Map<string, Group>();
  for (const { object, state } of bundles.flatMap((bundle) => bundle.members)) {
    const segment = segmentOf(planOf(object), state);
    for (const rule of segment.fields) {
      if (state.missing?.includes(rule.fieldId)) continue;
      const key = `${rule.fieldId} ${segment.id}`;
      const field = fields.get(rule.fieldId);
      if (!field) continue;
      const group: Group = groups.get(key) ?? {
        object,
        field,
        segment: segment.id,
        count: 0,
        weight: rule.weight,
        hazard: rule.hazard,
        cost: rule.minutes + segment.contactMinutes * triesPerField,
        ...(rule.hard && rule.intervalDays > 0 && { fixedInterval: rule.intervalDays / 365.25 }),
      };
      group.count = (group.count ?? 0) + scale;
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}
