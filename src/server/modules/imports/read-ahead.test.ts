import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import { readAhead } from './read-ahead.ts';
import type { ReadRow } from './row-values.ts';

const row = (number: number): TableRow => ({ number, cells: [] });
const read = (rows: TableRow[]): ReadRow[] =>
  rows.map(({ number }) => ({ number, cells: [], values: new Map(), names: [], problems: [], warnings: [] }));

const look = async (rows: ReadRow[]): Promise<number | undefined> => rows[0]?.number;

async function* batches(count: number, size: number, taken: number[] = []): AsyncGenerator<TableRow[]> {
  for (let i = 0; i < count; i++) {
    taken.push(i);
    yield Array.from({ length: size }, (_, k) => row(i * size + k));
  }
}

describe('reading ahead', () => {
  it('gives every row in order, whoever is slower', async () => {
    for (const slow of [0, 5]) {
      const seen: number[] = [];
      for await (const { rows: batch, looked } of readAhead(batches(5, 250), read, look)) {
        if (slow > 0) await delay(slow);
        expect(looked).toBe(batch[0]?.number);
        seen.push(...batch.map(({ number }) => number));
      }
      expect(seen).toEqual(Array.from({ length: 1250 }, (_, i) => i));
    }
  });

  it('reads a few batches ahead and no more', async () => {
    const taken: number[] = [];
    for await (const _ of readAhead(batches(20, 10, taken), read, look)) {
      await delay(20);
      expect(taken.length).toBeGreaterThan(2);
      break;
    }
    expect(taken.length).toBeLessThan(6);
  });

  it('hands on what was read before a failure, then the failure', async () => {
    async function* broken(): AsyncGenerator<TableRow[]> {
      yield [row(0)];
      throw new Error('the file ends here');
    }
    const seen: number[] = [];
    const all = async () => {
      for await (const { rows: batch } of readAhead(broken(), read, look))
        seen.push(...batch.map(({ number }) => number));
    };
    await expect(all()).rejects.toThrow('the file ends here');
    expect(seen).toEqual([0]);
  });
});
