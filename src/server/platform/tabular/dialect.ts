import { RecordScanner } from './record-scanner.ts';

/** How a text file separates its cells. */
export interface Dialect {
  /** One or more characters; '' when every line is one cell. */
  delimiter: string;
  /** '"' or "'"; '' when quotes are ordinary characters. */
  quote: string;
  /** '\\' when \" stands for a quote inside quotes (besides the doubled quote). */
  escape: '' | '\\';
}

export interface DetectedDialect extends Dialect {
  /** Cells of a normal row. */
  columns: number;
}

/** How plausible a delimiter is before looking at the text. A space or a colon needs much better evidence than a comma. */
const candidates: readonly [string, number][] = [
  [',', 1],
  ['\t', 1],
  [';', 1],
  ['|', 0.98],
  [',', 0.9],
  [';', 0.8],
  ['||', 1],
  ['::', 0.7],
  ['\u0001', 1],
  ['\u001f', 1],
  ['^', 0.8],
  ['~', 0.8],
  ['¦', 0.9],
  ['#', 0.4],
  ['、', 0.4],
  [' ', 0.45],
  [':', 0.3],
];

const SAMPLE_LINES = 300;

/**
 * Chooses the dialect under which most rows have the same number of cells and the cells look like values
 * (the idea of van den Burg et al., “Wrangling messy CSV files by detecting row and type patterns”, 2019).
 */
export function detectDialect(sample: string, forcedDelimiter?: string, forcedQuote?: string): DetectedDialect {
  const quotes = forcedQuote !== undefined ? [forcedQuote] : quoteCandidates(sample);
  const delimiters =
    forcedDelimiter !== undefined ? [[forcedDelimiter, 1] as const] : candidates.filter(([d]) => sample.includes(d));
  let best: DetectedDialect = { delimiter: '', quote: quotes[0] ?? '"', escape: '', columns: 1 };
  let bestScore = forcedDelimiter !== undefined ? -1 : 0.12;
  for (const [delimiter, weight] of delimiters) {
    for (const quote of quotes) {
      for (const escaping of escapes(sample, quote)) {
        const { score, columns } = judge(sample, { delimiter, quote, escape: escaping });
        if (score * weight > bestScore + 1e-9) {
          bestScore = score * weight;
          best = { delimiter, quote, escape: escaping, columns };
        }
      }
    }
  }
  return best.delimiter === '' ? (byHeader(sample, best) ?? best) : best;
}

/** Rows of all widths fit no pattern; then a delimiter that the first line and most others hold decides. */
function byHeader(sample: string, best: DetectedDialect): DetectedDialect | undefined {
  const lines = sample.split(/\r\n|\r|\n/, SAMPLE_LINES).filter((line) => line.trim() !== '');
  for (const delimiter of [',', '\t', ';', '|']) {
    const columns = lines[0]?.split(delimiter).length ?? 1;
    if (columns < 2 || lines.filter((line) => line.includes(delimiter)).length < lines.length * 0.6) continue;
    return { ...best, delimiter, columns };
  }
  return undefined;
}

function quoteCandidates(sample: string): string[] {
  const single = sample.match(/(?:^|[,;\t|])\s?'[^'\n]*'(?=\s*(?:[,;\t|]|\r|\n|$))/gm);
  return single && single.length >= 2 ? ['"', "'"] : ['"'];
}

const escapes = (sample: string, quote: string): ('' | '\\')[] =>
  quote !== '' && sample.includes(`\\${quote}`) ? ['', '\\'] : [''];

function judge(sample: string, dialect: Dialect): { score: number; columns: number } {
  const scanner = new RecordScanner(dialect, { probing: true });
  scanner.feed(sample);
  scanner.finish();
  const rows: string[][] = [];
  let widest = 1;
  for (let record = scanner.next(); record && rows.length < SAMPLE_LINES; record = scanner.next()) {
    widest = Math.max(widest, record.cells.length);
    if (record.cells.some((cell) => cell.trim() !== '')) rows.push(record.cells);
  }
  // Nothing but delimiters.
  if (rows.length === 0) return { score: widest > 1 ? 0.5 : 0, columns: widest };
  const { columns, share } = modalWidth(rows, dialect.delimiter);
  if (columns < 2) return { score: 0, columns: 1 };
  // Two columns by a space are more often a date and a time, or a name and a surname.
  if (
    (dialect.delimiter === ' ' || dialect.delimiter === ':' || dialect.delimiter === '#') &&
    (columns < 3 || rows.length < 3)
  )
    return { score: 0, columns: 1 };
  const broken = scanner.anomalies / rows.length;
  const score = share * (1 - 1 / columns) * plausibility(rows, dialect) * Math.max(0.1, 1 - 0.5 * Math.min(1, broken));
  return { score, columns };
}

/** The most frequent number of cells and its share; for runs of spaces the empty cells between them don't count. */
function modalWidth(rows: string[][], delimiter: string): { columns: number; share: number } {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const width = delimiter === ' ' ? row.filter((cell) => cell !== '').length : row.length;
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  let columns = 1;
  let most = 0;
  for (const [width, count] of counts) {
    // Rows of one cell are titles and notes as long as something wider recurs.
    const weight = width === 1 ? count * 0.5 : count;
    if (weight > most || (weight === most && width > columns)) {
      most = weight;
      columns = width;
    }
  }
  return { columns, share: most / rows.length };
}

const VALUE =
  /^[\s\u3000]*(?:[-+]?[\d,.]*\d%?|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|[^\s@]+@[^\s@]+|https?:\/\/\S+)[\s\u3000]*$/;

function plausibility(rows: string[][], dialect: Dialect): number {
  let good = 0;
  let total = 0;
  for (const row of rows.slice(0, 100)) {
    for (const cell of row.slice(0, 200)) {
      total++;
      if (cell === '' || VALUE.test(cell)) good += 1;
      else if (/[\t|;\u0001]/.test(cell)) good += 0.3;
      else if (
        /^(['"]).*\1$/.test(cell) ||
        (dialect.quote !== '' && cell.includes(dialect.quote) && /^["']|["']$/.test(cell))
      )
        good += 0.4;
      else good += cell.length > 300 ? 0.7 : 0.9;
    }
  }
  // A delimiter of two characters looks like its half with an empty cell in between, in every row.
  const doubled =
    dialect.delimiter.length === 1 &&
    rows.length > 1 &&
    rows.every((row) => row.length > 2 && row.every((cell, i) => i % 2 === 0 || cell === ''));
  return total === 0 ? 0 : (good / total) * (doubled ? 0.5 : 1);
}
