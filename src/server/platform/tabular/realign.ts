import { shapeOf } from './value-shape.ts';

/** How often each shape of value occurs in each column of well-formed rows, and how long the values are. */
export class ColumnProfiles {
  private readonly columns: {
    shapes: Map<string, number>;
    total: number;
    logLength: number;
    squares: number;
    texts: number;
  }[];

  constructor(width: number) {
    this.columns = Array.from({ length: width }, () => ({
      shapes: new Map(),
      total: 0,
      logLength: 0,
      squares: 0,
      texts: 0,
    }));
  }

  get rows(): number {
    return this.columns[0]?.total ?? 0;
  }

  get width(): number {
    return this.columns.length;
  }

  learn(cells: readonly string[]): void {
    this.columns.forEach((column, i) => {
      const text = cells[i] ?? '';
      const shape = shapeOf(text);
      column.shapes.set(shape, (column.shapes.get(shape) ?? 0) + 1);
      column.total++;
      if (text !== '') {
        column.logLength += Math.log(text.length);
        column.squares += Math.log(text.length) ** 2;
        column.texts++;
      }
    });
  }

  /** Log-likelihood, roughly: how well a value fits a column. */
  fitCell(text: string, index: number): number {
    const column = this.columns[index];
    if (!column) return text === '' ? 0 : -8;
    const seen = column.shapes.get(shapeOf(text)) ?? 0;
    const shapeScore = Math.log((seen + 0.05) / (column.total + 0.05 * (column.shapes.size + 1)));
    if (text === '' || column.texts === 0) return Math.max(-8, shapeScore);
    // Lengths are roughly log-normal; times and codes hardly vary at all.
    const mean = column.logLength / column.texts;
    const spread = Math.max(0.02, Math.sqrt(Math.max(0, column.squares / column.texts - mean * mean)));
    const distance = (Math.log(text.length) - mean) / spread;
    return Math.max(-8, shapeScore - Math.min(3, (distance * distance) / 2));
  }

  fitRow(cells: readonly string[]): number {
    let sum = 0;
    for (let i = 0; i < this.columns.length; i++) sum += this.fitCell(cells[i] ?? '', i);
    for (let i = this.columns.length; i < cells.length; i++) sum -= cells[i] === '' ? 0.1 : 1;
    return sum;
  }
}

export interface Realigned {
  cells: string[];
  /** Log-likelihood less the cost of the repair; to be compared with that of the row as it is. */
  score: number;
}

/** How much better than leaving the row alone a repair must be; a factor of e^4 in likelihood. */
export const MARGIN = 4;
const ENOUGH_ROWS = 5;

/**
 * Cells of a row with too many or too few delimiters, put back under the columns they look like. The caller
 * compares the score with that of leaving the row alone. Tried: dropping empty cells, joining neighbours, splitting a cell.
 */
export function realign(cells: readonly string[], profiles: ColumnProfiles, delimiter: string): Realigned | undefined {
  if (profiles.rows < ENOUGH_ROWS || cells.length > profiles.width * 4 + 20) return undefined;
  let best: Realigned | undefined;
  const offer = (candidate: string[] | undefined, cost: number) => {
    if (!candidate) return;
    const score = profiles.fitRow(candidate) - cost;
    if (!best || score > best.score) best = { cells: candidate, score };
  };
  if (cells.length > profiles.width) offer(joinDown(cells, profiles, delimiter), 0.5 * (cells.length - profiles.width));
  if (cells.length === profiles.width - 1 || (cells.length < profiles.width && cells.length > 1))
    offer(splitOne(cells, profiles), 1);
  return best;
}

/** Dynamic programming: every column takes one cell or a run of neighbours; empty cells may be dropped. */
function joinDown(cells: readonly string[], profiles: ColumnProfiles, delimiter: string): string[] | undefined {
  const { width } = profiles;
  const surplus = cells.length - width;
  const longestRun = surplus + 1;
  const size = cells.length + 1;
  const score = new Float64Array((width + 1) * size).fill(Number.NEGATIVE_INFINITY);
  const took = new Int16Array((width + 1) * size);
  score[0] = 0;
  const at = (j: number, i: number) => j * size + i;
  for (let j = 0; j <= width; j++) {
    for (let i = Math.max(0, j); i <= Math.min(cells.length, j + surplus); i++) {
      const here = score[at(j, i)] ?? Number.NEGATIVE_INFINITY;
      if (here === Number.NEGATIVE_INFINITY) continue;
      if (cells[i] === '' && i < cells.length) relax(at(j, i + 1), here - 0.1, -1);
      if (j === width) continue;
      let joined = '';
      for (let run = 1; run <= longestRun && i + run <= cells.length; run++) {
        joined = run === 1 ? (cells[i] ?? '') : joined + delimiter + (cells[i + run - 1] ?? '');
        relax(at(j + 1, i + run), here + profiles.fitCell(joined, j) - (run - 1) * 0.3, run);
      }
    }
  }
  if ((score[at(width, cells.length)] ?? Number.NEGATIVE_INFINITY) === Number.NEGATIVE_INFINITY) return undefined;
  const result: string[] = [];
  for (let j = width, i = cells.length; j > 0 || i > 0; ) {
    const run = took[at(j, i)] ?? 0;
    if (run === -1) i--;
    else if (run > 0) {
      result.unshift(cells.slice(i - run, i).join(delimiter));
      i -= run;
      j--;
    } else return undefined;
  }
  return result;

  function relax(slot: number, value: number, step: number): void {
    if (value > (score[slot] ?? Number.NEGATIVE_INFINITY)) {
      score[slot] = value;
      took[slot] = step;
    }
  }
}

/** One delimiter is missing somewhere: the best place to cut a cell in two. */
function splitOne(cells: readonly string[], profiles: ColumnProfiles): string[] | undefined {
  let best: string[] | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? '';
    const before = cells.slice(0, i);
    const after = cells.slice(i + 1);
    const fixed = fitFrom(before, 0, profiles) + fitFrom(after, i + 2, profiles);
    for (const cut of cutPoints(cell)) {
      const left = trimQuotes(cell.slice(0, cut));
      const right = trimQuotes(cell.slice(cut));
      const score =
        fixed + profiles.fitCell(left, i) + profiles.fitCell(right, i + 1) + (isBoundary(cell, cut) ? 0.5 : 0);
      if (score > bestScore) {
        bestScore = score;
        best = [...before, left, right, ...after];
      }
    }
  }
  return best;
}

function fitFrom(cells: readonly string[], offset: number, profiles: ColumnProfiles): number {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) sum += profiles.fitCell(cells[i] ?? '', offset + i);
  return sum;
}

function* cutPoints(cell: string): Generator<number> {
  if (cell.length <= 64) {
    for (let cut = 1; cut < cell.length; cut++) yield cut;
    return;
  }
  let found = 0;
  for (let cut = 1; cut < cell.length && found < 64; cut++) {
    if (!isBoundary(cell, cut)) continue;
    found++;
    yield cut;
  }
}

/** A quote, the start of an address on the web, or a change between letters, digits and Han without a space. */
function isBoundary(cell: string, cut: number): boolean {
  const a = cell.charAt(cut - 1);
  const b = cell.charAt(cut);
  if (a === '"' || b === '"') return true;
  if (cell.startsWith('http', cut)) return true;
  return classOf(a) !== classOf(b) && a !== ' ' && b !== ' ' && classOf(a) !== 'o' && classOf(b) !== 'o';
}

const classOf = (c: string) => (/\d/.test(c) ? '9' : /[A-Za-z]/.test(c) ? 'A' : c >= '\u3400' ? '汉' : 'o');

const trimQuotes = (text: string) => text.replace(/^"|"$/g, '');
