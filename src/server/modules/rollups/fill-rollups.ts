import sql from 'sql-template-tag';
import { isRollup } from '../../../domain/schema/rollups.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { readCatalog } from '../../records/catalog/store.ts';
import type { Fill } from '../../records/rollups/fill-store.ts';
import { inTurn, type Moved, recompute, sourcesOf } from '../../records/rollups/recompute.ts';
import type { RollupDeps } from './follow-rollups.ts';

/** Records per transaction: their rows are locked for a blink. */
const PORTION = 500;

/** Works out roll-ups for the next records that were there before them; how far it got is kept in the same transaction. Returns whether there may be more. */
export async function fillRollups(deps: RollupDeps, workspace: string): Promise<boolean> {
  let moved: Moved = new Map();
  const more = await deps.db.tx(async (tx) => {
    await inTurn(tx, workspace);
    const table = tableOf(workspace, 'rollup_fill');
    const waiting = await tx.query<Fill>(sql`select field, after, done, total, false as finished from ${table}
      where finished_at is null order by field for update`);
    if (waiting.length === 0) return false;
    const catalog = await readCatalog(tx, workspace);
    const [first] = waiting;
    const inUse = [...sourcesOf(catalog).values()].flat();
    const object = catalog.objects.find(({ fields }) => fields.some(({ id }) => id === first?.field));
    // Those of one object that are as far are done in one go.
    const together = waiting.filter(
      ({ field, after }) => after === first?.after && object?.fields.some(({ id }) => id === field),
    );
    const ids = together.map(({ field }) => field);
    const fields = (object?.fields ?? [])
      .filter(isRollup)
      .filter((field) => inUse.some((one) => one.field === field) && ids.includes(field.id));
    const rows =
      object && fields.length > 0
        ? await tx.query<{ id: string }>(sql`select id from ${tableOf(workspace, object.name)}
            where id > ${first?.after ?? '00000000-0000-0000-0000-000000000000'}::uuid order by id limit ${PORTION}`)
        : [];
    const records = rows.map(({ id }) => id);
    if (object) {
      const env = { workspace, catalog, now: deps.now(), ...deps.env({ at: deps.now() }) };
      moved = await recompute(tx, env, object, fields, records);
    }
    const last = records.length === PORTION ? (records.at(-1) ?? null) : null;
    await tx.query(sql`update ${table} set after = ${last}::uuid, done = done + ${records.length},
        total = greatest(total, done + ${records.length}), finished_at = case when ${last === null}::boolean then now() end
      where field = any(${ids.length > 0 ? ids : [first?.field ?? 0]}::int[])`);
    return true;
  });
  if (moved.size > 0) deps.tell(workspace, moved);
  return more;
}
