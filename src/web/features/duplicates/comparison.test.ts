import { describe, expect, it } from 'vitest';
import { listOf, type Match, nothingYet, without, withStep } from './comparison.ts';

const match = (left: string, right: string): Match => ({
  left: { id: left, title: left },
  right: { id: right, title: right },
  score: 8,
  probability: 0.99,
  reasons: [],
});

describe('a comparison of lists', () => {
  it('grows step by step, takes a pair seen from both sides for one, and counts who has none', () => {
    const first = withStep(nothingYet, { matches: [match('a', 'b')], looked: 200, total: 230, next: 'x' });
    expect(first).toMatchObject({ running: true, looked: 200, total: 230 });
    const second = withStep(first, { matches: [match('b', 'a'), match('c', 'd')], looked: 30 });
    expect(second).toMatchObject({ running: false, looked: 230, total: 230 });
    expect(second.matches.map(({ left }) => left.id)).toEqual(['a', 'c']);
    // Also b, which is named as the left of a pair that was known.
    expect(without(second)).toBe(227);
  });
  it('counts on where the count was capped', () => {
    const capped = { ...nothingYet, looked: 10_000, total: 10_001 };
    expect(withStep(capped, { matches: [], looked: 200, next: 'x' }).total).toBe(10_200);
  });
  it('sends no filter for all records', () => {
    expect(listOf({ object: 'customer', view: '' }, undefined)).toEqual({ object: 'customer' });
  });
});
