import { describe, expect, it } from 'vitest';
import { builtinFormat, customFormat, isoDate, serialDate } from './serial-date.ts';

describe('number formats', () => {
  it.each([
    ['yyyy-mm-dd', 'date'],
    ['yyyy"年"m"月"d"日"', 'date'],
    ['[$-804]yyyy"年"m"月"d"日";@', 'date'],
    ['m/d/yy h:mm', 'datetime'],
    ['[h]:mm:ss', 'time'],
    ['上午/下午h"时"mm"分"', 'time'],
    ['mmm-yy', 'date'],
    ['General', 'number'],
    ['G/通用格式', 'number'],
    ['0.00E+00', 'number'],
    ['#,##0.00_);[Red](#,##0.00)', 'number'],
    ['0.00"d"', 'number'],
    ['[DBNum2][$-804]General', 'number'],
    ['@', 'number'],
    ['00000000', 'zeros'],
  ])('%s is %s', (code, kind) => {
    expect(customFormat(code).kind).toBe(kind);
  });

  it('built-in ones', () => {
    expect([0, 9, 14, 22, 20, 31, 49, 57].map((id) => builtinFormat(id).kind)).toEqual([
      'number',
      'number',
      'date',
      'datetime',
      'time',
      'date',
      'number',
      'date',
    ]);
  });
});

describe('serial dates', () => {
  const text = (serial: number, kind: 'date' | 'datetime' | 'time' = 'datetime', date1904 = false) =>
    serialDate(serial, kind, date1904)?.text;

  it('the 1900 system with the day that never was', () => {
    expect([1, 59, 60, 61, 45_292].map((serial) => text(serial))).toEqual([
      '1900-01-01',
      '1900-02-28',
      '1900-02-29',
      '1900-03-01',
      '2024-01-01',
    ]);
  });

  it('the 1904 system', () => {
    expect(text(0, 'date', true)).toBe('1904-01-01');
    expect(text(43_830, 'date', true)).toBe('2024-01-01');
  });

  it('times, rounded to the second', () => {
    expect(text(45_292.999999999)).toBe('2024-01-02');
    expect(text(45_292.5)).toBe('2024-01-01 12:00:00');
    expect(text(45_292.5, 'date')).toBe('2024-01-01');
    expect(text(0.75, 'time')).toBe('18:00:00');
    expect(text(1.5, 'time')).toBe('36:00:00');
    expect(text(45_292.5, 'time')).toBe('2024-01-01 12:00:00');
  });

  it('what is no date', () => {
    expect([-1, Number.NaN, 2_958_466, 1e300].map((serial) => text(serial))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(text(2_958_465, 'date')).toBe('9999-12-31');
    expect(isoDate('2024-01-31T08:30:00Z')?.text).toBe('2024-01-31 08:30:00');
    expect(isoDate('31.01.2024')).toBeUndefined();
  });
});
