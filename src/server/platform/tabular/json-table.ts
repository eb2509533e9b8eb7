import type { Cell, RawRow } from './cell.ts';
import type { MemorySheet } from './memory-source.ts';
import { type NoticeLog, TableError } from './notice.ts';

const MOST_COLUMNS = 2000;
const MOST_DEPTH = 4;

/**
 * JSON as a table: an array of objects or of arrays, one object per line (NDJSON), or an object that holds such an array
 * (`{data: […]}`, `{result: {items: […]}}`). Nested objects become `a.b` columns, lists are joined with “; ”.
 */
export function readJsonTable(text: string, log: NoticeLog): { sheet: MemorySheet; lines: boolean } {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  let records: unknown[];
  let lines = false;
  try {
    records = findRecords(JSON.parse(trimmed), 0) ?? [];
  } catch (cause) {
    const parsed = parseLines(trimmed, log);
    if (!parsed) throw new TableError('json-damaged', { detail: (cause as Error).message.slice(0, 120) }, cause);
    records = parsed;
    lines = true;
  }
  if (records.length === 0) throw new TableError('no-table');
  return { sheet: { name: 'JSON', hidden: false, rows: toRows(records, log) }, lines };
}

function parseLines(text: string, log: NoticeLog): unknown[] | undefined {
  const records: unknown[] = [];
  let broken = 0;
  let number = 0;
  for (const line of text.split(/\r?\n/)) {
    number++;
    if (line.trim() === '') continue;
    try {
      records.push(JSON.parse(line));
    } catch {
      broken++;
      log.add('rows-damaged', number);
    }
  }
  return records.length > 0 && broken <= records.length * 0.1 ? records : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list that is the table: the value itself, or the longest list of objects inside an envelope. */
function findRecords(value: unknown, depth: number): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value) || depth > MOST_DEPTH) return undefined;
  let best: unknown[] | undefined;
  for (const inner of Object.values(value)) {
    const found = Array.isArray(inner) ? inner : isObject(inner) ? findRecords(inner, depth + 1) : undefined;
    if (found?.some((one) => isObject(one) || Array.isArray(one)) && found.length > (best?.length ?? 0)) best = found;
  }
  return best ?? (depth === 0 ? [value] : undefined);
}

function toRows(records: unknown[], log: NoticeLog): RawRow[] {
  if (records.every(Array.isArray)) {
    return (records as unknown[][]).map((cells, i) => ({
      number: i + 1,
      cells: cells.slice(0, MOST_COLUMNS).map((value) => toCell(value)),
    }));
  }
  const columns = new Map<string, number>();
  const rows: RawRow[] = [];
  records.forEach((record, i) => {
    const cells: Cell[] = [];
    const put = (path: string, value: unknown, depth: number): void => {
      if (isObject(value) && depth < MOST_DEPTH) {
        for (const [key, inner] of Object.entries(value)) put(path === '' ? key : `${path}.${key}`, inner, depth + 1);
        return;
      }
      let index = columns.get(path);
      if (index === undefined) {
        if (columns.size >= MOST_COLUMNS) {
          log.add('cells-omitted', path.slice(0, 60));
          return;
        }
        index = columns.size;
        columns.set(path, index);
      }
      while (cells.length < index) cells.push('');
      cells[index] = toCell(value);
    };
    put(isObject(record) ? '' : 'value', record, 0);
    rows.push({ number: i + 2, cells });
  });
  return [{ number: 1, cells: [...columns.keys()] }, ...rows];
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  // Numbers beyond 2^53 have lost digits in JSON.parse already; the text at least doesn't pretend to be exact.
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) {
    return value.every((one) => typeof one !== 'object' || one === null)
      ? value.filter((one) => one !== null).join('; ')
      : JSON.stringify(value);
  }
  return JSON.stringify(value);
}
