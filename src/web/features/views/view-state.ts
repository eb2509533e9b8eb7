import type { z } from 'zod';
import type { viewDefinition, viewSchema } from '../../../contract/catalog.ts';
import type { Filter, Sort } from '../../../domain/filter/types.ts';

export type ViewDefinition = z.output<typeof viewDefinition>;
export type View = Omit<z.output<typeof viewSchema>, 'definition'> & { definition: ViewDefinition };

/** What the address says about a table; absent parts come from the view. `-` says explicitly none. */
export interface TableAddress {
  filter?: string | undefined;
  sort?: string | undefined;
  group?: string | undefined;
  /** `stage` or `stage~amount`: cards in columns by a field, with the sum of another. */
  board?: string | undefined;
}

export interface TableShape {
  filter: Filter | undefined;
  sort: Sort[];
  groupBy: string | undefined;
  board: Board | undefined;
}

export type Board = NonNullable<ViewDefinition['board']>;

export const NONE = '-';

export function readFilter(text: string): Filter | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Filter) : undefined;
  } catch {
    // A damaged address shows everything rather than an error.
    return undefined;
  }
}

/** `tier:asc,name:desc` */
export const writeSort = (sort: readonly Sort[]): string => sort.map(({ field, dir }) => `${field}:${dir}`).join(',');

export function readSort(text: string): Sort[] {
  return text.split(',').flatMap((part): Sort[] => {
    const [field, dir] = part.split(':');
    return field && (dir === 'asc' || dir === 'desc') ? [{ field, dir }] : [];
  });
}

const writeBoard = ({ by, sum }: Board): string => (sum ? `${by}~${sum}` : by);

function readBoard(text: string): Board | undefined {
  const [by, sum] = text.split('~');
  return by ? { by, ...(sum && { sum }) } : undefined;
}

/** The view with what the address changes about it. */
export function shapeOf(view: ViewDefinition | undefined, address: TableAddress): TableShape {
  return {
    filter:
      address.filter === undefined ? view?.filter : address.filter === NONE ? undefined : readFilter(address.filter),
    sort: address.sort === undefined ? (view?.sort ?? []) : address.sort === NONE ? [] : readSort(address.sort),
    groupBy: address.group === undefined ? view?.groupBy : address.group === NONE ? undefined : address.group,
    board: address.board === undefined ? view?.board : address.board === NONE ? undefined : readBoard(address.board),
  };
}

/** The shortest address that gives this shape on this view. */
export function addressOf(view: ViewDefinition | undefined, shape: TableShape): TableAddress {
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  return {
    filter: same(shape.filter, view?.filter) ? undefined : shape.filter ? JSON.stringify(shape.filter) : NONE,
    sort: same(shape.sort, view?.sort ?? []) ? undefined : shape.sort.length > 0 ? writeSort(shape.sort) : NONE,
    group: same(shape.groupBy, view?.groupBy) ? undefined : (shape.groupBy ?? NONE),
    board: same(shape.board && writeBoard(shape.board), view?.board && writeBoard(view.board))
      ? undefined
      : shape.board
        ? writeBoard(shape.board)
        : NONE,
  };
}

export const isChanged = (address: TableAddress): boolean =>
  [address.filter, address.sort, address.group, address.board].some((part) => part !== undefined);
