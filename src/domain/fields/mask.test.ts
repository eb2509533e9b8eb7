import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskValue, rangeValue } from './mask.ts';

test.each([
  ['phone', undefined, '13812345678', '138****5678'],
  ['phone', undefined, '021-62345678-801', '021-****5678'],
  ['phone', undefined, '+14155552671', '+14****71'],
  ['text', 'person', '张三', '张*'],
  ['text', 'person', '欧阳娜娜', '欧阳**'],
  ['text', 'person', 'John Smith', 'J*** S***'],
  ['text', 'company', '杭州甲公司', '杭****'],
  ['email', undefined, 'alice@b.com', 'a***@b.com'],
  ['bankaccount', undefined, '4111111111111111', '************1111'],
  ['idcard', undefined, '11010519491231002X', '**************002X'],
  ['address', undefined, '浙江省杭州市余杭区文一西路969号', '浙江省杭州市****'],
  ['money', undefined, '125000', '***'],
] as const)('%s %s %s → %s', (type, match, value, masked) => {
  expect(maskValue(value, { type, ...(match ? { match } : {}) })).toBe(masked);
});

test.each([
  ['money', '620000', 'zh', '50–100 万'],
  ['money', '620000', 'en', '500K–1M'],
  ['money', '8000', 'zh', '5000–1 万'],
  ['money', '123456789', 'zh', '1–5 亿'],
  ['money', '60000000', 'zh', '5000–10000 万'],
  ['money', '-300', 'en', '-(100–500)'],
  ['percent', 37.5, 'zh', '30–40%'],
  ['date', '2024-03-05', 'zh', '2024 年'],
  ['phone', '13812345678', 'zh', '138****5678'],
] as const)('%s %s %s → %s', (type, value, lang, band) => {
  expect(rangeValue(value, { type }, lang)).toBe(band);
});

test('a band contains its number', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e14, noNaN: true }), (n) => {
      const text = rangeValue(n, { type: 'number' }, 'en') ?? '';
      const scale: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9 };
      const [low = 0, high = 0] = text.split('–').map((part) => Number.parseFloat(part) * (scale[part.slice(-1)] ?? 1));
      expect(low <= n && n < high).toBe(true);
    }),
  );
});
