import { describe, expect, test } from 'vitest';
import type { FieldDef, FieldTypeName } from '../schema/types.ts';
import { sentence } from './issues.ts';
import { parseField } from './parse-field.ts';
import type { ParseEnv, Tree } from './types.ts';

const node = { code: 'C36', label: { zh: '汽车制造业', en: 'Motor vehicles' }, parent: null };
const tree: Tree = {
  find: (text) => (text === 'C36' || text.startsWith('汽车') ? node : null),
  node: (code) => (code === 'C36' ? node : null),
  path: (code) => (code === 'C36' ? [node] : []),
  children: () => [],
};
const env: ParseEnv = { now: new Date('2026-11-21T04:00:00Z'), timeZone: 'Asia/Shanghai', trees: { industry: tree } };

function field(type: FieldTypeName, more: Partial<FieldDef> = {}): FieldDef {
  return { id: 1, object: 'customer', name: 'f', label: { zh: '字段', en: 'Field' }, type, position: 0, ...more };
}

const level = field('select', {
  options: [
    { value: 'a', label: { zh: 'A 重点', en: 'A key' }, aliases: ['重点客户'] },
    { value: 'b', label: { zh: 'B 潜力', en: 'B potential' } },
    { value: 'mid', label: { zh: '50–200人', en: '50–200' }, aliases: ['50至200'] },
    { value: 'old', label: { zh: '旧', en: 'Old' }, retired: true },
  ],
});

/** `value`, or `!code` when refused, with `~code` for each warning. */
function read(raw: unknown, f: FieldDef): unknown {
  const parsed = parseField(raw, f, env);
  if (!parsed.ok) return `!${parsed.issue.code}`;
  const warnings = (parsed.warnings ?? []).map((w) => ` ~${w.code}`).join('');
  return warnings ? `${JSON.stringify(parsed.value)}${warnings}` : parsed.value;
}

function cases(f: FieldDef, table: [unknown, unknown][]): void {
  test.each(table)('%j → %j', (raw, expected) => expect(read(raw, f)).toEqual(expected));
}

describe('phone', () => {
  cases(field('phone'), [
    ['13800138000', '13800138000'],
    [13800138000, '13800138000'],
    ['１３８００１３８０００', '13800138000'],
    ['138-0013-8000', '13800138000'],
    ['138 0013 8000', '13800138000'],
    ['\u200b138\u00a00013\u30008000\u202c', '13800138000'],
    ['+86 138 0013 8000', '13800138000'],
    ['0086-13800138000', '13800138000'],
    ['8613800138000', '13800138000'],
    ['(+86)13800138000', '13800138000'],
    ['手机：13800138000', '13800138000'],
    ["'13800138000", '13800138000'],
    ['13800138000.0', '13800138000'],
    ['013800138000', '13800138000'],
    ['16212345678', '16212345678'],
    ['19212345678', '19212345678'],
    ['17012345678', '17012345678'],
    ['15412345678', '"15412345678" ~phone-prefix'],
    ['021-62345678-801', '021-62345678-801'],
    ['021-62345678转801', '021-62345678-801'],
    ['(021)62345678 ext. 801', '021-62345678-801'],
    ['+86-21-62345678', '021-62345678'],
    ['+86 (0)21 6234 5678', '021-62345678'],
    ['+86-21-62345678-801', '021-62345678-801'],
    ['02162345678', '021-62345678'],
    ['0571 8888 8888', '0571-88888888'],
    ['0351-2345678', '0351-2345678'],
    [2162345678, '"021-62345678" ~phone-zero'],
    [57188888888, '"0571-88888888" ~phone-zero'],
    ['400 810 8888', '400-810-8888'],
    ['4008108888-2', '400-810-8888-2'],
    ['95588', '95588'],
    ['10086', '10086'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['+14155552671-801', '+14155552671-801'],
    ['+852 2345 6789', '+85223456789'],
    ['0014155552671', '+14155552671'],
    ['1380013800', '!phone-length'],
    ['138001380000', '!phone-length'],
    ['1.38E+10', '!phone-scientific'],
    ['1.38001E+10', '!phone-scientific'],
    ['62345678', '"62345678" ~phone-area'],
    ['62345678转801', '"62345678-801" ~phone-area'],
    ['62345678-801', '"62345678-801" ~phone-area'],
    ['+86-584-3785124', '"0584-3785124" ~phone-area-unused'],
    ['021-6234567', '!phone-landline'],
    ['021-6234', '!phone-landline'],
    ['13800138000/13900139000', '!phone-several'],
    ['13800138000(王总)', '!phone-text'],
    ['13800138000转2', '!phone-mobile-extension'],
    ['+1 555', '!phone-international'],
    ['abc', '!phone-text'],
    ['12', '!phone-form'],
    [true, '!phone-form'],
    ['无', 'null ~placeholder'],
    ['-', 'null ~placeholder'],
    ['#N/A', 'null ~excel-error'],
    ['  ', null],
  ]);
});

describe('email', () => {
  cases(field('email'), [
    ['Li.Lei@Example.COM', 'Li.Lei@example.com'],
    ['ａ＠ｂ．ｃｏｍ', 'a@b.com'],
    ['a @ b.com ', 'a@b.com'],
    ['mailto:a@b.com', 'a@b.com'],
    ['李雷 <a@b.com>', 'a@b.com'],
    ['a@gmial.com', '"a@gmial.com" ~email-slip'],
    ['a.b.com', '!email-at'],
    ['a@b', '!email-form'],
    ['a..b@c.com', '!email-form'],
    ['a@b.com;c@d.com', '!email-several'],
    ['a@b。com', '!email-mark'],
    ['张三@公司.中国', '张三@公司.中国'],
  ]);
});

describe('identity and bank', () => {
  // The check digit of 91350100M000100Y43 is in GB 32100-2015's own example; the second has remainder 0.
  cases(field('uscc'), [
    ['91350100M000100Y43', '91350100M000100Y43'],
    ['９１３５０１００Ｍ０００１００Ｙ４３', '91350100M000100Y43'],
    ['91350100m000100y43', '91350100M000100Y43'],
    ['9135O1OOMOOO1OOY43', '"91350100M000100Y43" ~uscc-repaired'],
    ['91350100M000100Y44', '!uscc-check'],
    ['91350100M000100Y4', '!uscc-length'],
    ['330100000012345', '!uscc-old'],
    ['9.13501E+17', '!digits-lost'],
  ]);
  cases(field('idcard'), [
    ['11010519491231002X', '11010519491231002X'],
    ['11010519491231002x', '11010519491231002X'],
    ['440524188001010014', '440524188001010014'],
    ['110105194912310021', '!idcard-check'],
    ['110105194913310020', '!idcard-birth'],
    ['110105491231002', '"11010519491231002X" ~idcard-upgraded'],
    ['1101051949123100', '!idcard-length'],
    [110105194912310020, '!digits-lost'],
    ['1.10105E+17', '!digits-lost'],
  ]);
  cases(field('bankaccount'), [
    ['6222 0212 3456 7890 127', '!bank-check'],
    ['4111 1111 1111 1111', '4111111111111111'],
    ['4111 1111 1111 1112', '"4111111111111112" ~bank-check-doubtful'],
    ['33001616727053000998', '33001616727053000998'],
    [6222021234567890000, '!digits-lost'],
    ['1234567', '!bank-length'],
  ]);
});

describe('date', () => {
  cases(field('date'), [
    ['2024-03-05', '2024-03-05'],
    ['2024年3月5日', '2024-03-05'],
    ['2024/3/5', '2024-03-05'],
    ['2024.03.05', '2024-03-05'],
    ['20240305', '2024-03-05'],
    [20240305, '2024-03-05'],
    ['２０２４－０３－０５', '2024-03-05'],
    ['二〇二四年三月十五日', '2024-03-15'],
    ['二零二四年十二月三十一日', '2024-12-31'],
    ['2024年3月5日 星期二', '2024-03-05'],
    ['2024-03-05 00:00:00', '2024-03-05'],
    ['2024-03-05 14:30', '"2024-03-05" ~date-time-dropped'],
    ['2024-03-04T20:00:00Z', '2024-03-05'],
    ['5 Mar 2024', '2024-03-05'],
    ['March 5th, 2024', '2024-03-05'],
    ['05-Mar-24', '"2024-03-05" ~date-two-digit-year'],
    ['24年3月5日', '"2024-03-05" ~date-two-digit-year'],
    ['13/04/2024', '2024-04-13'],
    ['04/13/2024', '2024-04-13'],
    ['04/04/2024', '2024-04-04'],
    ['03/04/2024', '!date-ambiguous'],
    ['3月5日', '!date-no-year'],
    ['2024年3月', '!date-no-day'],
    [2024, '!date-no-day'],
    ['24-3-5', '!date-short-year'],
    ['2024-02-30', '!date-impossible'],
    ['2024-13-01', '!date-impossible'],
    ['0024-03-05', '!date-range'],
    [45356, '"2024-03-05" ~date-serial'],
    ['45356', '"2024-03-05" ~date-serial'],
    ['95356', '!date-form'],
    ['今天', '2026-11-21'],
    ['明天下午', '!date-form'],
    ['待定', 'null ~placeholder'],
  ]);
  cases(field('date', { max: 'today' }), [
    ['2026-11-21', '2026-11-21'],
    ['2026-11-22', '!after-max'],
  ]);
  cases(field('datetime'), [
    ['2024-03-05 14:30', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05T14:30:00+08:00', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05T06:30:00.000Z', '2024-03-05T06:30:00.000Z'],
    ['2024年3月5日下午2点半', '2024-03-05T06:30:00.000Z'],
    ['2024/3/5 2:30 PM', '2024-03-05T06:30:00.000Z'],
    ['2024-03-05', '2024-03-04T16:00:00.000Z'],
    ['20240305 143000', '!time-form'],
    [45356.604166666664, '"2024-03-05T06:30:00.000Z" ~date-serial'],
    ['2024-03-05 25:00', '!time-form'],
  ]);
});

describe('numbers', () => {
  cases(field('money'), [
    ['12.5万', '125000'],
    ['￥1,234,567.80', '1234567.8'],
    ['1.2亿元', '120000000'],
    ['人民币 30 万元', '300000'],
    ['-￥100', '-100'],
    ['(1,200.00)', '-1200'],
    ['10w', '100000'],
    [0.1 + 0.2, '"0.3" ~number-rounded'],
    [1e21, '!number-large'],
    ['1.25E+05', '"125000" ~number-scientific'],
    ['$100', '!money-currency'],
    ['约10万', '!number-inexact'],
    ['10-20万', '!number-inexact'],
    ['1,23', '!number-separators'],
    ['9007199254740993', '!number-large'],
    ['900719925474099', '900719925474099'],
    ['-0.001', '"0" ~number-rounded'],
  ]);
  cases(field('number', { scale: 0, min: 0, max: 100 }), [
    ['12', 12],
    ['１２', 12],
    ['12.4', '12 ~number-rounded'],
    [-1, '!below-min'],
    [101, '!above-max'],
    ['12%', '!number-form'],
    [false, '!number-form'],
  ]);
  cases(field('percent'), [
    ['12.5%', 12.5],
    ['12.5', 12.5],
    ['１２．５％', 12.5],
  ]);
  cases(field('rating'), [
    [3, 3],
    ['★★★', 3],
    ['4星', 4],
    [6, '!rating-form'],
  ]);
  cases(field('boolean'), [
    ['是', true],
    ['√', true],
    ['Y', true],
    [1, true],
    ['无', false],
    ['N', false],
    ['也许', '!boolean-form'],
  ]);
});

describe('choices and references', () => {
  cases(level, [
    ['a', 'a'],
    ['Ａ重点', 'a'],
    ['重点客户', 'a'],
    ['重點客戶', 'a'],
    ['b POTENTIAL', 'b'],
    ['50-200人', 'mid'],
    ['50～200人', 'mid'],
    ['旧', '"old" ~select-retired'],
    ['Z', '!select-unknown'],
  ]);
  cases({ ...level, type: 'multiselect' }, [
    ['A 重点、b', ['a', 'b']],
    ['a;b；a', ['a', 'b']],
    ['a/b', ['a', 'b']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    ['a,z', '!select-unknown'],
    [[], null],
  ]);
  cases(field('tags'), [
    ['价格敏感、#批量采购 ,VIP', ['价格敏感', '批量采购', 'VIP']],
    [{}, '!not-text'],
  ]);
  cases(field('tree', { tree: 'industry' }), [
    ['汽车制造', 'C36'],
    ['航天', '!tree-unknown'],
  ]);
  cases(field('relation'), [
    ['01890A5D-AC96-774B-BCCE-B302099A8057', '01890a5d-ac96-774b-bcce-b302099a8057'],
    ['张三', '!relation-unknown'],
  ]);
  cases(field('user'), [
    ['u_12', 'u_12'],
    ['王芳', '!user-unknown'],
  ]);
});

describe('text and others', () => {
  cases(field('text', { match: 'company' }), [
    ['  杭州 甲（集团) 有限公司\u200b', '杭州甲（集团）有限公司'],
    ['ＡＢＣ (China) Ltd', 'ABC (China) Ltd'],
    ['華為技術', '華為技術'],
    ['锟斤拷', '"锟斤拷" ~garbled'],
  ]);
  cases(field('text', { match: 'person' }), [
    ['王 芳', '王芳'],
    ['John  Smith', 'John Smith'],
  ]);
  cases(
    field('text', { maxLength: 3, pattern: { regex: '^\\p{L}+$', message: { zh: '只能是字', en: 'letters only' } } }),
    [
      ['𠮷𠮷𠮷', '𠮷𠮷𠮷'],
      ['一二三四', '!too-long'],
      ['12', '!pattern'],
    ],
  );
  cases(field('longtext'), [['一\r\n 二  \u0000', '一\n 二']]);
  cases(field('address'), [['浙江省 杭州市　餘杭區文一西路９６９号', '浙江省杭州市余杭区文一西路969号']]);
  cases(field('url'), [
    ['WWW.Example.com/', 'https://www.example.com'],
    ['http://a.cn/B?c=D', 'http://a.cn/B?c=D'],
    ['javascript:alert(1)', '!url-form'],
    ['官网', '!url-form'],
  ]);
  cases(field('geo'), [
    ['30.2741,120.1551', { lat: 30.2741, lng: 120.1551 }],
    ['120.1551，30.2741', '{"lat":30.2741,"lng":120.1551} ~geo-swapped'],
    [
      { lat: 1, lng: 2 },
      { lat: 1, lng: 2 },
    ],
    ['30', '!geo-form'],
  ]);
  cases(field('file'), [
    [['f1'], { files: [{ id: 'f1', name: 'f1' }] }],
    ['x.pdf', '!file-form'],
  ]);
});

test('issues carry the field and have the sentence of the design', () => {
  const parsed = parseField('1380013800', field('phone', { name: 'mobile' }), env);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.issue.field).toBe('mobile');
  expect(sentence(parsed.issue, { zh: '手机号', en: 'Mobile' }, 'zh')).toBe(
    '手机号应为 11 位，现在是 10 位（1380013800）',
  );
  expect(sentence(parsed.issue, { zh: '手机号', en: 'Mobile' }, 'en')).toBe(
    'Mobile must have 11 digits, now it has 10 (1380013800)',
  );
});
