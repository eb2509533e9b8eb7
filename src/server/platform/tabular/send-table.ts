import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { writeCsv } from './write-csv.ts';
import { type WriteCell, type WriteColumn, writeXlsx } from './write-xlsx.ts';

export interface TableDownload {
  /** File name without extension. */
  name: string;
  format: 'xlsx' | 'csv';
  /** Plain names are text columns. */
  header: readonly (string | WriteColumn)[];
  /** Objects of the stream are rows: one cell per column. */
  rows: Readable | AsyncIterable<readonly WriteCell[]>;
}

const BATCH = 500;

/** Answers a request with a table as a download, streamed. A failure midway cuts the connection, so no half file looks whole. */
export async function sendTable(reply: FastifyReply, { name, format, header, rows }: TableDownload): Promise<void> {
  const body = new PassThrough({ highWaterMark: 1024 * 1024 });
  const columns = header.map(
    (column): WriteColumn => (typeof column === 'string' ? { header: column, kind: 'text' } : column),
  );
  const type =
    format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const file = `${name.replace(/[\\/:*?"<>|\r\n]/g, ' ').trim() || 'table'}.${format}`;
  void reply
    .header('content-type', type)
    // RFC 6266: the Chinese name for those who can, something for those who can't.
    .header(
      'content-disposition',
      `attachment; filename="table.${format}"; filename*=UTF-8''${encodeURIComponent(file)}`,
    )
    .header('cache-control', 'no-store');
  const batches = inBatches(rows as AsyncIterable<readonly WriteCell[]>);
  const writing =
    format === 'csv'
      ? writeCsv(
          body,
          columns.map((column) => column.header),
          batches,
        )
      : writeXlsx(body, columns, batches);
  writing.catch((error: Error) => body.destroy(error));
  await reply.send(body);
}

async function* inBatches(rows: AsyncIterable<readonly WriteCell[]>): AsyncGenerator<(readonly WriteCell[])[]> {
  let batch: (readonly WriteCell[])[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
