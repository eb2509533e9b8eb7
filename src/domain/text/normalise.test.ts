import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compact, normalise } from './normalise.ts';
import { pinyin } from './pinyin.ts';
import { simplify } from './simplify.ts';
import { cleanLine, narrow } from './width.ts';

test.each([
  ['ＡＢＣ　華為（Ｃｈｉｎａ）', 'abc 华为(china)', 'abc华为china'],
  ['㎡ ①', 'm2 1', 'm21'],
  ['Müller\u200b  é', 'muller e', 'mullere'],
  ['e\u0301', 'e', 'e'],
  ['\uFA0Bﾊﾝ', '廓ハン', '廓ハン'],
  ['  ', '', ''],
])('%s', (text, normal, tight) => {
  expect(normalise(text)).toBe(normal);
  expect(compact(text)).toBe(tight);
});

test('normalising twice is normalising once, and never leaves a lone surrogate or a space at an end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = normalise(text);
      expect(normalise(once)).toBe(once);
      expect(once).toBe(once.trim());
      expect(compact(once)).toBe(compact(text));
      expect(once).not.toMatch(/\p{Surrogate}/u);
    }),
    { numRuns: 1000 },
  );
});

test('no character of Unicode is changed by normalising twice', () => {
  const changed: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const once = normalise(String.fromCodePoint(code));
    if (normalise(once) !== once) changed.push(`U+${code.toString(16)}`);
  }
  expect(changed).toEqual([]);
});

test('simplifies by characters', () => {
  expect(simplify('廣東華為臺灣軟體')).toBe('广东华为台湾软体');
  expect(simplify('乾隆')).toBe('乾隆');
  const plain = '没有繁体字';
  expect(simplify(plain)).toBe(plain);
});

test('stored text keeps its Chinese punctuation', () => {
  expect(cleanLine('　杭州（集团）：ＡＢ１２\u200b，好 ')).toBe('杭州（集团）：AB12，好');
  expect(narrow('（０２１）６２３４')).toBe('(021)6234');
});

test('spellings', () => {
  expect(pinyin('重庆银行')).toEqual({ full: ['chongqingyinhang'], initials: ['cqyh'] });
  expect(pinyin('单雄信', 'person').full[0]).toBe('shanxiongxin');
  expect(pinyin('绿色').full[0]).toBe('lvse');
  // Half a surrogate pair in the search index made PostgreSQL refuse the whole record.
  expect(pinyin('𠮷野家').initials.join('')).not.toMatch(/\p{Cs}/u);
  expect(pinyin('ibm中国')).toEqual({ full: ['ibmzhongguo'], initials: ['ibmzg'] });
  expect(pinyin('ibm')).toEqual({ full: [], initials: [] });
  expect(pinyin('长乐行都重调'.repeat(4)).full.length).toBe(4);
});
