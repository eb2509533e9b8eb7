import { clusterMean, type Estimate } from '../../../domain/freshness/load.ts';
import { cellState, segmentOf } from '../../../domain/freshness/plan.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Plans } from './plans.ts';
import type { Bundle } from './sample-bundles.ts';

/** A filled value with a rule, of a sampled customer. */
export interface DueCell {
  object: ObjectDef;
  field: number;
  segment: number;
  owner: string | null;
  cluster: number;
  /** Belief now, 0..1. */
  confidence: number;
  /** Epoch milliseconds; null: never. */
  dueAt: number | null;
  /** To verify it once in contact. */
  minutes: number;
}

/** A customer's values, and what reaching him takes on average, tries that fail included. */
export interface DueBundle {
  owner: string | null;
  cluster: number;
  contactMinutes: number;
  cells: DueCell[];
  /** Values with a rule that are empty. */
  missing: number;
}

/** Every filled value of a sampled customer, with when it is due by the rules in force. */
export function dueCells(plans: Plans, workspace: string, bundle: Bundle, now: Date): DueBundle {
  const { owner, cluster } = bundle;
  const [first] = bundle.members;
  const reaching = first && segmentOf(plans.objectPlan(workspace, first.object).plan, first.state);
  let missing = 0;
  const cells = bundle.members.flatMap(({ object, state }) => {
    const { plan } = plans.objectPlan(workspace, object);
    const segment = segmentOf(plan, state);
    return segment.fields.flatMap((rule): DueCell[] => {
      const cell = cellState(plan, state, rule.fieldId, now);
      if (cell?.state === 'missing') missing += 1;
      if (!cell || cell.state === 'missing') return [];
      const { confidence, dueAt } = cell;
      const { fieldId: field, minutes } = rule;
      return [{ object, field, segment: segment.id, owner, cluster, confidence, dueAt, minutes }];
    });
  });
  const contactMinutes = reaching ? reaching.contactMinutes / reaching.contactSuccess : 0;
  return { owner, cluster, contactMinutes, cells, missing };
}

/** Mean of a figure over a sample by clusters; one cluster says nothing of its error, the widest there is stands for it. */
export function sampleMean<T extends { cluster: number }>(
  rows: readonly T[],
  sum: (row: T) => number,
  count: (row: T) => number,
  whole: boolean,
): Estimate {
  const clusters = new Map<number, { sum: number; count: number }>();
  for (const row of rows) {
    const cluster = clusters.get(row.cluster) ?? { sum: 0, count: 0 };
    clusters.set(row.cluster, cluster);
    cluster.sum += sum(row);
    cluster.count += count(row);
  }
  const { value, error } = clusterMean([...clusters.values()], whole);
  return { value, error: Number.isFinite(error) ? error : 1 };
}
