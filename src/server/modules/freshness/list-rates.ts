import sql from 'sql-template-tag';
import { RATE_FLOOR } from '../../../domain/freshness/hazard.ts';
import { restingInterval } from '../../../domain/freshness/load.ts';
import type { FieldPlan } from '../../../domain/freshness/plan.ts';
import { priorOfField } from '../../../domain/freshness/priors.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Plans } from './plans.ts';
import type { FittedRate } from './rate-store.ts';

/** Rates of all tracked fields, for the records in no segment and for each segment of the policy. */
export async function listRates(deps: { db: Db; plans: Plans }, workspace: string, catalog: Catalog) {
  const { plans } = deps;
  const fits = new Map(plans.fits(workspace).map((fit) => [`${fit.field} ${fit.segment}`, fit]));
  const { policies } = plans.policy(workspace);
  const rates = catalog.objects.flatMap((object) => {
    if (object.retired) return [];
    const { plan, segments } = plans.objectPlan(workspace, object);
    const fields = new Map(object.fields.map((field) => [field.id, field]));
    return [{ id: 0, key: '', name: null }, ...segments].flatMap(({ id, key, name }) =>
      (plan.segments.get(id)?.fields ?? []).flatMap((rule) => {
        const field = fields.get(rule.fieldId);
        const fit = fits.get(`${rule.fieldId} ${key}`) ?? null;
        if (!field) return [];
        // Of a segment only what differs from the rest is told: a rule of its own, or a rate of its own.
        const own = policies.some(
          (one) => one.object === object.name && one.field === field.name && one.segment?.name === name,
        );
        if (name && !own && !fit) return [];
        return [{ object: object.name, segment: name && { key, name }, ...rateOf(field, rule, fit) }];
      }),
    );
  });
  const [pending] = await deps.db.query<{ n: number }>(sql`
    select count(*)::int as n from ${tableOf(workspace, 'observation')}
    where seq > coalesce((select seq from ${tableOf(workspace, 'rate_state')}), 0)`);
  return { rates, pending: pending?.n ?? 0 };
}

function rateOf(field: FieldDef, rule: FieldPlan, fit: FittedRate | null) {
  const daysAt = (rate: number) =>
    restingInterval({ hazard: { rate: Math.max(RATE_FLOOR, rate), shape: 1 }, threshold: rule.threshold ?? 0.8 }) *
    365.25;
  const rate = fit?.mean ?? rule.hazard.rate;
  const days = daysAt(rate);
  return {
    field: field.name,
    label: field.label,
    priority: field.priority ?? ('middle' as const),
    threshold: rule.threshold ?? 0,
    everyDays: rule.intervalDays ? rule.intervalDays : null,
    prior: priorOfField(field),
    learned: fit && {
      rate: fit.mean,
      low: fit.low,
      high: fit.high,
      observations: fit.observations,
      changes: fit.changes,
      at: fit.at.toISOString(),
    },
    used: rule.hazard.rate,
    // A faster change asks for a shorter interval: the ends change places.
    advice: Number.isFinite(days) ? { days, low: daysAt(fit?.high ?? rate), high: daysAt(fit?.low ?? rate) } : null,
  };
}
