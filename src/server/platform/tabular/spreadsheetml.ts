import type { Cell, RawRow } from './cell.ts';
import type { MemorySheet } from './memory-source.ts';
import { type NoticeLog, TableError } from './notice.ts';
import { isoDate } from './serial-date.ts';
import { readXml } from './xml.ts';

const MOST_COLUMNS = 16_384;

/** SpreadsheetML 2003 (“XML Spreadsheet”), which reporting systems still write, mostly under the name .xls. */
export function readSpreadsheetMl(text: string, log: NoticeLog): MemorySheet[] {
  const sheets: MemorySheet[] = [];
  let sheet: MemorySheet | undefined;
  let row: RawRow | undefined;
  let hidden = false;
  let number = 0;
  let column = 0;
  let type = '';
  let value: string | undefined;
  let across = 0;
  let down = 0;
  let skip = '';
  let complete = false;
  const merged: { left: number; bottom: number; value: Cell }[] = [];
  for (const event of readXml(text, 'Workbook')) {
    if (skip !== '') {
      if (event.type === 'close' && event.name === skip) skip = '';
      continue;
    }
    if (event.type === 'text') {
      if (value !== undefined) value += event.text;
      continue;
    }
    if (event.type === 'open') {
      const a = event.attributes;
      if (event.name === 'Worksheet') {
        sheet = { name: a.Name ?? `Sheet${sheets.length + 1}`, hidden: false, rows: [] };
        sheets.push(sheet);
        number = 0;
        merged.length = 0;
      } else if (event.name === 'Row') {
        number = a.Index === undefined ? number + 1 : Math.max(number + 1, Number(a.Index) || 0);
        hidden = a.Hidden === '1';
        column = 0;
        row = { number, cells: [] };
        if (event.empty) {
          number += Math.min(1_048_576, Number(a.Span ?? 0) || 0);
          row = undefined;
        }
      } else if (event.name === 'Cell' && row) {
        if (a.Index !== undefined) column = Math.max(column, (Number(a.Index) || 1) - 1);
        if (column >= MOST_COLUMNS) throw new TableError('too-many-columns', { row: number, limit: MOST_COLUMNS });
        across = Math.min(MOST_COLUMNS, Number(a.MergeAcross ?? 0) || 0);
        down = Math.min(1_048_576, Number(a.MergeDown ?? 0) || 0);
        if (event.empty) column += 1 + across;
      } else if (event.name === 'Data' && row) {
        type = a.Type ?? 'String';
        value = event.empty ? undefined : '';
      } else if (event.name === 'Comment' && !event.empty) skip = 'Comment';
      else if (event.name === 'Visible') void 0;
      continue;
    }
    if (event.name === 'Data' && row && value !== undefined) {
      const cell = typedValue(type, value, number, log);
      while (row.cells.length < column) row.cells.push('');
      row.cells[column] = cell;
      if (down > 0) {
        log.add('cells-merged');
        merged.push({ left: column, bottom: number + down, value: cell });
      }
      value = undefined;
    } else if (event.name === 'Cell') {
      column += 1 + across;
      across = down = 0;
    } else if (event.name === 'Row' && row && sheet) {
      for (const range of merged) {
        if (range.bottom < number) continue;
        while (row.cells.length <= range.left) row.cells.push('');
        if (row.cells[range.left] === '') row.cells[range.left] = range.value;
      }
      if (row.cells.some((cell) => cell !== '')) {
        if (hidden) log.add('rows-hidden', number);
        sheet.rows.push(row);
      }
      row = undefined;
    } else if (event.name === 'Workbook') complete = true;
  }
  if (!complete) throw new TableError('xml-damaged', { part: 'Workbook', detail: `row ${number}` });
  return sheets;
}

function typedValue(type: string, text: string, row: number, log: NoticeLog): Cell {
  if (type === 'Number') {
    const value = Number(text);
    if (text.trim() === '') return '';
    if (!Number.isFinite(value)) return text;
    if (Math.abs(value) >= 1e15) log.add('precision-lost', row);
    return value;
  }
  if (type === 'DateTime') return isoDate(text.replace(/\.\d+$/, '')) ?? text;
  if (type === 'Boolean') return text.trim() === '1';
  if (type === 'Error') {
    log.add('cells-error', row);
    return { kind: 'error', text };
  }
  return text;
}
