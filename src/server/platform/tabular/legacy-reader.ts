import type { Cell } from './cell.ts';
import type { NoticeCode } from './notice.ts';

export type LegacyRequest =
  | { type: 'open'; path: string; library: string }
  | { type: 'rows'; sheet: number; from: number; most: number };

export type LegacyReply =
  | { type: 'opened'; sheets: { name: string; hidden: boolean }[]; charts: number; macros: boolean }
  | {
      type: 'rows';
      rows: { number: number; cells: Cell[] }[];
      next: number | undefined;
      notices: { code: NoticeCode; place?: number; count?: number }[];
    }
  | { type: 'failed'; message: string };

interface SheetCell {
  t: string;
  v?: unknown;
  w?: string;
  z?: string | number;
  f?: string;
}

interface Sheet {
  '!data'?: (SheetCell | undefined)[][];
  '!merges'?: { s: { r: number; c: number }; e: { r: number; c: number } }[];
  '!rows'?: ({ hidden?: boolean } | undefined)[];
  '!type'?: string;
}

interface Book {
  SheetNames: string[];
  Sheets: Record<string, Sheet>;
  Workbook?: { WBProps?: { date1904?: boolean }; Sheets?: { Hidden?: number }[] };
  vbaraw?: unknown;
}

/**
 * Runs inside a worker as source text: everything it uses must be in here. Reads the workbook as arrays and answers requests for rows.
 */
export function legacyReader(load: (name: string) => unknown): void {
  const { parentPort } = load('node:worker_threads') as typeof import('node:worker_threads');
  const fs = load('node:fs') as typeof import('node:fs');
  let book: Book | undefined;
  let names: string[] = [];
  let isDate: (format: string) => boolean = () => false;
  let date1904 = false;

  const open = (path: string, library: string): LegacyReply => {
    const xlsx = load(library) as {
      read(data: Buffer | string, options: object): Book;
      SSF: { is_date(format: string): boolean };
    };
    isDate = (format) => xlsx.SSF.is_date(format);
    const bytes = fs.readFileSync(path);
    // SYLK is text without a word about its encoding.
    const text = bytes.toString('latin1', 0, 4) === 'ID;P' ? decode(bytes) : undefined;
    book = xlsx.read(text ?? bytes, {
      type: text === undefined ? 'buffer' : 'string',
      codepage: 936,
      dense: true,
      cellFormula: true,
      cellHTML: false,
      cellText: false,
      cellNF: true,
      cellStyles: true,
      sheetRows: 1_048_576,
    });
    date1904 = book.Workbook?.WBProps?.date1904 === true;
    const all = book.SheetNames;
    const hidden = book.Workbook?.Sheets ?? [];
    const sheets = all
      .map((name, i) => ({
        name,
        hidden: (hidden[i]?.Hidden ?? 0) > 0,
        chart: book?.Sheets[name]?.['!type'] === 'chart' || book?.Sheets[name] === undefined,
      }))
      .filter((sheet) => !sheet.chart);
    names = sheets.map((sheet) => sheet.name);
    return {
      type: 'opened',
      sheets: sheets.map(({ name, hidden: h }) => ({ name, hidden: h })),
      charts: all.length - sheets.length,
      macros: book.vbaraw !== undefined,
    };
  };

  const decode = (bytes: Buffer): string => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder('gb18030').decode(bytes);
    }
  };

  const two = (n: number) => String(n).padStart(2, '0');

  const dateCell = (stored: number, format: string): Cell => {
    const serial = date1904 ? stored + 1462 : stored;
    if (!(serial >= 0) || serial >= 2_958_466) return stored;
    const bare = format.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
    const clock = /[hs]/i.test(bare);
    const day = /[yd]/i.test(bare) || (/m/i.test(bare) && !clock);
    const whole = Math.floor(serial);
    const seconds = Math.round((serial - whole) * 86_400);
    const clockText = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    if (!day && serial < 1) return { kind: 'date', text: clockText, serial };
    const days = whole + (seconds === 86_400 ? 1 : 0);
    const shifted = days < 60 && !date1904 ? days + 1 : days;
    const text =
      days === 60 && !date1904
        ? '1900-02-29'
        : new Date(Date.UTC(1899, 11, 30) + shifted * 86_400_000).toISOString().slice(0, 10);
    return { kind: 'date', text: clock && seconds > 0 && seconds < 86_400 ? `${text} ${clockText}` : text, serial };
  };

  const cellOf = (cell: SheetCell): Cell => {
    if (cell.v === undefined || cell.v === null) return '';
    if (cell.t === 'n') {
      const value = Number(cell.v);
      const format = typeof cell.z === 'string' ? cell.z : '';
      if (/^0{2,20}$/.test(format) && Number.isInteger(value) && value >= 0)
        return String(value).padStart(format.length, '0');
      if (format !== '' && format !== 'General' && isDate(format)) return dateCell(value, format);
      return value;
    }
    if (cell.t === 'b') return cell.v === true;
    if (cell.t === 'e') return { kind: 'error', text: cell.w ?? errorNames[Number(cell.v)] ?? '#ERROR!' };
    return String(cell.v);
  };

  const errorNames: Record<number, string> = {
    0: '#NULL!',
    7: '#DIV/0!',
    15: '#VALUE!',
    23: '#REF!',
    29: '#NAME?',
    36: '#NUM!',
    42: '#N/A',
  };

  const rows = (index: number, from: number, most: number): LegacyReply => {
    const sheet = book?.Sheets[names[index] ?? ''];
    const data = sheet?.['!data'] ?? [];
    const notices: { code: NoticeCode; place?: number; count?: number }[] = [];
    const found: { number: number; cells: Cell[] }[] = [];
    const merges = sheet?.['!merges'] ?? [];
    if (from === 1 && merges.length > 0) notices.push({ code: 'cells-merged', count: merges.length });
    let r = from - 1;
    let looked = 0;
    let count = 0;
    for (; r < data.length && found.length < most && looked < 50_000 && count < 100_000; r++, looked++) {
      const source = data[r];
      if (!source) continue;
      const cells: Cell[] = [];
      const number = r + 1;
      for (let c = 0; c < source.length && c < 16_384; c++) {
        const cell = source[c];
        if (!cell) continue;
        const value = cellOf(cell);
        if (cell.f !== undefined)
          notices.push({
            code: value === '' && cell.v === undefined ? 'formula-uncached' : 'formulas-read',
            place: number,
          });
        if (cell.t === 'e') notices.push({ code: 'cells-error', place: number });
        if (typeof value === 'number' && Math.abs(value) >= 1e15)
          notices.push({ code: 'precision-lost', place: number });
        if (value === '') continue;
        while (cells.length < c) cells.push('');
        cells[c] = value;
      }
      if (cells.length === 0) continue;
      if (sheet?.['!rows']?.[r]?.hidden) notices.push({ code: 'rows-hidden', place: number });
      found.push({ number, cells });
      count += cells.length;
    }
    for (const { s, e } of merges) {
      if (e.r === s.r || s.r + 1 > (found.at(-1)?.number ?? 0) || e.r + 1 < from) continue;
      const value = data[s.r]?.[s.c];
      if (!value) continue;
      const text = cellOf(value);
      for (const row of found) {
        if (row.number - 1 <= s.r || row.number - 1 > e.r || text === '') continue;
        while (row.cells.length <= s.c) row.cells.push('');
        if (row.cells[s.c] === '') row.cells[s.c] = text;
      }
    }
    return { type: 'rows', rows: found, next: r < data.length ? r + 1 : undefined, notices };
  };

  parentPort?.on('message', (request: LegacyRequest) => {
    let reply: LegacyReply;
    try {
      reply =
        request.type === 'open' ? open(request.path, request.library) : rows(request.sheet, request.from, request.most);
    } catch (error) {
      reply = { type: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    parentPort.postMessage(reply);
  });
}
