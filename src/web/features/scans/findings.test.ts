import { describe, expect, it } from 'vitest';
import { findingsOf, type Scan } from './findings.ts';

const scan = (figures: Partial<NonNullable<Scan['figures']>> | null): Scan => ({
  id: 's',
  object: 'customer',
  at: '2026-10-01T00:00:00Z',
  by: null,
  state: 'done',
  progress: { done: 0, total: 0 },
  figures: figures && { records: 100, missing: [], invalid: [], respell: [], silent: null, duplicates: 0, ...figures },
});
const all = { assign: true, mark: true };

describe('findings of a scan', () => {
  it('say how many, what share, and what changed since the last', () => {
    const now = scan({ missing: [{ field: 'email', count: 30 }], silent: { count: 5, days: 180 }, duplicates: 4 });
    const before = scan({ missing: [{ field: 'email', count: 40 }], silent: { count: 9, days: 90 }, duplicates: 4 });
    const found = findingsOf(now, before, all).map(({ kind, count, share, since }) => [kind, count, share, since]);
    expect(found).toEqual([
      ['duplicates', 4, null, 0],
      ['silent', 5, 0.05, null],
      ['missing:email', 30, 0.3, -10],
    ]);
    expect(findingsOf(now, undefined, all).every(({ since }) => since === null)).toBe(true);
    expect(findingsOf(scan(null), undefined, all)).toEqual([]);
  });

  it('offer only remedies that the object has', () => {
    const now = scan({ silent: { count: 1, days: 180 }, respell: [{ field: 'mobile', count: 2 }] });
    const remedies = (can: typeof all) => findingsOf(now, undefined, can).map((one) => one.remedies);
    expect(remedies(all)).toEqual([['mark', 'assign', 'check', 'bin'], ['standardise']]);
    expect(remedies({ assign: false, mark: false })).toEqual([['check', 'bin'], ['standardise']]);
  });
});
