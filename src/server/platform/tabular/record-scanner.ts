import type { Dialect } from './dialect.ts';
import { TableError } from './notice.ts';
import { type Repair, repairQuotes } from './quote-repair.ts';

export interface ScannedRecord {
  cells: string[];
  /** Text of the record as it stands in the file, for rows of unexpected width. */
  raw?: string;
  repaired?: boolean;
}

export interface ScannerOptions {
  /** Cells of a normal row; lets stray quotes be judged and odd rows be handed on with their raw text. */
  columns?: number;
  /** Only trying a dialect out: never throw, count what is wrong. */
  probing?: boolean;
  /** Longest record in characters. */
  longest?: number;
}

type Scan = { cells: string[]; next: number } | 'more' | 'broken';

/** A quoted cell may span lines; more than this and the quote is a stray one. */
const LONGEST_RECORD = 4_000_000;
const MOST_CELLS = 16_384;
const LF = 10;
const CR = 13;

/**
 * Splits text, fed in pieces, into records: RFC 4180 plus what real files do (any line end, spaces around quotes, quotes inside
 * unquoted cells, unescaped quotes). Lines without a quote are split natively, which is what makes it fast.
 */
export class RecordScanner {
  anomalies = 0;
  /** Records returned so far. */
  count = 0;
  private readonly dialect: Dialect;
  private readonly options: ScannerOptions;
  private text = '';
  private at = 0;
  private finished = false;
  private nextLf = -1;
  private nextCr = -1;
  private nextQuote = -1;
  /** A plain cell of the record has a quote in its middle: perhaps the delimiter before it is missing. */
  private oddQuote = false;

  constructor(dialect: Dialect, options: ScannerOptions = {}) {
    this.dialect = dialect;
    this.options = options;
  }

  feed(text: string): void {
    this.text = this.at < this.text.length ? this.text.slice(this.at) + text : text;
    this.at = 0;
    this.forgetPositions();
  }

  /** The cached positions are those of the first line end or quote after the place last asked; going back spoils them. */
  private forgetPositions(): void {
    this.nextLf = this.nextCr = this.nextQuote = -1;
  }

  finish(): void {
    this.finished = true;
  }

  /** The next record, or undefined when more text is needed (or, after `finish`, when there is none). */
  next(): ScannedRecord | undefined {
    const start = this.at;
    this.oddQuote = false;
    if (start >= this.text.length) return undefined;
    const end = this.lineEnd(start);
    if (end < 0) {
      this.refuseEndless(start);
      return undefined;
    }
    const { quote, delimiter } = this.dialect;
    if (quote === '' || this.quoteAfter(start) >= end) {
      const line = this.text.slice(start, end);
      return this.accept(delimiter === '' ? [line] : line.split(delimiter), this.pastLineEnd(end));
    }
    const scan = this.strict(start);
    if (typeof scan === 'string') this.forgetPositions();
    if (scan === 'more') {
      if (this.text.length - start < (this.options.longest ?? LONGEST_RECORD)) return undefined;
      return this.repair(start, end);
    }
    if (scan === 'broken') return this.repair(start, end);
    const { columns } = this.options;
    if (columns !== undefined && scan.cells.length !== columns && scan.next > this.pastLineEnd(end)) {
      // The record spans lines and has the wrong width: perhaps a stray quote swallowed the line end.
      const single = repairQuotes(this.text.slice(start, end), this.dialect, columns);
      if (single.cells.length === columns && !single.unclosed) {
        this.forgetPositions();
        return this.accept(single.cells, this.pastLineEnd(end), true);
      }
    }
    return this.accept(scan.cells, scan.next);
  }

  /** A line that doesn't end would be searched from its beginning again with every piece. */
  private refuseEndless(start: number): void {
    const longest = this.options.longest ?? LONGEST_RECORD;
    if (this.finished || this.text.length - start <= longest) return;
    const { delimiter } = this.dialect;
    const row = this.count + 1;
    const parts =
      delimiter === '' ? 1 : this.text.slice(start, start + longest).split(delimiter, MOST_CELLS + 1).length;
    if (parts > MOST_CELLS) throw new TableError('too-many-columns', { row, limit: MOST_CELLS });
    throw new TableError('cell-too-long', { row, limit: longest });
  }

  private accept(cells: string[], next: number, repaired = false): ScannedRecord {
    const record: ScannedRecord = { cells };
    if (repaired) record.repaired = true;
    if (this.options.columns !== undefined && (cells.length !== this.options.columns || this.oddQuote)) {
      record.raw = this.text.slice(this.at, next);
    }
    this.at = next;
    this.count++;
    return record;
  }

  private repair(start: number, end: number): ScannedRecord {
    this.anomalies++;
    const { columns } = this.options;
    if (this.options.probing || columns === undefined) {
      const line = this.text.slice(start, end);
      const { cells } = repairQuotes(line, this.dialect, columns ?? 0);
      return this.accept(cells, this.pastLineEnd(end), true);
    }
    const single = repairQuotes(this.text.slice(start, end), this.dialect, columns);
    if (single.cells.length === columns && !single.unclosed)
      return this.accept(single.cells, this.pastLineEnd(end), true);
    // A cell with line breaks and unescaped quotes inside.
    let extended = end;
    for (let lines = 2; lines <= 30 && extended < this.text.length; lines++) {
      const before = extended;
      extended = this.lineEnd(this.pastLineEnd(before));
      if (extended < 0) break;
      if (this.isWhole(this.pastLineEnd(before), extended)) break;
      const several: Repair = repairQuotes(this.text.slice(start, extended), this.dialect, columns);
      if (several.cells.length === columns && !several.unclosed)
        return this.accept(several.cells, this.pastLineEnd(extended), true);
    }
    if (single.unclosed) {
      const sample = this.text.slice(start, Math.min(end, start + 60));
      throw new TableError('quote-unclosed', { row: this.count + 1, sample });
    }
    this.forgetPositions();
    return this.accept(single.cells, this.pastLineEnd(end), true);
  }

  /** A line that is a good record by itself belongs to no cell of the record before. */
  private isWhole(from: number, to: number): boolean {
    const line = this.text.slice(from, to);
    if (this.dialect.delimiter === '' || !line.includes(this.dialect.delimiter)) return false;
    const scanner = new RecordScanner(this.dialect, { probing: true });
    scanner.feed(line);
    scanner.finish();
    const record = scanner.next();
    return scanner.anomalies === 0 && record?.cells.length === this.options.columns && scanner.next() === undefined;
  }

  private strict(start: number): Scan {
    const { text, finished } = this;
    const { delimiter, quote, escape: escaping } = this.dialect;
    const cells: string[] = [];
    for (let i = start; ; ) {
      let opening = i;
      while (isPadding(text.charCodeAt(opening), delimiter)) opening++;
      if (!text.startsWith(quote, opening)) {
        const lineEnd = this.lineEnd(i);
        if (lineEnd < 0) return 'more';
        const cut = delimiter === '' ? -1 : text.indexOf(delimiter, i);
        if (cut < 0 || cut >= lineEnd) {
          cells.push(text.slice(i, lineEnd));
          if (this.quoteAfter(i) < lineEnd) this.oddQuote = true;
          return { cells, next: this.pastLineEnd(lineEnd) };
        }
        cells.push(text.slice(i, cut));
        if (this.quoteAfter(i) < cut) this.oddQuote = true;
        i = cut + delimiter.length;
        continue;
      }
      let value = '';
      let from = opening + 1;
      let close = text.indexOf(quote, from);
      for (; close >= 0; close = text.indexOf(quote, close)) {
        if (escaping !== '' && oddBackslashes(text, close, from)) {
          value += text.slice(from, close - 1) + quote;
          from = ++close;
        } else if (text.startsWith(quote, close + 1)) {
          value += text.slice(from, close + 1);
          from = close += 2;
        } else break;
      }
      if (close < 0) return finished ? 'broken' : 'more';
      value += text.slice(from, close);
      let after = close + 1;
      while (delimiter !== ' ' && text.charCodeAt(after) === 32) after++;
      if (after >= text.length) {
        if (!finished) return 'more';
        cells.push(value);
        return { cells, next: after };
      }
      const code = text.charCodeAt(after);
      if (code === LF || code === CR) {
        if (code === CR && after + 1 >= text.length && !finished) return 'more';
        cells.push(value);
        return { cells, next: this.pastLineEnd(after) };
      }
      if (delimiter === '' || !text.startsWith(delimiter, after)) return 'broken';
      cells.push(value);
      i = after + delimiter.length;
      if (i >= text.length && !finished) return 'more';
    }
  }

  /** Index of the line end at or after `from`; the text's end when it is finished; -1 when more text is needed. */
  private lineEnd(from: number): number {
    const { text } = this;
    if (this.nextLf < from) this.nextLf = indexOrEnd(text, '\n', from);
    if (this.nextCr < from) this.nextCr = indexOrEnd(text, '\r', from);
    const end = Math.min(this.nextLf, this.nextCr);
    if (end === Number.POSITIVE_INFINITY) return this.finished ? text.length : -1;
    if (end === text.length - 1 && this.nextCr === end && !this.finished) return -1;
    return end;
  }

  private pastLineEnd(end: number): number {
    const { text } = this;
    if (end >= text.length) return text.length;
    return text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
  }

  private quoteAfter(from: number): number {
    if (this.nextQuote < from) this.nextQuote = indexOrEnd(this.text, this.dialect.quote, from);
    return this.nextQuote;
  }
}

/** Spaces before a quote, and the byte order marks that files glued together leave in the middle. */
const isPadding = (code: number, delimiter: string): boolean => (code === 32 && delimiter !== ' ') || code === 0xfeff;

function indexOrEnd(text: string, search: string, from: number): number {
  const index = text.indexOf(search, from);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

function oddBackslashes(text: string, at: number, from: number): boolean {
  let count = 0;
  for (let i = at - 1; i >= from && text.charCodeAt(i) === 92; i--) count++;
  return count % 2 === 1;
}
