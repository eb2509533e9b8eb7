import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readTable } from './testing/files.ts';
import { csvText, HEADER, sampleRows } from './testing/sample-rows.ts';

const rows = sampleRows();
const table = [HEADER, ...rows];

async function expectTable(content: Uint8Array | string, want: string[][] = rows, name = 'a.csv') {
  const outcome = await readTable(content, name);
  expect(outcome.error).toBeUndefined();
  expect(outcome.labels).toEqual(HEADER);
  expect(outcome.rows).toEqual(want);
  return outcome;
}

describe('encodings', () => {
  const text = csvText(table);
  it.each(['utf8', 'gbk', 'gb18030', 'utf16le', 'utf16be'])('%s', async (encoding) => {
    await expectTable(iconv.encode(text, encoding));
    await expectTable(iconv.encode(text, encoding, { addBOM: true }));
  });

  it('Big5, told from GB by character frequency', async () => {
    const traditional = rows.map((row) => [
      `億拓實業有限公司${row[0]?.length}`,
      '陳佳妮',
      row[2] ?? '',
      row[3] ?? '',
      '臺北市信義區松高路',
      row[5] ?? '',
      row[6] ?? '',
      '重要客戶',
    ]);
    const big5 = iconv.encode(
      csvText([
        HEADER.map((_, i) => ['客戶名稱', '聯絡人', '手機', '編碼', '地址', '日期', '金額', '備註'][i] ?? ''),
        ...traditional,
      ]),
      'big5',
    );
    const outcome = await readTable(big5, 'a.csv');
    expect(outcome.encoding).toBe('big5');
    expect(outcome.rows).toEqual(traditional);
  });

  it('Shift_JIS with kana', async () => {
    const japanese = rows.map((row, i) => [`株式会社テスト${i}`, 'やまだたろう', row[2] ?? '']);
    const outcome = await readTable(
      iconv.encode(csvText([['会社', 'なまえ', '電話'], ...japanese]), 'shift_jis'),
      'a.csv',
    );
    expect(outcome.rows).toEqual(japanese);
  });

  it('windows-1252 with dashes and curly quotes, which Node decodes wrongly', async () => {
    const western = rows.map((_, i) => [`Café – “Nº ${i}”`, 'Müller', `${i}`]);
    const outcome = await readTable(
      iconv.encode(csvText([['Firm', 'Name', 'Number'], ...western]), 'win1252'),
      'a.csv',
    );
    expect(outcome.rows).toEqual(western);
    expect(outcome.notices).toContain('encoding-guessed');
  });

  it('GBK that starts after 60 kB of ASCII', async () => {
    const long = Array.from({ length: 4000 }, (_, i) => [`a${i}`, `1380013${1000 + i}`]);
    const outcome = await readTable(
      iconv.encode(csvText([['name', 'phone'], ...long, ['张三', '13800138000']]), 'gbk'),
      'a.csv',
    );
    expect(outcome.rows).toHaveLength(4001);
    expect(outcome.rows.at(-1)).toEqual(['张三', '13800138000']);
  });

  it('UTF-8 and GBK glued together, line by line, with a warning', async () => {
    const glued = Buffer.concat([
      Buffer.from(csvText(table.slice(0, 21))),
      iconv.encode(csvText(table.slice(21)), 'gbk'),
    ]);
    const found = await expectTable(glued);
    expect(found.notices).toContain('encoding-mixed');
    // Read again by the name it was given, as the import wizard does.
    expect(found.encoding).toBe('utf-8 + gb18030');
    const again = await readTable(glued, 'a.csv', { encoding: 'utf-8 + gb18030' });
    expect(again.rows).toEqual(found.rows);
  });

  it('UTF-8 with broken bytes stays UTF-8 and says where', async () => {
    const bytes = Buffer.from(csvText(table));
    const broken = Buffer.concat([bytes.subarray(0, bytes.indexOf('黎') + 1), bytes.subarray(bytes.indexOf('黎') + 3)]);
    const outcome = await readTable(broken, 'a.csv');
    expect(outcome.rows).toHaveLength(40);
    expect(outcome.notices).toContain('bytes-replaced');
  });

  it('a file cut off in the middle of a character', async () => {
    const outcome = await readTable(
      Buffer.concat([Buffer.from('姓名,公司\r\n张三,深圳华创\r\n李四,上海'), Buffer.from([0xe5, 0x8c])]),
      'a.csv',
    );
    expect(outcome.rows).toHaveLength(2);
    expect(outcome.notices).toContain('bytes-replaced');
  });

  it('the encoding that the person chose wins', async () => {
    const outcome = await readTable(iconv.encode('姓名,公司\n张三,深圳', 'gbk'), 'a.csv', { encoding: 'big5' });
    expect(outcome.encoding).toBe('big5');
    expect(outcome.rows[0]?.[0]).not.toBe('张三');
    expect((await readTable('a,b\n1,2', 'a.csv', { encoding: 'klingon' })).error).toBe('encoding-unknown');
  });
});

describe('dialects', () => {
  it.each([',', ';', '\t', '|', '||', '\u0001', ',', '^'])('delimiter %j', async (delimiter) => {
    expect((await expectTable(csvText(table, { delimiter }))).delimiter).toBe(delimiter);
  });

  it.each(['\r\n', '\n', '\r'])('line end %j', async (eol) => {
    await expectTable(csvText(table, { eol }));
    await expectTable(csvText(table, { eol }).slice(0, -eol.length));
    await expectTable(csvText(table, { eol }) + eol + eol);
  });

  it('all line ends in one file', async () => {
    const ends = ['\r\n', '\n', '\r'];
    await expectTable(table.map((row, i) => csvText([row], { eol: ends[i % 3] ?? '\n' })).join(''));
  });

  it('every cell quoted, single quotes, a space after the comma', async () => {
    await expectTable(csvText(table, { all: true }));
    await expectTable(csvText(table, { all: true, quote: "'" }));
    await expectTable(csvText(table, { all: true }).replaceAll('","', '", "'));
  });

  it('backslash before quotes', async () => {
    await expectTable(
      table.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '\\"')}"`).join(',')}\n`).join(''),
    );
  });

  it('a sep= line decides', async () => {
    await expectTable(`sep=;\r\n${csvText(table, { delimiter: ';' })}`);
    await expectTable(`\ufeffsep=\\t\r\n${csvText(table, { delimiter: '\t' })}`);
  });

  it('line breaks, delimiters and quotes inside cells', async () => {
    const odd = rows.map((row, i) => [...row.slice(0, 7), `第一行\n第 "${i}" 行, 完`]);
    await expectTable(csvText([HEADER, ...odd]), odd);
  });

  it('one column, without inventing a delimiter', async () => {
    const outcome = await readTable('公司名称\n深圳华创:科技\n上海 南方\n北京市\n', 'a.csv');
    expect(outcome.labels).toEqual(['公司名称']);
    expect(outcome.rows).toEqual([['深圳华创:科技'], ['上海 南方'], ['北京市']]);
  });
});

describe('quotes gone wrong', () => {
  it('repairs what the number of columns decides', async () => {
    const lines = csvText(table).split('\r\n');
    lines[5] = lines[5]?.replace(/^([^,]*),/, '"$1,') ?? '';
    const note = rows[4]?.[7] ?? '';
    lines[5] = note === '' ? `${lines[5]}"完"` : (lines[5] ?? '');
    const outcome = await readTable(lines.join('\r\n'), 'a.csv');
    expect(outcome.error).toBeUndefined();
    expect(outcome.rows).toHaveLength(40);
    expect(outcome.rows[4]?.[0]).toBe(`"${rows[4]?.[0]}`);
    expect(outcome.notices).toContain('quotes-repaired');
  });

  it('unescaped quotes inside a quoted cell', async () => {
    const outcome = await readTable('名称,规格,备注\n甲,"屏幕 15" 英寸",好\n乙,"普通",一般\n丙,"无",差\n', 'a.csv');
    expect(outcome.rows[0]).toEqual(['甲', '屏幕 15" 英寸', '好']);
  });

  it('refuses a quote that swallows the file, naming the row; reads it when told that quotes are text', async () => {
    const text = `${csvText(table.slice(0, 20))}"未闭合的公司,张三,13800138000,1,北京,2024-01-01,1,\r\n${csvText(table.slice(20))}`;
    expect((await readTable(text, 'a.csv')).error).toBe('quote-unclosed');
    const outcome = await readTable(text, 'a.csv', { quote: '' });
    expect(outcome.rows).toHaveLength(41);
    expect(outcome.rows[19]?.[0]).toBe('"未闭合的公司');
  });
});

describe('rows with too many or too few cells', () => {
  const changed = (change: (cells: string[]) => string[]) =>
    csvText(table.map((row, i) => (i === 7 ? change([...row]) : row)));

  it('an empty cell too many is taken out where the columns fit again', async () => {
    const outcome = await expectTable(changed((cells) => [...cells.slice(0, 2), '', ...cells.slice(2)]));
    expect(outcome.notices).toContain('rows-realigned');
  });

  it('a missing delimiter is put back', async () => {
    const outcome = await expectTable(
      changed((cells) => [...cells.slice(0, 5), `${cells[5]}${cells[6]}`, ...cells.slice(7)]),
    );
    expect(outcome.notices).toContain('rows-realigned');
  });

  it('surplus content stays at the end and is reported', async () => {
    const outcome = await readTable(
      changed((cells) => [...cells, '多出来的']),
      'a.csv',
    );
    expect(outcome.rows[6]).toEqual([...(rows[6] ?? []), '多出来的']);
    expect(outcome.notices).toContain('rows-long');
  });

  it('short rows are filled up', async () => {
    const outcome = await readTable(csvText(table.map((row, i) => (i === 7 ? row.slice(0, 3) : row))), 'a.csv');
    expect(outcome.rows[6]).toEqual([...(rows[6] ?? []).slice(0, 3), '', '', '', '', '']);
    expect(outcome.notices).toContain('rows-short');
  });
});

describe('what is not data', () => {
  it('titles above, totals and signatures below, repeated headers, blank rows', async () => {
    const total = ['合计', '', '', '', '', '', '123456.00', ''];
    const text = csvText([
      ['2024年度客户资料汇总表', '', '', '', '', '', '', ''],
      ['制表人:王经理', '', '', '', '', '', '', '单位:元'],
      ['', '', '', '', '', '', '', ''],
      ...table.slice(0, 21),
      HEADER,
      ...table.slice(21),
      total,
      ['', '', '', '', '', '', '', ''],
      ['审核:李总', '', '', '', '', '', '', ''],
    ]);
    const outcome = await expectTable(text);
    expect(outcome.headerRow).toBe(4);
    expect(outcome.notices).toEqual(
      expect.arrayContaining(['rows-above-header', 'header-repeated', 'totals-skipped', 'rows-below-table']),
    );
  });

  it('a second table of another width ends the first', async () => {
    const outcome = await expectTable(csvText([...table, HEADER.slice(0, 6), ...rows.map((row) => row.slice(0, 6))]));
    expect(outcome.notices).toContain('more-tables');
  });

  it('empty columns left, middle and right', async () => {
    await expectTable(csvText(table.map((row) => ['', ...row.slice(0, 3), '', ...row.slice(3), '', ''])));
  });

  it('a customer called 合计 is data', async () => {
    const own = [
      ['合计', '王五', '13800138000'],
      ['合计科技有限公司', '赵六', '13900139000'],
      ['备注文化公司', '', ''],
    ];
    const outcome = await readTable(
      csvText([['公司', '联系人', '手机'], ...own, ['丁', '钱七', '13700137000']]),
      'a.csv',
    );
    expect(outcome.rows.slice(0, 3)).toEqual(own);
  });
});

describe('headers', () => {
  it('no header: names by position, and every row is data', async () => {
    const outcome = await readTable(csvText(rows), 'a.csv');
    expect(outcome.headerRow).toBe(0);
    expect(outcome.rows).toEqual(rows);
    expect(outcome.header).toEqual(HEADER.map((_, i) => `列${i + 1}`));
    expect(outcome.notices).toContain('header-missing');
  });

  it('duplicate and empty names', async () => {
    const outcome = await readTable(
      csvText([
        ['姓名', '手机号', '手机号', ''],
        ['张三', '13800138000', '13900139000', '甲'],
        ['李四', '', '13700137000', '乙'],
      ]),
      'a.csv',
    );
    expect(outcome.header).toEqual(['姓名', '手机号', '手机号 (2)', '列4']);
    expect(outcome.labels).toEqual(['姓名', '手机号', '手机号', '']);
    expect(outcome.notices).toEqual(expect.arrayContaining(['header-duplicate', 'header-blank']));
  });

  it('only a header', async () => {
    const outcome = await readTable(csvText([HEADER]), 'a.csv');
    expect(outcome.labels).toEqual(HEADER);
    expect(outcome.rows).toEqual([]);
    expect(outcome.notices).toContain('no-rows');
  });

  it('the row that the person chose wins', async () => {
    const outcome = await readTable('说明,x\n姓名,手机\n张三,138\n', 'a.csv', { header: 2 });
    expect(outcome.labels).toEqual(['姓名', '手机']);
    expect((await readTable('姓名,手机\n张三,138\n', 'a.csv', { header: 0 })).rows).toHaveLength(2);
  });
});

describe('cells', () => {
  it('invisible characters and outer space go, leading zeros and formulas stay', async () => {
    const outcome = await readTable(
      '名称,编码,手机\n\u200b甲\u3000,0000123,\u00a013800138000\u200e\n=cmd|calc,007,+1+1\n\'=1+1,"\'00",b\n',
      'a.csv',
    );
    expect(outcome.rows).toEqual([
      ['甲', '0000123', '13800138000'],
      ['=cmd|calc', '007', '+1+1'],
      ['=1+1', "'00", 'b'],
    ]);
    expect(outcome.notices).toContain('invisible-removed');
  });

  it('NUL inside the header', async () => {
    await expectTable(csvText(table).replace('地址', '地\0址'));
  });

  it('says where a phone became 1.38E+10', async () => {
    expect((await readTable('姓名,手机\n张三,1.38E+10\n李四,13900139000\n', 'a.csv')).notices).toContain(
      'scientific-text',
    );
  });

  it('row numbers are those of the file, and reading can go on from one', async () => {
    const text = `标题\n\n${csvText(table, { eol: '\n' })}`;
    const outcome = await readTable(text, 'a.csv');
    expect(outcome.numbers).toEqual(rows.map((_, i) => i + 4));
  });
});

describe('refused', () => {
  it.each([
    ['empty', '', 'file-empty'],
    ['only a byte order mark', '\ufeff', 'file-empty'],
    ['only blank lines', '\r\n\r\n  \r\n', 'file-empty'],
    ['only delimiters', ',,,\n,,,\n', 'no-table'],
    ['PDF', '%PDF-1.7\n%\u00e2\u00e3\n1 0 obj', 'not-a-table'],
    ['other XML', '<?xml version="1.0"?><order><id>1</id></order>', 'not-a-table'],
  ])('%s', async (_, content, code) => {
    expect((await readTable(content, 'a.csv')).error).toBe(code);
  });

  it('binary', async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 32));
    expect((await readTable(bytes, 'a.csv')).error).toBe('binary-content');
  });

  it('a million columns', async () => {
    expect((await readTable(`${'a,'.repeat(1_000_000)}\n1,2\n`, 'a.csv')).error).toBe('too-many-columns');
  });

  it('a file that is not there, a folder', async () => {
    const { openTable } = await import('./open-table.ts');
    await expect(openTable({ path: '/nowhere/a.csv', name: 'a.csv' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(openTable({ path: '/', name: 'a.csv' })).rejects.toMatchObject({ code: 'not-a-file' });
  });
});
