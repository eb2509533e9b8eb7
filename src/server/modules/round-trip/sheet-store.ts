import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Lang } from '../../../domain/issue.ts';
import type { SheetColumn } from '../../../domain/round-trip/columns.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

/** A sheet exported for editing, as it was written. */
export interface SheetExport {
  id: string;
  at: Date;
  actor: string;
  object: string;
  lang: Lang;
  columns: SheetColumn[];
  /** Account → the name written for it. */
  people: Record<string, string>;
  secret: Buffer;
  /** Rows written; null while it is being written. */
  rows: number | null;
  [column: string]: unknown;
}

export async function saveSheet(
  on: Queryable,
  ctx: Ctx,
  sheet: Pick<SheetExport, 'object' | 'columns' | 'people'>,
): Promise<SheetExport> {
  const saved = { ...sheet, id: uuidv7(), at: ctx.at, actor: ctx.actor, lang: ctx.lang, secret: randomBytes(32) };
  await on.query(sql`insert into ${tableOf(ctx.workspace, 'sheet_export')} (id, at, actor, object, lang, columns, people, secret)
    values (${saved.id}, ${saved.at}, ${saved.actor}, ${saved.object}, ${saved.lang}, ${JSON.stringify(saved.columns)}::jsonb,
      ${JSON.stringify(saved.people)}::jsonb, ${saved.secret})`);
  return { ...saved, rows: null };
}

export async function countSheet(on: Queryable, workspace: string, id: string, rows: number): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'sheet_export')} set rows = ${rows} where id = ${id}`);
}

export async function findSheet(on: Queryable, workspace: string, id: string): Promise<SheetExport | null> {
  const [sheet] = await on.query<SheetExport>(
    sql`select * from ${tableOf(workspace, 'sheet_export')} where id = ${id}::uuid`,
  );
  return sheet ?? null;
}
