import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import { closedProblem, closedValues } from './closed-cells.ts';
import { ctxOfRun, type ImportDeps } from './deps.ts';
import { createMatcher } from './match-rows.ts';
import { planRows } from './plan-rows.ts';
import { firstRows, openRunFile, readRows } from './read-batch.ts';
import { resolveNames } from './resolve-names.ts';
import { type CellProblem, objectsOf, routesOf } from './row-values.ts';
import { type ImportView, type Run, readRun, type Settings, updateRun } from './run-store.ts';
import { countResults, type RowResult, rowResults } from './tally.ts';

type Preview = NonNullable<ImportView['preview']>;

/** Rows that a preview looks at; larger files say that it saw a part. */
const ROWS = 5000;
const PROBLEMS = 200;
const SAMPLES = 50;

/** What an import would do, by doing it in a transaction that is rolled back: the same pipeline, so the same answer. */
export async function previewImport(deps: ImportDeps, id: string): Promise<void> {
  const run = await readRun(deps.db, deps.workspace, id);
  if (run.state !== 'previewing' || !run.settings) return;
  const reader = await openRunFile(deps, run);
  try {
    const { rows, complete } = await firstRows(reader, ROWS);
    const preview = await previewRows(deps, run, run.settings, rows, complete);
    const notices = reader.notices().map(({ code, text }) => ({ code, text }));
    const total = complete ? rows.length : (run.total_rows ?? null);
    await updateRun(deps.db, deps.workspace, id, { preview, notices, total_rows: total, state: 'ready' }, [
      'previewing',
    ]);
  } finally {
    await reader.close();
  }
}

async function previewRows(
  deps: ImportDeps,
  run: Run,
  settings: Settings,
  rows: Parameters<typeof readRows>[0],
  complete: boolean,
): Promise<Preview> {
  const { db, workspace } = deps;
  const catalog = await deps.catalog.get(workspace);
  const ctx = await ctxOfRun(deps, run);
  const routes = routesOf(catalog, settings);
  const objects = objectsOf(routes, settings.object);
  const read = readRows(rows, routes, deps.env(ctx));
  await resolveNames(db, workspace, catalog, read);
  const matcher = createMatcher(workspace, objects, settings.matchKeys, null, deps.sealing);
  matcher.begin(await matcher.look(db, read));
  const plans = planRows(read, objects, settings, matcher);
  const { outcomes } = await deps.write.write(
    ctx,
    plans.flatMap((plan) => plan.changes),
    { atomic: false, canonical: true, dryRun: true },
  );
  const results = rowResults(plans, outcomes);
  const problems = results.flatMap((result) => problemsOf(result));
  return {
    counts: countResults({}, results),
    problems: problems
      .slice(0, PROBLEMS)
      .map(({ row, problem }) => cellProblem(catalog, row, closedProblem(catalog, problem), run.lang)),
    problemCount: problems.length,
    samples: results.slice(0, SAMPLES).map((result) => sampleOf(catalog, result, run.lang)),
    complete,
  };
}

function problemsOf(result: RowResult): { row: number; problem: CellProblem }[] {
  const row = result.plan.row.number;
  return [...result.problems, ...result.plan.row.warnings].map((problem) => ({ row, problem }));
}

function cellProblem(
  catalog: Catalog,
  row: number,
  problem: CellProblem,
  lang: 'zh' | 'en',
): Preview['problems'][number] {
  const object = catalog.objects.find((candidate) => candidate.name === problem.object);
  const issue = { ...problem.issue, ...(problem.field && { field: problem.field }) };
  return {
    row,
    column: problem.column,
    field: problem.object && problem.field ? `${problem.object}.${problem.field}` : null,
    text: problem.text.slice(0, 200),
    issue: { ...issue, message: issueSentence(issue, object, lang) },
  };
}

function sampleOf(catalog: Catalog, result: RowResult, lang: 'zh' | 'en'): Preview['samples'][number] {
  const { plan, action, problems } = result;
  return {
    row: plan.row.number,
    action,
    records: plan.changes.map((change) => ({
      object: change.object,
      values: closedValues(catalog, change.object, (change.set ?? {}) as Record<string, FieldValue>),
    })),
    reasons: problems
      .slice(0, 5)
      .map(
        (problem) => cellProblem(catalog, plan.row.number, closedProblem(catalog, problem), lang).issue.message ?? '',
      ),
  };
}
