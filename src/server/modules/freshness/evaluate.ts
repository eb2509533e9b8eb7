import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { evaluationSchema } from '../../../contract/advice.ts';
import { calibrate } from '../../../domain/freshness/calibration.ts';
import { clusterMean } from '../../../domain/freshness/load.ts';
import { cellState, segmentOf } from '../../../domain/freshness/plan.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type Bundle, sampleBundles } from './sample-bundles.ts';
import type { TryDeps } from './try-policies.ts';

const DAY_MS = 86_400_000;
/** Latest predictions the back-test looks at. */
const BACK_TEST = 20_000;
/** The model is off when it predicts less than 4/5 or more than 5/4 of the changes found, with enough found to say so. */
const OFF = 0.8;
const ENOUGH = 20;

type Evaluation = z.input<typeof evaluationSchema>;

/** How right the model was in the last `days`, what is past due where, and what will be in 30 and 90 days if nothing is done. */
export async function evaluate(
  deps: TryDeps,
  workspace: string,
  catalog: Catalog,
  days: number,
  now: Date,
): Promise<Evaluation> {
  const since = new Date(now.getTime() - days * DAY_MS);
  const sample = await sampleBundles(deps.db, workspace, catalog, false);
  const cells = sample.bundles.flatMap((bundle) => cellsOf(deps, workspace, bundle, now));
  const shares = <K>(keyOf: (cell: Cell) => K): Map<K, Share> => shareBy(cells, keyOf, sample.whole);
  const names = await deps.names(workspace, [...new Set(sample.bundles.flatMap((bundle) => bundle.owner ?? []))]);
  const fields = new Map(catalog.objects.flatMap((object) => object.fields.map((field) => [field.id, field] as const)));
  const all = shares(() => 0).get(0);
  return {
    at: now.toISOString(),
    days,
    calibration: await backTest(deps, workspace, since),
    sample: { customers: sample.bundles.length, of: sample.total, whole: sample.whole },
    all: all ?? NONE,
    byField: [...shares((cell) => cell.field)].flatMap(([id, share]) => {
      const field = fields.get(id);
      return field ? [{ object: field.object, field: field.name, label: field.label, ...share }] : [];
    }),
    bySegment: [...shares((cell) => `${cell.object} ${cell.segment}`)].flatMap(([key, share]) => {
      const [name = '', id] = key.split(' ');
      const object = catalog.objects.find((candidate) => candidate.name === name);
      const segment = object && deps.plans.objectPlan(workspace, object).segments.find((one) => one.id === Number(id));
      return segment ? [{ object: name, segment: segment.name, ...share }] : [];
    }),
    byOwner: [...shares((cell) => cell.owner)].map(([owner, share]) => ({
      owner,
      name: owner === null ? '' : (names[owner] ?? owner),
      ...share,
    })),
    trend: await trend(deps, workspace, catalog),
  };
}

interface Cell {
  object: string;
  field: number;
  segment: number;
  owner: string | null;
  cluster: number;
  /** Past due now, in 30, in 90 days. */
  due: [boolean, boolean, boolean];
}

function cellsOf(deps: TryDeps, workspace: string, bundle: Bundle, now: Date): Cell[] {
  const at = now.getTime();
  return bundle.members.flatMap(({ object, state }) => {
    const { plan } = deps.plans.objectPlan(workspace, object);
    const segment = segmentOf(plan, state);
    return segment.fields.flatMap((rule): Cell[] => {
      const cell = cellState(plan, state, rule.fieldId, at);
      if (!cell || cell.state === 'missing') return [];
      const due = (ahead: number) => cell.dueAt !== null && cell.dueAt <= at + ahead * DAY_MS;
      const { owner, cluster } = bundle;
      return [
        {
          object: object.name,
          field: rule.fieldId,
          segment: segment.id,
          owner,
          cluster,
          due: [due(0), due(30), due(90)],
        },
      ];
    });
  });
}

type Share = Evaluation['all'];
const NONE: Share = {
  expired: { value: 0, error: 0 },
  in30: { value: 0, error: 0 },
  in90: { value: 0, error: 0 },
  cells: 0,
};

function shareBy<K>(cells: readonly Cell[], keyOf: (cell: Cell) => K, whole: boolean): Map<K, Share> {
  const groups = new Map<K, Map<number, { sums: [number, number, number]; count: number }>>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const pages = groups.get(key) ?? new Map();
    groups.set(key, pages);
    const page = pages.get(cell.cluster) ?? { sums: [0, 0, 0], count: 0 };
    pages.set(cell.cluster, page);
    page.count += 1;
    for (const [i, due] of cell.due.entries()) page.sums[i] += Number(due);
  }
  return new Map(
    [...groups].map(([key, pages]) => {
      const list = [...pages.values()];
      const at = (i: 0 | 1 | 2) => {
        const { value, error } = clusterMean(
          list.map(({ sums, count }) => ({ sum: sums[i], count })),
          whole,
        );
        // One page says nothing of its error; the widest there is stands for it.
        return { value, error: Number.isFinite(error) ? error : 1 };
      };
      return [
        key,
        { expired: at(0), in30: at(1), in90: at(2), cells: list.reduce((sum, page) => sum + page.count, 0) },
      ];
    }),
  );
}

async function backTest(deps: TryDeps, workspace: string, since: Date): Promise<Evaluation['calibration']> {
  const rows = await deps.db.query<{ predicted: number; outcome: string }>(sql`
    select predicted, outcome from (select * from ${tableOf(workspace, 'observation')} order by seq desc limit ${BACK_TEST}) o
    where at >= ${since} and predicted is not null and weight = 1`);
  const result = calibrate(rows.map((row) => ({ stale: 1 - row.predicted, found: row.outcome !== 'r' })));
  const found = rows.filter((row) => row.outcome !== 'r').length;
  const { ratio } = result;
  return { ...result, off: found >= ENOUGH && ratio !== null && (ratio < OFF || ratio > 1 / OFF) };
}

async function trend(deps: TryDeps, workspace: string, catalog: Catalog): Promise<Evaluation['trend']> {
  const rows = await deps.db.query<{ field: number; quarter: string; checks: number; changed: number }>(sql`
    select field, to_char(at, 'YYYY"-Q"Q') as quarter, sum(weight)::int as checks,
      coalesce(sum(weight) filter (where outcome <> 'r'), 0)::int as changed
    from (select * from ${tableOf(workspace, 'observation')} order by seq desc limit 200000) o
    where at > now() - interval '3 years' group by 1, 2 having sum(weight) > 0 order by 1, 2`);
  return catalog.objects.flatMap((object) =>
    object.fields.flatMap((field) => {
      const quarters = rows
        .filter((row) => row.field === field.id)
        .map(({ quarter, checks, changed }) => ({ quarter, checks, changed }));
      return quarters.length > 0 ? [{ object: object.name, field: field.name, quarters }] : [];
    }),
  );
}
