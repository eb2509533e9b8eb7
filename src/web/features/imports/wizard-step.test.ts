import { describe, expect, it } from 'vitest';
import { failedAt, percentDone, roughly, stepOf } from './wizard-step.ts';

describe('stepOf', () => {
  it('lets a person go back to the mapping until the import runs', () => {
    expect(stepOf('ready', true)).toBe('mapping');
    expect(stepOf('ready', false)).toBe('preview');
    expect(stepOf('running', true)).toBe('run');
    expect(stepOf(null, false)).toBe('upload');
  });
});

describe('failedAt', () => {
  it('is the step that did not get through', () => {
    expect(failedAt({ state: 'failed', preview: null })).toBe('upload');
    expect(failedAt({ state: 'failed', preview: {} })).toBe('run');
    expect(failedAt({ state: 'done', preview: {} })).toBeNull();
  });
});

describe('roughly', () => {
  it('is never zero and never precise to the second', () => {
    expect(roughly(0)).toEqual({ unit: 'seconds', n: 5 });
    expect(roughly(42)).toEqual({ unit: 'seconds', n: 45 });
    expect(roughly(130)).toEqual({ unit: 'minutes', n: 2 });
    expect(roughly(9000)).toEqual({ unit: 'hours', n: 2.5 });
  });
});

describe('percentDone', () => {
  it('is unknown without a total and 100 only at the end', () => {
    expect(percentDone({ rows: 5, total: null })).toBeNull();
    expect(percentDone({ rows: 999, total: 1000 })).toBe(99);
    expect(percentDone({ rows: 1000, total: 1000 })).toBe(100);
  });
});
