import { describe, expect, it } from 'vitest';
import { BLOCK, BlockStore, type PageReply, type Query, type Row } from './block-store.ts';

const row = (n: number): Row => ({
  id: `r${n}`,
  version: 1,
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  values: { n },
});

/** A list of numbered rows that answers as the read door does. */
function world(total: number) {
  const asked: Query[] = [];
  let changes = 0;
  const list = { total };
  const store = new BlockStore(
    { object: 'customer' },
    {
      fetch: async (query): Promise<PageReply> => {
        asked.push(query);
        const from = query.page?.after ? Number(query.page.after) : (query.page?.offset ?? 0);
        const to = Math.min(list.total, from + (query.page?.limit ?? 0));
        return {
          rows: Array.from({ length: Math.max(0, to - from) }, (_, index) => row(from + index)),
          ...(to < list.total && { next: String(to) }),
          ...(query.count === 'exact' && { count: { value: list.total, exact: true } }),
        };
      },
      onChange: () => changes++,
      onError: (error) => {
        throw error;
      },
    },
  );
  return {
    store,
    asked,
    list,
    changes: () => changes,
    rowsAsked: () => asked.filter((query) => query.count === 'none'),
  };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));

describe('rows by position', () => {
  it('asks for what comes into view, once', async () => {
    const { store, asked, rowsAsked } = world(1000);
    await store.load(0, 40);
    await tick();
    store.need(0, 40);
    expect(store.size).toBe(1000);
    expect(store.row(39)?.id).toBe('r39');
    expect(rowsAsked()).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('goes on by cursor and jumps by offset', async () => {
    const { store, rowsAsked } = world(100_000);
    await store.load(0, 10);
    await store.load(BLOCK, BLOCK + 10);
    await store.load(90_000, 90_010);
    expect(rowsAsked().map((query) => query.page)).toEqual([
      { limit: BLOCK, offset: 0 },
      { limit: BLOCK, after: String(BLOCK) },
      { limit: BLOCK, offset: 90_000 },
    ]);
    expect(store.row(90_005)?.values.n).toBe(90_005);
    expect(store.row(50_000)).toBeUndefined();
  });

  it('asks for the next rows before they come into view, as long as the reader goes that way', async () => {
    const { store, rowsAsked } = world(100_000);
    await store.load(0, 10);
    store.need(0, 30);
    await tick();
    expect(rowsAsked()).toHaveLength(1);
    store.need(12, 42);
    await tick();
    await tick();
    expect(store.row(2 * BLOCK)?.values.n).toBe(2 * BLOCK);
    expect(rowsAsked().every((query, at) => at === 0 || query.page?.after !== undefined)).toBe(true);
  });

  it('after a jump asks for one place and goes on from there by cursor', async () => {
    const { store, rowsAsked } = world(1_000_000);
    await store.load(0, 10);
    store.need(500_000, 500_030);
    await expect.poll(() => store.row(500_000 + 2 * BLOCK)?.values.n).toBe(500_000 + 2 * BLOCK);
    expect(
      rowsAsked()
        .map(({ page }) => page?.offset)
        .filter((offset) => offset !== undefined),
    ).toEqual([0, 500_000]);
  });

  it('on the way up looks up one place for several blocks', async () => {
    const { store, rowsAsked } = world(1_000_000);
    await store.load(500_000, 500_010);
    for (let at = 500_010; at > 497_000; at -= 20) {
      store.need(at, at + 30);
      await tick();
    }
    await tick();
    expect(store.row(497_010)?.values.n).toBe(497_010);
    const byOffset = rowsAsked().filter(({ page }) => page?.offset !== undefined);
    expect(rowsAsked().length).toBeGreaterThan(14);
    expect(byOffset.length).toBeLessThanOrEqual(6);
  });

  it('asks only for where the scroll bar comes to rest', async () => {
    const { store, rowsAsked } = world(1_000_000);
    await store.load(0, 10);
    for (let at = 1; at <= 40; at++) store.need(at * 20_000, at * 20_000 + 30);
    await expect.poll(() => store.row(800_000)?.values.n).toBe(800_000);
    expect(rowsAsked()[1]?.page).toEqual({ limit: BLOCK, offset: 800_000 });
  });

  it('never asks beyond an end that came nearer', async () => {
    const { store, list, rowsAsked } = world(1000);
    await store.load(0, 10);
    store.need(190, 220);
    await tick();
    await tick();
    list.total = 100;
    store.expire();
    store.need(190, 220);
    await tick();
    await tick();
    const asked = rowsAsked().length;
    await tick();
    expect(rowsAsked()).toHaveLength(asked);
    expect(store.size).toBe(100);
  });

  it('keeps showing rows while they are asked again', async () => {
    const { store } = world(300);
    await store.load(0, 10);
    store.expire();
    const again = store.load(0, 10);
    expect(store.row(3)?.id).toBe('r3');
    await again;
    expect(store.row(3)?.id).toBe('r3');
  });

  it('follows a list that became shorter', async () => {
    const { store, list } = world(500);
    await store.load(0, 10);
    await store.load(400, 410);
    list.total = 120;
    store.expire();
    await store.load(0, 10);
    await tick();
    expect(store.size).toBe(120);
    expect(store.row(405)).toBeUndefined();
  });

  it('can be scrolled before it is counted', async () => {
    const { store } = world(1000);
    const first = store.load(0, 10);
    await first;
    expect(store.size).toBeGreaterThan(BLOCK);
    await tick();
    expect(store.size).toBe(1000);
    expect(store.exact).toBe(true);
  });

  it('holds a bounded number of rows however far one scrolls', async () => {
    const { store } = world(1_000_000);
    for (let at = 0; at < 200; at++) await store.load(at * BLOCK, at * BLOCK + 30);
    store.need(199 * BLOCK, 199 * BLOCK + 30);
    expect(store.loaded().length).toBeLessThanOrEqual(62 * BLOCK);
    expect(store.row(199 * BLOCK)?.values.n).toBe(199 * BLOCK);
  });

  it('puts a written row where it stood', async () => {
    const { store } = world(10);
    await store.load(0, 10);
    store.replace({ ...row(4), version: 2 });
    expect(store.row(4)?.version).toBe(2);
    expect(store.indexOf('r4')).toBe(4);
  });
});
