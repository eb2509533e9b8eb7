import type { z } from 'zod';
import type { triedSchema } from '../../../contract/advice.ts';
import { clusterMean, type Estimate, type Load, loadOf } from '../../../domain/freshness/load.ts';
import { type FreshnessPlan, type RecordState, recordFreshness } from '../../../domain/freshness/plan.ts';
import { compilePolicies, type ObjectPlan, type Policy } from '../../../domain/freshness/policy.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Plans } from './plans.ts';
import { learnedRates } from './rate-store.ts';
import { type Bundle, type Sample, sampleBundles } from './sample-bundles.ts';
import { readSetting } from './settings.ts';
import { hoursOfWeek, readTeam } from './team-store.ts';

export type Tried = z.input<typeof triedSchema>;

export interface TryDeps {
  db: Db;
  plans: Plans;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

const DAY_MS = 86_400_000;
const WEEKS = 365.25 / 7;
const AHEAD = [0, 7, 30, 90] as const;
/** People named; the rest is in the total. */
const PEOPLE = 200;

/** The plan of each object and which segment a record of it falls into. */
type PlanFor = (object: ObjectDef) => { plan: FreshnessPlan; segment: (member: Bundle['members'][number]) => number };

interface Measured {
  bundle: Bundle;
  load: Load;
  /** Due by now, in 7, 30 and 90 days. */
  due: boolean[];
  /** Cells due now, by `object.field`. */
  fields: string[];
}

/**
 * What policies would ask and buy, from a sample of customers and without touching any: hours a week for each person, freshness once they run,
 * customers due now and soon. Beside them the same of the policy in force.
 */
export async function tryPolicies(
  deps: TryDeps,
  workspace: string,
  catalog: Catalog,
  policies: readonly Policy[],
  now: Date,
): Promise<Tried> {
  const started = performance.now();
  const { plans } = deps;
  const inForce: PlanFor = (object) => ({
    plan: plans.objectPlan(workspace, object).plan,
    segment: (member) => member.state.segment ?? 0,
  });
  const learned = learnedRates(plans.fits(workspace));
  const compiled = new Map<string, ObjectPlan>();
  const wanted: PlanFor = (object) => {
    const known = compiled.get(object.name) ?? compilePolicies(object, policies, 1, learned);
    compiled.set(object.name, known);
    const chooser = plans.chooser(workspace, object, known.segments);
    return { plan: known.plan, segment: (member) => chooser(member.values) };
  };
  const segmented = policies.some((policy) => policy.segment);
  const sample = await sampleBundles(deps.db, workspace, catalog, segmented);
  const [before, after] = [measure(sample, inForce, now), measure(sample, wanted, now)];
  const { hoursPerWeek } = await readSetting(deps.db, workspace, 'capacity');
  return {
    sample: { customers: sample.bundles.length, of: sample.total, whole: sample.whole },
    before: figures(sample, before),
    after: figures(sample, after),
    people: await people(deps, workspace, sample, before, after, now),
    fields: dueFields(sample, catalog, before, after),
    capacity: { hoursPerWeek },
    tookMs: Math.round(performance.now() - started),
  };
}

function measure(sample: Sample, planFor: PlanFor, now: Date): Measured[] {
  const at = now.getTime();
  return sample.bundles.map((bundle) => {
    const members = bundle.members.map((member) => {
      const { plan, segment } = planFor(member.object);
      const state: RecordState = { ...member.state, segment: segment(member) };
      return { object: member.object, plan, state };
    });
    const found = members.map(({ plan, state }) => recordFreshness(plan, state, at));
    const first = Math.min(...found.map((one) => one.dueAt ?? Number.POSITIVE_INFINITY));
    const fields = found.flatMap((one, index) =>
      one.cells
        .filter((cell) => cell.state === 'stale')
        .map((cell) => `${members[index]?.object.name}.${cell.fieldId}`),
    );
    return { bundle, load: loadOf(members), due: AHEAD.map((days) => first <= at + days * DAY_MS), fields };
  });
}

type Figures = Tried['before'];

function figures(sample: Sample, measured: readonly Measured[]): Figures {
  const total = (of: (one: Measured) => number): Estimate => {
    const { value, error } = mean(sample, measured, of);
    return { value: value * sample.total, error: error * sample.total };
  };
  const fresh = clusterMean(
    clusters(
      measured,
      (one) => one.load.fresh,
      (one) => one.load.weight,
    ),
    sample.whole,
  );
  const due = AHEAD.map((_, index) => total((one) => Number(one.due[index])));
  const none = { value: 0, error: 0 };
  return {
    hoursPerWeek: total((one) => one.load.minutes / 60 / WEEKS),
    contactsPerWeek: total((one) => one.load.contacts / WEEKS),
    verificationsPerWeek: total((one) => one.load.verifications / WEEKS),
    freshness: fresh,
    due: { now: due[0] ?? none, in7: due[1] ?? none, in30: due[2] ?? none, in90: due[3] ?? none },
  };
}

function mean(sample: Sample, measured: readonly Measured[], of: (one: Measured) => number): Estimate {
  return clusterMean(
    clusters(measured, of, () => 1),
    sample.whole,
  );
}

function clusters(measured: readonly Measured[], sum: (one: Measured) => number, count: (one: Measured) => number) {
  const pages = new Map<number, { sum: number; count: number }>();
  for (const one of measured) {
    const page = pages.get(one.bundle.cluster) ?? { sum: 0, count: 0 };
    page.sum += sum(one);
    page.count += count(one);
    pages.set(one.bundle.cluster, page);
  }
  return [...pages.values()];
}

async function people(
  deps: TryDeps,
  workspace: string,
  sample: Sample,
  before: readonly Measured[],
  after: readonly Measured[],
  now: Date,
): Promise<Tried['people']> {
  const owners = new Map<string | null, number>();
  for (const { owner } of sample.bundles) owners.set(owner, (owners.get(owner) ?? 0) + 1);
  const most = [...owners].sort((a, b) => b[1] - a[1]).slice(0, PEOPLE);
  const names = await deps.names(
    workspace,
    most.flatMap(([owner]) => owner ?? []),
  );
  const { team, minutes } = await readTeam(deps.db, workspace, now, 'UTC');
  const scale = sample.total / Math.max(1, sample.bundles.length);
  return most.map(([owner, customers]) => {
    const hours = (measured: readonly Measured[]): Estimate => {
      const { value, error } = mean(sample, measured, (one) =>
        one.bundle.owner === owner ? one.load.minutes / 60 / WEEKS : 0,
      );
      return { value: value * sample.total, error: error * sample.total };
    };
    return {
      owner,
      name: owner === null ? '' : (names[owner] ?? owner),
      customers: Math.round(customers * scale),
      before: hours(before),
      after: hours(after),
      hoursPerWeek: hoursOfWeek(team.get(owner ?? '')?.minutes ?? minutes),
    };
  });
}

function dueFields(
  sample: Sample,
  catalog: Catalog,
  before: readonly Measured[],
  after: readonly Measured[],
): Tried['fields'] {
  const scale = sample.total / Math.max(1, sample.bundles.length);
  const count = (measured: readonly Measured[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const one of measured) for (const field of one.fields) counts.set(field, (counts.get(field) ?? 0) + scale);
    return counts;
  };
  const [old, planned] = [count(before), count(after)];
  return catalog.objects
    .flatMap((object) =>
      object.fields.map((field) => ({
        object: object.name,
        field: field.name,
        before: Math.round(old.get(`${object.name}.${field.id}`) ?? 0),
        after: Math.round(planned.get(`${object.name}.${field.id}`) ?? 0),
      })),
    )
    .filter((field) => field.before + field.after > 0)
    .sort((a, b) => b.after - a.after)
    .slice(0, 30);
}
