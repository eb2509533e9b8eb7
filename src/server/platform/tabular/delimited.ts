import type { ByteFile } from './byte-file.ts';
import type { RawRow } from './cell.ts';
import { type DetectedDialect, detectDialect } from './dialect.ts';
import { decodeText, detectEncoding, type Encoding, encodingName } from './encoding.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { RecordScanner } from './record-scanner.ts';
import type { SheetSource } from './sheet-source.ts';
import { mayHaveInvisible } from './text-clean.ts';

export interface DelimitedOptions {
  encoding?: string;
  delimiter?: string;
  /** '' reads quotes as ordinary text. */
  quote?: string;
}

const SAMPLE = 128 * 1024;
const BATCH = 1000;
/** Wide rows come in smaller batches. */
const BATCH_CELLS = 100_000;

/** CSV and its kin: any encoding, delimiter, line end. */
export async function openDelimited(
  file: ByteFile,
  name: string,
  log: NoticeLog,
  options: DelimitedOptions,
): Promise<SheetSource> {
  const encoding = await detectEncoding(file, log, options.encoding);
  const sample = await readSample(file, encoding);
  if (sample.trim() === '') throw new TableError('file-empty');
  refuseBinary(sample);
  const separatorLine = /^"?sep=(.|\|\||\\t)"?\r?\n|^"?sep=(.|\\t)"?\r/i.exec(sample);
  const skip = separatorLine?.[0].length ?? 0;
  const declared = separatorLine ? (separatorLine[1] ?? separatorLine[2])?.replace('\\t', '\t') : undefined;
  const dialect = detectDialect(sample.slice(skip), options.delimiter ?? declared, options.quote);
  return {
    format: 'csv',
    encoding: encodingName(encoding),
    delimiter: dialect.delimiter,
    sheets: [{ name, hidden: false }],
    expectedColumns: dialect.columns,
    rows: (_sheet, from) => readRows(file, encoding, dialect, skip, log, from ?? 1),
    close: () => file.close(),
  };
}

/** The beginning of the text, cut at a line end unless it is the whole text. */
async function readSample(file: ByteFile, encoding: Encoding): Promise<string> {
  let sample = '';
  for await (const part of decodeText(file, encoding)) {
    sample += part;
    if (sample.length < SAMPLE) continue;
    const cut = Math.max(sample.lastIndexOf('\n', SAMPLE), sample.lastIndexOf('\r', SAMPLE));
    return cut > 0 ? sample.slice(0, cut + 1) : sample.slice(0, SAMPLE);
  }
  return sample;
}

function refuseBinary(sample: string): void {
  let strange = 0;
  for (let i = 0; i < sample.length; i++) {
    const c = sample.charCodeAt(i);
    if ((c < 32 && c !== 9 && c !== 10 && c !== 13 && c !== 12 && c !== 1 && c !== 31 && c !== 26) || c === 0xfffd)
      strange++;
  }
  if (strange > sample.length * 0.1) throw new TableError('binary-content');
}

async function* readRows(
  file: ByteFile,
  encoding: Encoding,
  dialect: DetectedDialect,
  skip: number,
  log: NoticeLog,
  from: number,
): AsyncGenerator<RawRow[]> {
  const scanner = new RecordScanner(dialect, { columns: dialect.columns });
  let batch: RawRow[] = [];
  let toSkip = skip;
  let plain = true;
  let cells = 0;
  let before = true;
  const drain = () => {
    for (let record = scanner.next(); record; record = scanner.next()) {
      if (scanner.count < from) continue;
      const row: RawRow = { number: scanner.count, cells: record.cells, plain };
      if (record.raw !== undefined) row.raw = record.raw;
      if (record.repaired) {
        row.repaired = true;
        log.add('quotes-repaired', scanner.count);
      }
      batch.push(row);
      cells += record.cells.length;
      if (batch.length === BATCH || cells > BATCH_CELLS) {
        cells = 0;
        return true;
      }
    }
    return false;
  };
  for await (const part of decodeText(file, encoding)) {
    const text = toSkip > 0 ? part.slice(toSkip) : part;
    toSkip = Math.max(0, toSkip - part.length);
    // One search over the piece instead of one per cell; a record may reach back into the piece before.
    const clean = !mayHaveInvisible(text);
    plain = clean && before;
    before = clean;
    scanner.feed(text);
    while (drain()) {
      yield batch;
      batch = [];
    }
  }
  scanner.finish();
  while (drain()) {
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
