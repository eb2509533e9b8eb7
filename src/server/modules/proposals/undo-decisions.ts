import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { AT_ONCE, type DecideDeps } from './decide-proposals.ts';
import { someAtOnce } from './some-at-once.ts';

interface Row extends Record<string, unknown> {
  id: string;
  proposal: string;
  field: string;
  by: string;
  change_set: string | null;
  object: string;
}

export interface Undone {
  /** Fields that wait again. */
  fields: number;
  /** Values that were written and stay, for somebody changed them since. */
  skipped: number;
}

/**
 * Takes back what was decided at one stroke: values that were written get their former ones back where nobody touched them since, and the fields wait
 * again. Whoever decided may, and administrators. @param only some decisions of the batch
 */
export async function undoDecisions(deps: DecideDeps, ctx: Ctx, batch: string, only?: string[]): Promise<Undone> {
  const decisions = tableOf(ctx.workspace, 'proposal_decision');
  const rows = await deps.db.query<Row>(
    sql`select d.id, d.proposal, d.field, d.by, d.change_set, p.object
      from ${decisions} d join ${tableOf(ctx.workspace, 'proposal')} p on p.id = d.proposal
      where d.batch = ${batch}::uuid and d.undone_at is null order by d.id`,
  );
  const chosen = only ? rows.filter(({ id }) => only.includes(id)) : rows;
  if (chosen.length === 0 || (!ctx.access.admin && chosen.some(({ by }) => by !== ctx.actor)))
    throw new AppError('not-found');
  if (chosen.some((row) => row.change_set !== null && !ctx.access.objects[row.object]?.actions.includes('undo')))
    throw new AppError('forbidden');
  // A change set is undone as a whole, so all that was decided with it waits again.
  const sets = [...new Set(chosen.flatMap(({ change_set }) => change_set ?? []))];
  const back = rows.filter((row) => chosen.includes(row) || (row.change_set !== null && sets.includes(row.change_set)));
  // Written in the name of who proposed: the doors would say that it is not his to take back.
  const as: Ctx = { ...ctx, access: { ...ctx.access, admin: true } };
  let skipped = 0;
  await someAtOnce(sets, AT_ONCE, async (set) => {
    try {
      const undone = await deps.write.undo(as, set);
      skipped += undone.skippedCount;
    } catch (error) {
      // Undone already, from the history.
      if (!(error instanceof AppError) || error.code !== 'change-set-not-undoable') throw error;
    }
  });
  await deps.db.tx(async (tx) => {
    const payload = JSON.stringify(back.map(({ proposal, field }) => ({ proposal, field })));
    await tx.query(sql`update ${decisions} set undone_at = ${ctx.at}, undone_by = ${ctx.actor}
      where id = any(${back.map(({ id }) => id)}::uuid[]) and undone_at is null`);
    await tx.query(sql`update ${tableOf(ctx.workspace, 'proposal')} p set state = 'held', decided_at = null, decided_by = null, change_set = null,
        open = array(select unnest(p.open) union select r.field from jsonb_to_recordset(${payload}::jsonb) as r(proposal uuid, field text)
          where r.proposal = p.id)
      where p.id = any(${back.map(({ proposal }) => proposal)}::uuid[])`);
  });
  return { fields: back.length, skipped };
}
