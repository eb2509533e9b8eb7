import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SearchSource, searchDoc } from './grams.ts';
import { searchQuery } from './query-grams.ts';

/** What the database does: all grams of a branch are there, and all its substrings are in the doc. */
function finds(query: string, source: SearchSource): boolean {
  const { doc, grams } = searchDoc(source);
  const held = new Set(grams);
  return searchQuery(query).branches.some(
    (b) => b.grams.every((g) => held.has(g)) && b.like.every((part) => doc.includes(part)),
  );
}

const company = (title: string, phones: string[] = []): SearchSource => ({ title, kind: 'company', phones });

describe('what a salesperson types finds the customer', () => {
  const huawei = company('深圳市华为技术有限公司', ['13800138000', '021-62345678-801']);
  test.each([
    '华',
    '华为',
    '为技',
    '深圳市华为',
    'hw',
    'h w',
    'szshw',
    'huawei',
    'huaw',
    'hua wei',
    'shenzhenshihuawei',
    '华wei',
    '深圳 华为',
    '深圳 hw',
    '深圳 w',
    '華為',
    'ＨＷ',
    '1380013',
    '138 0013 8000',
    '138-0013',
    '6234',
    '62345678',
    's',
  ])('%s', (query) => expect(finds(query, huawei)).toBe(true));
  test.each(['华未', 'hx', 'huawej', '1390', '深圳 中兴', 'z', '为华', '深圳 zx'])('not %s', (query) =>
    expect(finds(query, huawei)).toBe(false),
  );

  test.each([
    ['zengdan', { title: '曾单', kind: 'person' }],
    ['zd', { title: '曾单', kind: 'person' }],
    ['cengdan', { title: '曾单', kind: 'person' }],
    ['shanxiongxin', { title: '单雄信', kind: 'person' }],
    ['li', { title: '李', kind: 'person' }],
    ['cqca', company('重庆长安汽车股份有限公司')],
    ['chongqingchangan', company('重庆长安汽车股份有限公司')],
    ['lvyuan', company('绿源电动车')],
    ['yuexing', company('乐行科技')],
    ['lexing', company('乐行科技')],
    ['3m中国', company('3M中国有限公司')],
    ['3m', company('3M中国有限公司')],
    ['ibmzg', company('IBM中国')],
    ['360', company('北京360科技')],
    ['muller', company('Müller GmbH')],
    ['müller gm', company('Müller GmbH')],
    ['𠮷野', company('𠮷野家')],
    ['𠮷', company('𠮷野家')],
    ['CUST20261121-0007', { title: '甲', kind: 'company', extra: ['CUST20261121-0007'] }],
    ['hua', { title: '甲', kind: 'company', extra: ['Huawei'] }],
    ['w', { title: 'Huawei', kind: 'text' }],
  ] as [string, SearchSource][])('%s finds %j', (query, source) => expect(finds(query, source)).toBe(true));
});

const han = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((c) => String.fromCodePoint(c));
const title = fc
  .array(fc.oneof({ weight: 8, arbitrary: han }, { weight: 1, arbitrary: fc.constantFrom(...'aZ9 （') }), {
    minLength: 2,
    maxLength: 20,
  })
  .map((c) => c.join(''));

test('every fragment of a title and of a phone finds it', () => {
  fc.assert(
    fc.property(title, fc.stringMatching(/^1[3-9]\d{9}$/), fc.nat(), fc.nat(), (t, phone, from, length) => {
      const source = company(t, [phone]);
      const points = [...t];
      const start = from % points.length;
      const fragment = points.slice(start, start + 1 + (length % (points.length - start))).join('');
      if (/[\p{L}\p{N}]/u.test(fragment)) expect(finds(fragment.trim(), source)).toBe(true);
      const at = from % 9;
      expect(finds(phone.slice(at, at + 3 + (length % 8)), source)).toBe(true);
    }),
  );
});

test('any input gives sorted unique 32-bit grams and safe substrings', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (input) => {
      const { doc, grams } = searchDoc({ title: input, kind: 'person', extra: [input], phones: [input] });
      expect(grams).toEqual([...new Set(grams)].sort((a, b) => a - b));
      for (const gram of grams) expect(gram).toBe(gram | 0);
      expect(doc).not.toContain('\u0000');
      for (const branch of searchQuery(input).branches) {
        expect(branch.like.length).toBeGreaterThan(0);
        for (const part of branch.like) expect(part).not.toMatch(/[%_\\]/);
      }
    }),
  );
});

test('nothing typed looks up nothing', () => {
  expect(searchQuery('  （） ')).toEqual({ branches: [] });
});

test('many words stay few branches', () => {
  expect(searchQuery('bank of china hong kong limited branch').branches.length).toBeLessThanOrEqual(12);
});
