import { Random } from './random.ts';

export const HEADER = ['客户名称', '联系人', '手机号', '客户编码', '地址', '下次跟进日期', '金额', '备注'];

const PLACES = [
  '四川省成都市都江堰市龙池镇坤华北路223号',
  '广东省深圳市南山区科技园',
  '上海市徐汇区万荣东路632号',
  '北京市东城区蓝越南路913号',
];
const NAMES = ['黄武昌', '郭宝磊', '黎道', '吕鹏年', '丁慧涵', '宋思', '吴明明', '陈佳妮'];
const FIRMS = [
  '家佳缘置业集团有限公司',
  '世纪皇冠保科',
  '大连市桑缘科技有限责任公司',
  '億拓實業有限公司',
  '南京米牌科技有限公司',
];

/** Rows like those of a Chinese CRM export, all as text. */
export function sampleRows(count = 40, seed = 1): string[][] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => [
    `${random.pick(FIRMS)}${i + 1}`,
    random.pick(NAMES),
    `1${3 + random.below(6)}${String(100_000_000 + random.below(899_999_999))}`,
    `1101011990${String(10_000_000 + i * 7919).slice(0, 8)}`,
    `${random.pick(PLACES)}${random.below(30)}层`,
    `2024-${String(1 + random.below(12)).padStart(2, '0')}-${String(1 + random.below(28)).padStart(2, '0')}`,
    `${1000 + random.below(90_000)}.${random.below(2) === 0 ? '00' : '50'}`,
    random.below(3) === 0 ? '重点客户, "VIP"' : '',
  ]);
}

export interface CsvShape {
  delimiter?: string;
  eol?: string;
  quote?: string;
  all?: boolean;
}

export function csvText(
  rows: readonly (readonly string[])[],
  { delimiter = ',', eol = '\r\n', quote = '"', all = false }: CsvShape = {},
): string {
  const cell = (text: string) =>
    all || text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text)
      ? quote + text.replaceAll(quote, quote + quote) + quote
      : text;
  return rows.map((row) => row.map(cell).join(delimiter) + eol).join('');
}
