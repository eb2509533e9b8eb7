import { isPlain, modeOf } from '../../../domain/access/reach.ts';
import type { Action } from '../../../domain/access/types.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Ctx, ReadDoor, Row } from '../../records/types.ts';

/** The most that a page of the read door holds. */
const MOST = 500;

export interface CurrentRecord extends Row {
  object: ObjectDef;
  title: string;
}

interface About {
  object: string;
  record: string;
  wanted: Record<string, unknown>;
}

/** The records of proposals as they are, as far as the actor may see them: those he may not see, and deleted ones, are left out. */
export async function loadCurrent(
  read: ReadDoor,
  ctx: Ctx,
  catalog: Catalog,
  rows: readonly About[],
  options: { freshness?: boolean } = {},
): Promise<Map<string, CurrentRecord>> {
  const found = new Map<string, CurrentRecord>();
  for (const name of new Set(rows.map(({ object }) => object))) {
    const object = catalog.objects.find((one) => one.name === name && !one.retired);
    if (!object || !ctx.access.objects[name]?.actions.includes('read')) continue;
    const about = rows.filter((row) => row.object === name);
    const wanted = new Set(about.flatMap((row) => Object.keys(row.wanted)));
    const names = object.fields
      .filter((field) => wanted.has(field.name) && isVisible(ctx, object, field))
      .map((field) => field.name);
    const ids = [...new Set(about.map(({ record }) => record))];
    for (let at = 0; at < ids.length; at += MOST) {
      const { rows: page } = await read.list(ctx, {
        object: name,
        fields: [...new Set([object.title, ...names])],
        filter: { field: '$id', op: 'in', value: ids.slice(at, at + MOST) },
        page: { limit: MOST },
        count: 'none',
        ...options,
      });
      for (const row of page) found.set(row.id, { ...row, object, title: String(row.values[object.title] ?? '') });
    }
  }
  return found;
}

/** He sees the value as it is, not masked or as a range. */
export const isVisible = (ctx: Ctx, object: ObjectDef, field: FieldDef): boolean =>
  !field.retired && isPlain(modeOf(ctx.access.objects[object.name], field.name));

/** What deciding takes of the object's actions. */
const APPROVING: readonly Action[] = ['update', 'approve'];

/** He may approve and change the field, so he may decide about it. */
export const mayDecide = (ctx: Ctx, object: ObjectDef, field: FieldDef): boolean =>
  APPROVING.every((action) => ctx.access.objects[object.name]?.actions.includes(action)) &&
  !field.retired &&
  modeOf(ctx.access.objects[object.name], field.name) === 'edit';

/** Open fields of a proposal that he may decide on. */
export function decidable(ctx: Ctx, catalog: Catalog, stored: { object: string; open: readonly string[] }): string[] {
  const object = catalog.objects.find(({ name }) => name === stored.object);
  return stored.open.filter((name) =>
    object?.fields.some((field) => field.name === name && mayDecide(ctx, object, field)),
  );
}
