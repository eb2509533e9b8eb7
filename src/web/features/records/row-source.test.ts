import { describe, expect, it } from 'vitest';
import type { Query } from './block-store.ts';
import { RowSource, same } from './row-source.ts';

function world() {
  const asked: Query[] = [];
  const source = new RowSource(
    { object: 'customer', filter: { field: 'owner', op: 'eq', value: 'me' } },
    {
      fetch: async (query) => {
        asked.push(query);
        const n = JSON.stringify(query.filter).includes('"A"') ? 3 : 2;
        return {
          rows: Array.from({ length: n }, (_, index) => ({
            id: `${n}-${index}`,
            version: 1,
            createdAt: '',
            createdBy: '',
            updatedAt: '',
            updatedBy: '',
            values: {},
          })),
          ...(query.count === 'exact' && { count: { value: n, exact: true } }),
        };
      },
      onChange: () => {},
      onError: (error) => {
        throw error;
      },
    },
  );
  return { source, asked };
}

describe('groups and their rows', () => {
  it('opens the first group and counts the others', async () => {
    const { source, asked } = world();
    source.setGroups('tier', [
      { value: 'A', count: 3 },
      { value: null, count: 2 },
    ]);
    expect(source.size()).toBe(5);
    expect(source.place(0)).toMatchObject({ kind: 'group', open: true });
    expect(source.place(4)).toMatchObject({ kind: 'group', open: false, number: 1 });
    await source.load(0, 5);
    expect(source.row(1)?.id).toBe('3-0');
    expect(source.row(3)?.id).toBe('3-2');
    expect(source.row(4)).toBeUndefined();
    expect(asked[0]?.filter).toEqual({ all: [{ field: 'owner', op: 'eq', value: 'me' }, same('tier', 'A')] });
  });

  it('opens and closes', async () => {
    const { source } = world();
    source.setGroups('tier', [
      { value: 'A', count: 3 },
      { value: 'B', count: 2 },
    ]);
    source.toggle(1);
    expect(source.size()).toBe(7);
    await source.load(5, 7);
    expect(source.row(5)?.id).toBe('2-0');
    source.toggle(0);
    expect(source.size()).toBe(4);
    expect(source.total()).toEqual({ value: 5, exact: true });
  });

  it('finds records without a value by emptiness', () => {
    expect(same('tier', null)).toEqual({ field: 'tier', op: 'empty' });
  });
});
