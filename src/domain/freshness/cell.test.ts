import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvidence, bayes, beliefAt, EVIDENCE, initialConfidence, isVerification } from './cell.ts';
import { memoryless, YEAR_MS } from './hazard.ts';

describe('belief', () => {
  it('decays by survival', () => {
    const belief = { confidence: 0.9, asOf: 0 };
    expect(beliefAt(belief, memoryless(0.22), YEAR_MS)).toBeCloseTo(0.9 * Math.exp(-0.22), 12);
    expect(beliefAt(belief, memoryless(0.22), -YEAR_MS)).toBe(0.9);
  });

  it('never rises with age, whatever the hazard', () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.double({ min: 0, max: 20, noNaN: true }),
          shape: fc.double({ min: 0.3, max: 4, noNaN: true }),
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(4000),
        fc.nat(4000),
        (hazard, confidence, a, b) => {
          const at = (days: number) => beliefAt({ confidence, asOf: 0 }, hazard, days * 86_400_000, -100 * 86_400_000);
          expect(at(a + b)).toBeLessThanOrEqual(at(a) + 1e-15);
        },
      ),
    );
  });
});

describe('evidence', () => {
  it('follows Bayes', () => {
    expect(bayes(0.5, 0.9, 0.1)).toBeCloseTo(0.9, 12);
    expect(bayes(0.3, 0, 0)).toBe(0.3);
  });

  it('settles on verification, raises and sinks on signals', () => {
    expect(applyEvidence(0.4, 'phone')).toBeCloseTo(0.99, 12);
    expect(applyEvidence(0.999, 'phone')).toBe(0.999);
    expect(applyEvidence(0.4, 'customer')).toBeCloseTo(0.999, 12);
    expect(applyEvidence(0.6, 'call-connected')).toBeGreaterThan(0.95);
    expect(applyEvidence(0.9, 'mail-opened')).toBeGreaterThan(0.9);
    expect(applyEvidence(0.9, 'mail-bounced')).toBeLessThan(0.1);
    expect(applyEvidence(0.9, 'parcel-signed')).toBeGreaterThan(0.95);
    expect(() => applyEvidence(0.5, 'horoscope')).toThrow(RangeError);
  });

  it('counts a verifier only as far as he is reliable', () => {
    expect(applyEvidence(0.5, 'phone', 0.5)).toBeCloseTo(0.745, 12);
    expect(applyEvidence(0.5, 'phone', 0)).toBe(0.5);
  });

  it('stays a probability, and every kind has labels and a confidence, both likelihoods or a share of changes', () => {
    for (const kind of EVIDENCE) {
      expect(kind.label.zh && kind.label.en).toBeTruthy();
      const says = [kind.confidence, kind.ifRight, kind.changes].filter((one) => one !== undefined);
      expect(says.length).toBe(1);
      expect(kind.ifRight === undefined).toBe(kind.ifWrong === undefined);
      expect(isVerification(kind.kind)).toBe(kind.confidence !== undefined);
      for (const p of [0, 0.2, 0.99, 1]) {
        expect(applyEvidence(p, kind)).toBeGreaterThanOrEqual(0);
        expect(applyEvidence(p, kind)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('trusts doors in this order', () => {
    const order = ['customer', 'form', 'page', 'sync', 'cli', 'import'].map(initialConfidence);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(initialConfidence('unknown')).toBe(initialConfidence('import'));
  });
});
