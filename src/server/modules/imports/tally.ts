import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Outcome } from '../../../domain/change/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { cellText } from '../../platform/tabular/cell.ts';
import { closedProblem, LEFT_OUT } from './closed-cells.ts';
import type { RowAction, RowPlan } from './plan-rows.ts';
import type { CellProblem } from './row-values.ts';
import { type Counts, NO_COUNTS } from './run-store.ts';

/** What became of one row. */
export interface RowResult {
  plan: RowPlan;
  action: RowAction | 'unchanged';
  /** Problems of a refused row, or of cells left out. */
  problems: CellProblem[];
  outcomes: Outcome[];
}

/** Puts the door's outcomes back to their rows. `outcomes` are in the order of all rows' changes. */
export function rowResults(plans: readonly RowPlan[], outcomes: readonly Outcome[]): RowResult[] {
  let next = 0;
  return plans.map((plan) => {
    const own = outcomes.slice(next, next + plan.changes.length);
    next += plan.changes.length;
    if (plan.refused.length > 0) return { plan, action: 'reject', problems: plan.refused, outcomes: own };
    const failed = own.flatMap((outcome) =>
      outcome.status === 'rejected' || outcome.status === 'conflict' ? problemsOf(outcome) : [],
    );
    const headFailed = own[0] !== undefined && (own[0].status === 'rejected' || own[0].status === 'conflict');
    const nothing = plan.action !== 'skip' && own.length > 0 && own.every((outcome) => outcome.status === 'unchanged');
    const action = headFailed ? 'reject' : nothing && plan.action === 'update' ? 'unchanged' : plan.action;
    return { plan, action, problems: [...plan.row.problems, ...failed], outcomes: own };
  });
}

function problemsOf(outcome: Outcome): CellProblem[] {
  return (outcome.issues ?? [])
    .filter((issue) => issue.level !== 'warning')
    .map((issue) => ({ column: '', field: issue.field ?? null, object: outcome.object, text: '', issue }));
}

export function countResults(base: Partial<Counts>, results: readonly RowResult[]): Counts {
  const counts = { ...NO_COUNTS, ...base };
  for (const { action, problems, plan } of results) {
    counts.rows += 1;
    counts[action] += 1;
    if (action !== 'reject' && (problems.length > 0 || plan.row.warnings.length > 0)) counts.warn += 1;
  }
  return counts;
}

/** Rows for import_reject: refused whole, or written without some cells. */
export function rejectsOf(
  catalog: Catalog,
  results: readonly RowResult[],
  closed: ReadonlySet<number> = new Set(),
): object[] {
  return results
    .filter((result) => result.action === 'reject' || result.problems.length > 0)
    .map(({ plan, action, problems }) => ({
      row: plan.row.number,
      whole: action === 'reject',
      cells: plan.row.cells.map((cell, column) => (closed.has(column) ? '' : cellText(cell))),
      problems: [
        ...problems
          .map((problem) => closedProblem(catalog, problem))
          .map((problem) => ({ ...problem, ...spoken(catalog, problem) })),
        ...([...closed].some((column) => cellText(plan.row.cells[column] ?? '') !== '') ? [LEFT_OUT] : []),
      ],
    }));
}

/** Both sentences of a problem, as they go into the error file. */
export function spoken(catalog: Catalog, problem: CellProblem): { zh: string; en: string } {
  const object = catalog.objects.find((candidate) => candidate.name === problem.object);
  const issue = problem.field ? { ...problem.issue, field: problem.field } : problem.issue;
  return { zh: issueSentence(issue, object, 'zh'), en: issueSentence(issue, object, 'en') };
}
