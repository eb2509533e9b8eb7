import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSolution, openHash } from './proof.ts';
import { shownQuestions } from './shown-questions.ts';
import type { FormQuestion } from './types.ts';

const q = (id: string, when?: FormQuestion['when']) => ({ id, when });

describe('shownQuestions', () => {
  const kind = q('kind');
  const other = q('other', { match: 'all', of: [{ question: 'kind', is: 'one-of', values: ['other'] }] });
  const more = q('more', { match: 'all', of: [{ question: 'other', is: 'filled' }] });

  it('asks what its condition allows, and treats what is hidden as not answered', () => {
    const ids = (answers: Record<string, string[]>) => shownQuestions([kind, other, more], answers);
    expect(ids({})).toEqual(['kind']);
    expect(ids({ kind: ['other'] })).toEqual(['kind', 'other']);
    expect(ids({ kind: ['other'], other: ['x'] })).toEqual(['kind', 'other', 'more']);
    expect(ids({ kind: ['other'], other: ['  '] })).toEqual(['kind', 'other']);
    // What was typed before it was hidden shows nothing.
    expect(ids({ kind: ['new'], other: ['x'] })).toEqual(['kind']);
  });

  it('knows all, any, none-of and empty', () => {
    const of = [
      { question: 'a', is: 'none-of' as const, values: ['1', '2'] },
      { question: 'b', is: 'empty' as const },
    ];
    const ids = (match: 'all' | 'any', answers: Record<string, string[]>) =>
      shownQuestions([q('a'), q('b'), q('c', { match, of })], answers).includes('c');
    expect(ids('all', { a: ['3'], b: [] })).toBe(true);
    expect(ids('all', { a: ['1', '3'], b: [] })).toBe(false);
    expect(ids('any', { a: ['1'], b: [] })).toBe(true);
    expect(ids('any', { a: ['1'], b: ['x'] })).toBe(false);
  });

  it('is the same function when its source is all there is of it, as on the page', () => {
    const onPage = new Function(`const __name = (f) => f; return (${shownQuestions})`)() as typeof shownQuestions;
    const condition = fc.record({
      question: fc.constantFrom('a', 'b', 'c'),
      is: fc.constantFrom('one-of' as const, 'none-of' as const, 'filled' as const, 'empty' as const),
      values: fc.array(fc.constantFrom('1', '2')),
    });
    const when = fc.option(
      fc.record({ match: fc.constantFrom('all' as const, 'any' as const), of: fc.array(condition) }),
      {
        nil: undefined,
      },
    );
    const answers = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.array(fc.constantFrom('1', '2', '')));
    fc.assert(
      fc.property(fc.tuple(when, when, when), answers, (whens, given) => {
        const questions = whens.map((one, n) => q('bcd'[n] ?? '', one));
        expect(onPage([q('a'), ...questions], given)).toEqual(shownQuestions([q('a'), ...questions], given));
      }),
    );
  });
});

describe('proof of work', () => {
  it('hashes as SHA-256 does, over any length, here and from its source alone', () => {
    const onPage = (new Function(`const __name = (f) => f; return (${openHash})`)() as typeof openHash)();
    const hash = openHash();
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 200 });
    fc.assert(
      fc.property(ascii, (text) => {
        const wanted = createHash('sha256').update(text).digest().readUInt32BE(0);
        expect(hash(text)).toBe(wanted);
        expect(onPage(text)).toBe(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('counts zero bits', () => {
    expect(isSolution(0x0000ffff, 16)).toBe(true);
    expect(isSolution(0x00010000, 16)).toBe(false);
    expect(isSolution(0, 32)).toBe(true);
  });
});
