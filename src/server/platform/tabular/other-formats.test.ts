import { createRequire } from 'node:module';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readTable } from './testing/files.ts';
import { HEADER, sampleRows } from './testing/sample-rows.ts';
import { escapeXml } from './testing/xlsx-bytes.ts';
import { zipBytes } from './testing/zip-bytes.ts';

const rows = sampleRows();
const table = [HEADER, ...rows];

interface SheetLibrary {
  utils: { aoa_to_sheet(rows: unknown[][]): object; book_new(sheet: object, name: string): object };
  write(book: object, options: object): Buffer;
}
const library = createRequire(import.meta.url)('@e965/xlsx') as SheetLibrary;
const written = (bookType: string, data: unknown[][] = table) =>
  library.write(library.utils.book_new(library.utils.aoa_to_sheet(data), '客户'), { type: 'buffer', bookType });

describe('old and binary workbooks', () => {
  it.each(['biff8', 'xlsb', 'ods'])('%s', async (type) => {
    const outcome = await readTable(written(type), `a.${type === 'biff8' ? 'xls' : type}`);
    expect(outcome.labels).toEqual(HEADER);
    expect(outcome.rows).toEqual(rows);
  });

  it('numbers and dates keep their kind; reading goes on from a row', async () => {
    const book = written('biff8', [
      ['姓名', '手机', '日期'],
      ['张三', 13_800_138_000, new Date(Date.UTC(2024, 0, 31))],
      ['李四', 7, true],
    ]);
    const { cells } = await readTable(book, 'a.xls');
    expect(cells[0]).toEqual(['张三', 13_800_138_000, { kind: 'date', text: '2024-01-31', serial: 45_322 }]);
    expect(cells[1]?.[2]).toBe(true);
  });

  it('cut off, and nonsense behind a good beginning', async () => {
    const book = written('biff8');
    expect((await readTable(book.subarray(0, 2000), 'a.xls')).error).toMatch(/^(xls-damaged|no-table|not-a-table)$/);
    expect((await readTable(Buffer.concat([book.subarray(0, 512), Buffer.alloc(4000, 7)]), 'a.xls')).error).toMatch(
      /^(xls-damaged|no-table)$/,
    );
  });

  it('an encrypted workbook is told from its container', async () => {
    const directory = Buffer.alloc(512);
    for (const [i, name] of ['Root Entry', 'EncryptionInfo', 'EncryptedPackage'].entries()) {
      directory.write(name, i * 128, 'utf16le');
      directory.writeUInt16LE(name.length * 2 + 2, i * 128 + 64);
      directory[i * 128 + 66] = i === 0 ? 5 : 2;
    }
    const head = Buffer.alloc(512, 0xff);
    Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
    head.writeUInt16LE(9, 30);
    head.writeUInt32LE(0, 48);
    expect((await readTable(Buffer.concat([head, directory, Buffer.alloc(2048)]), 'a.xlsx')).error).toBe('encrypted');
  });
});

describe('OpenDocument', () => {
  const document = (body: string) =>
    zipBytes([
      { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', stored: true },
      {
        name: 'content.xml',
        data: `<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet><table:table table:name="客户">${body}</table:table></office:spreadsheet></office:body></office:document-content>`,
      },
    ]);
  const cell = (text: string) =>
    `<table:table-cell office:value-type="string"><text:p>${escapeXml(text)}</text:p></table:table-cell>`;

  it('typed values, repeats, notes, spans', async () => {
    const body = `<table:table-row>${['姓名', '日期', '金额', '备注'].map(cell).join('')}<table:table-cell table:number-columns-repeated="16380"/></table:table-row>
      <table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2"><text:p>张三</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-01-31"><text:p>31/01/24</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12.5"><text:p>12.50</text:p></table:table-cell><table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation><text:p>一<text:s text:c="2"/>二</text:p><text:p>三</text:p></table:table-cell></table:table-row>
      <table:table-row><table:covered-table-cell/><table:table-cell office:value-type="boolean" office:boolean-value="true"/>${cell('x')}${cell('y')}</table:table-row>
      <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`;
    const outcome = await readTable(document(body), 'a.ods');
    expect(outcome.cells).toEqual([
      ['张三', { kind: 'date', text: '2024-01-31', serial: 45_322 }, 12.5, '一  二\n三'],
      ['张三', true, 'x', 'y'],
    ]);
    expect(outcome.notices).toContain('cells-merged');
  });

  it('cut off, or with an entity', async () => {
    expect(
      (
        await readTable(
          zipBytes([{ name: 'content.xml', data: '<office:document-content><table:table table:name="a"><table:ta' }]),
          'a.ods',
        )
      ).error,
    ).toBe('xml-damaged');
    expect(
      (
        await readTable(
          zipBytes([{ name: 'content.xml', data: '<!DOCTYPE a [<!ENTITY b "c">]><office:document-content/>' }]),
          'a.ods',
        )
      ).error,
    ).toBe('xml-entities');
  });
});

describe('markup under the name .xls', () => {
  const html = `<html><head><meta charset="gb2312"><style>td{}</style></head><body><table border=1><tr><td colspan=8 align=center>客户资料<tr>${HEADER.map((name) => `<th>${name}</th>`).join('')}</tr>${rows.map((row) => `<tr>${row.map((text) => `<td>${escapeXml(text)}&nbsp;`).join('')}`).join('\n')}</table></body></html>`;

  it('HTML in GBK, with cells left open', async () => {
    const outcome = await readTable(iconv.encode(html, 'gbk'), 'a.xls');
    expect(outcome.format).toBe('html');
    expect(outcome.labels).toEqual(HEADER);
    expect(outcome.rows).toEqual(rows);
  });

  it('HTML in UTF-8 that claims GB2312, and in UTF-16', async () => {
    expect((await readTable(html, 'a.xls')).rows).toEqual(rows);
    expect((await readTable(iconv.encode(html, 'utf16le', { addBOM: true }), 'a.xls')).rows).toEqual(rows);
  });

  it('spans, line breaks, nested tables, scripts', async () => {
    const page = `<table><tr><td><table><tr><th>姓名<th>城市<th>备注</tr><tr><td rowspan=2>张三<td>北京<td>一<br>二</tr><tr><td>上海<td><script>if (a < b) document.write("<td>x")</script>好</tr></table></td></tr></table>`;
    expect((await readTable(page, 'a.html')).rows).toEqual([
      ['张三', '北京', '一\n二'],
      ['张三', '上海', '好'],
    ]);
  });

  it('a web archive', async () => {
    const page = `<html><table>${table.map((row) => `<tr>${row.map((text) => `<td>${escapeXml(text)}</td>`).join('')}</tr>`).join('')}</table></html>`;
    const quoted = [...Buffer.from(page)]
      .map(
        (byte, i) =>
          (byte > 126 || byte === 61 || byte < 32
            ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
            : String.fromCharCode(byte)) + (i % 40 === 39 ? '=\r\n' : ''),
      )
      .join('');
    const archive = `MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary="----=_b"\r\n\r\n------=_b\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: file:///C:/sheet001.htm\r\n\r\n${quoted}\r\n------=_b--\r\n`;
    const outcome = await readTable(archive, 'a.xls');
    expect(outcome.format).toBe('mht');
    expect(outcome.rows).toEqual(rows);
  });

  it('SpreadsheetML 2003, with gaps, merges and types', async () => {
    const data = (text: string, type = 'String', more = '') =>
      `<Cell${more}><Data ss:Type="${type}">${escapeXml(text)}</Data></Cell>`;
    const xml = `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="d"><Font ss:Bold="1"/></Style></Styles><Worksheet ss:Name="客户"><Table><Row ss:Index="2">${['姓名', '日期', '金额', '备注'].map((text) => data(text)).join('')}</Row><Row>${data('张三', 'String', ' ss:MergeDown="1"')}${data('2024-01-31T00:00:00.000', 'DateTime')}${data('12.5', 'Number')}</Row><Row>${data('x', 'String', ' ss:Index="4"')}</Row></Table></Worksheet></Workbook>`;
    const outcome = await readTable(xml, 'a.xls');
    expect(outcome.format).toBe('xml');
    expect(outcome.numbers).toEqual([3, 4]);
    expect(outcome.rows).toEqual([
      ['张三', '2024-01-31', '12.5', ''],
      ['张三', '', '', 'x'],
    ]);
    expect((await readTable(xml.slice(0, 700), 'a.xls')).error).toBe('xml-damaged');
  });
});

describe('contacts and JSON', () => {
  it('vCard 2.1 from a phone, 3.0 and 4.0', async () => {
    const qp = (text: string, encoding: string) =>
      [...iconv.encode(text, encoding)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    const cards = `BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:${qp('张', 'gbk')};=\r\n${qp('三', 'gbk')};;;\r\nTEL;CELL:13800138000\r\nTEL;CELL:13900139000\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:李四\r\nORG:深圳华创\\, 科技;市场部\r\nitem1.EMAIL;TYPE=INTERNET:li@example.com\r\nADR;TYPE=WORK:;;建设路\r\n  1号;深圳;广东;518000;中国\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nFN:王五\r\nTEL;VALUE=uri;TYPE=work:tel:+86-755-1234567\r\nNOTE:第一行\\n第二行\r\nEND:VCARD\r\n`;
    const outcome = await readTable(cards, 'a.vcf');
    expect(outcome.labels).toEqual(['姓名', '公司', '部门', '手机', '单位电话', '邮箱', '地址', '备注']);
    expect(outcome.rows).toEqual([
      ['张三', '', '', '13800138000; 13900139000', '', '', '', ''],
      ['李四', '深圳华创, 科技', '市场部', '', '', 'li@example.com', '广东 深圳 建设路 1号 518000', ''],
      ['王五', '', '', '', '+86-755-1234567', '', '', '第一行\n第二行'],
    ]);
  });

  it.each([
    ['an array', '[{"姓名":"张三","手机":{"工作":"138"}},{"姓名":"李四","标签":["a","b"]}]'],
    ['lines', '{"姓名":"张三","手机":{"工作":"138"}}\n{"姓名":"李四","标签":["a","b"]}\n'],
    [
      'an envelope',
      '{"code":0,"data":{"total":2,"list":[{"姓名":"张三","手机":{"工作":"138"}},{"姓名":"李四","标签":["a","b"]}]}}',
    ],
  ])('JSON: %s', async (_, text) => {
    const outcome = await readTable(text, 'a.json');
    expect(outcome.labels).toEqual(['姓名', '手机.工作', '标签']);
    expect(outcome.rows).toEqual([
      ['张三', '138', ''],
      ['李四', '', 'a; b'],
    ]);
  });

  it('JSON cut off', async () => {
    expect((await readTable('[{"姓名":"张三"},{"姓名":"李', 'a.json')).error).toBe('json-damaged');
  });
});
