import sql from 'sql-template-tag';
import { numberPrefix, renderNumber } from '../../../domain/fields/autonumber.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { liveFields } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { byObject } from './load.ts';
import { errorsOf } from './prepare.ts';
import type { Draft } from './types.ts';

/**
 * Gives new records their automatic numbers, a block per field and prefix in one statement. A rolled back batch leaves no gap:
 * the counter is in the same transaction (writers of the same prefix wait for each other for that long).
 */
export async function numberDrafts(tx: Tx, ctx: Ctx, drafts: Draft[], timeZone: string): Promise<void> {
  const creates = drafts.filter((draft) => draft.change.op === 'create' && errorsOf(draft.issues).length === 0);
  for (const [object, group] of byObject(creates))
    for (const field of liveFields(object)) {
      if (field.type !== 'autonumber' || !field.numbering) continue;
      let waiting = group.filter((draft) => (draft.set[field.name] ?? null) === null);
      // Numbers that an import brought along may lie in the counter's way: skip them.
      while (waiting.length > 0) waiting = await numberOnce(tx, ctx, field, field.numbering, waiting, timeZone);
    }
}

/** @returns drafts whose number is taken already; they get another */
async function numberOnce(
  tx: Tx,
  ctx: Ctx,
  field: FieldDef,
  pattern: string,
  waiting: Draft[],
  timeZone: string,
): Promise<Draft[]> {
  const prefix = numberPrefix(pattern, ctx.at, timeZone);
  const [row] = await tx.query<{ last: number }>(sql`
    insert into ${tableOf(ctx.workspace, 'serial')} as s (field, prefix, last) values (${field.id}, ${prefix}, ${waiting.length})
    on conflict (field, prefix) do update set last = s.last + excluded.last returning last::int as last`);
  const first = (row?.last ?? waiting.length) - waiting.length + 1;
  for (const [index, draft] of waiting.entries())
    draft.set[field.name] = renderNumber(pattern, ctx.at, first + index, timeZone);
  const column = ident(field.name);
  const taken = await tx.query<{ number: string }>(sql`
    select ${column} as number from ${tableOf(ctx.workspace, field.object)}
    where ${column} = any(${waiting.map((draft) => draft.set[field.name])}) and deleted_at is null`);
  const collisions = new Set(taken.map((entry) => entry.number));
  return waiting.filter((draft) => collisions.has(String(draft.set[field.name])));
}
