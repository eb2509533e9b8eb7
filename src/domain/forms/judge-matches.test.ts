import { describe, expect, it } from 'vitest';
import { type FoundMatch, judgeMatches } from './judge-matches.ts';

const match = (id: string, probability: number, byRule = false): FoundMatch => ({
  object: 'customer',
  id,
  probability,
  byRule,
});
const person = (id: string, parent: string, probability = 0.95) => ({
  ...{ object: 'contact', id, probability, byRule: false },
  parent: { object: 'customer', id: parent },
});

describe('whom a submission is about', () => {
  it('is new when nobody looks like it', () => {
    expect(judgeMatches([], null)).toEqual({ is: 'new' });
    expect(judgeMatches([], [])).toEqual({ is: 'new' });
  });

  it('is the only one that is sure, by a rule or by probability, whoever else is merely likely', () => {
    expect(judgeMatches([match('a', 0.95), match('b', 0.6)], null)).toMatchObject({ is: 'known', main: { id: 'a' } });
    expect(judgeMatches([match('a', 0, true)], null)).toMatchObject({ is: 'known', main: { id: 'a' } });
  });

  it('asks a person where several are sure, or none is', () => {
    const among = ['a', 'b'].map((id) => ({ object: 'customer', id }));
    expect(judgeMatches([match('a', 0.95), match('b', 0.99)], null)).toEqual({ is: 'unsure', why: 'maybe', among });
    expect(judgeMatches([match('a', 0.7), match('b', 0.6)], null)).toEqual({ is: 'unsure', why: 'maybe', among });
  });

  it('knows the person at the customer, asks about a new one, and about one who is known elsewhere', () => {
    expect(judgeMatches([match('a', 1)], [person('p', 'a')])).toMatchObject({ is: 'known', also: { id: 'p' } });
    const his = { is: 'unsure', why: 'new-person', among: [{ object: 'customer', id: 'a' }] };
    expect(judgeMatches([match('a', 1)], [])).toEqual(his);
    expect(judgeMatches([match('a', 1)], [person('p', 'b')])).toEqual(his);
    const moved = judgeMatches([], [person('p', 'b')]);
    expect(moved).toEqual({ is: 'unsure', why: 'maybe', among: [{ object: 'customer', id: 'b' }] });
  });
});
