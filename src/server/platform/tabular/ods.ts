import type { ByteFile } from './byte-file.ts';
import type { Cell, RawRow } from './cell.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { isoDate } from './serial-date.ts';
import type { SheetInfo, SheetSource } from './sheet-source.ts';
import { xmlText } from './xlsx-strings.ts';
import { readXmlPieces, type XmlEvent } from './xml.ts';
import type { Zip } from './zip.ts';

const BATCH = 1000;
const MOST_COLUMNS = 16_384;
/** A row with values repeated more often than this is a fill of the whole sheet, not data. */
const MOST_REPEATS = 10_000;

/** OpenDocument spreadsheets: content.xml, streamed once per sheet. */
export async function openOds(file: ByteFile, zip: Zip, log: NoticeLog): Promise<SheetSource> {
  const content = zip.entries.get('content.xml');
  if (!content) throw new TableError('part-missing', { part: 'content.xml' });
  const manifest = zip.entries.get('meta-inf/manifest.xml');
  if (manifest && /encryption-data/.test((await zip.bytes(manifest, 4 * 1024 * 1024)).toString('latin1')))
    throw new TableError('encrypted');
  return openOdsContent(
    () => xmlText(zip.stream(content)),
    () => file.close(),
    log,
  );
}

/** `content` gives the text of content.xml, or of a flat document (.fods), from the beginning. */
export async function openOdsContent(
  content: () => AsyncIterable<string>,
  close: () => Promise<void>,
  log: NoticeLog,
): Promise<SheetSource> {
  const sheets: SheetInfo[] = [];
  let complete = false;
  for await (const events of readXmlPieces(content(), 'content.xml')) {
    for (const event of events) {
      if (event.type === 'open' && event.name === 'table')
        sheets.push({ name: event.attributes.name ?? `Sheet${sheets.length + 1}`, hidden: false });
      else if (event.type === 'close' && /^document(?:-content)?$/.test(event.name)) complete = true;
    }
  }
  if (!complete) throw new TableError('xml-damaged', { part: 'content.xml', detail: 'cut off' });
  return {
    format: 'ods',
    sheets,
    async *rows(sheet, from = 1) {
      const reader = new OdsRows(sheet, from, log);
      for await (const events of readXmlPieces(content(), 'content.xml')) {
        for (const event of events) reader.take(event);
        while (reader.rows.length >= BATCH) yield reader.rows.splice(0, BATCH);
        if (reader.ended) break;
      }
      if (reader.rows.length > 0) yield reader.rows;
    },
    close,
  };
}

class OdsRows {
  rows: RawRow[] = [];
  ended = false;
  private table = -1;
  private number = 0;
  private repeat = 1;
  private hidden = false;
  private cells: Cell[] = [];
  private column = 0;
  private cell: Record<string, string> | undefined;
  private text: string | undefined;
  private paragraphs = 0;
  private inParagraph = 0;
  private skip = '';
  private readonly spans: { left: number; bottom: number; value: Cell }[] = [];
  private readonly sheet: number;
  private readonly from: number;
  private readonly log: NoticeLog;

  constructor(sheet: number, from: number, log: NoticeLog) {
    this.sheet = sheet;
    this.from = from;
    this.log = log;
  }

  take(event: XmlEvent): void {
    if (event.type === 'open' && event.name === 'table') this.table++;
    if (this.table !== this.sheet || this.ended) return;
    if (this.skip !== '') {
      if (event.type === 'close' && event.name === this.skip) this.skip = '';
      return;
    }
    if (event.type === 'text') {
      if (this.text !== undefined && this.inParagraph > 0) this.text += event.text.replace(/\s+/g, ' ');
    } else if (event.type === 'open') this.open(event);
    else this.close(event.name);
  }

  private open({ name, attributes, empty }: Extract<XmlEvent, { type: 'open' }>): void {
    if (name === 'annotation' || name === 'shapes') {
      if (!empty) this.skip = name;
    } else if (name === 'table-row') {
      this.repeat = Math.max(1, Number(attributes['number-rows-repeated'] ?? 1) || 1);
      this.hidden = /collapse|filter/.test(attributes.visibility ?? '');
      this.cells = [];
      this.column = 0;
      if (empty) this.number += this.repeat;
    } else if (name === 'table-cell' || name === 'covered-table-cell') {
      this.cell = attributes;
      this.text = '';
      this.paragraphs = 0;
      if (empty) this.endCell();
    } else if (name === 'p' && this.text !== undefined) {
      if (this.paragraphs++ > 0) this.text += '\n';
      if (!empty) this.inParagraph++;
    } else if (name === 's' && this.text !== undefined)
      this.text += ' '.repeat(Math.min(1000, Number(attributes.c ?? 1) || 1));
    else if (name === 'tab' && this.text !== undefined) this.text += '\t';
    else if (name === 'line-break' && this.text !== undefined) this.text += '\n';
  }

  private close(name: string): void {
    if (name === 'p') this.inParagraph = Math.max(0, this.inParagraph - 1);
    else if (name === 'table-cell' || name === 'covered-table-cell') this.endCell();
    else if (name === 'table-row') this.endRow();
    else if (name === 'table') this.ended = true;
  }

  private endCell(): void {
    const { cell } = this;
    if (!cell) return;
    const value = this.valueOf(cell);
    const repeat = Math.max(1, Number(cell['number-columns-repeated'] ?? 1) || 1);
    if (value !== '') {
      if (this.column + repeat > MOST_COLUMNS)
        throw new TableError('too-many-columns', { row: this.number + 1, limit: MOST_COLUMNS });
      while (this.cells.length < this.column) this.cells.push('');
      for (let i = 0; i < repeat; i++) this.cells[this.column + i] = value;
      const rows = Number(cell['number-rows-spanned'] ?? 1) || 1;
      if (rows > 1) {
        this.log.add('cells-merged');
        this.spans.push({ left: this.column, bottom: this.number + rows, value });
      }
    }
    this.column += repeat;
    this.cell = undefined;
    this.text = undefined;
  }

  private valueOf(cell: Record<string, string>): Cell {
    const row = this.number + 1;
    if (cell.formula !== undefined) {
      this.log.add(cell['value-type'] === undefined && this.text === '' ? 'formula-uncached' : 'formulas-read', row);
    }
    switch (cell['value-type']) {
      case 'float':
      case 'currency':
      case 'percentage': {
        const value = Number(cell.value);
        if (Math.abs(value) >= 1e15) this.log.add('precision-lost', row);
        // Leading zeros are a format here too: the shown text is the code.
        if (/^0\d+$/.test(this.text ?? '') && Number(this.text) === value) return this.text ?? '';
        return Number.isFinite(value) ? value : (this.text ?? '');
      }
      case 'date':
        return isoDate((cell['date-value'] ?? '').replace(/\.\d+$/, '')) ?? this.text ?? '';
      case 'boolean':
        return cell['boolean-value'] === 'true';
      case 'time':
        return this.text ?? '';
      default:
        if (/^(?:#N\/A|#REF!|#VALUE!|#NAME\?|#DIV\/0!|#NUM!|Err:\d+)$/.test(this.text ?? '')) {
          this.log.add('cells-error', row);
          return { kind: 'error', text: this.text ?? '' };
        }
        return this.text ?? '';
    }
  }

  private endRow(): void {
    const filled = this.cells.some((value) => value !== '');
    const repeat = filled ? Math.min(this.repeat, MOST_REPEATS) : 0;
    for (let i = 1; i <= repeat; i++) {
      const row = { number: this.number + i, cells: [...this.cells] };
      for (const span of this.spans) {
        if (span.bottom < row.number) continue;
        while (row.cells.length <= span.left) row.cells.push('');
        if (row.cells[span.left] === '') row.cells[span.left] = span.value;
      }
      if (this.hidden) this.log.add('rows-hidden', row.number);
      if (row.number >= this.from) this.rows.push(row);
    }
    if (filled && this.repeat > MOST_REPEATS) this.log.add('cells-omitted', this.number + 1);
    this.number += this.repeat;
  }
}
