import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';

/** One thing that spoke of one record. */
export interface Spoken {
  cause: string;
  kind: string;
  record: string;
}

type Noted = Spoken & { changeSet: string | null } & Record<string, unknown>;

/**
 * Takes back evidence that no longer follows from its cause: an interaction that was undone, deleted, or corrected from “reached” to “wrong number”.
 * Belief goes back to what it was where nothing was seen since; what still follows may be said anew.
 * @param causes those looked at @param follows what follows from them now
 */
export async function takeBack(
  deps: { db: Db; write: WriteDoor },
  ctx: Ctx,
  causes: readonly string[],
  follows: readonly Spoken[],
): Promise<void> {
  const { db } = deps;
  const table = tableOf(ctx.workspace, 'evidence_cause');
  const noted = await db.query<Noted>(
    sql`select cause, kind, record, change_set as "changeSet" from ${table} where cause = any(${causes})`,
  );
  const still = new Set(follows.map(keyOf));
  const stale = noted.filter((one) => !still.has(keyOf(one)));
  if (stale.length === 0) return;
  const touched = new Set(causes);
  for (const changeSet of new Set(stale.map((one) => one.changeSet))) {
    if (changeSet === null) continue;
    const together = await db.query<Noted>(
      sql`select cause, kind, record, change_set as "changeSet" from ${table} where change_set = ${changeSet}::uuid`,
    );
    // One of many interactions of an import: the set also holds what others said.
    if (together.some(({ cause }) => !touched.has(cause))) continue;
    await undo(deps.write, ctx, changeSet);
    await db.query(sql`delete from ${table} where change_set = ${changeSet}::uuid`);
  }
  const mute = stale.filter((one) => one.changeSet === null);
  if (mute.length > 0)
    await db.query(sql`delete from ${table} c using jsonb_to_recordset(${JSON.stringify(mute)}::jsonb) as x(cause text, kind text, record uuid)
      where (c.cause, c.kind, c.record) = (x.cause, x.kind, x.record) and c.change_set is null`);
}

const keyOf = ({ cause, kind, record }: Spoken): string => `${cause}\n${kind}\n${record}`;

/** Somebody may have undone it by hand, or we before a crash. */
async function undo(write: WriteDoor, ctx: Ctx, changeSet: string): Promise<void> {
  try {
    await write.undo(ctx, changeSet);
  } catch (error) {
    const known = error instanceof AppError && ['change-set-not-undoable', 'change-set-unknown'].includes(error.code);
    if (!known) throw error;
  }
}
