/**
 * Makes the sample and demo spreadsheets that the page offers (src/web/public/samples). Deterministic: the same files every time.
 *
 *     npx tsx scripts/generate-samples.ts
 *
 * All companies and people are fictitious; phone numbers are from runs of zeros that no operator hands out.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { utils, write } from '@e965/xlsx';

type Row = Record<string, string | number>;

const headersEn: Record<string, string> = {
  客户名称: 'Company name',
  所属行业: 'Industry',
  客户类型: 'Customer type',
  企业规模: 'Company size',
  联系人: 'Contact',
  职务: 'Job title',
  手机号码: 'Mobile',
  电子邮箱: 'Email',
  企业地址: 'Address',
  客户来源: 'Source',
  客户等级: 'Grade',
  需求标签: 'Tags',
  最近跟进时间: 'Last follow-up',
  跟进方式: 'Channel',
  跟进内容: 'Notes',
  下一步计划: 'Next step',
};

/** mulberry32: small, seeded, good enough to pick names. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const cities: [string, string, string][] = [
  ['北京', '北京市海淀区', '清河路'],
  ['上海', '上海市徐汇区', '云锦路'],
  ['深圳', '广东省深圳市南山区', '科苑路'],
  ['杭州', '浙江省杭州市西湖区', '文三路'],
  ['苏州', '江苏省苏州市吴中区', '枫津大街'],
  ['成都', '四川省成都市武侯区', '益州大道'],
  ['武汉', '湖北省武汉市洪山区', '珞喻路'],
  ['西安', '陕西省西安市雁塔区', '高新路'],
];
const first = [
  '青禾',
  '远帆',
  '白桦',
  '晴川',
  '云上',
  '听雨',
  '拾光',
  '北辰',
  '海棠',
  '明湖',
  '松果',
  '山河',
  '知行',
  '溪谷',
  '长风',
  '朝露',
];
const second = ['智造', '科技', '食品', '医疗器械', '物流', '教育', '纺织', '软件', '包装', '农业', '能源', '建材'];
const industries = [
  '制造业',
  '软件和信息技术服务业',
  '食品制造业',
  '专用设备制造业',
  '道路运输业',
  '教育',
  '纺织业',
  '批发业',
  '农业',
];
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢'];
const given = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '强',
  '磊',
  '洋',
  '艳',
  '勇',
  '军',
  '杰',
  '娟',
  '涛',
  '明',
  '超',
  '秀兰',
  '建国',
  '晓雯',
  '子涵',
  '雨欣',
  '浩然',
];
const titles = ['总经理', '采购经理', '技术总监', '财务主管', '行政助理', '副总', '项目经理', '采购专员'];
const notes = [
  '电话沟通需求，对方希望先看样品',
  '预算有限，等下季度再定',
  '上门拜访，介绍了新方案',
  '需要采购200台设备，正在比价',
  '催问合同进展，法务审核中',
  '发送了报价单，等待回复',
];

function row(random: () => number, index: number): Row {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const [city, area, street] = pick(cities);
  const brand = pick(first);
  const days = Math.floor(random() * 900);
  const date = new Date(Date.UTC(2026, 9, 31) - days * 86_400_000).toISOString().slice(0, 10);
  return {
    客户名称: `${city}${brand}${pick(second)}${random() < 0.3 ? '股份' : ''}有限公司`,
    所属行业: pick(industries),
    客户类型: pick(['潜在', '意向', '签约', '流失']),
    企业规模: pick(['<50', '50-200', '200-500', '>500']),
    联系人: pick(surnames) + pick(given),
    职务: pick(titles),
    手机号码: `1${pick(['38', '39', '86', '50'])}0000${String(1000 + index).padStart(4, '0')}`,
    电子邮箱: `contact${index}@example.com`,
    企业地址: `${area}${street}${1 + Math.floor(random() * 300)}号`,
    客户来源: pick(['展会', '官网', '客户介绍', '主动开发', '广告']),
    客户等级: pick(['A', 'B', 'C']),
    需求标签: pick(['价格敏感', '批量采购', '技术咨询', '长期合作']),
    最近跟进时间: date,
    跟进方式: pick(['电话', '拜访', '邮件', '微信']),
    跟进内容: pick(notes),
    下一步计划: pick(['下周回访', '寄送样品', '安排演示', '跟进合同']),
  };
}

/** The faults that real sheets have, so that the first health report has something to say. */
function soiled(rows: Row[], random: () => number): Row[] {
  const out = rows.map((one, index) => {
    const copy: Row = { ...one };
    const phone = String(copy.手机号码);
    if (index % 17 === 3) copy.手机号码 = phone.slice(0, 10);
    if (index % 19 === 5) copy.手机号码 = `+86 ${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`;
    if (index % 13 === 4) copy.电子邮箱 = String(copy.电子邮箱).replace('@', '＠');
    if (index % 29 === 7) copy.电子邮箱 = 'contact.example.com';
    if (index % 7 === 2) copy.电子邮箱 = '';
    if (index % 11 === 6) copy.所属行业 = '';
    if (index % 9 === 1) copy.最近跟进时间 = String(copy.最近跟进时间).replaceAll('-', '/');
    if (index % 31 === 8) copy.最近跟进时间 = '去年底';
    if (index % 23 === 9) copy.企业地址 = '';
    if (index % 37 === 11) copy.客户名称 = '';
    return copy;
  });
  // The same company twice, spelled a little differently.
  for (let n = 0; n < 12; n++) {
    const twin = out[Math.floor(random() * out.length)];
    if (!twin || twin.客户名称 === '') continue;
    out.push({ ...twin, 客户名称: ` ${String(twin.客户名称).replace('有限公司', '公司')} `, 跟进内容: '重复录入' });
  }
  return out;
}

function sheet(rows: Row[], name: string, rename: Record<string, string> = {}): Uint8Array {
  const keys = Object.keys(headersEn);
  const cells = [keys.map((key) => rename[key] ?? key), ...rows.map((one) => keys.map((key) => one[key] ?? ''))];
  const worksheet = utils.aoa_to_sheet(cells);
  worksheet['!cols'] = keys.map((key) => ({ wch: /名称|地址|内容/.test(key) ? 30 : 14 }));
  const book = utils.book_new();
  utils.book_append_sheet(book, worksheet, name);
  return write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Uint8Array;
}

const folder = new URL('../src/web/public/samples/', import.meta.url);
mkdirSync(folder, { recursive: true });
const random = randomFrom(20261121);
const rows = Array.from({ length: 300 }, (_, index) => row(random, index));
writeFileSync(new URL('customers.zh.xlsx', folder), sheet(rows.slice(0, 8), '客户'));
writeFileSync(new URL('customers.en.xlsx', folder), sheet(rows.slice(0, 8), 'Customers', headersEn));
writeFileSync(new URL('demo.xlsx', folder), sheet(soiled(rows, random), '客户'));
