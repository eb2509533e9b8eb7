import { setImmediate as breathe } from 'node:timers/promises';
import type { TableRow } from '../../platform/tabular/table-rows.ts';
import type { ReadRow } from './row-values.ts';

/** Batches that are read but not yet written: one being written, one ready, one being read. */
const AHEAD = 2;
/** Rows read in one go; between them the database's answers are heard. */
const SLICE = 100;

/**
 * Reads the next batches while the last one is written, so that this thread and PostgreSQL work at the same time: without it
 * each waits for the other, and an import takes the sum of both. `look` asks the database about a batch, ahead as well.
 */
export async function* readAhead<Looked>(
  batches: AsyncIterable<TableRow[]>,
  read: (rows: TableRow[]) => ReadRow[],
  look: (rows: ReadRow[]) => Promise<Looked>,
): AsyncGenerator<{ rows: ReadRow[]; looked: Looked }> {
  const ready: { rows: ReadRow[]; looked: Looked }[] = [];
  let ended = false;
  let stopped = false;
  let failure: { error: unknown } | undefined;
  let wake: () => void = () => undefined;
  const changed = () => new Promise<void>((resolve) => (wake = resolve));

  async function produce(): Promise<void> {
    for await (const rows of batches) {
      const batch: ReadRow[] = [];
      for (let i = 0; i < rows.length && !stopped; i += SLICE) {
        batch.push(...read(rows.slice(i, i + SLICE)));
        await breathe();
      }
      while (ready.length >= AHEAD && !stopped) await changed();
      if (stopped) return;
      ready.push({ rows: batch, looked: await look(batch) });
      wake();
    }
  }

  const producing = produce()
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      ended = true;
      wake();
    });
  try {
    for (;;) {
      const batch = ready.shift();
      if (batch) {
        wake();
        yield batch;
      } else if (ended) break;
      else await changed();
    }
    if (failure) throw failure.error;
  } finally {
    stopped = true;
    wake();
    await producing;
  }
}
