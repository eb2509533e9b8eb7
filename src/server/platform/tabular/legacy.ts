import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { RawRow } from './cell.ts';
import { type LegacyReply, type LegacyRequest, legacyReader } from './legacy-reader.ts';
import type { TableLimits } from './limits.ts';
import { type NoticeLog, TableError } from './notice.ts';
import type { SheetInfo, SheetSource, TableFormat } from './sheet-source.ts';

const BATCH = 2000;

/**
 * Old and rare formats (.xls, .xlsb, SYLK, DBF …) through @e965/xlsx in a worker, whose memory and time are capped: the library reads
 * a file as a whole and may loop or grow on a damaged one. The worker is ended when the source is closed.
 */
export async function openLegacy(
  path: string,
  size: number,
  format: TableFormat,
  limits: TableLimits,
  log: NoticeLog,
): Promise<SheetSource> {
  if (size > limits.wholeFileBytes) throw new TableError('xls-too-large');
  const session = new LegacySession(limits.legacySeconds);
  let sheets: SheetInfo[];
  try {
    const opened = await session.ask({ type: 'open', path, library: libraryPath() });
    if (opened.type !== 'opened') throw new TableError('xls-damaged', { detail: 'no reply' });
    sheets = opened.sheets.map(({ name, hidden }) => ({ name, hidden }));
    if (opened.macros) log.add('macros-ignored');
    for (const name of new Set(sheets.map((sheet) => sheet.name).filter((one, i, all) => all.indexOf(one) !== i)))
      log.add('sheet-names-duplicate', name);
    if (sheets.length === 0) throw new TableError(opened.charts > 0 ? 'charts-only' : 'no-table');
  } catch (error) {
    await session.end();
    throw error;
  }
  return {
    format,
    sheets,
    async *rows(sheet, from = 1) {
      let at = from;
      for (;;) {
        const reply = await session.ask({ type: 'rows', sheet, from: at, most: BATCH });
        if (reply.type !== 'rows') throw new TableError('xls-damaged', { detail: 'no reply' });
        for (const { code, place, count } of reply.notices) log.add(code, place, count === undefined ? {} : { count });
        if (reply.rows.length > 0) yield reply.rows as RawRow[];
        if (reply.next === undefined) return;
        at = reply.next;
      }
    },
    close: () => session.end(),
  };
}

const libraryPath = (): string => createRequire(import.meta.url).resolve('@e965/xlsx');

class LegacySession {
  private readonly worker: Worker;
  private readonly seconds: number;
  private settle: { resolve(reply: LegacyReply): void; reject(error: TableError): void } | undefined;
  private broken: TableError | undefined;

  constructor(seconds: number) {
    this.seconds = seconds;
    // Given as source text, so that it works unbundled, bundled and under a TypeScript loader alike.
    this.worker = new Worker(`var __name = (f) => f; (${legacyReader.toString()})(require);`, {
      eval: true,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 420, maxYoungGenerationSizeMb: 32, stackSizeMb: 8 },
      stdout: true,
      stderr: true,
    });
    this.worker.on('message', (reply: LegacyReply) => {
      const { settle } = this;
      this.settle = undefined;
      if (reply.type === 'failed') settle?.reject(failure(reply.message));
      else settle?.resolve(reply);
    });
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      this.fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new TableError('xls-too-large')
          : new TableError('xls-damaged', { detail: error.message.slice(0, 120) }),
      );
    });
    this.worker.on('exit', () => this.fail(new TableError('xls-damaged', { detail: 'reader ended' })));
  }

  async ask(request: LegacyRequest): Promise<LegacyReply> {
    if (this.broken) throw this.broken;
    const clock = setTimeout(() => {
      this.fail(new TableError('xls-timeout'));
      void this.worker.terminate();
    }, this.seconds * 1000);
    try {
      return await new Promise<LegacyReply>((resolve, reject) => {
        this.settle = { resolve, reject };
        this.worker.postMessage(request);
      });
    } finally {
      clearTimeout(clock);
    }
  }

  async end(): Promise<void> {
    this.broken ??= new TableError('cancelled');
    await this.worker.terminate();
  }

  private fail(error: TableError): void {
    this.broken ??= error;
    this.settle?.reject(this.broken);
    this.settle = undefined;
  }
}

function failure(message: string): TableError {
  if (/password|encrypt/i.test(message)) return new TableError('encrypted');
  // Messages of the JavaScript engine say nothing to a person.
  const internal = /cannot read|undefined|argument must|is not|invalid (?:array|string)|out of (?:range|bounds)/i.test(
    message,
  );
  return new TableError('xls-damaged', { detail: internal ? 'structure' : message.slice(0, 120) });
}
