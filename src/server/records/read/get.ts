import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { TableRow } from '../catalog/columns.ts';
import type { Ctx, Row } from '../types.ts';
import { getAsOf } from './as-of.ts';
import { addFreshness } from './freshness-rows.ts';
import { selectSql, toRow } from './row.ts';
import { ALIAS, type ReadDeps, readQuery } from './source.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One record; `record-unknown` when it does not exist, is out of sight, or lies on the other side of the recycle bin. */
export async function get(
  deps: ReadDeps,
  ctx: Ctx,
  object: string,
  id: string,
  options: { asOf?: string; freshness?: boolean; deleted?: boolean } = {},
): Promise<Row> {
  if (!UUID.test(id)) throw new AppError('record-unknown');
  if (options.asOf !== undefined) return getAsOf(deps, ctx, object, id, options.asOf);
  const source = await readQuery(deps, ctx, { object, ...(options.deleted && { deleted: true }) });
  const [stored] = await deps.db.query<TableRow>(
    sql`select ${selectSql(source.fields, ALIAS, source.reach)} from ${source.table} t where t.id = ${id}::uuid and ${source.where}`,
  );
  if (!stored) throw new AppError('record-unknown');
  if (source.open) await source.open([stored]);
  const row = toRow(stored, source.fields, ctx.lang);
  if (options.freshness) await addFreshness(deps.db, source, [row]);
  return row;
}
