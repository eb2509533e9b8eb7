import { describe, expect, it } from 'vitest';
import type { FieldDef, FieldTypeName, FieldValue } from '../../domain/schema/types.ts';
import { type FormatEnv, formatValue, groupDigits, plainText } from './format.ts';

const env: FormatEnv = {
  lang: 'zh',
  timeZone: 'Asia/Shanghai',
  title: (id) => (id === 'u1' ? '王芳' : undefined),
  node: (tree, code) => (tree === 'industry' && code === 'C36' ? '制造业 / 汽车制造业' : undefined),
};

const field = (type: FieldTypeName, more: Partial<FieldDef> = {}): FieldDef => ({
  id: 1,
  object: 'customer',
  name: 'f',
  label: { zh: '字段', en: 'Field' },
  type,
  position: 1,
  ...more,
});

const options = [
  { value: 'a', label: { zh: '重点', en: 'Key' } },
  { value: 'b', label: { zh: '潜力', en: 'Potential' } },
];

describe('a value as a person reads it', () => {
  it.each<[FieldDef, FieldValue, string]>([
    [field('money'), '12345678901234.5', '¥12,345,678,901,234.5'],
    [field('money'), '-1200', '¥-1,200'],
    [field('percent'), 12.5, '12.5%'],
    [field('datetime'), '2026-11-21T01:30:00.000Z', '2026-11-21 09:30'],
    [field('multiselect', { options }), ['a', 'b', 'gone'], '重点、潜力、gone'],
    [field('tree', { tree: 'industry' }), 'C36', '制造业 / 汽车制造业'],
    [field('user'), 'u1', '王芳'],
    [field('boolean'), false, '否'],
    [field('text'), null, ''],
  ])('%o %s', (of, value, text) => {
    expect(formatValue(value, of, env)).toBe(text);
  });

  it('leaves amounts plain for the clipboard, so that Excel reads numbers', () => {
    expect(plainText('1200000', field('money'), env)).toBe('1200000');
  });

  it('groups digits of the whole part only', () => {
    expect(groupDigits('1234.5678')).toBe('1,234.5678');
    expect(groupDigits('123')).toBe('123');
  });
});
