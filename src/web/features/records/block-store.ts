import type { z } from 'zod';
import type { pageSchema, querySchema, rowSchema } from '../../../contract/records.ts';
import type { Filter } from '../../../domain/filter/types.ts';

export type Row = z.output<typeof rowSchema>;
/** As the contract's query; its filter schema is recursive, so its input type is named here. */
export type Query = Omit<z.input<typeof querySchema>, 'filter'> & { filter?: Filter };
export type PageReply = z.output<typeof pageSchema>;

export const BLOCK = 200;
/** Blocks kept besides those in view; 60 × 200 rows. */
const KEPT = 60;
/** Rows asked for before they come into view, in the direction of travel: a quick hand makes 800 rows/s, a block takes up to 0.3 s. */
const AHEAD = 2 * BLOCK;
/** Blocks that one place looked up serves on the way up. */
const STRIDE = 5;
/** Requests at once; more would queue in the browser (six per host) before those that matter. */
const AT_ONCE = 3;
/** A place far from all that is known is asked for once the scroll bar rests: an offset among a million rows is dear to find. */
const REST_MS = 50;

interface Block {
  state: 'loading' | 'ready' | 'failed';
  rows: Row[];
  /** Cursor of the block that follows. */
  next?: string | undefined;
  /** Was true when loaded; asked again when it comes into view. */
  stale: boolean;
  used: number;
}

/** What the store needs of the world: one query, answered; and to be told when something changed. */
export interface BlockSource {
  fetch(query: Query): Promise<PageReply>;
  onChange(): void;
  onError(error: unknown): void;
}

/**
 * Rows of one query by position: blocks of 200, asked for a little before they come into view, the far ones dropped. Rows that were shown stay shown
 * while their block is asked again, so a live update never blanks the page. A block after a known one is asked by cursor (the server finds it at
 * once) and therefore waits for one that is on its way; a jump is asked by offset. What has left the view before its turn came is never asked for.
 */
export class BlockStore {
  readonly query: Query;
  readonly #source: BlockSource;
  readonly #blocks = new Map<number, Block>();
  readonly titles = new Map<string, string>();
  #count = 0;
  #exact = false;
  #counted = false;
  #clock = 0;
  /** Blocks to ask for, most urgent first. */
  #wanted: number[] = [];
  /** Blocks that load() waits for, with whom to tell. */
  readonly #awaited = new Map<number, (() => void)[]>();
  #running = 0;
  #from = 0;
  /** First block in view. */
  #top = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #countState: 'unknown' | 'asking' | 'known' | 'stale' = 'unknown';
  #closed = false;

  constructor(query: Query, source: BlockSource) {
    this.query = query;
    this.#source = source;
  }

  get size(): number {
    return this.#count;
  }

  /** False until the first answer. */
  get counted(): boolean {
    return this.#counted;
  }

  get exact(): boolean {
    return this.#exact;
  }

  row(index: number): Row | undefined {
    return this.#blocks.get(Math.floor(index / BLOCK))?.rows[index % BLOCK];
  }

  /** Position of a loaded record, or -1. */
  indexOf(id: string): number {
    for (const [number, block] of this.#blocks) {
      const at = block.rows.findIndex((row) => row.id === id);
      if (at >= 0) return number * BLOCK + at;
    }
    return -1;
  }

  loaded(): Row[] {
    return [...this.#blocks.values()].flatMap((block) => block.rows);
  }

  /** Replaces a record where it stands, after a write. */
  replace(row: Row): void {
    for (const block of this.#blocks.values()) {
      const at = block.rows.findIndex((old) => old.id === row.id);
      if (at >= 0) block.rows = block.rows.with(at, row);
    }
  }

  /** Asks for the blocks of [from, to) that are not there or no longer true, and for those that come next. */
  need(from: number, to: number): void {
    const first = Math.max(0, Math.floor(from / BLOCK));
    const last = Math.max(first, Math.floor((Math.max(from + 1, to) - 1) / BLOCK));
    const inView = between(first, last);
    for (const number of inView) {
      const block = this.#blocks.get(number);
      if (block) block.used = ++this.#clock;
    }
    this.#top = first;
    const down = from - this.#from;
    this.#from = from;
    const next = down === 0 ? this.#wanted : this.#ahead(from, to, down);
    this.#wanted = [...new Set([...inView, ...next])];
    clearTimeout(this.#rest);
    if (this.#isFar(first, last)) this.#rest = setTimeout(() => this.#pump(), REST_MS);
    else this.#pump();
    this.#drop(first, last);
    if (this.#countState === 'unknown' || this.#countState === 'stale') void this.#askCount();
  }

  /** Blocks that come into view if the reader goes on as he does. */
  #ahead(from: number, to: number, down: number): number[] {
    const end = this.#counted ? this.#count - 1 : to;
    if (down > 0) return between(Math.floor(to / BLOCK), Math.floor(Math.min(end, to + AHEAD) / BLOCK));
    // Upwards no cursor leads: one place further up is looked up, and from there cursors lead down again.
    const next = Math.floor(Math.max(0, from - AHEAD) / BLOCK);
    return between(next - (next % STRIDE), Math.floor(from / BLOCK));
  }

  #isFar(first: number, last: number): boolean {
    if (this.#blocks.size === 0) return false;
    return !between(first - 1, last + 1).some((number) => this.#blocks.has(number));
  }

  /** Resolves when [from, to) is there. */
  async load(from: number, to: number): Promise<void> {
    const last = Math.max(from, to - 1);
    const missing = between(Math.max(0, Math.floor(from / BLOCK)), Math.floor(last / BLOCK)).filter((number) => {
      const block = this.#blocks.get(number);
      return block?.state !== 'ready' || block.stale;
    });
    const done = missing.map(
      (number) =>
        new Promise<void>((resolve) => {
          this.#awaited.set(number, [...(this.#awaited.get(number) ?? []), resolve]);
        }),
    );
    this.#pump();
    if (this.#countState === 'unknown' || this.#countState === 'stale') void this.#askCount();
    await Promise.all(done);
  }

  /** What is loaded may have changed: asked again when in view (the caller calls need for that). */
  expire(): void {
    for (const block of this.#blocks.values()) block.stale = true;
    if (this.#countState === 'known') this.#countState = 'stale';
  }

  retry(): void {
    for (const [number, block] of this.#blocks) if (block.state === 'failed') this.#blocks.delete(number);
    this.#source.onChange();
  }

  reopen(): void {
    this.#closed = false;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#rest);
  }

  /** Starts what may start: the most urgent first, a few at once, a block after one that is on its way when that has come. */
  #pump(): void {
    for (const number of [...this.#wanted, ...this.#awaited.keys()]) {
      if (this.#running >= AT_ONCE) return;
      const block = this.#blocks.get(number);
      const beyond = this.#counted && number > 0 && number * BLOCK >= this.#count;
      if (beyond || (block && !(block.stale && block.state === 'ready'))) {
        if (beyond || block?.state === 'failed') this.#tell(number);
        continue;
      }
      if (!this.#comesAfter(number)) void this.#load(number);
    }
  }

  /** The block before it is on its way or about to be asked for: then this one follows by cursor. What is in view first does not wait for that. */
  #comesAfter(number: number): boolean {
    const before = this.#blocks.get(number - 1);
    if (before) return before.state === 'loading';
    return number !== this.#top && this.#wanted.includes(number - 1);
  }

  #tell(number: number): void {
    const waiting = this.#awaited.get(number) ?? [];
    this.#awaited.delete(number);
    for (const resolve of waiting) resolve();
  }

  async #load(number: number): Promise<void> {
    const old = this.#blocks.get(number);
    const block: Block = {
      state: 'loading',
      rows: old?.rows ?? [],
      next: old?.next,
      stale: false,
      used: ++this.#clock,
    };
    this.#blocks.set(number, block);
    this.#running++;
    await this.#fetch(number, block);
    this.#running--;
    this.#tell(number);
    if (!this.#closed) this.#pump();
  }

  async #fetch(number: number, block: Block): Promise<void> {
    const before = this.#blocks.get(number - 1);
    const after = before?.state === 'ready' && !before.stale ? before.next : undefined;
    const page = after ? { limit: BLOCK, after } : { limit: BLOCK, offset: number * BLOCK };
    try {
      const reply = await this.#source.fetch({ ...this.query, page, count: 'none' });
      if (this.#closed) {
        this.#blocks.delete(number);
        return;
      }
      block.state = 'ready';
      block.rows = reply.rows;
      block.next = reply.next;
      for (const [id, title] of Object.entries(reply.titles ?? {})) this.titles.set(id, title);
      this.#recount(number, reply);
    } catch (error) {
      if (this.#closed) return;
      block.state = 'failed';
      this.#source.onError(error);
    }
    this.#source.onChange();
  }

  /** Counting a million rows takes longer than finding the first 200: rows show first, the scroll bar follows. */
  async #askCount(): Promise<void> {
    this.#countState = 'asking';
    try {
      const { freshness: _, fields: __, ...query } = this.query;
      const reply = await this.#source.fetch({ ...query, fields: [], page: { limit: 1 }, count: 'exact' });
      if (this.#closed) return;
      // Expired meanwhile: the next need asks again.
      if (this.#countState === 'asking') this.#countState = 'known';
      if (reply.count) {
        this.#count = reply.count.value;
        this.#exact = reply.count.exact;
        this.#counted = true;
        this.#cut();
      }
    } catch (error) {
      if (this.#closed) return;
      this.#countState = 'known';
      this.#source.onError(error);
    }
    this.#source.onChange();
  }

  /** Rows tell about the size too: they are where the list ends, whatever was counted a moment ago. */
  #recount(number: number, reply: PageReply): void {
    const end = number * BLOCK + reply.rows.length;
    if (reply.next === undefined && (reply.rows.length > 0 || number === 0)) {
      this.#count = end;
      this.#counted = true;
    } else if (end >= this.#count) this.#count = reply.next === undefined ? this.#count : end + BLOCK;
    this.#cut();
  }

  #cut(): void {
    for (const known of this.#blocks.keys()) if (known * BLOCK >= this.#count && known > 0) this.#blocks.delete(known);
  }

  #drop(first: number, last: number): void {
    if (this.#blocks.size <= KEPT) return;
    const far = [...this.#blocks].filter(
      ([number, block]) => (number < first - 1 || number > last + 1) && block.state !== 'loading',
    );
    far.sort((a, b) => a[1].used - b[1].used);
    for (const [number] of far.slice(0, this.#blocks.size - KEPT)) this.#blocks.delete(number);
  }
}

const between = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
