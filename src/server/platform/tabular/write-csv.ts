import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { BYTE_ORDER_MARK, csvLine, csvText, neutralise } from '../../../domain/text/csv.ts';
import { cellText } from './cell.ts';
import type { WriteCell, WriteRows } from './write-xlsx.ts';

/** CSV as src/domain/text/csv.ts says; the readers of this folder take the apostrophes off again. */
export async function writeCsv(out: Writable, header: readonly string[], rows: WriteRows): Promise<{ rows: number }> {
  let failure: Error | undefined;
  out.on('error', (error) => {
    failure = error;
  });
  const put = async (text: string) => {
    if (failure) throw failure;
    if (!out.write(text)) await once(out, 'drain');
  };
  await put(BYTE_ORDER_MARK + lineOf(header));
  let count = 0;
  for await (const batch of rows) {
    let text = '';
    for (const cells of batch) text += lineOf(cells);
    count += batch.length;
    await put(text);
  }
  await new Promise<void>((resolve, reject) => {
    out.once('error', reject);
    out.end(resolve);
  });
  return { rows: count };
}

const lineOf = (cells: readonly WriteCell[]): string => csvLine(cells.map(cellOf));

function cellOf(cell: WriteCell): string {
  if (cell === null || cell === undefined) return '';
  return csvText(
    typeof cell === 'string' ? neutralise(cell) : cell instanceof Date ? cell.toISOString() : cellText(cell),
  );
}
