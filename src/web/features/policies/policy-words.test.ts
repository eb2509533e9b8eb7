import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../domain/schema/types.ts';
import {
  inOrder,
  intervalDays,
  often,
  type Policy,
  policyKey,
  presetLines,
  roughlyOften,
  spanOf,
  withPolicy,
} from './policy-words.ts';

const label = (text: string) => ({ zh: text, en: text });
const catalog: Catalog = {
  version: 1,
  objects: [
    {
      id: 1,
      name: 'customer',
      label: label('客户'),
      plural: label('客户'),
      title: 'name',
      position: 1,
      fields: [
        { id: 1, object: 'customer', name: 'name', label: label('名称'), type: 'text', position: 1 },
        { id: 2, object: 'customer', name: 'mobile', label: label('手机'), type: 'phone', position: 2 },
      ],
    },
  ],
};
const policy = (field: string, more: Partial<Policy> = {}): Policy => ({
  object: 'customer',
  field,
  priority: 'middle',
  threshold: 0.9,
  ...more,
});
const vip = { name: label('重点'), filter: { field: 'tier', op: 'eq' as const, value: 'A' } };

describe('often', () => {
  it('uses the words people use', () => {
    expect([1, 7, 30, 91, 182, 365].map((days) => often(days).text)).toEqual([
      'daily',
      'weekly',
      'monthly',
      'quarterly',
      'halfYearly',
      'yearly',
    ]);
    expect(often(45)).toEqual({ text: 'days', n: 45 });
  });
});

describe('roughlyOften', () => {
  it('does not pretend to know the day', () => {
    expect([42, 89, 328, 1019].map(roughlyOften)).toEqual([
      { text: 'days', n: 42 },
      { text: 'months', n: 3 },
      { text: 'months', n: 11 },
      { text: 'years', n: 3 },
    ]);
  });
});

describe('intervalDays', () => {
  it('is fixed, or the time to the threshold, or unknown', () => {
    expect(intervalDays(policy('name', { everyDays: 30, rate: 5 }))).toBe(30);
    // From 0.99 down to 0.9 at 0.22 a year: ln(1.1)/0.22 years.
    expect(intervalDays(policy('name', { rate: 0.22 }))).toBeCloseTo((Math.log(1.1) / 0.22) * 365.25, 6);
    expect(intervalDays(policy('name'))).toBeNull();
  });
});

describe('presetLines', () => {
  it('says how often which fields, most often first, and skips fields that are not there', () => {
    const lines = presetLines(
      [
        policy('name'),
        policy('mobile', { everyDays: 30 }),
        policy('name', { everyDays: 30, segment: vip }),
        policy('gone', { everyDays: 1 }),
      ],
      catalog,
    );
    expect(lines.map((line) => [line.days, line.segment?.zh ?? null, line.fields.map((one) => one.zh)])).toEqual([
      [30, null, ['手机']],
      [30, '重点', ['名称']],
      [null, null, ['名称']],
    ]);
  });
});

describe('spanOf', () => {
  it('says two figures and both ends in one unit', () => {
    expect(spanOf(128, 110, 155)).toEqual({ unit: 'months', n: '4.2', low: '3.6', high: '5.1' });
    expect(spanOf(42.4, 9.4, 70)).toEqual({ unit: 'days', n: '42', low: '9.4', high: '70' });
    expect(spanOf(1100, 700, 4000)).toEqual({ unit: 'years', n: '3.0', low: '1.9', high: '11' });
  });
});

describe('withPolicy', () => {
  it('changes the one of its segment and can hand it to the learned rate', () => {
    const all = [policy('mobile', { everyDays: 30 }), policy('mobile', { everyDays: 7, segment: vip })];
    const key = policyKey(policy('mobile', { segment: vip }));
    expect(withPolicy(all, key, { everyDays: null }).map((one) => one.everyDays)).toEqual([30, undefined]);
    expect(withPolicy(all, key, { priority: 'high' }).map((one) => one.priority)).toEqual(['middle', 'high']);
  });
});

describe('inOrder', () => {
  it('follows the fields, general before segment', () => {
    const all = [policy('mobile', { segment: vip }), policy('mobile'), policy('name')];
    expect(inOrder(all, catalog).map((one) => [one.field, one.segment !== undefined])).toEqual([
      ['name', false],
      ['mobile', false],
      ['mobile', true],
    ]);
  });
});
