import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { cellText } from '../server/platform/tabular/cell.ts';
import { TableError } from '../server/platform/tabular/notice.ts';
import { asTableError, openTable, type TableOptions } from '../server/platform/tabular/open-table.ts';

const SECONDS = 50;
const RSS_LIMIT = 850 * 1024 * 1024;

/**
 * `xianke check FILE [--sheet NAME] [--header ROW] [--encoding LABEL] [--delimiter D] [--no-quotes]`: reads a file as an import
 * would and writes what was read as a UTF-8 CSV. Needs no database.
 * Last line of stdout: `{"rows","rejected","warnings","table",…}` with exit code 0, or `{"error","message"}` with exit code 1.
 */
export async function runCheck(args: string[]): Promise<number> {
  // The limit of this process, not of the machine: a file that needs more is refused with a sentence.
  setFlagsFromString('--max-old-space-size=560');
  setFlagsFromString('--max-semi-space-size=32');
  const { path, options } = parseArguments(args);
  if (path === undefined) return fail({ error: 'usage', message: '用法 / usage: xianke check FILE' });
  const watchdog = new AbortController();
  const stopped = guard(watchdog);
  try {
    const result = await Promise.race([check(resolve(path), options, watchdog.signal), stopped.promise]);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    const known = asTableError(error);
    return fail({ error: known.code, message: `${known.text.zh} ${known.text.en}` });
  } finally {
    stopped.stop();
  }
}

async function check(path: string, options: TableOptions, signal: AbortSignal): Promise<object> {
  const reader = await openTable({ path, name: basename(path) }, { ...options, signal });
  const folder = process.env.IMPORT_TMP ?? (await mkdtemp(join(tmpdir(), 'xianke-check-')));
  const table = join(
    folder,
    `${basename(path)
      .replace(/[^\w.\u4e00-\u9fff-]/g, '_')
      .slice(0, 80)}.read.csv`,
  );
  const out = createWriteStream(table);
  const failed = new Promise<never>((_, reject) => out.once('error', reject));
  let rows = 0;
  const write = async (lines: string[]) => {
    if (!out.write(lines.join('')))
      await Promise.race([new Promise<void>((done) => out.once('drain', () => done())), failed]);
  };
  // The file's own names, not the numbered ones: what was read, as it was. A file without a header gets names by position.
  await write([
    csvLine(
      reader.headerRow === 0
        ? reader.columns.map((column) => `col_${column.index}`)
        : reader.columns.map((column) => column.label),
    ),
  ]);
  for await (const batch of reader.rows()) {
    rows += batch.length;
    await write(batch.map((row) => csvLine(row.cells.map(cellText))));
  }
  await Promise.race([new Promise<void>((done) => out.end(done)), failed]);
  await reader.close();
  const warnings = reader.notices().map(({ code, level, count, places, text }) => ({
    code,
    level,
    count,
    places,
    message: text.zh,
    messageEn: text.en,
  }));
  return {
    rows,
    rejected: 0,
    warnings,
    table,
    format: reader.format,
    encoding: reader.encoding,
    delimiter: reader.delimiter,
    sheet: reader.sheets[reader.sheet]?.name,
    sheets: reader.sheets.length,
    columns: reader.columns.length,
    headerRow: reader.headerRow,
  };
}

/** Stops a run that takes too long or too much memory, with a sentence instead of a kill. */
function guard(controller: AbortController): { promise: Promise<never>; stop(): void } {
  let stop = () => {};
  const promise = new Promise<never>((_, reject) => {
    const abort = (error: TableError) => {
      controller.abort();
      reject(error);
    };
    const clock = setTimeout(() => abort(new TableError('timeout', { seconds: SECONDS })), SECONDS * 1000);
    const memory = setInterval(() => {
      if (process.memoryUsage.rss() > RSS_LIMIT) abort(new TableError('out-of-memory'));
    }, 100);
    stop = () => {
      clearTimeout(clock);
      clearInterval(memory);
    };
  });
  promise.catch(() => {});
  return { promise, stop };
}

function fail(error: { error: string; message: string }): number {
  process.stdout.write(`${JSON.stringify(error)}\n`);
  return 1;
}

function csvLine(cells: string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}

function parseArguments(args: string[]): { path?: string; options: TableOptions } {
  const options: TableOptions = {};
  let path: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--sheet') options.sheet = args[++i] ?? '';
    else if (arg === '--header') options.header = Number(args[++i]);
    else if (arg === '--encoding') options.encoding = args[++i] ?? '';
    else if (arg === '--delimiter') options.delimiter = (args[++i] ?? '').replace('\\t', '\t');
    else if (arg === '--no-quotes') options.quote = '';
    else path ??= arg;
  }
  return path === undefined ? { options } : { path, options };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await runCheck(process.argv.slice(2));
  // A worker or a descriptor left behind by a stopped run must not keep the command alive.
  process.stdout.write('', () => process.exit());
}
