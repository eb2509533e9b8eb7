import sql from 'sql-template-tag';
import { fieldsIn } from '../../../domain/filter/fields-in.ts';
import { type MatchEnv, matches } from '../../../domain/filter/matches.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import { compilePolicies, type ObjectPlan, type Policy } from '../../../domain/freshness/policy.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { PlanSource } from '../../records/write/types.ts';
import { type KindRow, readKinds } from './kind-store.ts';
import { type Reliability, readReliability } from './learn-reliability.ts';
import { type PolicyVersion, readPolicy } from './policy-store.ts';
import { type FittedRate, learnedRates, readFits } from './rate-store.ts';

/** The plans in force, compiled once per version of catalog and policy. */
export interface Plans extends PlanSource {
  /** Makes sure that the plans of a workspace are those in force; call it at the start of a request that needs them. */
  ready(workspace: string): Promise<void>;
  /** Forgets the policy; the next `ready` reads it. */
  invalidate(workspace: string): void;
  policy(workspace: string): PolicyVersion;
  objectPlan(workspace: string, object: ObjectDef): ObjectPlan;
  /** Which of these segments a record with such values falls into: the number of the first that matches, else 0. */
  chooser(
    workspace: string,
    object: ObjectDef,
    segments: ObjectPlan['segments'],
  ): (values: Record<string, FieldValue>) => number;
  /** The table of evidence kinds as the workspace has it. */
  kinds(workspace: string): readonly KindRow[];
  /** Fitted rates, those in force among them. */
  fits(workspace: string): readonly FittedRate[];
  /** How far a person's confirmations count, 0..1. */
  reliability(workspace: string, actor: string): number;
}

interface Loaded {
  catalog: Catalog;
  policy: PolicyVersion;
  kinds: KindRow[];
  fits: FittedRate[];
  reliability: Map<string, number>;
  /** Of policy, kinds, rates and people together: equal means unchanged. */
  stamp: string;
  plans: Map<string, ObjectPlan>;
  readAt: number;
}

/** Another process may have changed the policy: look again after this long. */
const RECHECK_MS = 2000;

export function createPlans(
  db: Db,
  catalogs: CatalogStore,
  environment: () => Pick<FilterEnv, 'timeZone' | 'trees'>,
): Plans {
  const loaded = new Map<string, Loaded>();

  async function read(workspace: string): Promise<void> {
    const before = loaded.get(workspace);
    const catalog = await catalogs.get(workspace);
    const fresh = before && performance.now() - before.readAt < RECHECK_MS;
    if (fresh && before.catalog === catalog) return;
    const stamp = fresh ? before.stamp : await readStamp(db, workspace);
    const same = before?.stamp === stamp;
    if (same && before.catalog === catalog) {
      before.readAt = performance.now();
      return;
    }
    const { policy, kinds, fits, reliability } = same
      ? before
      : {
          policy: await readPolicy(db, workspace),
          kinds: await readKinds(db, workspace),
          fits: await readFits(db, workspace),
          reliability: byActor(await readReliability(db, workspace)),
        };
    loaded.set(workspace, {
      catalog,
      policy,
      kinds,
      fits,
      reliability,
      stamp,
      plans: new Map(),
      readAt: performance.now(),
    });
  }

  function stateOf(workspace: string): Loaded {
    const state = loaded.get(workspace);
    if (!state) throw new Error(`plans of ${workspace} are not read yet`);
    return state;
  }

  function objectPlan(workspace: string, object: ObjectDef): ObjectPlan {
    const state = stateOf(workspace);
    let plan = state.plans.get(object.name);
    if (!plan) {
      const { policies } = state.policy;
      const { fits } = state;
      plan = compilePolicies(object, policies, planVersion(object, policies, fits), learnedRates(fits));
      state.plans.set(object.name, plan);
    }
    return plan;
  }

  const chooser: Plans['chooser'] = (workspace, object, segments) => {
    if (segments.length === 0) return () => 0;
    const { catalog } = stateOf(workspace);
    const env: MatchEnv = { ...environment(), catalog, object, now: new Date() };
    return (values) => segments.find((segment) => matches(segment.filter, values, env))?.id ?? 0;
  };

  return {
    chooser,
    ready: read,
    invalidate: (workspace) => {
      const state = loaded.get(workspace);
      if (state) state.readAt = Number.NEGATIVE_INFINITY;
    },
    policy: (workspace) => stateOf(workspace).policy,
    objectPlan,
    kinds: (workspace) => stateOf(workspace).kinds,
    fits: (workspace) => stateOf(workspace).fits,
    reliability: (workspace, actor) => stateOf(workspace).reliability.get(actor) ?? 1,
    fieldsAsked: (workspace, object) =>
      new Set(objectPlan(workspace, object).segments.flatMap(({ filter }) => fieldsIn(filter).map(ownPart))),
    evidenceKind: (workspace, kind) => stateOf(workspace).kinds.find((row) => row.kind === kind),
    of(workspace, object) {
      const { plan, segments } = objectPlan(workspace, object);
      return { plan, segment: chooser(workspace, object, segments) };
    },
  };
}

/** `customer.level` is asked through the relation `customer`. */
const ownPart = (field: string): string => field.split('.')[0] ?? field;

const byActor = (people: Reliability[]): Map<string, number> =>
  new Map(people.map(({ actor, reliability }) => [actor, reliability]));

/** What the plans of a workspace are made of, in a few bytes. */
async function readStamp(db: Db, workspace: string): Promise<string> {
  const [row] = await db.query<{ stamp: string }>(sql`
    select concat_ws(' ', (select max(version) from ${tableOf(workspace, 'policy_version')}),
      (select concat(count(*), ' ', max(at)) from ${tableOf(workspace, 'evidence_kind')}),
      (select concat(count(*), ' ', sum(used), ' ', max(at)) from ${tableOf(workspace, 'rate_fit')}),
      (select concat(count(*), ' ', max(at)) from ${tableOf(workspace, 'verifier_reliability')})) as stamp`);
  return row?.stamp ?? '';
}

/** Changes with what the plan of an object follows from, not with every label: else each edit of a label would re-plan a million records. */
function planVersion(object: ObjectDef, policies: readonly Policy[], fits: readonly FittedRate[]): number {
  const fields = object.fields.filter((field) => field.tracked && !field.retired);
  const ids = new Set(fields.map((field) => field.id));
  const text = JSON.stringify([
    fields.map(({ id, type, priority, decay, minutes }) => [id, type, priority, decay?.rate, minutes]),
    policies.filter((policy) => policy.object === object.name),
    fits.filter(({ field }) => ids.has(field)).map(({ field, segment, rate, shape }) => [field, segment, rate, shape]),
  ]);
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  // Positive and never 0: 0 marks rows that must be planned anew.
  return ((hash >>> 1) % 0x7ffffffe) + 1;
}
