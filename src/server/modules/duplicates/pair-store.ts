import sql from 'sql-template-tag';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

/** Pairs of merged records are settled; what else looked like a loser is found again with the winner. */
export async function settleMerged(tx: Tx, ctx: Ctx, object: number, winner: string, losers: string[]): Promise<void> {
  await decidePairs(tx, ctx, object, [winner, ...losers], 'merged');
  await tx.query(sql`delete from ${tableOf(ctx.workspace, 'duplicate_pair')}
    where state in ('open', 'later') and (a = any(${losers}::uuid[]) or b = any(${losers}::uuid[]))`);
}

/** Marks every pair among these records, also those nobody had found. Returns how many. */
export async function decidePairs(
  tx: Tx,
  ctx: Ctx,
  object: number,
  records: readonly string[],
  state: 'merged' | 'different' | 'later' | 'open',
): Promise<number> {
  if (state === 'open') return reopenPairs(tx, ctx, records);
  const until = state === 'later' ? new Date(ctx.at.getTime() + LATER_DAYS * 86_400_000) : null;
  const rows = await tx.query(sql`
    insert into ${tableOf(ctx.workspace, 'duplicate_pair')} as p
      (a, b, object, score, probability, state, later_until, found_at, scored_at, decided_at, decided_by)
    select x, y, ${object}::int, 0, 0.5, ${state}, ${until}::timestamptz, ${ctx.at}::timestamptz, ${ctx.at}::timestamptz,
      ${ctx.at}::timestamptz, ${ctx.actor}
    from unnest(${records}::uuid[]) x, unnest(${records}::uuid[]) y where x < y
    on conflict (a, b) do update set state = excluded.state, later_until = excluded.later_until,
      decided_at = excluded.decided_at, decided_by = excluded.decided_by
    returning 1`);
  return rows.length;
}

/** A decision taken back: pairs that had been found return to the queue, those that only the decision had made go. */
async function reopenPairs(tx: Tx, ctx: Ctx, records: readonly string[]): Promise<number> {
  const table = tableOf(ctx.workspace, 'duplicate_pair');
  const among = sql`a = any(${records}::uuid[]) and b = any(${records}::uuid[])`;
  await tx.query(sql`delete from ${table} where ${among} and reasons = '[]'`);
  const rows =
    await tx.query(sql`update ${table} set state = 'open', later_until = null, decided_at = null, decided_by = null
    where ${among} returning 1`);
  return rows.length;
}

/** Days until a pair put off is back in the queue. */
const LATER_DAYS = 7;
