import type { Cell, RawRow } from './cell.ts';
import { TableError } from './notice.ts';
import type { MergedRange } from './sheet-source.ts';
import { mayHaveInvisible } from './text-clean.ts';
import { cellValue, type WorkbookContext } from './xlsx-cells.ts';
import { unescapeText, xmlText } from './xlsx-strings.ts';

const BATCH = 1000;
const BATCH_CELLS = 100_000;
const LAST_COLUMN = 16_383;
const LONGEST_ELEMENT = 64_000_000;

/** A value merged over several rows, given to every row it covers. Filled while reading, top to bottom. */
export class MergedValues {
  private readonly starting = new Map<number, MergedRange[]>();
  private active: { range: MergedRange; value: Cell }[] = [];

  constructor(ranges: readonly MergedRange[]) {
    for (const range of ranges) {
      if (range.bottom === range.top) continue;
      const list = this.starting.get(range.top);
      if (list) list.push(range);
      else this.starting.set(range.top, [range]);
    }
  }

  apply(row: RawRow): void {
    if (this.active.length > 0) {
      this.active = this.active.filter(({ range }) => range.bottom >= row.number);
      for (const { range, value } of this.active) {
        while (row.cells.length <= range.left) row.cells.push('');
        if (row.cells[range.left] === '') row.cells[range.left] = value;
      }
    }
    for (const range of this.starting.get(row.number) ?? []) {
      const value = row.cells[range.left] ?? '';
      if (value !== '') this.active.push({ range, value });
    }
  }
}

/**
 * Rows of a worksheet part, streamed: a scanner over `<row>`, `<c>`, `<v>`, `<is>`, `<t>` and nothing else, because that is all a
 * table needs and it is several times faster than a general XML parser. Rows without a value are left out.
 */
export class SheetParser {
  readonly rows: RawRow[] = [];
  /** Cells in `rows`; whoever takes rows away sets it back. */
  cellCount = 0;
  /** `</sheetData>` has been seen. */
  dataEnded = false;
  private complete = false;
  private readonly part: string;
  private readonly context: WorkbookContext;
  private readonly from: number;
  private readonly merged: MergedValues | undefined;
  private buffer = '';
  private rowNumber = 0;
  private rowHidden = false;
  private cells: Cell[] = [];
  private inData = false;
  private column = -1;
  private type = '';
  private style = 0;
  private text = '';
  private inCell = false;
  private inPhonetic = false;
  private hasFormula = false;
  private hasValue = false;
  private skipping = false;
  /** No cell of the row so far holds an invisible character. */
  private plain = true;
  private readonly stringsPlain: boolean;
  /** Where the text of the open `v` or `t` begins in the buffer; -1 when none is open. */
  private textStart = -1;

  constructor(part: string, context: WorkbookContext, from: number, merged?: MergedValues) {
    this.part = part;
    this.context = context;
    this.from = from;
    this.merged = merged;
    this.stringsPlain = context.strings?.plain !== false && merged === undefined;
  }

  feed(piece: string): void {
    this.buffer = this.buffer === '' ? piece : this.buffer + piece;
    const { buffer } = this;
    let at = 0;
    for (;;) {
      const lt = buffer.indexOf('<', at);
      if (lt < 0) {
        at = buffer.length;
        break;
      }
      const code = buffer.charCodeAt(lt + 1);
      if (code === 33 || code === 63) {
        const end = this.special(lt, code);
        if (end < 0) {
          at = lt;
          break;
        }
        at = end;
        continue;
      }
      const gt = buffer.indexOf('>', lt + 1);
      if (gt < 0) {
        at = lt;
        break;
      }
      at = this.tag(lt, gt, code === 47);
    }
    const keep = this.textStart >= 0 ? this.textStart : at;
    this.buffer = buffer.slice(keep);
    if (this.textStart >= 0) this.textStart = 0;
    if (this.buffer.length > LONGEST_ELEMENT)
      throw new TableError('cell-too-long', { row: this.rowNumber, limit: LONGEST_ELEMENT });
  }

  finish(): void {
    if (!this.complete) throw new TableError('xml-damaged', { part: this.part, detail: `row ${this.rowNumber}` });
  }

  /** Comment, CDATA, processing instruction, document type. Returns where to go on, or -1 when more text is needed. */
  private special(lt: number, code: number): number {
    const { buffer } = this;
    if (code === 63) {
      const end = buffer.indexOf('?>', lt);
      return end < 0 ? -1 : end + 2;
    }
    if (buffer.length - lt < 9) return -1;
    if (buffer.startsWith('<!--', lt)) {
      const end = buffer.indexOf('-->', lt);
      return end < 0 ? -1 : end + 3;
    }
    if (!buffer.startsWith('<![CDATA[', lt)) throw new TableError('xml-entities', { part: this.part });
    const end = buffer.indexOf(']]>', lt);
    if (end < 0) return -1;
    if (this.textStart >= 0) {
      this.text += unescapeText(buffer.slice(this.textStart, lt)) + buffer.slice(lt + 9, end);
      this.textStart = end + 3;
    }
    return end + 3;
  }

  /** Returns where to go on. */
  private tag(lt: number, gt: number, closing: boolean): number {
    const { buffer } = this;
    let name = closing ? lt + 2 : lt + 1;
    let end = name;
    for (; end < gt; end++) {
      const c = buffer.charCodeAt(end);
      if (c === 58) name = end + 1;
      else if (c <= 32 || c === 47) break;
    }
    const empty = !closing && buffer.charCodeAt(gt - 1) === 47;
    const length = end - name;
    const first = buffer.charCodeAt(name);
    if (this.inData) {
      if (length === 1) {
        if (this.skipping) return gt + 1;
        if (first === 99) {
          if (closing) this.endCell();
          else {
            this.startCell(end, gt, empty);
            if (!empty) return this.usualCell(gt + 1);
          }
        } else if (first === 118) {
          // v: the text is kept raw here and read by its type
          if (!closing) {
            if (!empty && this.inCell) this.textStart = gt + 1;
          } else if (this.textStart >= 0) {
            this.text += buffer.slice(this.textStart, lt);
            this.textStart = -1;
            this.hasValue = true;
          }
        } else if (first === 116) {
          if (!closing) {
            if (!empty && this.inCell && !this.inPhonetic) this.textStart = gt + 1;
          } else if (this.textStart >= 0) {
            this.text += unescapeText(buffer.slice(this.textStart, lt));
            this.textStart = -1;
            this.hasValue = true;
          }
        } else if (first === 102 && !closing) this.hasFormula = true;
        return gt + 1;
      }
      if (length === 3) {
        if (first === 114 && buffer.charCodeAt(name + 1) === 111) {
          if (closing) this.endRow();
          else this.startRow(end, gt, empty);
        } else if (buffer.startsWith('rPh', name)) this.inPhonetic = !closing && !empty;
        return gt + 1;
      }
      if (closing && length === 9 && buffer.startsWith('sheetData', name)) {
        this.inData = false;
        this.dataEnded = true;
      }
      return gt + 1;
    }
    if (length === 9 && buffer.startsWith('sheetData', name)) {
      if (empty) this.dataEnded = true;
      else if (!closing) this.inData = true;
    } else if (length === 9 && (closing || empty) && buffer.startsWith('worksheet', name)) this.complete = true;
    else if (length === 3 && !closing && !this.dataEnded && buffer.startsWith('col', name)) {
      if (/\bhidden\s*=\s*["'](?:1|true)/.test(buffer.slice(lt, gt))) this.context.log.add('columns-hidden');
    }
    return gt + 1;
  }

  /** The two forms in which nearly all cells are written, read in one step; anything else goes tag by tag. */
  private usualCell(at: number): number {
    const { buffer } = this;
    if (buffer.startsWith('<v>', at)) {
      const end = buffer.indexOf('<', at + 3);
      if (end < 0 || !buffer.startsWith('</v></c>', end)) return at;
      this.text = buffer.slice(at + 3, end);
      this.hasValue = true;
      this.endCell();
      return end + 8;
    }
    if (!buffer.startsWith('<is><t', at)) return at;
    const open = buffer.indexOf('>', at + 6);
    const after = buffer.charCodeAt(at + 6);
    if (open < 0 || (after !== 62 && after !== 32) || buffer.charCodeAt(open - 1) === 47) return at;
    const end = buffer.indexOf('<', open + 1);
    if (end < 0 || !buffer.startsWith('</t></is></c>', end)) return at;
    this.text = unescapeText(buffer.slice(open + 1, end));
    this.hasValue = true;
    this.endCell();
    return end + 13;
  }

  private startRow(from: number, gt: number, empty: boolean): void {
    let number = this.rowNumber + 1;
    this.rowHidden = false;
    if (gt - from > 1) {
      const attributes = this.buffer.slice(from, gt);
      const declared = Number(/\sr\s*=\s*["'](\d+)/.exec(attributes)?.[1] ?? 0);
      if (declared > number) number = declared;
      this.rowHidden = attributes.includes('hidden') && /\shidden\s*=\s*["'](?:1|true)/.test(attributes);
    }
    this.rowNumber = number;
    this.column = -1;
    this.cells = [];
    this.plain = this.stringsPlain;
    this.skipping = number < this.from || empty;
  }

  private endRow(): void {
    this.skipping = false;
    const { cells } = this;
    let length = cells.length;
    while (length > 0 && cells[length - 1] === '') length--;
    if (length === 0) return;
    if (length < cells.length) cells.length = length;
    const row: RawRow = { number: this.rowNumber, cells, plain: this.plain };
    this.merged?.apply(row);
    if (this.rowHidden) this.context.log.add('rows-hidden', this.rowNumber);
    this.rows.push(row);
    this.cellCount += length;
    this.cells = [];
  }

  private startCell(from: number, gt: number, empty: boolean): void {
    const { buffer } = this;
    this.type = '';
    this.style = 0;
    this.text = '';
    this.hasFormula = false;
    this.hasValue = false;
    this.column++;
    for (let i = from; i < gt; i++) {
      const c = buffer.charCodeAt(i);
      if (c <= 32 || c === 47) continue;
      const equals = buffer.indexOf('=', i);
      if (equals < 0 || equals > gt) break;
      let open = equals + 1;
      while (buffer.charCodeAt(open) <= 32) open++;
      const close = buffer.indexOf(buffer.charCodeAt(open) === 39 ? "'" : '"', open + 1);
      if (close < 0 || close > gt) break;
      if (c === 114) this.column = columnOf(buffer, open + 1, close, this.column);
      else if (c === 115) this.style = Number(buffer.slice(open + 1, close));
      else if (c === 116) this.type = buffer.slice(open + 1, close);
      i = close;
    }
    if (this.column > LAST_COLUMN)
      throw new TableError('too-many-columns', { row: this.rowNumber, limit: LAST_COLUMN + 1 });
    this.inCell = !empty;
  }

  private endCell(): void {
    if (!this.inCell) return;
    this.inCell = false;
    this.inPhonetic = false;
    this.textStart = -1;
    if (!this.hasValue) {
      if (this.hasFormula) this.context.log.add('formula-uncached', this.rowNumber);
      return;
    }
    if (this.hasFormula) this.context.log.add('formulas-read', this.rowNumber);
    // Shared strings were looked at once; these are looked at here.
    if (this.type === 'inlineStr' || this.type === 'str') this.plain &&= !mayHaveInvisible(this.text);
    const value =
      this.type === 'inlineStr' ? this.text : cellValue(this.type, this.style, this.text, this.rowNumber, this.context);
    if (value === '') return;
    const { cells, column } = this;
    while (cells.length < column) cells.push('');
    cells[column] = value;
  }
}

/** `AB12` → 27. Without letters the column after the previous one. */
function columnOf(text: string, from: number, to: number, otherwise: number): number {
  let column = 0;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i) | 32;
    if (c < 97 || c > 122) break;
    column = column * 26 + (c - 96);
    if (column > 1_000_000) break;
  }
  return column === 0 ? otherwise : column - 1;
}

export async function* readSheet(
  pieces: AsyncIterable<Buffer>,
  part: string,
  context: WorkbookContext,
  from: number,
  merged?: MergedValues,
): AsyncGenerator<RawRow[]> {
  const parser = new SheetParser(part, context, from, merged);
  for await (const text of xmlText(pieces)) {
    parser.feed(text);
    // Wide rows come in smaller batches.
    while (parser.rows.length >= BATCH || parser.cellCount > BATCH_CELLS) {
      parser.cellCount = 0;
      yield parser.rows.splice(0, BATCH);
    }
  }
  parser.finish();
  if (parser.rows.length > 0) yield parser.rows;
}
