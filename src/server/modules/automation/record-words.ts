import { isPlain } from '../../../domain/access/reach.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Ctx, ReadDoor, Row } from '../../records/types.ts';
import type { FindDeps } from './deps.ts';

/** The most that a page of the read door holds. */
const MOST = 500;

/** Records as somebody sees them, with the names of what they point at. */
export interface Seen {
  rows: Map<string, Row>;
  titles: Record<string, string>;
}

/** Whether a value stands in the row as it is, neither masked nor as a range. */
export const seesPlain = (row: Row, name: string): boolean =>
  name in row.values && isPlain(row.modes?.[name] ?? 'edit');

export async function seeRecords(
  read: ReadDoor,
  ctx: Ctx,
  object: string,
  ids: readonly string[],
  deleted = false,
): Promise<Seen> {
  const seen: Seen = { rows: new Map(), titles: {} };
  if (ctx.access.objects[object] === undefined) return seen;
  for (let at = 0; at < ids.length; at += MOST) {
    const filter = { field: '$id', op: 'in' as const, value: ids.slice(at, at + MOST) };
    const page = await read.list(ctx, {
      object,
      filter,
      page: { limit: MOST },
      count: 'none',
      ...(deleted && { deleted }),
    });
    for (const row of page.rows) seen.rows.set(row.id, row);
    Object.assign(seen.titles, page.titles);
  }
  return seen;
}

/**
 * What the places of a text say of one record, as one person sees it: what he may not see is a dash.
 * @param before values before the change, for `{before.field}`
 */
export function speakerOf(
  deps: Pick<FindDeps, 'env'>,
  ctx: Ctx,
  catalog: Catalog,
  object: ObjectDef,
  seen: Seen,
  id: string,
  related: ReadonlyMap<string, Seen>,
  before: Record<string, FieldValue> = {},
): (name: string) => string | undefined {
  const row = seen.rows.get(id);
  const titles = Object.assign({}, seen.titles, ...[...related.values()].map((one) => one.titles));
  const say = (of: ObjectDef, name: string, value: FieldValue): string | undefined => {
    const field = findField(of, name);
    if (!field) return undefined;
    if (value === null) return '';
    if (typeof value === 'string' && titles[value] !== undefined) return titles[value];
    return fieldType(field.type).format(value, field, ctx.lang, deps.env(ctx));
  };
  return (place) => {
    const [first = '', rest] = place.split('.');
    if (rest === undefined) return say(object, first, row?.values[first] ?? null);
    // What somebody sees masked now he is not told as it was.
    if (first === 'before') return say(object, rest, row && seesPlain(row, rest) ? (before[rest] ?? null) : null);
    const relation = findField(object, first);
    const target = relation && findObject(catalog, relation.target ?? '');
    const pointed = row?.values[first];
    if (!target) return undefined;
    return say(
      target,
      rest,
      typeof pointed === 'string' ? (related.get(first)?.rows.get(pointed)?.values[rest] ?? null) : null,
    );
  };
}

/** Records that relations named in texts point at. */
export async function seeRelated(
  read: ReadDoor,
  ctx: Ctx,
  object: ObjectDef,
  seen: Seen,
  places: readonly string[],
): Promise<Map<string, Seen>> {
  const related = new Map<string, Seen>();
  for (const name of new Set(places.flatMap((place) => (place.includes('.') ? [place.split('.')[0] ?? ''] : [])))) {
    const field = findField(object, name);
    if (!field?.target) continue;
    const ids = [...seen.rows.values()].flatMap((row) => {
      const value = row.values[name];
      return typeof value === 'string' ? [value] : [];
    });
    related.set(name, await seeRecords(read, ctx, field.target, [...new Set(ids)]));
  }
  return related;
}
