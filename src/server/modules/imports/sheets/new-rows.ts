import type { ParseEnv } from '../../../../domain/fields/types.ts';
import { rawCell } from '../../../../domain/round-trip/written-cell.ts';
import { isEmpty } from '../../../platform/tabular/cell.ts';
import type { TableRow } from '../../../platform/tabular/table-rows.ts';
import type { Ctx } from '../../../records/types.ts';
import { planRows } from '../plan-rows.ts';
import { resolveNames } from '../resolve-names.ts';
import { readRow } from '../row-values.ts';
import { ROW, type SheetChange, wholeRow } from './change-store.ts';
import { type Comparison, personNamed } from './comparison.ts';

/** New rows through the rules of every import: recognised, created or refused. */
export async function newRows(
  at: Comparison,
  ctx: Ctx,
  rows: readonly TableRow[],
  env: ParseEnv,
): Promise<SheetChange[]> {
  const { deps, object, catalog, settings, matcher } = at;
  const filled = rows.filter((row) => at.fresh.some(({ column }) => !isEmpty(row.cells[column])));
  if (filled.length === 0) return [];
  const read = filled.map((row) => readRow(asText(row, at), at.fresh, env));
  await resolveNames(deps.db, deps.workspace, catalog, read);
  matcher.begin(await matcher.look(deps.db, read));
  const plans = planRows(read, [object], settings, matcher);
  const { outcomes } = await deps.write.write(
    ctx,
    plans.flatMap((plan) => plan.changes),
    {
      atomic: false,
      canonical: true,
      dryRun: true,
    },
  );
  let next = 0;
  return plans.flatMap((plan): SheetChange[] => {
    const outcome = plan.changes.length > 0 ? outcomes[next++] : undefined;
    const values = plan.row.values.get(object) ?? {};
    const whole = { ...wholeRow(plan.row.number, plan.changes[0]?.id ?? null, null), file: values };
    const places = new Map(at.routes.map(({ column, place }) => [column.field, place]));
    const cells = plan.row.problems.map((problem) => ({
      ...wholeRow(plan.row.number, null, problem.issue),
      kind: 'unreadable' as const,
      place: places.get(problem.field ?? '') ?? ROW,
      field: problem.field,
      text: problem.text,
    }));
    const reason =
      plan.refused[0]?.issue ??
      // What the row before makes is not there yet while comparing.
      (outcome?.status === 'rejected' && plan.action !== 'duplicate'
        ? outcome.issues?.find((issue) => issue.level !== 'warning')
        : undefined);
    if (reason) return [{ ...whole, issue: reason }, ...cells];
    if (plan.action === 'skip' || outcome?.status === 'unchanged') return cells;
    return [{ ...whole, kind: 'new', base: plan.action, take: true }, ...cells];
  });
}

/** Cells as every import reads them: percents are not hundredths, and people go by their ids where the export told namesakes apart. */
function asText(row: TableRow, { fresh, sheet }: Comparison): TableRow {
  const cells = [...row.cells];
  for (const { column, field } of fresh) {
    const cell = cells[column];
    if (field.type === 'percent' && typeof cell === 'number') cells[column] = Number(rawCell(cell, field));
    if (field.type !== 'user' || typeof cell !== 'string') continue;
    const person = personNamed(sheet, cell);
    if (person !== undefined) cells[column] = person;
  }
  return { ...row, cells };
}
