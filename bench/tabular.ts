/**
 * Speed and memory of the table readers and writers. `npx tsx bench/tabular.ts [rows] [seed]`
 * Each measurement runs in a process of its own, so that its peak memory is its own. 20 columns, 2 of them dates.
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTable } from '../src/server/platform/tabular/open-table.ts';
import { writeCsv } from '../src/server/platform/tabular/write-csv.ts';
import { type WriteCell, type WriteColumn, writeXlsx } from '../src/server/platform/tabular/write-xlsx.ts';
import { ZipWriter } from '../src/server/platform/tabular/zip-writer.ts';

const COLUMNS: WriteColumn[] = [
  '客户名称',
  '联系人',
  '手机',
  '邮箱',
  '省份',
  '城市',
  '地址',
  '行业',
  '等级',
  '来源',
  '负责人',
  '税号',
  '备注',
  '职务',
  '电话',
  '状态',
].map((header): WriteColumn => ({ header, kind: 'text' }));
COLUMNS.push(
  { header: '金额', kind: 'number' },
  { header: '数量', kind: 'number' },
  { header: '创建日期', kind: 'date' },
  { header: '跟进时间', kind: 'datetime' },
);

const CITIES = ['北京', '上海', '深圳', '杭州', '成都', '武汉', '西安', '苏州'];
const TRADES = ['制造业', '软件和信息技术服务业', '批发零售', '建筑业', '教育'];

/** Deterministic rows (xorshift), batches of 1,000. */
function* generate(rows: number, seed: number): Generator<WriteCell[][]> {
  let state = seed | 1;
  const random = (n: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
  for (let done = 0; done < rows; done += 1000) {
    yield Array.from({ length: Math.min(1000, rows - done) }, (_, i) => {
      const n = done + i;
      const city = CITIES[random(CITIES.length)] ?? '';
      const day = `20${10 + random(15)}-0${1 + random(9)}-${10 + random(18)}`;
      return [
        `${city}华创${n}科技有限公司`,
        `王${random(5000)}`,
        `1${30 + random(60)}${10000000 + random(89999999)}`,
        `u${n}@example.com`,
        city,
        city,
        `${city}市建设路${random(900)}号${random(30)}楼`,
        TRADES[random(TRADES.length)] ?? '',
        'ABC'.charAt(random(3)),
        '展会',
        `销售${random(40)}`,
        `91${100000000000000 + random(1e9)}`,
        random(3) === 0 ? '重点客户, "VIP"' : '',
        '采购经理',
        `0755-${10000000 + random(89999999)}`,
        '跟进中',
        random(1e7) / 100,
        random(500),
        day,
        `${day} 0${random(9)}:30:00`,
      ];
    });
  }
}

async function writeSharedStrings(path: string, rows: number, seed: number): Promise<void> {
  const zip = new ZipWriter(createWriteStream(path));
  const index = new Map<string, number>();
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  await zip.begin('xl/worksheets/sheet1.xml');
  await zip.write(
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
  );
  const letters = COLUMNS.map((_, i) => String.fromCharCode(65 + i));
  let number = 0;
  const shared = (text: string) => {
    let at = index.get(text);
    if (at === undefined) {
      at = index.size;
      index.set(text, at);
    }
    return at;
  };
  const rowXml = (cells: WriteCell[]) => {
    number++;
    let xml = `<row r="${number}" spans="1:20">`;
    cells.forEach((cell, i) => {
      if (cell === '') return;
      if (typeof cell === 'number') xml += `<c r="${letters[i]}${number}"><v>${cell}</v></c>`;
      else if (i >= 18 && number > 1)
        xml += `<c r="${letters[i]}${number}" s="${i - 17}"><v>${45000 + (number % 900) + (i - 18) * 0.5}</v></c>`;
      else xml += `<c r="${letters[i]}${number}" t="s"><v>${shared(String(cell))}</v></c>`;
    });
    return `${xml}</row>`;
  };
  await zip.write(rowXml(COLUMNS.map((column) => column.header)));
  for (const batch of generate(rows, seed)) await zip.write(batch.map(rowXml).join(''));
  await zip.write('</sheetData></worksheet>');
  await zip.end();
  await zip.begin('xl/sharedStrings.xml');
  await zip.write(
    `<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="${index.size}">`,
  );
  let some = '';
  for (const text of index.keys()) {
    some += `<si><t>${escaped(text)}</t></si>`;
    if (some.length > 100_000) {
      await zip.write(some);
      some = '';
    }
  }
  await zip.write(`${some}</sst>`);
  await zip.end();
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const pack = 'http://schemas.openxmlformats.org/package/2006/relationships';
  await zip.file(
    'xl/styles.xml',
    '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
  );
  await zip.file(
    'xl/workbook.xml',
    `<workbook xmlns:r="${rel}"><sheets><sheet name="客户" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  );
  await zip.file(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${pack}"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${rel}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${rel}/styles" Target="styles.xml"/></Relationships>`,
  );
  await zip.file(
    '_rels/.rels',
    `<Relationships xmlns="${pack}"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  );
  await zip.finish();
}

async function measure(what: string, path: string, rows: number, seed: number): Promise<void> {
  const start = performance.now();
  let stall = 0;
  let last = start;
  const clock = setInterval(() => {
    const now = performance.now();
    stall = Math.max(stall, now - last - 5);
    last = now;
  }, 5);
  let count = 0;
  if (what === 'write xlsx') count = (await writeXlsx(createWriteStream(path), COLUMNS, generate(rows, seed))).rows;
  else if (what === 'write csv')
    count = (
      await writeCsv(
        createWriteStream(path),
        COLUMNS.map((column) => column.header),
        generate(rows, seed),
      )
    ).rows;
  else if (what === 'write shared') {
    await writeSharedStrings(path, rows, seed);
    count = rows;
  } else {
    const reader = await openTable({ path, name: path });
    for await (const batch of reader.rows()) count += batch.length;
    await reader.close();
  }
  clearInterval(clock);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    JSON.stringify({
      what,
      rows: count,
      seconds: +seconds.toFixed(2),
      rowsPerSecond: Math.round(count / seconds),
      cpuSeconds: +((process.cpuUsage().user + process.cpuUsage().system) / 1e6).toFixed(2),
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
      longestStallMs: Math.round(stall),
      fileMb: +(statSync(path).size / 1e6).toFixed(1),
    }),
  );
}

const [first = '100000', second = '7', what, path] = process.argv.slice(2);
if (what !== undefined && path !== undefined) await measure(what, path, Number(first), Number(second));
else {
  const folder = mkdtempSync(join(tmpdir(), 'xianke-bench-'));
  const self = fileURLToPath(import.meta.url);
  const run = (name: string, file: string) =>
    process.stdout.write(
      execFileSync(process.execPath, ['--import', 'tsx', self, first, second, name, join(folder, file)]),
    );
  console.log(
    JSON.stringify({ rows: Number(first), seed: Number(second), node: process.version, columns: COLUMNS.length }),
  );
  try {
    run('write xlsx', 'inline.xlsx');
    run('write csv', 'a.csv');
    run('write shared', 'shared.xlsx');
    run('read xlsx, inline strings', 'inline.xlsx');
    run('read xlsx, shared strings', 'shared.xlsx');
    run('read csv', 'a.csv');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
