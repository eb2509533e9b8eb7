import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from './address.ts';
import { parseCompany } from './company.ts';
import { dateText, parseDate } from './date.ts';
import { parsePerson } from './person.ts';
import { parsePhone } from './phone.ts';
import { placeNames } from './places.ts';
import { homophones, soundsSame, spoken } from './sound.ts';
import { arabic, plain } from './text.ts';
import { validUscc } from './uscc.ts';

const typed = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc
    .array(fc.constantFrom(...'上海市北京海尔智家集团股份有限责任公司分（）() 科技-ＡB12　號廠轉０１'), {
      maxLength: 24,
    })
    .map((c) => c.join('')),
);

describe('standardisers are idempotent', () => {
  test('plain text', () => {
    fc.assert(
      fc.property(typed, (t) => {
        expect(plain(plain(t))).toBe(plain(t));
      }),
    );
  });
  test('person names', () => {
    fc.assert(
      fc.property(typed, (t) => {
        const once = parsePerson(t);
        if (once === null) return;
        expect(parsePerson(once.full)?.full ?? '').toBe(parsePerson(parsePerson(once.full)?.full ?? '')?.full ?? '');
      }),
    );
  });
  test('phones', () => {
    const phone = fc.oneof(
      fc.stringMatching(/^1[3-9]\d{9}$/),
      fc.stringMatching(/^0(10|2\d|[3-9]\d{2})-?[2-8]\d{6,7}$/),
      fc.stringMatching(/^\+?[\d ()-]{5,18}$/),
    );
    fc.assert(
      fc.property(phone, (t) => {
        const once = parsePhone(t);
        if (once === null) return;
        const again = parsePhone(once.national);
        expect(again === null ? null : parsePhone(again.national)?.national).toBe(
          again === null ? null : again.national,
        );
      }),
    );
  });
  test('dates', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 2999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (y, m, d) => {
          const text = dateText({ year: y, month: m, day: d });
          expect(parseDate(text)).toEqual({ year: y, month: m, day: d });
        },
      ),
    );
  });
});

test.each([
  ['上海叮咚买菜电子商务有限公司', 'KH8993 上海叮咚买菜电子商务有限公司（老客户）'],
  ['迦楼罗(珠海)发展有限公司', '珠海迦楼罗发展有限公司'],
  ['海尔智家股份有限公司', ' 海爾智家 股份有限公司【展会】'],
  ['北海市绮娑电子技术股份有限公司', '北海市绮娑电子技术股份有限公司 采购部'],
])('%s is written %s', (a, b) => expect(parseCompany(a)?.full).toBe(parseCompany(b)?.full));

test('parts of a company name', () => {
  expect(parseCompany('青岛海尔智能科技有限责任公司')).toMatchObject({
    city: '青岛',
    core: '海尔智能科技',
    brand: '海尔',
    trade: '智能科技',
    form: '有限责任公司',
    group: false,
    branch: '',
  });
  expect(parseCompany('宁波大唐网络工程集团股份有限公司金华第二分公司')).toMatchObject({
    group: true,
    branch: '金华第二分公司',
    city: '宁波',
  });
  expect(parseCompany('中国工商银行北京海淀支行')).toMatchObject({ core: '中国工商银行', branch: '北京海淀支行' });
  expect(parseCompany('海尔智家股份有限公司（原名：青岛海尔股份有限公司）')).toMatchObject({
    former: '青岛海尔股份有限公司',
  });
  expect(parseCompany('上海大学')?.core).toBe('上海大学');
  expect(parseCompany('七天连锁酒店（海口店）')).toMatchObject({ branch: '海口店' });
  expect(parseCompany('台州红瘦发展有限責仁公司')).toMatchObject({ core: '红瘦发展', form: '有限责仁公司' });
  expect(parseCompany('Acme Widgets Ltd.')).toMatchObject({ tokens: ['acme', 'widgets'], form: 'ltd' });
  expect(parseCompany('  ')).toBeNull();
});

test.each([
  [
    '13800138000',
    [
      '+86 138 0013 8000',
      '008613800138000',
      '138-0013-8000',
      '１３８００１３８０００',
      '13800138000.0',
      "'13800138000",
    ],
  ],
  [
    '057187654321',
    ['0571-87654321', '（0571）87654321转8', '+86-571-87654321', '0571 8765 4321 ext 802', '0571-87654321-802'],
  ],
  ['4043211118', ['404/321-1118', '404-321-1118', '+1 (404) 321-1118']],
])('phone %s', (national, forms) => {
  for (const form of forms) expect(parsePhone(form)?.national).toBe(national);
});

test('a Chinese address in two spellings has the same road, number and room', () => {
  const a = parseAddress('浙江省杭州市西湖区文三路123号4号楼5层501室');
  const b = parseAddress('杭州西湖区文三路123号四号楼5F-501');
  expect(a).toMatchObject({ city: '杭州', road: '文3路', number: '123', inside: '4-5-501' });
  expect(b).toMatchObject({ city: '杭州', road: '文3路', number: '123', inside: '4-5-501' });
});

test('names of people', () => {
  expect(parsePerson('汪经理')).toMatchObject({ full: '汪', surname: '汪', given: '' });
  expect(parsePerson('歐陽 修')).toMatchObject({ full: '欧阳修', surname: '欧阳', given: '修' });
  expect(parsePerson('Smith, Dr. John')).toMatchObject({ tokens: ['john', 'smith'] });
});

test('多音字 sound the same in any reading', () => {
  expect(homophones('行', '航')).toBe(true);
  expect(homophones('行', '形')).toBe(true);
  expect(homophones('海', '河')).toBe(false);
  expect(soundsSame('有限责任', '有限责仁')).toEqual({ same: true, differing: 1 });
  expect(spoken('海尔')).toBe('haier');
});

test('dates as people write them', () => {
  for (const t of [
    '1986-09-09',
    '19860909',
    '9/9/1986',
    '9 Sep 1986',
    '1986年9月9日',
    'September 9, 1986',
    '1986-09-09T08:00:00Z',
  ])
    expect(parseDate(t)).toEqual({ year: 1986, month: 9, day: 9 });
  expect(parseDate('c. 1850')).toEqual({ year: 1850, month: 0, day: 0 });
  expect(parseDate('hello')).toBeNull();
});

test('numbers, credit codes, places', () => {
  expect(arabic('十一号楼二十三层一〇二')).toBe('11号楼23层102');
  expect(validUscc('91350100M000100Y43')).toBe(true);
  expect(validUscc('91350100M000100Y44')).toBe(false);
  expect(new Set(placeNames()).size).toBe(placeNames().length);
});
