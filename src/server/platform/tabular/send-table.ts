import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

export interface SentTable {
  /** Name of the file without ending. */
  name: string;
  format: 'xlsx' | 'csv';
  header: string[];
  /** Rows as arrays of texts, one at a time. */
  rows: Readable;
}

/** Streams a table to the browser as a download. */
export async function sendTable(reply: FastifyReply, table: SentTable): Promise<void> {
  const name = encodeURIComponent(`${table.name}.csv`);
  reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`).type('text/csv; charset=utf-8');
  const { Readable: Stream } = await import('node:stream');
  await reply.send(Stream.from(lines(table)));
}

async function* lines(table: SentTable): AsyncGenerator<string> {
  // The mark tells Excel that the text is UTF-8.
  yield `\uFEFF${line(table.header)}`;
  for await (const row of table.rows) yield line(row as string[]);
}

/** A cell that begins like a formula is shown as text (OWASP, CSV injection). */
function line(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.,]+%?$/.test(cell) ? `'${cell}` : cell;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${quoted.join(',')}\r\n`;
}
