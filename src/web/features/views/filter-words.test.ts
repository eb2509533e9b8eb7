import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../domain/filter/types.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { conditionWords, filterWords, flatten, unflatten } from './filter-words.ts';
import { operatorsOf, subjectsOf } from './operators.ts';

const tier: FieldDef = {
  id: 1,
  object: 'customer',
  name: 'tier',
  label: { zh: '客户等级', en: 'Tier' },
  type: 'select',
  position: 1,
  tracked: true,
  options: [
    { value: 'a', label: { zh: 'A重点', en: 'A key' } },
    { value: 'b', label: { zh: 'B潜力', en: 'B potential' } },
  ],
};
const amount: FieldDef = {
  ...tier,
  id: 2,
  name: 'amount',
  label: { zh: '合作金额', en: 'Amount' },
  type: 'money',
  tracked: false,
};
const subjects = subjectsOf([tier, amount]);
const env = (lang: 'zh' | 'en'): FormatEnv => ({
  lang,
  timeZone: 'Asia/Shanghai',
  title: () => undefined,
  node: () => undefined,
});

describe('a condition in words', () => {
  it.each<[Filter, string, string]>([
    [{ field: 'tier', op: 'in', value: ['a', 'b'] }, '客户等级 是 A重点、B潜力', 'Tier is A key, B potential'],
    [{ field: 'tier', op: 'empty' }, '客户等级 为空', 'Tier is empty'],
    [
      { field: 'amount', op: 'between', value: ['1000', '50000'] },
      '合作金额 介于 ¥1,000 和 ¥50,000 之间',
      'Amount is between ¥1,000 and ¥50,000',
    ],
    [
      { field: '$updated_at', op: 'within', value: { days: -30 } },
      '更新时间 在 最近 30 天内',
      'Updated is within the last 30 days',
    ],
    [{ field: '$freshness', op: 'lt', value: 0.5 }, '新鲜度 小于 50%', 'Freshness is less than 50%'],
    [{ field: 'tier', op: 'stale' }, '客户等级 已过期', 'Tier is past due'],
  ])('%o', (filter, zh, en) => {
    expect(filterWords(filter, subjects, env('zh'))).toBe(zh);
    expect(filterWords(filter, subjects, env('en'))).toBe(en);
  });

  it('joins nested parts', () => {
    const nested: Filter = { any: [{ field: 'tier', op: 'empty' }, { not: { field: 'amount', op: 'notEmpty' } }] };
    expect(filterWords(nested, subjects, env('zh'))).toBe('客户等级 为空 或 非（合作金额 不为空）');
  });

  it('names a field that is gone by its name instead of failing', () => {
    expect(conditionWords({ field: 'gone', op: 'eq', value: 'x' }, subjects, env('zh'))).toBe('gone 等于 x');
  });
});

describe('the bar', () => {
  it('takes a filter apart and puts it together again', () => {
    const filters: (Filter | undefined)[] = [
      undefined,
      { field: 'tier', op: 'empty' },
      {
        any: [
          { field: 'tier', op: 'empty' },
          { field: 'amount', op: 'empty' },
        ],
      },
      { not: { field: 'tier', op: 'empty' } },
    ];
    for (const filter of filters) expect(unflatten(flatten(filter))).toEqual(filter);
  });

  it('offers freshness for tracked fields only', () => {
    const ops = (name: string) => {
      const subject = subjects.find((one) => one.name === name);
      return subject ? operatorsOf(subject) : [];
    };
    expect(ops('tier')).toContain('stale');
    expect(ops('amount')).not.toContain('stale');
  });

  it('asks encrypted fields for whole values only', () => {
    const id: FieldDef = { ...amount, name: 'id_number', type: 'idcard' };
    const offered = (field: FieldDef) => subjectsOf([field], true).flatMap(operatorsOf);
    expect(offered(id)).toContain('contains');
    expect(offered({ ...id, encrypted: true })).toEqual(['eq', 'empty', 'notEmpty']);
  });
});
