import { type MatchEnv, matches } from '../../../domain/filter/matches.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import { compilePolicies, type ObjectPlan } from '../../../domain/freshness/policy.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { PlanSource } from '../../records/write/types.ts';
import { type PolicyVersion, readPolicy } from './policy-store.ts';

/** The plans in force, compiled once per version of catalog and policy. */
export interface Plans extends PlanSource {
  /** Makes sure that the plans of a workspace are those in force; call it at the start of a request that needs them. */
  ready(workspace: string): Promise<void>;
  /** Forgets the policy; the next `ready` reads it. */
  invalidate(workspace: string): void;
  policy(workspace: string): PolicyVersion;
  objectPlan(workspace: string, object: ObjectDef): ObjectPlan;
}

interface Loaded {
  catalog: Catalog;
  policy: PolicyVersion;
  /** Of the pair: what `freshness.plan_version` holds. */
  planVersion: number;
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
    const policy = fresh ? before.policy : await readPolicy(db, workspace);
    if (before && before.catalog === catalog && before.policy.version === policy.version) {
      before.readAt = performance.now();
      return;
    }
    loaded.set(workspace, {
      catalog,
      policy,
      planVersion: planVersion(catalog, policy),
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
      plan = compilePolicies(object, state.policy.policies, state.planVersion);
      state.plans.set(object.name, plan);
    }
    return plan;
  }

  return {
    ready: read,
    invalidate: (workspace) => {
      const state = loaded.get(workspace);
      if (state) state.readAt = Number.NEGATIVE_INFINITY;
    },
    policy: (workspace) => stateOf(workspace).policy,
    objectPlan,
    of(workspace, object) {
      const { plan, segments } = objectPlan(workspace, object);
      if (segments.length === 0) return { plan, segment: () => 0 };
      const { catalog } = stateOf(workspace);
      return {
        plan,
        segment: (values: Record<string, FieldValue>) => {
          const env: MatchEnv = { ...environment(), catalog, object, now: new Date() };
          return segments.find((segment) => matches(segment.filter, values, env))?.id ?? 0;
        },
      };
    },
  };
}

/** Changes with the policy and with which fields are tracked, not with every label: else each edit of a label would re-plan a million records. */
function planVersion(catalog: Catalog, policy: PolicyVersion): number {
  let hash = 0x811c9dc5 ^ policy.version;
  for (const object of catalog.objects)
    for (const field of object.fields) {
      if (!field.tracked || field.retired) continue;
      for (const character of `${field.id}${field.priority}${field.decay?.rate ?? ''}${field.minutes ?? ''}`)
        hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
  // Positive and never 0: 0 marks rows that must be planned anew.
  return ((hash >>> 1) % 0x7ffffffe) + 1;
}
