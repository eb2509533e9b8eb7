import type { Dialect } from './dialect.ts';

export interface Repair {
  cells: string[];
  /** A cell opens with the only quote of the text and goes on: nobody can tell where it was meant to end. */
  unclosed: boolean;
}

interface Step {
  cost: number;
  /** Index of the cell start this step came from, and the end of its text. */
  from: number;
  quotedEnd: number;
}

const MOST_STEPS = 500_000;

/**
 * Reads a record whose quotes break the rules. Every cell may be read as quoted (ending at any quote before a delimiter) or as
 * plain; the reading with `columns` cells and the fewest oddities wins (dynamic programming over cell starts × number of cells).
 */
export function repairQuotes(text: string, dialect: Dialect, columns: number): Repair {
  const { delimiter, quote } = dialect;
  const quotes = positions(text, quote);
  const starts = delimiter === '' ? [0] : [0, ...positions(text, delimiter).map((at) => at + delimiter.length)];
  const most = Math.min(starts.length, columns > 0 ? columns + 4 : starts.length);
  // Only tried out, or too much to search: cells as they are split.
  const simple = columns === 0 || starts.length * Math.max(1, quotes.length) * most > MOST_STEPS;
  const cells = simple
    ? split(text, delimiter).map((cell) => unquote(cell, quote))
    : search(text, dialect, columns, starts, quotes, most);
  const first = quotes[0] ?? 0;
  const opensCell =
    quotes.length === 1 && starts.some((start) => text.slice(start, first).trim() === '' && start <= first);
  const goesOn = text.slice(first + quote.length).trim() !== '';
  return { cells, unclosed: opensCell && goesOn };
}

function search(
  text: string,
  { delimiter, quote }: Dialect,
  columns: number,
  starts: number[],
  quotes: number[],
  most: number,
): string[] {
  const indexOfStart = new Map(starts.map((at, index) => [at, index]));
  const end = starts.length;
  // best[i * (most + 1) + n]: cheapest way to reach cell start i having read n cells.
  const best: (Step | undefined)[] = new Array((end + 1) * (most + 1));
  best[0] = { cost: 0, from: -1, quotedEnd: -1 };
  const relax = (to: number, n: number, step: Step) => {
    const slot = to * (most + 1) + n;
    if (n <= most && step.cost < (best[slot]?.cost ?? Number.POSITIVE_INFINITY)) best[slot] = step;
  };
  let firstQuote = 0;
  for (let i = 0; i < end; i++) {
    const at = starts[i] ?? 0;
    const plainEnd = i + 1 < end ? (starts[i + 1] ?? 0) - delimiter.length : text.length;
    while (firstQuote < quotes.length && (quotes[firstQuote] ?? 0) < at) firstQuote++;
    let opening = at;
    while (text.charCodeAt(opening) === 32) opening++;
    const opens = quotes[firstQuote] === opening;
    const quotesInside = countWithin(quotes, firstQuote, plainEnd);
    const plainCost = opens ? 2 : quotesInside * 0.4;
    for (let n = 0; n <= most; n++) {
      const here = best[i * (most + 1) + n];
      if (!here) continue;
      relax(i + 1, n + 1, { cost: here.cost + plainCost, from: i, quotedEnd: -1 });
      if (!opens) continue;
      let lone = 0;
      for (let q = firstQuote + 1; q < quotes.length; q++) {
        const close = quotes[q] ?? 0;
        let after = close + 1;
        while (delimiter !== ' ' && text.charCodeAt(after) === 32) after++;
        const to =
          after >= text.length
            ? end
            : delimiter !== '' && text.startsWith(delimiter, after)
              ? indexOfStart.get(after + delimiter.length)
              : undefined;
        if (to !== undefined) relax(to, n + 1, { cost: here.cost + lone, from: i, quotedEnd: close });
        if (quotes[q + 1] === close + 1) {
          // Doubled: one literal quote. But the second of the pair may also be the end of the cell.
          const second = close + 1;
          const then =
            second + 1 >= text.length
              ? end
              : delimiter !== '' && text.startsWith(delimiter, second + 1)
                ? indexOfStart.get(second + 1 + delimiter.length)
                : undefined;
          if (then !== undefined) relax(then, n + 1, { cost: here.cost + lone + 1, from: i, quotedEnd: second });
          q++;
        } else lone++;
      }
    }
  }
  let chosen = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let n = 1; n <= most; n++) {
    const step = best[end * (most + 1) + n];
    const cost = (step?.cost ?? Number.POSITIVE_INFINITY) + (columns > 0 ? 3 * Math.abs(n - columns) : 0);
    if (cost < lowest) {
      lowest = cost;
      chosen = n;
    }
  }
  if (chosen === 0) return split(text, delimiter);
  const cells: string[] = [];
  for (let i = end, n = chosen; n > 0; n--) {
    const step: Step | undefined = best[i * (most + 1) + n];
    if (!step) break;
    const at = starts[step.from] ?? 0;
    const plainEnd = i < end ? (starts[i] ?? 0) - delimiter.length : text.length;
    cells.unshift(
      step.quotedEnd < 0
        ? text.slice(at, plainEnd)
        : text.slice(text.indexOf(quote, at) + 1, step.quotedEnd).replaceAll(quote + quote, quote),
    );
    i = step.from;
  }
  return cells;
}

const split = (text: string, delimiter: string) => (delimiter === '' ? [text] : text.split(delimiter));

const unquote = (cell: string, quote: string) =>
  cell.length > 1 && cell.startsWith(quote) && cell.endsWith(quote)
    ? cell.slice(1, -1).replaceAll(quote + quote, quote)
    : cell;

function positions(text: string, search: string): number[] {
  const found: number[] = [];
  if (search === '') return found;
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + search.length)) found.push(at);
  return found;
}

function countWithin(sorted: number[], from: number, before: number): number {
  let count = 0;
  while (from + count < sorted.length && (sorted[from + count] ?? 0) < before) count++;
  return count;
}
