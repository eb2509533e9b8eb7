import { AppError } from '../../../contract/errors.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, HistoryEntry, Query, ReadDoor, Row } from '../../records/types.ts';
import { childrenOf, isReadable } from './children.ts';

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

export interface TimelineOptions {
  limit?: number;
  before?: string;
  /** Names of objects, and kinds of changes (update, verify, evidence …): only these. */
  kinds?: readonly string[];
  /** Account: only what this person did. */
  by?: string;
}

/** Kinds of entries that are not records of their own. */
export const CHANGE_KINDS = ['create', 'update', 'delete', 'restore', 'verify', 'evidence'] as const;

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
  options: TimelineOptions = {},
): Promise<Timeline> {
  const limit = options.limit ?? 50;
  const place = options.before === undefined ? null : readPlace(options.before);
  const take = limit + 1 + (place?.skip ?? 0);
  const { kinds, by } = options;
  const related = relatedObjects(await catalog.get(ctx.workspace), ctx, object).filter(
    ({ name }) => !kinds || kinds.includes(name),
  );
  const changes = kinds && CHANGE_KINDS.filter((kind) => kinds.includes(kind));
  const [history, ...pages] = await Promise.all([
    changes?.length === 0
      ? []
      : read.history(ctx, object, id, {
          limit: Math.min(500, take),
          ...(place && { before: place.at }),
          ...(changes && { kinds: changes }),
          ...(by !== undefined && { actor: `user:${by}` }),
        }),
    ...related.map((one) => read.list(ctx, relatedQuery(one, id, take, place, by))),
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
  /** Field that says whose doing it is. */
  owner: string;
}

function relatedObjects(catalog: Catalog, ctx: Ctx, object: string): Related[] {
  return childrenOf(catalog, ctx, object).map(({ object: one, parent }) => {
    // An interaction tells when it took place; other records, when they were entered.
    const told = one.fields.find((f) => f.name === 'at' && f.type === 'datetime' && isReadable(ctx, one, f.name));
    const owner = one.owner !== undefined && isReadable(ctx, one, one.owner) ? one.owner : '$created_by';
    return { name: one.name, parent: parent.name, time: told ? told.name : '$created_at', owner };
  });
}

function relatedQuery(
  { name, parent, time, owner }: Related,
  id: string,
  take: number,
  place: Place | null,
  by: string | undefined,
): Query {
  const theirs: Filter[] =
    by === undefined ? [] : [{ field: owner, op: 'eq', value: owner === '$created_by' ? `user:${by}` : by }];
  return {
    object: name,
    filter: {
      all: [
        { field: parent, op: 'eq', value: id },
        place ? { field: time, op: 'lte', value: place.at } : { field: time, op: 'notEmpty' },
        ...theirs,
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
