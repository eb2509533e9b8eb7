import { type Cell, cellText } from './cell.ts';
import { isValueKind, kindOf, type ValueKind } from './value-shape.ts';

export interface SampleRow {
  number: number;
  cells: Cell[];
}

export interface Header {
  /** Indexes into the sample of the rows that make up the header; empty when the file has none. */
  rows: number[];
  /** One name per position of the row; '' where there is none. */
  labels: string[];
  /** Index into the sample of the first row of data. */
  dataStart: number;
}

/** Words that column names of business tables are made of. */
const HEADER_WORD =
  /名称|姓名|名字|客户|公司|单位|企业|联系|电话|手机|座机|传真|邮箱|邮件|微信|QQ|地址|省份|城市|区县|编号|编码|代码|序号|日期|时间|金额|价格|单价|数量|合计|备注|说明|类型|类别|状态|等级|来源|行业|部门|职务|职位|性别|年龄|身份证|负责人|跟进|创建|更新|标签|网址|税号|账号|开户|产品|型号|规格|\b(?:name|id|no|code|phone|tel|mobile|e-?mail|address|city|province|country|zip|date|time|amount|price|qty|quantity|total|type|status|note|notes|remark|comments?|company|customer|contact|department|title|owner|source|url|website|description|gender|age|year|month|count|value|number|category|region|state|first|last)\b/i;

const LOOK_AHEAD = 40;

export const filledCount = (cells: readonly Cell[]): number => {
  let n = 0;
  for (const cell of cells) if (cell !== '') n++;
  return n;
};

/** Finds the header in the first rows of a table. `forced`: the row number the person chose (0: there is none). */
export function findHeader(sample: readonly SampleRow[], forced?: number): Header {
  if (forced !== undefined) {
    const index = forced === 0 ? -1 : sample.findIndex((row) => row.number >= forced);
    if (index < 0) return { rows: [], labels: [], dataStart: 0 };
    return { rows: [index], labels: labelsOf(sample[index]?.cells ?? []), dataStart: index + 1 };
  }
  const typical = typicalFill(sample);
  const first = firstWideRow(sample, typical);
  if (first < 0) return { rows: [], labels: [], dataStart: 0 };
  const chosen = bestLabelRow(sample, first, typical);
  if (chosen < 0) return { rows: [], labels: [], dataStart: first };
  return withNamesAbove(sample, withSecondRow(sample, chosen));
}

/** Names of columns without one, or with a repeated one, from up to three header rows above (groups, or cells merged downwards). */
function withNamesAbove(sample: readonly SampleRow[], header: Header): Header {
  const top = header.rows[0] ?? 0;
  const own = header.labels;
  const labels = [...own];
  const rows = [...header.rows];
  const width = Math.max(
    0,
    ...sample.slice(header.dataStart, header.dataStart + LOOK_AHEAD).map((row) => row.cells.length),
  );
  for (let i = top - 1; i >= Math.max(0, top - 3); i--) {
    const above = sample[i];
    if (!above || above.number !== (sample[i + 1]?.number ?? 0) - 1 || filledCount(above.cells) < 2) break;
    let group = '';
    let used = false;
    for (let c = 0; c < width; c++) {
      const name = labelText(above.cells[c] ?? '');
      if (name !== '') group = name;
      if ((labels[c] ?? '') === '' && name !== '') {
        labels[c] = name;
        used = true;
      } else if (
        group !== '' &&
        labels[c] === own[c] &&
        own[c] !== '' &&
        own.filter((label) => label === own[c]).length > 1
      ) {
        labels[c] = `${group} ${own[c]}`;
        used = true;
      }
    }
    if (!used) break;
    rows.unshift(i);
  }
  return rows.length === header.rows.length
    ? header
    : { ...header, rows, labels: Array.from(labels, (label) => label ?? '') };
}

function typicalFill(sample: readonly SampleRow[]): number {
  const counts = sample
    .map((row) => filledCount(row.cells))
    .filter((n) => n > 0)
    .sort((a, b) => a - b);
  // The upper middle: titles and blank-ish rows at the top of a short table must not lower it.
  return counts[Math.floor(counts.length * 0.6)] ?? 0;
}

function firstWideRow(sample: readonly SampleRow[], typical: number): number {
  const least = typical <= 1 ? 1 : Math.max(2, Math.ceil(typical * 0.5));
  return sample.findIndex((row) => filledCount(row.cells) >= least);
}

/** The first row that names the columns; -1 when the first wide row is already data. */
function bestLabelRow(sample: readonly SampleRow[], first: number, typical: number): number {
  for (let i = first; i < Math.min(sample.length, first + 6); i++) {
    const cells = sample[i]?.cells ?? [];
    if (i > first && filledCount(cells) < Math.max(2, typical * 0.5)) continue;
    const verdict = isLabelRow(cells, sample.slice(i + 1, i + 1 + LOOK_AHEAD));
    if (verdict === 'data') return -1;
    if (verdict === 'labels') {
      const next = sample[i + 1];
      return next && isGroupRow(cells, next.cells, sample.slice(i + 2, i + 2 + LOOK_AHEAD)) ? i + 1 : i;
    }
  }
  return first;
}

function isLabelRow(cells: readonly Cell[], below: readonly SampleRow[]): 'labels' | 'data' | 'unsure' {
  const filled = cells.filter((cell) => cell !== '');
  const kinds = filled.map(kindOf);
  const values = kinds.filter(isValueKind).length;
  const words = filled.filter((cell) => typeof cell === 'string' && cell.length <= 30 && HEADER_WORD.test(cell)).length;
  if (words >= 2 && words >= filled.length * 0.4 && values <= filled.length * 0.2) return 'labels';
  let forHeader = 0;
  let forData = 0;
  for (let c = 0; c < cells.length; c++) {
    const kind = kindOf(cells[c]);
    if (kind === 'empty') continue;
    const dominant = dominantKind(below, c);
    if (!dominant || dominant === 'text' || dominant === 'empty') continue;
    if (kind === dominant || (kind === 'year' && dominant === 'number' && values > filled.length * 0.5)) forData++;
    else if (kind === 'text' || kind === 'year') forHeader++;
  }
  if (forData > forHeader) return 'data';
  if (forHeader > 0 && values <= filled.length * 0.5) return 'labels';
  if (below.length === 0) return values > filled.length * 0.5 ? 'data' : 'labels';
  if (values > filled.length * 0.3) return values > filled.length * 0.5 ? 'data' : 'unsure';
  return 'labels';
}

function dominantKind(rows: readonly SampleRow[], column: number): ValueKind | undefined {
  const counts = new Map<ValueKind, number>();
  let total = 0;
  for (const row of rows) {
    const kind = kindOf(row.cells[column]);
    if (kind === 'empty') continue;
    total++;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  for (const [kind, count] of counts) if (count >= total * 0.7) return kind;
  return undefined;
}

/** Group names over column names: the upper row has gaps, the lower one names every column, and below it the values differ from it. */
function isGroupRow(upper: readonly Cell[], lower: readonly Cell[], below: readonly SampleRow[]): boolean {
  const width = Math.max(upper.length, lower.length);
  let gapsFilled = 0;
  for (let c = 0; c < width; c++) {
    if ((upper[c] ?? '') === '' && (lower[c] ?? '') !== '') gapsFilled++;
    if ((upper[c] ?? '') !== '' && (lower[c] ?? '') === '') return false;
  }
  if (gapsFilled === 0 || below.length === 0) return false;
  if (lower.some((cell) => cell !== '' && isValueKind(kindOf(cell)))) return false;
  let typed = 0;
  for (let c = 0; c < width; c++) {
    const dominant = dominantKind(below, c);
    if (dominant && isValueKind(dominant)) typed++;
  }
  const words = lower.filter((cell) => typeof cell === 'string' && HEADER_WORD.test(cell)).length;
  return (typed > 0 && words > 0) || typed >= width * 0.6;
}

/** A header over two rows: names above where the row below is blank, and names below under a group's gap. */
function withSecondRow(sample: readonly SampleRow[], index: number): Header {
  const upper = sample[index]?.cells ?? [];
  // A name merged over both rows is there twice.
  const lower = (sample[index + 1]?.cells ?? []).map((cell, c) => (cell === upper[c] ? '' : cell));
  const single: Header = { rows: [index], labels: labelsOf(upper), dataStart: index + 1 };
  if (sample[index + 1]?.number !== (sample[index]?.number ?? 0) + 1) return single;
  const width = Math.max(upper.length, lower.length);
  let belowGap = 0;
  let blankBelow = 0;
  for (let c = 0; c < width; c++) {
    const up = upper[c] ?? '';
    const low = lower[c] ?? '';
    if (low !== '' && isValueKind(kindOf(low))) return single;
    if (up === '' && low !== '') belowGap++;
    if (up !== '' && low === '') blankBelow++;
  }
  const words = lower.filter((cell) => typeof cell === 'string' && HEADER_WORD.test(cell)).length;
  if (belowGap === 0 || blankBelow === 0 || (words === 0 && belowGap < 2)) return single;
  let group = '';
  const labels: string[] = [];
  const leaves = Array.from({ length: width }, (_, c) => cellText(lower[c] ?? ''));
  for (let c = 0; c < width; c++) {
    const up = labelText(upper[c] ?? '');
    const low = labelText(lower[c] ?? '');
    if (up !== '') group = up;
    const twice = low !== '' && leaves.filter((leaf) => leaf === leaves[c]).length > 1;
    labels.push(low === '' ? up : twice && group !== '' ? `${group} ${low}` : low);
  }
  return { rows: [index, index + 1], labels, dataStart: index + 2 };
}

const labelsOf = (cells: readonly Cell[]): string[] => cells.map(labelText);

const labelText = (cell: Cell): string => cellText(cell).replace(/\s+/g, ' ').trim();
