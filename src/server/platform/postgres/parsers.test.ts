import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { textArray, typeParsers } from './parsers.ts';

const TIMESTAMPTZ = 1184;
const own = typeParsers.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => unknown;
const driver = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;

/** As PostgreSQL writes a moment: fractions without trailing zeros, zones of hours, minutes, seconds, years of any length, BC. */
const written = fc
  .record({
    at: fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
    micro: fc.constantFrom('', '.1', '.12', '.123', '.1234', '.123456', '.9', '.000001', '.999999'),
    zone: fc.constantFrom('+00', '+00', '+08', '-05:30', '+05:41:12'),
    era: fc.constantFrom('', '', '', ' BC'),
    far: fc.constantFrom('', '', '1'),
  })
  .map(({ at, micro, zone, era, far }) => {
    const [day, time] = at.toISOString().slice(0, 19).split('T');
    return `${far}${day} ${time}${micro}${zone}${era}`;
  });

test('a moment is read as the driver reads it', () => {
  fc.assert(
    fc.property(written, (text) => void expect(own(text)).toEqual(driver(text))),
    { numRuns: 2000 },
  );
});

test.each(['infinity', '-infinity'])('%s is read as the driver reads it', (text) => {
  expect(own(text)).toEqual(driver(text));
});

test('a text array is read with its quotes and empty places', () => {
  expect(textArray('{a,"b \\"c\\"",NULL,"NULL",""}')).toEqual(['a', 'b "c"', null, 'NULL', '']);
});
