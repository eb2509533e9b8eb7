import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParseEnv } from '../fields/types.ts';
import type { FieldDef } from '../schema/types.ts';
import { isSpelled, respell } from './respell.ts';

const env: ParseEnv = { now: new Date('2026-11-01T00:00:00Z'), timeZone: 'Asia/Shanghai', trees: {} };
const field = (more: Partial<FieldDef>): FieldDef => ({
  id: 1,
  object: 'customer',
  name: 'f',
  label: { zh: '字段', en: 'Field' },
  type: 'text',
  position: 1,
  ...more,
});
const of = (value: string, more: Partial<FieldDef>, wanted = {}) => respell(value, field(more), env, wanted);

describe('respelling what is stored', () => {
  it.each([
    ['+86 138 0013 8000', { type: 'phone' }, '13800138000', 'phone'],
    ['ＡＢＣ公司', {}, 'ABC公司', 'width'],
    [' 王  芳', {}, '王 芳', 'spaces'],
    ['华为(上海)公司', { match: 'company' }, '华为（上海）公司', 'brackets'],
  ] as const)('%s', (stored, more, value, rule) => {
    expect(of(stored, more)).toEqual({ is: 'other', value, rule });
  });

  it('changes how a value reads only where that was asked for', () => {
    expect(of('臺灣電子', {})).toEqual({ is: 'same' });
    expect(of('臺灣電子', {}, { simplify: true })).toEqual({ is: 'other', value: '台湾电子', rule: 'simplified' });
    // A compatibility ideograph of 禍.
    expect(of('\uFA52', {}, { simplify: true })).toEqual({ is: 'other', value: '祸', rule: 'simplified' });
    expect(of('2024.3.5', {})).toEqual({ is: 'same' });
    expect(of('２０２４．３．５', {}, { dates: true })).toEqual({ is: 'other', value: '2024-03-05', rule: 'date' });
    expect(of('2024.3.5', {}, { dates: true })).toEqual({ is: 'other', value: '2024-03-05', rule: 'date' });
  });

  it('says what breaks the rules, and empties nothing', () => {
    expect(of('1380013800', { type: 'phone' })).toMatchObject({ is: 'invalid', issue: { field: 'f' } });
    expect(of('暂无', { type: 'phone' })).toEqual({ is: 'same' });
    expect(isSpelled(field({ type: 'relation' }))).toBe(false);
    expect(isSpelled(field({ type: 'date' }))).toBe(false);
  });

  it('has nothing left to do the second time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.constantFrom<Partial<FieldDef>>(
          {},
          { type: 'phone' },
          { match: 'company' },
          { type: 'longtext' },
          { type: 'address' },
        ),
        fc.boolean(),
        (text, more, both) => {
          const first = of(text, more, { simplify: both, dates: both });
          if (first.is !== 'other') return;
          expect(of(String(first.value), more, { simplify: both, dates: both }).is).not.toBe('other');
        },
      ),
      { numRuns: 400 },
    );
  });
});
