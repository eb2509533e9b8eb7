import { ceilingOf, isPlain } from '../../../domain/access/reach.ts';
import type { Action } from '../../../domain/access/types.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { hasSealed } from '../../records/catalog/lookup.ts';
import type { Ctx, ReadDoor, Row } from '../../records/types.ts';

/** The most that a page of the read door holds. */
const MOST = 500;

/** What deciding takes. */
const APPROVING: readonly Action[] = ['update', 'approve'];

export interface CurrentRecord extends Row {
  object: ObjectDef;
  title: string;
  /** The fields that were asked for. */
  asked: ReadonlySet<string>;
  /** The actor may decide about this record. */
  approves: boolean;
}

interface About {
  object: string;
  record: string;
  wanted: Record<string, unknown>;
  before?: Record<string, unknown>;
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
    const access = ctx.access.objects[name];
    if (!object || !access?.actions.includes('read')) continue;
    const about = rows.filter((row) => row.object === name);
    const wanted = new Set(about.flatMap((row) => Object.keys(row.wanted)));
    const names = object.fields
      .filter((field) => wanted.has(field.name) && !field.retired && isPlain(ceilingOf(access, field.name)))
      .map((field) => field.name);
    const asked = new Set(names);
    const ids = [...new Set(about.map(({ record }) => record))];
    const mayAtAll = APPROVING.every((action) => access.actions.includes(action));
    for (let at = 0; at < ids.length; at += MOST) {
      const filter: Filter = { field: '$id', op: 'in', value: ids.slice(at, at + MOST) };
      const query = { object: name, filter, page: { limit: MOST }, count: 'none' as const };
      const [{ rows: page }, approvable] = await Promise.all([
        read.list(ctx, { ...query, fields: [...new Set([object.title, ...names])], ...options }),
        // Roles may differ from row to row.
        mayAtAll && access.grants ? read.list(ctx, { ...query, fields: [], purpose: 'approve' }) : null,
      ]);
      const approved = approvable && new Set(approvable.rows.map(({ id }) => id));
      for (const row of page)
        found.set(row.id, {
          ...row,
          object,
          asked,
          title: String(row.values[object.title] ?? ''),
          approves: mayAtAll && (approved === null || approved.has(row.id)),
        });
    }
  }
  await openKept(read, ctx, catalog, rows, found);
  return found;
}

/** Values of encrypted fields wait sealed: those of records the actor may see are opened, for the fields he sees. */
async function openKept(
  read: ReadDoor,
  ctx: Ctx,
  catalog: Catalog,
  rows: readonly About[],
  found: ReadonlyMap<string, CurrentRecord>,
): Promise<void> {
  if (!hasSealed(catalog)) return;
  for (const name of new Set(rows.map(({ object }) => object))) {
    const seen = rows.filter((row) => row.object === name && found.has(row.record));
    const kept = seen.flatMap(({ record, wanted, before }) => [
      { record, values: wanted },
      ...(before ? [{ record, values: before }] : []),
    ]);
    await read.unseal(ctx, name, kept);
  }
}

/** He sees the value of this record as it is, not masked or as a range. */
export const isVisible = (record: CurrentRecord, field: FieldDef): boolean =>
  record.asked.has(field.name) && isPlain(record.modes?.[field.name] ?? 'edit');

/** He may approve, and change the field of this record, so he may decide about it. */
export const mayDecide = (record: CurrentRecord, field: FieldDef): boolean =>
  record.approves && isVisible(record, field) && (record.modes?.[field.name] ?? 'edit') === 'edit';
