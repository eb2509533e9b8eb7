import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from './hazard.ts';
import { FRESHNESS_SENTENCES } from './reasons.ts';
import { bundle, dailyList, sayReason, type TodayCandidate, type TodayCell } from './today.ts';

const NOW = Date.UTC(2026, 0, 1);
const cell = (fieldId: number, value: number, rest: Partial<TodayCell> = {}): TodayCell => ({
  record: 'r',
  fieldId,
  value,
  minutes: 1,
  confidence: 0.71,
  verifiedAt: NOW - 91 * DAY_MS,
  ...rest,
});
const candidate = (id: string, cells: TodayCell[], rest: Partial<TodayCandidate> = {}): TodayCandidate => ({
  id,
  contact: { minutes: 2, success: 0.5 },
  cells,
  ...rest,
});

describe('bundle', () => {
  it('equals the best of all subsets', () => {
    const cells = fc.array(
      fc.record({
        value: fc.double({ min: 0.001, max: 5, noNaN: true }),
        minutes: fc.double({ min: 0.1, max: 5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(cells, fc.double({ min: 0.01, max: 10, noNaN: true }), (list, minutes) => {
        let best = 0;
        for (let mask = 1; mask < 1 << list.length; mask++) {
          const subset = list.filter((_, i) => mask & (1 << i));
          const value = subset.reduce((sum, one) => sum + one.value, 0);
          best = Math.max(best, (0.5 * value) / subset.reduce((sum, one) => sum + one.minutes, minutes));
        }
        expect(bundle(list, { minutes, success: 0.5 }).perMinute).toBeCloseTo(best, 9);
      }),
    );
  });
});

describe('daily list', () => {
  it('puts hard rules first, then value per minute, within capacity, and shows what does not fit', () => {
    const list = dailyList(
      [
        candidate('low', [cell(1, 0.1)]),
        candidate('high', [cell(1, 5)]),
        candidate('law', [cell(1, 0.01, { hard: 'legal' })]),
        candidate('calling', [cell(1, 2)], { alreadyCalling: true }),
      ],
      7,
      NOW,
    );
    expect(list.items.map((item) => item.id)).toEqual(['law', 'calling', 'high']);
    expect(list.minutes).toBe(7);
    expect(list.overflow).toEqual({ items: 1, minutes: 3, hardItems: 0 });
  });

  it('never lets an empty field cause a contact, but asks for it along the way', () => {
    const empty = cell(9, 4, { missing: true, confidence: 0 });
    expect(dailyList([candidate('a', [empty])], 60, NOW).items).toEqual([]);
    expect(dailyList([candidate('a', [empty, cell(1, 1)])], 60, NOW).items[0]?.askAlso).toEqual([empty]);
  });

  it('says why', () => {
    const say = (one: TodayCell) => {
      const reason = dailyList([candidate('a', [one])], 60, NOW).items[0]?.reasons[0];
      return reason ? sayReason(reason, '手机', 'zh') : '';
    };
    expect(say(cell(1, 1))).toBe('手机 3 个月未核实，可信度约 71%');
    expect(say(cell(1, 1, { verifiedAt: null }))).toBe('手机 从未核实，可信度约 71%');
    expect(say(cell(1, 1, { method: 'call-dead' }))).toBe('手机 已是空号或停机，可信度约 71%');
    expect(say(cell(1, 1, { hard: 'vip' }))).toContain('重点客户');
  });

  it('has every sentence in both languages with the same parameters', () => {
    for (const [code, sentence] of Object.entries(FRESHNESS_SENTENCES)) {
      const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      expect(params(sentence.zh), code).toEqual(params(sentence.en));
    }
  });
});
