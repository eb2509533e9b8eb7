import { expect, test } from 'vitest';
import { numberPrefix, renderNumber } from './autonumber.ts';

test('renders dates of the zone and pads serials', () => {
  // 17:00 UTC is already the next day in Shanghai
  const at = new Date('2026-11-20T17:00:00Z');
  expect(renderNumber('CUST{yyyymmdd}-{serial:4}', at, 7)).toBe('CUST20261121-0007');
  expect(renderNumber('CUST{yyyymmdd}-{serial:4}', at, 12345)).toBe('CUST20261121-12345');
  expect(renderNumber('HT{yy}{mm}{serial:3}', '2026-11-21', 1)).toBe('HT2611001');
});

test('serials of one prefix share a count', () => {
  const at = new Date('2026-11-20T17:00:00Z');
  expect(numberPrefix('CUST{yyyymmdd}-{serial:4}', at)).toBe('CUST20261121-');
  expect(numberPrefix('CUST{yyyymmdd}-{serial:4}', at, 'UTC')).toBe('CUST20261120-');
  expect(numberPrefix('{serial}', at)).toBe('');
});
