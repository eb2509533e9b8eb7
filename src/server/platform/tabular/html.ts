import type { MemorySheet } from './memory-source.ts';
import type { NoticeLog } from './notice.ts';
import { codePoint } from './xml.ts';

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  yen: '¥',
  pound: '£',
  euro: '€',
  cent: '¢',
  copy: '©',
  reg: '®',
  trade: '™',
  middot: '·',
  bull: '•',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  times: '×',
  divide: '÷',
  deg: '°',
  plusmn: '±',
  sect: '§',
  laquo: '«',
  raquo: '»',
  permil: '‰',
  larr: '←',
  rarr: '→',
  zwnj: '',
  zwj: '',
};

export function decodeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,8})|#(\d{1,8})|(\w{2,8}));?/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      return codePoint(hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)) ?? '\ufffd';
    },
  );
}

interface OpenTable {
  rows: string[][];
  row: string[] | undefined;
  cell: string | undefined;
  colspan: number;
  rowspan: number;
  /** Values that span down: column → rows left and text. */
  spans: Map<number, { left: number; text: string }>;
}

const MOST_SPAN = 2000;

/**
 * The tables of an HTML page, which many Chinese web systems export under the name .xls. Tolerates unclosed rows and cells; a table
 * inside a cell becomes a table of its own. Scripts are skipped, nothing is fetched.
 */
export function readHtmlTables(text: string, log: NoticeLog): MemorySheet[] {
  const finished: OpenTable[] = [];
  const stack: OpenTable[] = [];
  const top = () => stack.at(-1);
  let at = 0;
  const addText = (raw: string) => {
    const table = top();
    if (table?.cell !== undefined) table.cell += decodeHtml(raw.replace(/\s+/g, ' '));
  };
  while (at < text.length) {
    const lt = text.indexOf('<', at);
    if (lt < 0) {
      addText(text.slice(at));
      break;
    }
    if (lt > at) addText(text.slice(at, lt));
    if (text.startsWith('<!--', lt)) {
      // Conditional comments of Office hold settings, never data.
      const end = text.indexOf('-->', lt);
      at = end < 0 ? text.length : end + 3;
      continue;
    }
    const gt = text.indexOf('>', lt);
    if (gt < 0) break;
    const match = /^<(\/?)([a-zA-Z][\w:]*)/.exec(text.slice(lt, Math.min(gt, lt + 40)));
    if (!match) {
      // A bare "<" in text, or a declaration.
      if (text.charCodeAt(lt + 1) !== 33 && text.charCodeAt(lt + 1) !== 63 && text.charCodeAt(lt + 1) !== 47) {
        addText('<');
        at = lt + 1;
      } else at = gt + 1;
      continue;
    }
    at = gt + 1;
    const closing = match[1] === '/';
    const name = (match[2] ?? '').toLowerCase();
    switch (name) {
      case 'script':
      case 'style':
      case 'head':
      case 'select': {
        if (closing) break;
        const end = text.slice(at).search(new RegExp(`</${name}`, 'i'));
        if (name !== 'head' || end >= 0) at = end < 0 ? text.length : at + end;
        break;
      }
      case 'table':
        if (closing) {
          const table = stack.pop();
          if (table) finished.push(endTable(table));
        } else if (stack.length < 50)
          stack.push({ rows: [], row: undefined, cell: undefined, colspan: 1, rowspan: 1, spans: new Map() });
        break;
      case 'tr': {
        const table = top();
        if (!table) break;
        endRow(table);
        if (!closing) table.row = [];
        break;
      }
      case 'td':
      case 'th': {
        const table = top();
        if (!table) break;
        endCell(table);
        if (closing) break;
        table.row ??= [];
        table.cell = '';
        const attributes = text.slice(lt, gt);
        table.colspan = span(/colspan\s*=\s*["']?(\d+)/i.exec(attributes)?.[1]);
        table.rowspan = span(/rowspan\s*=\s*["']?(\d+)/i.exec(attributes)?.[1]);
        if (table.rowspan > 1) log.add('cells-merged');
        break;
      }
      case 'br':
      case 'p':
      case 'div':
      case 'li': {
        const table = top();
        if (table?.cell !== undefined && table.cell !== '' && !table.cell.endsWith('\n')) table.cell += '\n';
        break;
      }
      default:
    }
  }
  while (stack.length > 0) finished.push(endTable(stack.pop() as OpenTable));
  return finished
    .filter((table) => table.rows.some((row) => row.some((cell) => cell !== '')))
    .map((table, i) => ({
      name: `Table ${i + 1}`,
      hidden: false,
      rows: table.rows.map((cells, r) => ({ number: r + 1, cells })),
    }));
}

const span = (text: string | undefined): number => Math.max(1, Math.min(MOST_SPAN, Number(text ?? 1)));

function endTable(table: OpenTable): OpenTable {
  endRow(table);
  return table;
}

function endRow(table: OpenTable): void {
  endCell(table);
  if (!table.row) return;
  takeSpans(table, table.row);
  table.rows.push(table.row);
  table.row = undefined;
}

function endCell(table: OpenTable): void {
  if (table.cell === undefined || !table.row) return;
  takeSpans(table, table.row);
  const text = table.cell.trim();
  const column = table.row.length;
  table.row.push(text);
  for (let i = 1; i < table.colspan; i++) table.row.push('');
  if (table.rowspan > 1) {
    table.spans.set(column, { left: table.rowspan - 1, text });
    for (let i = 1; i < table.colspan; i++) table.spans.set(column + i, { left: table.rowspan - 1, text: '' });
  }
  table.cell = undefined;
}

/** Cells of earlier rows that reach down into this one come before the next cell. */
function takeSpans(table: OpenTable, row: string[]): void {
  for (let reach = table.spans.get(row.length); reach; reach = table.spans.get(row.length)) {
    if (--reach.left === 0) table.spans.delete(row.length);
    row.push(reach.text);
  }
}
