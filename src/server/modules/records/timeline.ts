import { AppError } from '../../../contract/errors.ts';
import { modeOf } from '../../../domain/access/reach.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, HistoryEntry, Query, ReadDoor, Row } from '../../records/types.ts';

export interface TimelineEntry {
  at: string;
  kind: 'record' | 'change';
  object: string;
  row?: Row;
  entry?: HistoryEntry;
}

export interface Timeline {
  entries: TimelineEntry[];
  next?: string;
  titles: Record<string, string>;
}

/** Place in the stream: a moment, and how many entries of exactly that moment were shown already. */
interface Place {
  at: string;
  skip: number;
}

/**
 * What happened with a record: records that belong to it (interactions, orders, …) at the time they tell, and its own
 * changes and verifications, newest first, as far as the actor may see them.
 */
export async function timeline(
  { read, catalog }: { read: ReadDoor; catalog: CatalogStore },
  ctx: Ctx,
  object: string,
  id: string,
  options: { limit?: number; before?: string } = {},
): Promise<Timeline> {
  const limit = options.limit ?? 50;
  const place = options.before === undefined ? null : readPlace(options.before);
  const take = limit + 1 + (place?.skip ?? 0);
  const related = relatedObjects(await catalog.get(ctx.workspace), ctx, object);
  const [history, ...pages] = await Promise.all([
    read.history(ctx, object, id, { limit: Math.min(500, take), ...(place && { before: place.at }) }),
    ...related.map((one) => read.list(ctx, relatedQuery(one, id, take, place))),
  ]);
  const all: TimelineEntry[] = history.map((entry) => ({ at: entry.at, kind: 'change', object, entry }));
  const titles: Record<string, string> = {};
  related.forEach(({ name, time }, i) => {
    const page = pages[i];
    Object.assign(titles, page?.titles);
    for (const row of page?.rows ?? []) all.push({ at: timeOf(row, time), kind: 'record', object: name, row });
  });
  all.sort((a, b) => (a.at === b.at ? (keyOf(a) > keyOf(b) ? -1 : 1) : a.at > b.at ? -1 : 1));
  const start = place?.skip ?? 0;
  const entries = all.slice(start, start + limit);
  const last = entries.at(-1);
  const more = all.length > start + limit && last !== undefined;
  return { entries, titles, ...(more && { next: writePlace(all, start + limit, last.at) }) };
}

const keyOf = (entry: TimelineEntry): string => entry.row?.id ?? String(entry.entry?.version).padStart(9, '0');

interface Related {
  name: string;
  parent: string;
  time: string;
}

/** Objects whose parent relation points at this one, where the actor may read both the object and the relation. */
function relatedObjects(catalog: Catalog, ctx: Ctx, object: string): Related[] {
  const readable = (one: ObjectDef, field: string): boolean =>
    ['read', 'edit'].includes(modeOf(ctx.access.objects[one.name], field));
  return catalog.objects.flatMap((one) => {
    const parent = one.fields.find((f) => f.name === one.parent && f.target === object && !f.retired);
    const access = ctx.access.objects[one.name];
    if (!parent || one.retired || !access?.actions.includes('read') || access.rows === false) return [];
    if (!readable(one, parent.name)) return [];
    // An interaction tells when it took place; other records, when they were entered.
    const told = one.fields.find((f) => f.name === 'at' && f.type === 'datetime' && readable(one, f.name));
    return [{ name: one.name, parent: parent.name, time: told ? told.name : '$created_at' }];
  });
}

function relatedQuery({ name, parent, time }: Related, id: string, take: number, place: Place | null): Query {
  return {
    object: name,
    filter: {
      all: [
        { field: parent, op: 'eq', value: id },
        place ? { field: time, op: 'lte', value: place.at } : { field: time, op: 'notEmpty' },
      ],
    },
    sort: [{ field: time, dir: 'desc' }],
    page: { limit: Math.min(500, take) },
  };
}

const timeOf = (row: Row, time: string): string =>
  time === '$created_at' ? row.createdAt : String(row.values[time] ?? row.createdAt);

function readPlace(text: string): Place {
  const [at = '', skip = '0'] = text.split('~');
  if (Number.isNaN(Date.parse(at)) || !/^\d{1,4}$/.test(skip))
    throw new AppError('invalid-input', { count: 1 }, { issues: [{ code: 'cursor' }] });
  return { at: new Date(at).toISOString(), skip: Number(skip) };
}

/** The next page begins at the moment of the last entry shown, past those of that moment. */
function writePlace(all: TimelineEntry[], shown: number, at: string): string {
  const first = all.findIndex((entry) => entry.at === at);
  return `${at}~${shown - first}`;
}
