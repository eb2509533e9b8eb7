import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MARK_LENGTH, readMarks, withoutMarks, writeMark } from './mark.ts';

const seven = fc.uint8Array({ minLength: 7, maxLength: 7 });

it('any seven bytes come back out of any text around them, and the text without them is as it was', () => {
  fc.assert(
    fc.property(seven, fc.string(), fc.string(), (bytes, before, after) => {
      const [left, right] = [withoutMarks(before), withoutMarks(after)];
      const text = `${left}${writeMark(bytes)}${right}`;
      expect(readMarks(text)).toEqual([{ bytes, count: 1 }]);
      expect(withoutMarks(text)).toBe(left + right);
    }),
  );
});

it('two marks one behind the other are both found', () => {
  fc.assert(
    fc.property(seven, seven, (a, b) => {
      const found = readMarks(writeMark(a) + writeMark(b)).map(({ bytes }) => [...bytes].join());
      expect(found).toEqual(expect.arrayContaining([[...a].join(), [...b].join()]));
    }),
  );
});

it('is 28 characters of no width', () => {
  expect(writeMark(Uint8Array.of(1, 2, 3, 4, 5, 6, 7))).toMatch(new RegExp(`^[\\u2061-\\u2064]{${MARK_LENGTH}}$`));
  expect(readMarks('深圳测试有限公司')).toEqual([]);
});
