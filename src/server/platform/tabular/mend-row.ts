import type { RawRow } from './cell.ts';
import { type ColumnProfiles, MARGIN, type Realigned, realign } from './realign.ts';
import { RecordScanner } from './record-scanner.ts';

const OTHER_DELIMITERS = [';', '\t', '|', ',', ' '];
const LONGEST_LINE = 20_000;
const MOST_QUOTES = 40;

/**
 * The cells of a damaged row of a text file under the columns they look like: with cells joined, split or dropped; with the line
 * read by another delimiter; with a delimiter put back beside a quote. The most likely reading wins if it is clearly more likely
 * than the row as it stands; undefined otherwise.
 */
export function mendRow(
  row: RawRow,
  cells: readonly string[],
  profiles: ColumnProfiles,
  delimiter: string,
): string[] | undefined {
  if (profiles.rows < 5) return undefined;
  const { width } = profiles;
  const standing = profiles.fitRow(cells) - looseQuotes(cells) + MARGIN;
  let best: Realigned | undefined;
  const offer = (candidate: Realigned | undefined) => {
    if (!candidate) return;
    const score = candidate.score - looseQuotes(candidate.cells);
    if (score > (best?.score ?? standing)) best = { cells: candidate.cells, score };
  };
  const offerCells = (list: string[] | undefined, cost: number) => {
    const trimmed = list?.map((cell) => cell.trim());
    if (trimmed) offer({ cells: trimmed, score: profiles.fitRow(trimmed) - cost });
  };
  offer(realign(cells, profiles, delimiter));
  const raw = row.raw?.replace(/[\r\n]+$/, '') ?? '';
  if (raw !== '' && raw.length <= LONGEST_LINE) {
    if (cells.length < width) {
      for (const other of OTHER_DELIMITERS) {
        if (other === delimiter || !raw.includes(other)) continue;
        const list = parseLine(raw, other);
        if (list?.length === width) offerCells(list, 1);
        else if (list && list.length > width && cells.length <= width / 2) {
          const joined = realign(list, profiles, other);
          if (joined) offer({ ...joined, score: joined.score - 1 });
        }
      }
    }
    if (delimiter !== '' && raw.includes('"'))
      for (const list of besideQuotes(raw, delimiter, width)) offerCells(list, 1);
  }
  return best?.cells;
}

/** Readings with one delimiter put back before or after a quote. */
function* besideQuotes(raw: string, delimiter: string, width: number): Generator<string[]> {
  let tried = 0;
  for (let quote = raw.indexOf('"'); quote >= 0 && tried < MOST_QUOTES; quote = raw.indexOf('"', quote + 1), tried++) {
    for (const cut of [quote, quote + 1]) {
      if (
        cut === 0 ||
        cut >= raw.length ||
        raw.startsWith(delimiter, cut) ||
        raw.startsWith(delimiter, cut - delimiter.length)
      )
        continue;
      const list = parseLine(raw.slice(0, cut) + delimiter + raw.slice(cut), delimiter);
      if (list?.length === width) yield list;
    }
  }
}

/** A cell with one quote in it is rather two cells, or half a cell. */
function looseQuotes(cells: readonly string[]): number {
  let cost = 0;
  for (const cell of cells) if (cell.includes('"') && cell.split('"').length % 2 === 0) cost += 2.5;
  return cost;
}

/** Cells of a single line that obeys the rules; undefined when it doesn't. */
function parseLine(line: string, delimiter: string): string[] | undefined {
  const scanner = new RecordScanner({ delimiter, quote: '"', escape: '' }, { probing: true });
  scanner.feed(line);
  scanner.finish();
  const record = scanner.next();
  return record && scanner.anomalies === 0 && scanner.next() === undefined ? record.cells : undefined;
}
