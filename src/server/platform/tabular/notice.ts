import { fill, type Label } from '../../../domain/issue.ts';

type Sentence = readonly [zh: string, en: string];

/** Why a file can't be read, each with what to do about it. */
const errorSentences = {
  'not-found': ['找不到文件“{name}”，请检查路径。', 'There is no file “{name}”. Check the path.'],
  'not-a-file': ['“{name}”不是文件。', '“{name}” is not a file.'],
  'file-empty': ['文件是空的，没有可导入的内容。', 'The file is empty; there is nothing to import.'],
  'file-too-large': [
    '文件超过 {limit} 的上限，请拆分后再导入。',
    'The file is larger than {limit}. Split it and import the parts.',
  ],
  'no-table': [
    '文件中没有找到表格数据。请确认数据在第一列附近，并且至少有一行表头。',
    'No table was found in the file. It needs at least a header row.',
  ],
  'no-sheet': ['工作簿里没有名为“{sheet}”的工作表。', 'The workbook has no sheet “{sheet}”.'],
  'not-a-table': [
    '这是{kind}文件，不是表格。请另存为 .xlsx 或 .csv 后再导入。',
    'This is {kind}, not a table. Save the data as .xlsx or .csv and import that.',
  ],
  'binary-content': [
    '文件内容不是文本也不是可识别的表格。请用 Excel 或 WPS 打开后另存为 .xlsx。',
    'The content is neither text nor a known spreadsheet. Open it in Excel or WPS and save it as .xlsx.',
  ],
  'zip-damaged': [
    '文件已损坏或不完整（压缩包错误：{detail}）。请重新下载或重新导出。',
    'The file is damaged or incomplete (zip: {detail}). Download or export it again.',
  ],
  'zip-bomb': [
    '文件解压后过大（{detail}），可能是压缩炸弹，已拒绝。请另存为新文件后再试。',
    'The file unpacks to far more than a table needs ({detail}) and was refused as a zip bomb. Save it as a new file.',
  ],
  'part-missing': [
    '文件缺少必要部分“{part}”，可能已损坏。请用 Excel 或 WPS 打开后另存。',
    'The file lacks its part “{part}”. Open it in Excel or WPS and save it again.',
  ],
  'xml-damaged': [
    '文件内容不完整或格式错误（{part}，{detail}）。请用 Excel 或 WPS 打开修复后另存。',
    'A part of the file is cut off or malformed ({part}: {detail}). Repair it in Excel or WPS and save it again.',
  ],
  'xml-entities': [
    '文件含有 XML 实体定义（{part}），出于安全已拒绝。请另存为新的 .xlsx。',
    'The file defines XML entities ({part}) and was refused for safety. Save it as a new .xlsx.',
  ],
  encrypted: [
    '文件有打开密码。请在 Excel 或 WPS 中取消密码后再导入。',
    'The file is protected by a password. Remove the password in Excel or WPS and import it again.',
  ],
  'xls-damaged': [
    '无法读取这个旧格式文件（{detail}）。请用 Excel 或 WPS 打开后另存为 .xlsx。',
    'This file in an old format cannot be read ({detail}). Open it in Excel or WPS and save it as .xlsx.',
  ],
  'xls-too-large': [
    '旧格式文件过大，无法安全读取。请用 Excel 或 WPS 另存为 .xlsx 或 .csv。',
    'This file in an old format is too large to read safely. Save it as .xlsx or .csv in Excel or WPS.',
  ],
  'xls-timeout': [
    '读取旧格式文件超时。请用 Excel 或 WPS 另存为 .xlsx 或 .csv。',
    'Reading this file in an old format took too long. Save it as .xlsx or .csv in Excel or WPS.',
  ],
  'too-many-columns': [
    '第 {row} 行超过 {limit} 列。请检查分隔符，或删除多余的列。',
    'Row {row} has more than {limit} columns. Check the delimiter or delete the surplus columns.',
  ],
  'cell-too-long': [
    '第 {row} 行有单元格超过 {limit} 个字符，可能是引号没有成对。',
    'A cell in row {row} is longer than {limit} characters; perhaps a quote is not closed.',
  ],
  'quote-unclosed': [
    '第 {row} 行的引号没有闭合，无法判断单元格在哪里结束：{sample}。请补上或删除这个引号；如果引号只是普通文字，请选择“引号按文字处理”。',
    'A quote opened in row {row} is never closed, so it is unclear where the cell ends: {sample}. Close or delete it, or choose to treat quotes as text.',
  ],
  'encoding-unknown': ['不认识的编码“{encoding}”。', 'Unknown encoding “{encoding}”.'],
  'json-damaged': ['JSON 格式错误（{detail}）。', 'The JSON is malformed ({detail}).'],
  'charts-only': ['工作簿里只有图表，没有数据表。', 'The workbook has only charts and no sheet with data.'],
  timeout: [
    '读取文件超过 {seconds} 秒，已停止。请拆分文件后再试。',
    'Reading took more than {seconds} s and was stopped. Split the file and try again.',
  ],
  'out-of-memory': [
    '读取这个文件需要的内存过多，已停止。请拆分文件，或另存为 .csv。',
    'Reading this file needs too much memory and was stopped. Split it or save it as .csv.',
  ],
  cancelled: ['已取消。', 'Cancelled.'],
  internal: ['读取文件时出错：{detail}', 'Reading the file failed: {detail}'],
} as const satisfies Record<string, Sentence>;

export type TableErrorCode = keyof typeof errorSentences;

export class TableError extends Error {
  readonly code: TableErrorCode;
  readonly params: Record<string, string | number>;
  readonly text: Label;

  constructor(code: TableErrorCode, params: Record<string, string | number> = {}, cause?: unknown) {
    const [zh, en] = errorSentences[code];
    super(fill(en, params), cause === undefined ? undefined : { cause });
    this.name = 'TableError';
    this.code = code;
    this.params = params;
    this.text = { zh: fill(zh, params), en: fill(en, params) };
  }
}

/** What was noticed while reading. `info` is about how the file was understood, `warning` about something lost or doubtful. */
const noticeSentences = {
  'rows-above-header': [
    'info',
    '表头上方有 {count} 行说明文字，没有作为数据读取。',
    '{count} row(s) above the header were not read as data.',
  ],
  'rows-below-table': [
    'warning',
    '表格下方有 {count} 行不是数据（如制表人、备注），没有读取（第 {places} 行）。',
    '{count} row(s) below the table are not data (a signature, a note) and were not read (row {places}).',
  ],
  'totals-skipped': [
    'warning',
    '跳过了 {count} 行合计（第 {places} 行）。',
    '{count} row(s) with totals were skipped (row {places}).',
  ],
  'header-repeated': [
    'info',
    '跳过了 {count} 行重复的表头（第 {places} 行）。',
    '{count} repeated header row(s) were skipped (row {places}).',
  ],
  'header-missing': [
    'warning',
    '文件没有表头，各列按位置命名。',
    'The file has no header; columns are named by position.',
  ],
  'header-joined': [
    'info',
    '表头占 {count} 行，已合并成一行。',
    'The header takes {count} rows and was joined into one.',
  ],
  'header-duplicate': [
    'warning',
    '有 {count} 个重名的列，已加序号区分：{places}。',
    '{count} column name(s) occur more than once and were numbered: {places}.',
  ],
  'header-blank': [
    'warning',
    '有 {count} 列有数据但没有列名：{places}。',
    '{count} column(s) have data but no name: {places}.',
  ],
  'more-tables': [
    'warning',
    '同一页里还有另一张表（从第 {places} 行开始），没有读取。',
    'Another table starts on the same page (row {places}) and was not read.',
  ],
  'rows-long': [
    'warning',
    '有 {count} 行的单元格多于列数（第 {places} 行），多出的内容保留在行末。',
    '{count} row(s) have more cells than columns (row {places}); the surplus is kept at the end of the row.',
  ],
  'rows-short': [
    'warning',
    '有 {count} 行的单元格少于列数（第 {places} 行），缺的按空处理。',
    '{count} row(s) have fewer cells than columns (row {places}); the missing ones are read as empty.',
  ],
  'rows-realigned': [
    'warning',
    '有 {count} 行的分隔符多余或缺失，已按各列内容的样式重新对齐，请核对（第 {places} 行）。',
    '{count} row(s) with a surplus or missing delimiter were realigned by what the columns look like; please check (row {places}).',
  ],
  'quotes-repaired': [
    'warning',
    '有 {count} 行的引号不规范，已按列数推断，请核对（第 {places} 行）。',
    '{count} row(s) have stray quotes and were read by their number of columns; please check (row {places}).',
  ],
  'bytes-replaced': [
    'warning',
    '有 {count} 行含有无法识别的字符，显示为 �（第 {places} 行）。',
    '{count} row(s) hold bytes that are no characters; they show as � (row {places}).',
  ],
  'encoding-mixed': [
    'warning',
    '文件里混有两种编码（UTF-8 和 {encoding}），已逐行识别，请核对。',
    'The file mixes two encodings (UTF-8 and {encoding}); each line was recognised by itself. Please check.',
  ],
  'encoding-guessed': [
    'warning',
    '编码是按字符频率推断的（{encoding}），如有乱码请改选编码。',
    'The encoding was inferred from character frequency ({encoding}). If text looks wrong, choose another.',
  ],
  'invisible-removed': [
    'info',
    '去除了 {count} 行里看不见的字符（如零宽空格、NUL）（第 {places} 行）。',
    'Invisible characters (zero-width, NUL) were removed from {count} row(s) (row {places}).',
  ],
  'extension-mismatch': [
    'info',
    '文件扩展名是 {extension}，内容其实是 {format}，已按内容读取。',
    'The file is named {extension} but its content is {format}; it was read as that.',
  ],
  'sheets-other': [
    'warning',
    '只读取了工作表“{sheet}”；另有 {count} 个工作表也有数据：{places}。',
    'Only the sheet “{sheet}” was read; {count} other sheet(s) also have data: {places}.',
  ],
  'sheet-hidden': ['warning', '有隐藏的工作表：{places}。', 'The workbook has hidden sheet(s): {places}.'],
  'sheet-names-duplicate': ['info', '有同名的工作表：{places}。', 'Sheets share a name: {places}.'],
  'rows-hidden': [
    'warning',
    '有 {count} 行是隐藏或被筛选掉的，也读取了（第 {places} 行）。',
    '{count} hidden or filtered row(s) were read as well (row {places}).',
  ],
  'columns-hidden': ['info', '有 {count} 个隐藏列，也读取了。', '{count} hidden column(s) were read as well.'],
  'cells-merged': [
    'warning',
    '有合并单元格（{count} 处），纵向合并的值已填到每一行。',
    'There are merged cells ({count}); a value merged over several rows was given to each of them.',
  ],
  'formula-uncached': [
    'warning',
    '有 {count} 行的公式没有保存计算结果，读为空（第 {places} 行）。请在 Excel 或 WPS 中打开并保存一次。',
    '{count} row(s) hold formulas without a stored result and were read as empty there (row {places}). Open and save the file once in Excel or WPS.',
  ],
  'formulas-read': [
    'info',
    '有 {count} 行含公式，读取的是保存的计算结果。',
    '{count} row(s) hold formulas; their stored results were read.',
  ],
  'cells-error': [
    'warning',
    '有 {count} 行含错误值（如 #N/A）（第 {places} 行）。',
    '{count} row(s) hold error values such as #N/A (row {places}).',
  ],
  'string-missing': [
    'warning',
    '有 {count} 行引用了文件中不存在的文本，读为空（第 {places} 行）。文件可能已损坏。',
    '{count} row(s) refer to text that is not in the file and were read as empty there (row {places}). The file may be damaged.',
  ],
  'precision-lost': [
    'warning',
    '有 {count} 行的长数字超过 15 位，Excel 保存时已丢失末尾数字（第 {places} 行）。请把该列改为文本后重新填写。',
    '{count} row(s) hold numbers of more than 15 digits whose last digits were lost when Excel saved them (row {places}). Enter that column as text.',
  ],
  'scientific-text': [
    'warning',
    '有 {count} 行含科学计数法（如 1.38E+10），原来的数字可能已丢失（第 {places} 行）。',
    '{count} row(s) hold scientific notation such as 1.38E+10; digits may be lost (row {places}).',
  ],
  'value-unreadable': [
    'warning',
    '有 {count} 行含无法解析的值，按原文读取（第 {places} 行）。',
    '{count} row(s) hold values that do not fit their declared type and were kept as text (row {places}).',
  ],
  'date-out-of-range': [
    'warning',
    '有 {count} 行的日期超出范围，读为数字（第 {places} 行）。',
    '{count} row(s) hold dates out of range and were read as numbers (row {places}).',
  ],
  'styles-missing': [
    'warning',
    '文件缺少样式，日期可能显示为数字。',
    'The file has no styles; dates may show as numbers.',
  ],
  'unsafe-entry': [
    'warning',
    '压缩包里有可疑路径“{places}”，没有读取。',
    'The archive has an entry with an unsafe path ({places}); it was not touched.',
  ],
  'macros-ignored': ['info', '文件含有宏，没有运行。', 'The file has macros; they were not run.'],
  'links-ignored': ['info', '文件引用了外部数据，没有访问。', 'The file refers to outside data; it was not fetched.'],
  'data-after-name': [
    'warning',
    '有 {count} 行在没有列名的位置有内容（第 {places} 行）。',
    '{count} row(s) have content in a place without a column (row {places}).',
  ],
  'rows-damaged': [
    'warning',
    '有 {count} 行已损坏，没有读取（第 {places} 行）。',
    '{count} row(s) are damaged and were not read (row {places}).',
  ],
  'cells-omitted': [
    'warning',
    '嵌套的内容没有全部读取：{places}。',
    'Nested content was not read completely: {places}.',
  ],
  'no-rows': ['warning', '只有表头，没有数据行。', 'There is a header and no data row.'],
} as const satisfies Record<string, readonly ['info' | 'warning', string, string]>;

export type NoticeCode = keyof typeof noticeSentences;

/** One thing noticed, however often: `count` times, first at `places` (row numbers, column or sheet names). */
export interface Notice {
  code: NoticeCode;
  level: 'info' | 'warning';
  count: number;
  places: (string | number)[];
  params: Record<string, string | number>;
  text: Label;
}

const PLACES_KEPT = 10;

/** Collects notices; grows while rows are read. */
export class NoticeLog {
  private readonly seen = new Map<
    NoticeCode,
    {
      count: number;
      last: string | number | undefined;
      places: (string | number)[];
      params: Record<string, string | number>;
    }
  >();

  add(code: NoticeCode, place?: string | number, params: Record<string, string | number> = {}): void {
    let entry = this.seen.get(code);
    if (!entry) {
      entry = { count: 0, last: undefined, places: [], params };
      this.seen.set(code, entry);
    }
    // The same row may show the same thing in several cells: it counts once.
    if (typeof place === 'number' && entry.last === place) return;
    entry.last = place;
    entry.count++;
    if (place === undefined || entry.places.length >= PLACES_KEPT) return;
    entry.places.push(typeof place === 'string' ? place.slice(0, 60) : place);
  }

  has(code: NoticeCode): boolean {
    return this.seen.has(code);
  }

  /** Warnings first, then what is only information. */
  list(): Notice[] {
    const all = [...this.seen].map(([code, { count, places, params }]): Notice => {
      const [level, zh, en] = noticeSentences[code];
      const where = places.join(', ') + (count > places.length && places.length > 0 ? ' …' : '');
      const values = { count, places: where, ...params };
      return { code, level, count, places, params, text: { zh: fill(zh, values), en: fill(en, values) } };
    });
    return all.sort((a, b) => (a.level === b.level ? 0 : a.level === 'warning' ? -1 : 1));
  }
}
