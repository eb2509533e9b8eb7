import { clusterMean } from '../../../domain/freshness/load.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { DueBundle } from '../freshness/index.ts';

/** Figures of one field in one segment on one day; field 0: all, segment `*`: all. */
export interface Gathered {
  object: number;
  field: number;
  segment: string;
  cells: number;
  expired: number;
  belief: number;
  /** ± of the expired share at 90 %. */
  error: number;
}

interface Tally {
  cells: number;
  expired: number;
  belief: number;
  customers: number;
  missing: number;
  clusters: Map<number, { sum: number; count: number }>;
}

const none = (): Tally => ({ cells: 0, expired: 0, belief: 0, customers: 0, missing: 0, clusters: new Map() });

/** Adds up a sample in one pass. @param keyOf key of a segment of an object's plan by its number */
export function gather(keyOf: (object: ObjectDef, segment: number) => string) {
  const fields = new Map<string, Tally & { object: number; field: number; segment: string }>();
  const persons = new Map<string, Tally>();
  const keys = new Map<string, string>();

  function tallyOf(object: number, field: number, segment: string): Tally {
    const id = `${object} ${field} ${segment}`;
    const known = fields.get(id);
    if (known) return known;
    const made = { ...none(), object, field, segment };
    fields.set(id, made);
    return made;
  }

  return {
    add(bundle: DueBundle, at: number): void {
      const person = persons.get(bundle.owner ?? '') ?? none();
      persons.set(bundle.owner ?? '', person);
      person.customers += 1;
      person.missing += bundle.missing;
      for (const cell of bundle.cells) {
        const { object, field, segment } = cell;
        const place = `${object.id} ${segment}`;
        const key = keys.get(place) ?? keyOf(object, segment);
        keys.set(place, key);
        const expired = cell.dueAt !== null && cell.dueAt <= at ? 1 : 0;
        const tallies = [
          tallyOf(object.id, field, key),
          tallyOf(object.id, field, '*'),
          tallyOf(object.id, 0, key),
          tallyOf(0, 0, '*'),
          person,
        ];
        for (const tally of tallies) count(tally, bundle.cluster, expired, cell.confidence);
      }
    },
    fields: (whole: boolean, scale: number): Gathered[] =>
      [...fields.values()].map((tally) => {
        const { object, field, segment } = tally;
        return { object, field, segment, ...scaled(tally, whole, scale) };
      }),
    persons: (whole: boolean, scale: number) =>
      [...persons].map(([person, tally]) => ({
        person,
        customers: tally.customers * scale,
        missing: tally.missing * scale,
        ...scaled(tally, whole, scale),
      })),
  };
}

function count(tally: Tally, cluster: number, expired: number, belief: number): void {
  tally.cells += 1;
  tally.expired += expired;
  tally.belief += belief;
  const one = tally.clusters.get(cluster);
  if (one) {
    one.sum += expired;
    one.count += 1;
  } else tally.clusters.set(cluster, { sum: expired, count: 1 });
}

function scaled({ cells, expired, belief, clusters }: Tally, whole: boolean, scale: number) {
  const { error } = clusterMean([...clusters.values()], whole);
  return {
    cells: cells * scale,
    expired: expired * scale,
    belief: belief * scale,
    // One page says nothing of its error; the widest there is stands for it.
    error: Number.isFinite(error) ? error : 1,
  };
}
