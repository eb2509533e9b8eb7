import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { evaluationSchema } from '../../../contract/advice.ts';
import { calibrate } from '../../../domain/freshness/calibration.ts';
import type { Estimate } from '../../../domain/freshness/load.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type DueBundle, type DueCell, dueCells, sampleMean } from './due-cells.ts';
import { sampleBundles } from './sample-bundles.ts';
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
  const bundles = sample.bundles.map((bundle) => dueCells(deps.plans, workspace, bundle, now));
  const cells = bundles.flatMap((bundle) => bundle.cells);
  const of = { at: now.getTime(), total: sample.total, whole: sample.whole };
  const groups = <K>(keyOf: (cell: DueCell) => K) =>
    [...new Set(cells.map(keyOf))].map(
      (key) => [key, shareOf(of, bundles, (cell) => keyOf(cell) === key, false)] as const,
    );
  const owners = [...new Set(bundles.map((bundle) => bundle.owner))];
  const names = await deps.names(
    workspace,
    owners.flatMap((owner) => owner ?? []),
  );
  const fields = new Map(catalog.objects.flatMap((object) => object.fields.map((field) => [field.id, field] as const)));
  return {
    at: now.toISOString(),
    days,
    calibration: await backTest(deps, workspace, since),
    sample: { customers: sample.bundles.length, of: sample.total, whole: sample.whole },
    all: shareOf(of, bundles, () => true, true),
    byField: groups((cell) => cell.field).flatMap(([id, share]) => {
      const field = fields.get(id);
      return field ? [{ object: field.object, field: field.name, label: field.label, ...share }] : [];
    }),
    bySegment: groups((cell) => `${cell.object.name} ${cell.segment}`).flatMap(([key, share]) => {
      const [name = '', id] = key.split(' ');
      const object = catalog.objects.find((candidate) => candidate.name === name);
      const segment = object && deps.plans.objectPlan(workspace, object).segments.find((one) => one.id === Number(id));
      return segment ? [{ object: name, segment: segment.name, ...share }] : [];
    }),
    // All that one contact verifies is his who makes it: reaching the customer is in his hours.
    byOwner: owners.map((owner) => ({
      owner,
      name: owner === null ? '' : (names[owner] ?? owner),
      ...shareOf(of, bundles, (cell) => cell.owner === owner, true),
    })),
    trend: await trend(deps, workspace, catalog),
  };
}

type Share = Evaluation['all'];

const AHEAD = [0, 30, 90] as const;
const HOUR = 60;

/** Shares of the cells past due now and ahead, with how many that are and the hours that verifying them takes. */
function shareOf(
  sample: Sample,
  bundles: readonly DueBundle[],
  mine: (cell: DueCell) => boolean,
  reach: boolean,
): Share {
  const part = bundles.map(({ cluster, contactMinutes, cells }) => {
    const own = cells.filter(mine);
    const due = AHEAD.map((days) => own.filter(({ dueAt }) => dueAt !== null && dueAt <= sample.at + days * DAY_MS));
    return {
      cluster,
      cells: own.length,
      due: due.map((list) => list.length),
      minutes: due.map((list) =>
        list.reduce((sum, cell) => sum + cell.minutes, reach && list.length > 0 ? contactMinutes : 0),
      ),
    };
  });
  const share = (i: number) =>
    sampleMean(
      part,
      (one) => one.due[i] ?? 0,
      (one) => one.cells,
      sample.whole,
    );
  const total = (of: (one: (typeof part)[number]) => number): Estimate => {
    const { value, error } = sampleMean(part, of, () => 1, sample.whole);
    return { value: value * sample.total, error: error * sample.total };
  };
  const ahead = (i: number) => ({
    values: total((one) => one.due[i] ?? 0),
    hours: total((one) => (one.minutes[i] ?? 0) / HOUR),
  });
  return {
    expired: share(0),
    in30: share(1),
    in90: share(2),
    cells: part.reduce((sum, one) => sum + one.cells, 0),
    work: { now: ahead(0), in30: ahead(1), in90: ahead(2) },
  };
}

interface Sample {
  at: number;
  total: number;
  whole: boolean;
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
