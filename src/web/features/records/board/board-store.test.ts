import { describe, expect, it } from 'vitest';
import type { PageReply, Row } from '../block-store.ts';
import { BoardStore, type BoardWorld, type ColumnKey } from './board-store.ts';

const row = (id: string, stage: string | null, amount = 10): Row => ({
  id,
  version: 1,
  createdAt: '',
  createdBy: '',
  updatedAt: '',
  updatedBy: '',
  values: { stage, amount: String(amount) },
});

const COLUMNS: ColumnKey[] = [null, 'a', 'b'];

/** A server with these rows, two to a page. */
function world(rows: Row[]): BoardWorld {
  const of = (key: ColumnKey) => rows.filter((one) => (one.values.stage ?? null) === key);
  return {
    page: async (key, after): Promise<PageReply> => {
      const from = Number(after ?? 0);
      const all = of(key);
      return { rows: all.slice(from, from + 2), ...(all.length > from + 2 && { next: String(from + 2) }) };
    },
    groups: async () =>
      COLUMNS.filter((key) => of(key).length > 0).map((key) => ({
        value: key,
        count: of(key).length,
        sum: String(of(key).reduce((sum, one) => sum + Number(one.values.amount), 0)),
      })),
    onChange: () => undefined,
    onError: (error) => {
      throw error;
    },
  };
}

async function board(rows: Row[]): Promise<BoardStore> {
  const store = new BoardStore('stage', 'amount', world(rows));
  await store.load(COLUMNS);
  return store;
}

describe('cards of a board', () => {
  it('come page by page, with counts and sums of all', async () => {
    const store = await board(['1', '2', '3', '4', '5'].map((id) => row(id, 'a')));
    expect(store.column('a')).toMatchObject({ ids: ['1', '2'], count: 5, sum: 50 });
    await store.more('a');
    await store.more('a');
    expect(store.column('a')).toMatchObject({ ids: ['1', '2', '3', '4', '5'], next: undefined });
    expect(store.column('b')).toMatchObject({ ids: [], count: 0, sum: 0 });
  });

  it('move at once with count and sum, and back where their value says', async () => {
    const store = await board([row('1', 'a', 7), row('2', 'a'), row('3', 'b')]);
    store.move('1', 'b');
    expect(store.column('a')).toMatchObject({ ids: ['2'], count: 1, sum: 10 });
    expect(store.column('b')).toMatchObject({ ids: ['1', '3'], count: 2, sum: 17 });
    // Refused: the stored value is what it was.
    store.align('1');
    expect(store.place('1')).toBe('a');
    expect(store.column('b')).toMatchObject({ ids: ['3'], count: 1, sum: 10 });
  });

  it('stay in one column only when another moved them between two pages', async () => {
    const rows = ['1', '2', '3'].map((id) => row(id, 'a'));
    const store = await board(rows);
    store.replace({ ...row('3', 'b') });
    store.move('1', 'b');
    await store.load(COLUMNS);
    const ids = COLUMNS.flatMap((key) => store.column(key).ids);
    expect(ids.sort()).toEqual([...new Set(ids)]);
  });

  it('leave when they are deleted', async () => {
    const store = await board([row('1', 'a'), row('2', 'a')]);
    store.drop('1');
    expect(store.column('a')).toMatchObject({ ids: ['2'], count: 1 });
    expect(store.row('1')).toBeUndefined();
  });
});
