import { describe, expect, it } from 'vitest';
import { EVIDENCE } from '../../../domain/freshness/cell.ts';
import { effectOn, figuresOf, freeName, groupOf, STRENGTHS, shareOf, shareWord, weightOf } from './kind-words.ts';

describe('words for likelihoods', () => {
  it('come back as they were chosen, and leave figures alone that say the same already', () => {
    for (const direction of ['for', 'against'] as const)
      for (const strength of STRENGTHS) {
        const figures = figuresOf({ direction, strength }, {});
        expect(weightOf(figures)).toEqual({ direction, strength });
        expect(figuresOf({ direction, strength }, figures)).toEqual(figures);
      }
    expect(figuresOf({ direction: 'for', strength: 'strong' }, { ifRight: 0.5, ifWrong: 0.03 })).toEqual({
      ifRight: 0.5,
      ifWrong: 0.03,
    });
  });

  it('fit the table: a dead number speaks against strongly, a delivered text weakly for, a refused call not at all', () => {
    const of = (kind: string) => weightOf(EVIDENCE.find((row) => row.kind === kind) ?? {});
    expect(of('call-dead')).toEqual({ direction: 'against', strength: 'strong' });
    expect(of('sms-delivered')).toEqual({ direction: 'for', strength: 'weak' });
    expect(of('mail-opened')).toEqual({ direction: 'for', strength: 'middle' });
    expect(of('call-refused')).toBeNull();
  });

  it('move a sample the way they say', () => {
    for (const row of EVIDENCE) {
      const { before, after } = effectOn(6, row);
      const weight = weightOf(row);
      if (groupOf(row) === 'signal' && weight) expect(after > before).toBe(weight.direction === 'for');
      if (groupOf(row) === 'event') expect(after).toBeCloseTo(before / 2, 9);
    }
    expect(STRENGTHS.map((one) => shareWord(shareOf(one, -1)))).toEqual([...STRENGTHS]);
    expect(freeName(['own-1', 'own-3'])).toBe('own-2');
  });
});
