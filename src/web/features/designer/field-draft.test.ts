import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { intervalOf, rateOf } from './check-interval.ts';
import { draftIssues, draftOf, emptyDraft, finished, optionFrom, patchOf } from './field-draft.ts';
import { moved } from './reorder.ts';

const field: FieldDef = {
  id: 1,
  object: 'customer',
  name: 'tier',
  label: { zh: '等级', en: 'Tier' },
  type: 'select',
  options: [{ value: 'a', label: { zh: '甲', en: 'A' } }],
  position: 1,
  builtin: true,
};

describe('field draft', () => {
  it('sends only what changed', () => {
    const draft = { ...draftOf(field), required: true };
    expect(patchOf(field, draft)).toEqual({ required: true });
    expect(patchOf(field, draftOf(field))).toEqual({});
    const { group: _group, ...without } = { ...draftOf({ ...field, group: '基本' }) };
    expect(patchOf({ ...field, group: '基本' }, without)).toEqual({ group: null });
  });
  it('names what is missing', () => {
    expect(draftIssues(emptyDraft(), []).map((one) => one.code)).toEqual(['label-missing']);
    expect(draftIssues({ label: { zh: '等级', en: '' }, type: 'select' }, [field]).map((one) => one.code)).toEqual([
      'label-taken',
      'options-missing',
    ]);
    expect(draftIssues({ label: { zh: 'x', en: '' }, type: 'number', min: 5, max: 1 }, [])[0]?.code).toBe(
      'range-turned',
    );
    expect(
      draftIssues(
        { label: { zh: 'x', en: '' }, type: 'text', pattern: { regex: '(', message: { zh: '', en: '' } } },
        [],
      )[0]?.code,
    ).toBe('pattern-bad');
  });
  it('fills the other language and drops settings the type does not have', () => {
    const done = finished({ label: { zh: ' 备注 ', en: '' }, type: 'longtext', min: 3, options: [], maxLength: 500 });
    expect(done).toEqual({ label: { zh: '备注', en: '备注' }, type: 'longtext', maxLength: 500 });
  });
});

describe('optionFrom', () => {
  it('never reuses a stored key', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 20 }), (labels) => {
        const options: ReturnType<typeof optionFrom>[] = [];
        for (const one of labels) options.push(optionFrom(one, options));
        expect(new Set(options.map((one) => one.value)).size).toBe(labels.length);
      }),
    );
  });
});

describe('moved', () => {
  it('moves, and keeps the others in order', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, -5)).toEqual(['c', 'a', 'b']);
    expect(moved(['a'], 7, 0)).toEqual(['a']);
  });
});

describe('check interval', () => {
  it('is the threshold interval of the model: λ = 0.22, ρ = 0.9 → 5.7469 months', () => {
    expect(intervalOf(0.22)).toBe(Math.round((5.7469 / 12) * 365.25));
    expect(intervalOf(rateOf(30))).toBe(30);
  });
});
