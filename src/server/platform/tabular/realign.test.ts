import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mendRow } from './mend-row.ts';
import { ColumnProfiles } from './realign.ts';
import { sampleRows } from './testing/sample-rows.ts';

const rows = sampleRows(60).map((row) => [...row.slice(0, 7), '']);
const profiles = new ColumnProfiles(8);
for (const row of rows) profiles.learn(row);
const mend = (cells: string[]) => mendRow({ number: 1, cells }, cells, profiles, ',');

describe('damaged rows', () => {
  it('a surplus empty cell anywhere before the last column', () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(6), (r, at) => {
        const row = rows[r] ?? [];
        expect(mend([...row.slice(0, at), '', ...row.slice(at)])?.slice(0, 8)).toEqual(row);
      }),
      { seed: 3 },
    );
  });

  it('a missing delimiter between kinds of value that differ', () => {
    for (const row of rows) {
      // phone | customer code have one shape and are left out: nobody could tell where one ends… except by length.
      for (const at of [1, 3, 4, 5]) {
        const glued = [...row.slice(0, at), `${row[at]}${row[at + 1]}`, ...row.slice(at + 2)];
        const mended = mend(glued);
        expect(mended).toEqual(row);
      }
    }
  });

  it('an amount with an unquoted thousands separator', () => {
    const own = new ColumnProfiles(3);
    for (let i = 0; i < 30; i++) own.learn([`客户${i}`, `${i + 1},${100 + i}.50`, '2024-01-31']);
    expect(mendRow({ number: 1, cells: [] }, ['客户31', '1', '234.50', '2024-02-01'], own, ',')).toEqual([
      '客户31',
      '1,234.50',
      '2024-02-01',
    ]);
  });

  it('leaves good rows and hopeless ones alone', () => {
    for (const row of rows) expect(mend(row)).toBeUndefined();
    expect(mend(['什么', '都', '不', '像', '一', '行', '数', '据', '啊'])).toBeUndefined();
  });
});
