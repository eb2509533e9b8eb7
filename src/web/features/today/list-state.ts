import type { z } from 'zod';
import type { freshness, todayItemSchema } from '../../../contract/freshness.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { OutboxEntry } from './outbox.ts';

export type Today = z.infer<NonNullable<typeof freshness.today.response>>;
export type TodayItem = z.infer<typeof todayItemSchema>;
export type TodayCell = TodayItem['cells'][number];

export const itemKey = (item: { object: string; id: string }): string => `${item.object}/${item.id}`;
export const cellKey = (cell: { object: string; id: string; field: string }): string =>
  `${cell.object}/${cell.id}/${cell.field}`;

/** What was done with a cell since the list was fetched. */
export type Mark = 'right' | 'corrected';
/** How a whole item left the list. */
export type Gone = 'snoozed' | 'unreached' | 'finished';

/** The list as it stands on this page, and what the person did with it. */
export interface Progress {
  /** Day the list is of; a page left open overnight begins anew. */
  day: string;
  items: TodayItem[];
  marks: Record<string, Mark>;
  gone: Record<string, Gone>;
  /** Customers that were done today before this page was opened. */
  doneBefore: number;
}

export const noProgress: Progress = { day: '', items: [], marks: {}, gone: {}, doneBefore: 0 };

export type ProgressAction =
  | { type: 'mark'; cells: string[]; mark: Mark }
  | { type: 'gone'; item: string; how: Gone }
  | { type: 'back'; item?: string; cells?: string[] }
  | { type: 'fetched'; items: TodayItem[]; done: number; day: string };

export function progress(state: Progress, action: ProgressAction): Progress {
  switch (action.type) {
    case 'mark':
      return {
        ...state,
        marks: { ...state.marks, ...Object.fromEntries(action.cells.map((cell) => [cell, action.mark])) },
      };
    case 'gone':
      return { ...state, gone: { ...state.gone, [action.item]: action.how } };
    case 'back': {
      const cells = new Set(action.cells ?? []);
      return {
        ...state,
        marks: Object.fromEntries(Object.entries(state.marks).filter(([cell]) => !cells.has(cell))),
        gone: Object.fromEntries(Object.entries(state.gone).filter(([item]) => item !== action.item)),
      };
    }
    case 'fetched':
      if (action.day !== state.day)
        return { ...noProgress, day: action.day, items: action.items, doneBefore: action.done };
      return { ...state, items: merged(state, action.items) };
  }
}

/**
 * A fresh list laid into the one on screen. The server sorts by value, which every verification changes; on screen nothing may
 * jump while someone is on the phone: customers and values keep their places, new ones come at the end, and what was begun stays.
 */
function merged({ items, marks, gone }: Progress, fresh: TodayItem[]): TodayItem[] {
  const coming = new Map(fresh.map((item) => [itemKey(item), item]));
  const kept = items.flatMap((item): TodayItem[] => {
    const next = coming.get(itemKey(item));
    coming.delete(itemKey(item));
    if (!next) {
      const begun = gone[itemKey(item)] !== undefined || item.cells.some((cell) => marks[cellKey(cell)]);
      return begun ? [item] : [];
    }
    const cells = new Map(next.cells.map((cell) => [cellKey(cell), cell]));
    const stay = item.cells.flatMap((cell) => {
      const key = cellKey(cell);
      const now = cells.get(key);
      cells.delete(key);
      return marks[key] ? [cell] : now ? [now] : [];
    });
    return [{ ...next, cells: [...stay, ...cells.values()] }];
  });
  return [...kept, ...coming.values()];
}

export interface ShownItem {
  key: string;
  item: TodayItem;
  cells: { key: string; cell: TodayCell; mark: Mark | null; refused: string | null; draft?: FieldValue }[];
  open: number;
  refused: string | null;
}

/** The list as shown: what left it is out, refused work is back with its reason. */
export function shownItems(items: TodayItem[], state: Progress, entries: OutboxEntry[]): ShownItem[] {
  const refused = new Map<string, OutboxEntry>();
  for (const entry of entries) {
    if (entry.state !== 'refused') continue;
    for (const key of entry.cells.length > 0 ? entry.cells : [entry.item]) refused.set(key, entry);
  }
  return items
    .map((item): ShownItem => {
      const cells = item.cells.map((cell) => {
        const key = cellKey(cell);
        const no = refused.get(key);
        if (!no) return { key, cell, mark: state.marks[key] ?? null, refused: null };
        return { key, cell, mark: null, refused: no.message ?? '', ...(no.draft !== undefined && { draft: no.draft }) };
      });
      const key = itemKey(item);
      return {
        key,
        item,
        cells,
        open: cells.filter((one) => one.mark === null).length,
        refused: refused.get(key)?.message ?? null,
      };
    })
    .filter((shown) => shown.refused !== null || (state.gone[shown.key] === undefined && shown.open > 0));
}

/** Values asked of one customer at first: what one is willing to answer on one call. */
const atFirst = 5;

export interface VisibleItem extends ShownItem {
  /** Values behind “show more”. */
  more: number;
}

/**
 * What is drawn: the first customers, and of each the values worth most (the server sorts them so) until someone asks for all.
 * Values that are marked or refused stay in view.
 */
export function inView(shown: ShownItem[], count: number, expanded: ReadonlySet<string>): VisibleItem[] {
  return shown.slice(0, count).map((one) => {
    if (expanded.has(one.key)) return { ...one, cells: together(one.cells), more: 0 };
    let room = atFirst;
    const cells = one.cells.filter((cell) => cell.mark !== null || cell.refused !== null || room-- > 0);
    return { ...one, cells: together(cells), more: one.cells.length - cells.length };
  });
}

type ShownCell = ShownItem['cells'][number];
const recordOf = (one: ShownCell): string => `${one.cell.object}/${one.cell.id}`;

/** Fields of one person stand together, in the order in which the people come. */
function together(cells: ShownCell[]): ShownCell[] {
  const order = [...new Set(cells.map(recordOf))];
  return [...cells].sort((a, b) => order.indexOf(recordOf(a)) - order.indexOf(recordOf(b)));
}

/** Does a line begin another record than the one before; then its name stands above. */
export const beginsRecord = (cells: ShownCell[], index: number): boolean => {
  const [before, here] = [cells[index - 1], cells[index]];
  return here !== undefined && (before === undefined || recordOf(before) !== recordOf(here));
};

/** Customers of whom something was verified today: before, and on this page. The server's own count is right once it has heard. */
export function doneCount(state: Progress, counted: number): number {
  const here = state.items.filter((item) => item.cells.some((cell) => state.marks[cellKey(cell)])).length;
  return Math.max(counted, state.doneBefore + here);
}

const minutesOf = (one: ShownItem): number =>
  one.item.minutes * (one.cells.length === 0 ? 1 : one.open / one.cells.length);

/** Minutes of work still on the list as shown. */
export const minutesLeft = (shown: ShownItem[]): number =>
  Math.round(shown.reduce((sum, one) => sum + minutesOf(one), 0));

/** How many of the first fit into so many minutes; at least one, for one can always begin. */
export function fitInto(shown: ShownItem[], minutes: number): number {
  let sum = 0;
  const at = shown.findIndex((one) => {
    sum += minutesOf(one);
    return sum > minutes;
  });
  return at < 0 ? shown.length : Math.max(1, at);
}

/** Where the keyboard goes next: the first open cell after (or before) the current one, staying at the ends. */
export function moveCursor(shown: readonly ShownItem[], current: string | null, by: 1 | -1): string | null {
  const cells = shown.flatMap((one) => one.cells.filter((cell) => cell.mark === null).map((cell) => cell.key));
  if (cells.length === 0) return null;
  const at = current === null ? -1 : cells.indexOf(current);
  if (at < 0) return (by === 1 ? cells[0] : cells.at(-1)) ?? null;
  return cells[Math.min(cells.length - 1, Math.max(0, at + by))] ?? null;
}
