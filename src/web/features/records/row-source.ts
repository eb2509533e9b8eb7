import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { type BlockSource, BlockStore, type Query, type Row } from './block-store.ts';

export interface Group {
  value: FieldValue;
  count: number;
}

export type Place =
  | { kind: 'row'; store: BlockStore; index: number }
  | { kind: 'group'; group: Group; number: number; open: boolean };

/**
 * Positions of a table: one list of rows, or groups with their rows below when open. Only open groups ask for rows; each has its own store.
 */
export class RowSource {
  readonly query: Query;
  readonly #source: BlockSource;
  readonly #whole: BlockStore;
  #groups: Group[] | null = null;
  #groupField = '';
  readonly #open = new Map<number, BlockStore>();

  constructor(query: Query, source: BlockSource) {
    this.query = query;
    this.#source = source;
    this.#whole = new BlockStore(query, source);
  }

  /** Shows groups instead of one list. */
  setGroups(field: string, groups: Group[]): void {
    const first = this.#groups === null;
    this.#groupField = field;
    this.#groups = groups;
    for (const store of this.#open.values()) store.expire();
    // A handful of groups is easier to read open; many are an overview.
    if (first && groups.length > 0) this.toggle(0);
    this.#source.onChange();
  }

  get grouped(): boolean {
    return this.#groups !== null;
  }

  toggle(number: number): void {
    const group = this.#groups?.[number];
    if (!group) return;
    const open = this.#open.get(number);
    if (open) {
      open.close();
      this.#open.delete(number);
    } else
      this.#open.set(
        number,
        new BlockStore(
          { ...this.query, filter: both(this.query.filter, same(this.#groupField, group.value)) ?? { all: [] } },
          this.#source,
        ),
      );
    this.#source.onChange();
  }

  size(): number {
    if (!this.#groups) return this.#whole.size;
    return this.#groups.reduce((sum, group, number) => sum + 1 + this.#below(number, group), 0);
  }

  #below(number: number, group: Group): number {
    const store = this.#open.get(number);
    return store ? (store.counted ? store.size : group.count) : 0;
  }

  place(index: number): Place | undefined {
    if (!this.#groups) return { kind: 'row', store: this.#whole, index };
    let at = 0;
    for (const [number, group] of this.#groups.entries()) {
      const store = this.#open.get(number);
      if (index === at) return { kind: 'group', group, number, open: store !== undefined };
      const below = this.#below(number, group);
      if (store && index <= at + below) return { kind: 'row', store, index: index - at - 1 };
      at += 1 + below;
    }
    return undefined;
  }

  row(index: number): Row | undefined {
    const place = this.place(index);
    return place?.kind === 'row' ? place.store.row(place.index) : undefined;
  }

  /** Calls for every store that has rows in [from, to), with the part it has. */
  #each(from: number, to: number, visit: (store: BlockStore, from: number, to: number) => void): void {
    if (!this.#groups) {
      visit(this.#whole, from, to);
      return;
    }
    let at = 0;
    for (const [number, group] of this.#groups.entries()) {
      const below = this.#below(number, group);
      const store = this.#open.get(number);
      const start = Math.max(from, at + 1);
      const end = Math.min(to, at + 1 + below);
      if (store && start < end) visit(store, start - at - 1, end - at - 1);
      at += 1 + below;
    }
  }

  need(from: number, to: number): void {
    this.#each(from, to, (store, first, end) => store.need(first, end));
  }

  async load(from: number, to: number): Promise<void> {
    const work: Promise<void>[] = [];
    this.#each(from, to, (store, first, end) => work.push(store.load(first, end)));
    await Promise.all(work);
  }

  #stores(): BlockStore[] {
    return [this.#whole, ...this.#open.values()];
  }

  find(id: string): Row | undefined {
    for (const store of this.#stores()) {
      const at = store.indexOf(id);
      if (at >= 0) return store.row(at);
    }
    return undefined;
  }

  replace(row: Row): void {
    for (const store of this.#stores()) store.replace(row);
  }

  /** Ids around a record in the shown order, as far as they are loaded. */
  around(id: string, reach = 200): string[] {
    const size = this.size();
    const whole = this.#groups ? -1 : this.#whole.indexOf(id);
    const ids: string[] = [];
    const from = whole >= 0 ? Math.max(0, whole - reach) : 0;
    const to = Math.min(size, whole >= 0 ? whole + reach : reach * 20);
    for (let index = from; index < to; index++) {
      const row = this.row(index);
      if (row) ids.push(row.id);
    }
    return ids;
  }

  title(id: string): string | undefined {
    for (const store of this.#stores()) {
      const title = store.titles.get(id);
      if (title !== undefined) return title;
    }
    return undefined;
  }

  addTitles(titles: Record<string, string> | undefined): void {
    for (const [id, title] of Object.entries(titles ?? {})) this.#whole.titles.set(id, title);
  }

  expire(): void {
    for (const store of this.#stores()) store.expire();
    this.#source.onChange();
  }

  retry(): void {
    for (const store of this.#stores()) store.retry();
  }

  /** How many records the query finds; null while unknown. */
  total(): { value: number; exact: boolean } | null {
    if (this.#groups) return { value: this.#groups.reduce((sum, group) => sum + group.count, 0), exact: true };
    return this.#whole.counted ? { value: this.#whole.size, exact: this.#whole.exact } : null;
  }

  /** In use again (an effect that ran twice). */
  reopen(): void {
    for (const store of this.#stores()) store.reopen();
  }

  close(): void {
    for (const store of this.#stores()) store.close();
  }
}

/** Records that have the value; null stands for none. */
export const same = (field: string, value: FieldValue): Filter =>
  value === null ? { field, op: 'empty' } : { field, op: 'eq', value };

export const both = (a: Filter | undefined, b: Filter | undefined): Filter | undefined =>
  a && b ? { all: [a, b] } : (a ?? b);
