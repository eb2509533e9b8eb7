import type { FieldValue } from '../../../../domain/schema/types.ts';
import type { PageReply, Row } from '../block-store.ts';

/** Value of a column; null: cards without one. */
export type ColumnKey = string | null;

export interface BoardGroup {
  value: FieldValue;
  count: number;
  sum?: string | undefined;
}

/** What the store needs of the world. */
export interface BoardWorld {
  /** One page of a column's cards, in the order of the view. */
  page(key: ColumnKey, after: string | undefined): Promise<PageReply>;
  groups(): Promise<BoardGroup[]>;
  onChange(): void;
  onError(error: unknown): void;
}

interface Column {
  ids: string[];
  next: string | undefined;
  state: 'loading' | 'ready' | 'failed';
  count: number;
  /** null: no sum is shown. */
  sum: number | null;
}

/**
 * Cards of a board by column. A card that is moved is at once in its new column, and counts and sums with it; what the server makes of it
 * (refused, held, changed by another) puts it where its value says. Columns load page by page, each by its own cursor.
 */
export class BoardStore {
  readonly titles = new Map<string, string>();
  readonly #world: BoardWorld;
  readonly #field: string;
  readonly #sum: string | undefined;
  readonly #columns = new Map<ColumnKey, Column>();
  readonly #rows = new Map<string, Row>();
  readonly #places = new Map<string, ColumnKey>();
  #turn = 0;
  /** Moves so far: what was asked before one says where cards were before it. */
  #moves = 0;
  #outdated = false;

  constructor(field: string, sum: string | undefined, world: BoardWorld) {
    this.#field = field;
    this.#sum = sum;
    this.#world = world;
  }

  column(key: ColumnKey): Readonly<Column> {
    let column = this.#columns.get(key);
    if (!column) {
      column = { ids: [], next: undefined, state: 'loading', count: 0, sum: null };
      this.#columns.set(key, column);
    }
    return column;
  }

  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  place(id: string): ColumnKey | undefined {
    return this.#places.get(id);
  }

  /** Loads, or loads anew what is loaded, without blanking what is shown. */
  async load(keys: readonly ColumnKey[]): Promise<void> {
    const turn = ++this.#turn;
    const groups = this.#world.groups().then(
      (found) => turn === this.#turn && this.#takeGroups(found),
      (error: unknown) => this.#world.onError(error),
    );
    await Promise.all([groups, ...keys.map((key) => this.#fill(key, turn))]);
  }

  /** Counts and sums alone. */
  async recount(): Promise<void> {
    const turn = this.#turn;
    const found = await this.#world.groups();
    if (turn === this.#turn) this.#takeGroups(found);
  }

  async more(key: ColumnKey): Promise<void> {
    const column = this.#own(key);
    if (column.state !== 'ready' || column.next === undefined) return;
    const turn = this.#turn;
    column.state = 'loading';
    this.#world.onChange();
    try {
      const page = await this.#world.page(key, column.next);
      if (turn === this.#turn) this.#append(key, column, page);
    } catch (error) {
      column.state = 'ready';
      this.#world.onError(error);
    }
    this.#world.onChange();
  }

  /** Did an answer come too late to be used? Then the board is to be loaded again once the moves are stored. */
  takeOutdated(): boolean {
    const was = this.#outdated;
    this.#outdated = false;
    return was;
  }

  /** Puts a card at the top of another column. */
  move(id: string, to: ColumnKey): void {
    const row = this.#rows.get(id);
    const from = this.#places.get(id);
    if (!row || from === undefined || from === to) return;
    this.#moves += 1;
    const [old, next] = [this.#own(from), this.#own(to)];
    old.ids = old.ids.filter((one) => one !== id);
    next.ids = [id, ...next.ids.filter((one) => one !== id)];
    this.#places.set(id, to);
    const amount = this.#amountOf(row);
    old.count = Math.max(0, old.count - 1);
    next.count += 1;
    if (old.sum !== null) old.sum -= amount;
    if (next.sum !== null) next.sum += amount;
    this.#world.onChange();
  }

  /** A row as it is now, in the column that its value says. */
  replace(row: Row): void {
    this.#rows.set(row.id, row);
    this.align(row.id);
    this.#world.onChange();
  }

  /** Back to where its value says. */
  align(id: string): void {
    const row = this.#rows.get(id);
    if (row) this.move(id, keyOf(row.values[this.#field]));
  }

  /** No longer there: deleted, or out of sight. */
  drop(id: string): void {
    const from = this.#places.get(id);
    if (from === undefined) return;
    const column = this.#own(from);
    column.ids = column.ids.filter((one) => one !== id);
    column.count = Math.max(0, column.count - 1);
    this.#places.delete(id);
    this.#rows.delete(id);
    this.#world.onChange();
  }

  async #fill(key: ColumnKey, turn: number): Promise<void> {
    const column = this.#own(key);
    const moves = this.#moves;
    try {
      const page = await this.#world.page(key, undefined);
      if (turn !== this.#turn) return;
      if (moves !== this.#moves) {
        this.#outdated = true;
        return;
      }
      for (const id of column.ids) if (this.#places.get(id) === key) this.#places.delete(id);
      column.ids = [];
      this.#append(key, column, page);
    } catch (error) {
      if (turn !== this.#turn) return;
      column.state = 'failed';
      this.#world.onError(error);
    }
    this.#world.onChange();
  }

  #append(key: ColumnKey, column: Column, page: PageReply): void {
    for (const [id, title] of Object.entries(page.titles ?? {})) this.titles.set(id, title);
    for (const row of page.rows) {
      const before = this.#places.get(row.id);
      // Moved between two pages: it is in one column only.
      if (before !== undefined && before !== key) {
        const other = this.#own(before);
        other.ids = other.ids.filter((id) => id !== row.id);
      }
      this.#rows.set(row.id, row);
      this.#places.set(row.id, key);
      if (before !== key || !column.ids.includes(row.id)) column.ids.push(row.id);
    }
    column.next = page.next;
    column.state = 'ready';
  }

  #takeGroups(groups: readonly BoardGroup[]): void {
    for (const column of this.#columns.values()) Object.assign(column, { count: 0, sum: null });
    const summed = groups.some((group) => group.sum !== undefined);
    for (const column of this.#columns.values()) if (summed) column.sum = 0;
    for (const group of groups) {
      const column = this.#own(keyOf(group.value));
      column.count = group.count;
      column.sum = group.sum === undefined ? null : Number(group.sum);
    }
    this.#world.onChange();
  }

  #own(key: ColumnKey): Column {
    return this.column(key) as Column;
  }

  #amountOf(row: Row): number {
    const amount = this.#sum === undefined ? 0 : Number(row.values[this.#sum] ?? 0);
    return Number.isFinite(amount) ? amount : 0;
  }
}

export const keyOf = (value: FieldValue | undefined): ColumnKey => (typeof value === 'string' ? value : null);
