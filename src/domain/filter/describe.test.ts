import { expect, describe as group, test } from 'vitest';
import type { FieldDef, ObjectDef } from '../schema/types.ts';
import { describe } from './describe.ts';
import type { Filter } from './types.ts';

const field = (
  name: string,
  type: FieldDef['type'],
  zh: string,
  en: string,
  more: Partial<FieldDef> = {},
): FieldDef => ({
  id: 1,
  object: 'customer',
  name,
  type,
  label: { zh, en },
  position: 1,
  ...more,
});

const object: ObjectDef = {
  id: 1,
  name: 'customer',
  label: { zh: '客户', en: 'Customer' },
  plural: { zh: '客户', en: 'Customers' },
  title: 'name',
  position: 1,
  fields: [
    field('name', 'text', '客户名称', 'Name'),
    field('level', 'select', '等级', 'Tier', {
      options: [
        { value: 'a', label: { zh: '重点', en: 'Key' } },
        { value: 'b', label: { zh: '潜力', en: 'Promising' } },
      ],
    }),
    field('amount', 'money', '合作金额', 'Amount'),
    field('signed_on', 'date', '签约日期', 'Signed on'),
    field('owner', 'user', '负责人', 'Owner'),
    field('parent', 'relation', '上级客户', 'Parent', { target: 'customer' }),
    field('tags', 'tags', '标签', 'Tags', { open: true }),
  ],
};

const env = {
  catalog: { version: 1, objects: [object] },
  object,
  now: new Date('2026-06-15T00:00:00Z'),
  timeZone: 'Asia/Shanghai',
  trees: {},
  names: { u7: '王芳' },
};

group('a filter in words', () => {
  test.each<[Filter, string, string]>([
    [{ field: 'level', op: 'in', value: ['a', 'b'] }, '等级是重点、潜力之一', 'Tier is one of Key, Promising'],
    [{ field: 'amount', op: 'gt', value: 1000 }, '合作金额大于¥1,000', 'Amount is more than ¥1,000'],
    [
      { field: 'amount', op: 'between', value: ['1', '20000'] },
      '合作金额在¥1到¥20,000之间',
      'Amount is between ¥1 and ¥20,000',
    ],
    [{ field: 'signed_on', op: 'lt', value: '2026-01-01' }, '签约日期早于2026-01-01', 'Signed on is before 2026-01-01'],
    [
      { field: 'signed_on', op: 'within', value: { days: -30 } },
      '签约日期在最近 30 天内',
      'Signed on is within the last 30 days',
    ],
    [{ field: 'signed_on', op: 'within', value: { days: 0 } }, '签约日期是今天', 'Signed on is today'],
    [{ field: 'owner', op: 'eq', value: '$me' }, '负责人是我', 'Owner is me'],
    [{ field: 'owner', op: 'eq', value: 'u7' }, '负责人是王芳', 'Owner is 王芳'],
    [{ field: 'tags', op: 'hasAny', value: ['急', '新'] }, '标签含有急、新之一', 'Tags has any of 急, 新'],
    [
      { field: 'parent.name', op: 'contains', value: '华' },
      '上级客户的客户名称包含“华”',
      'Parent › Name contains "华"',
    ],
    [{ field: 'amount', op: 'stale' }, '合作金额已过期待核实', 'Amount is due to be checked'],
    [{ field: '$freshness', op: 'lt', value: 0.5 }, '新鲜度小于50%', 'Freshness is less than 50%'],
    [{ not: { field: 'name', op: 'empty' } }, '不满足（客户名称为空）', 'not (Name is empty)'],
    [
      {
        all: [
          { field: 'name', op: 'notEmpty' },
          {
            any: [
              { field: 'level', op: 'eq', value: 'a' },
              { field: 'amount', op: 'empty' },
            ],
          },
        ],
      },
      '客户名称不为空 且 （等级是重点 或 合作金额为空）',
      'Name is not empty and (Tier is Key or Amount is empty)',
    ],
  ])('%j', (filter, zh, en) => {
    expect(describe(filter, 'zh', env)).toBe(zh);
    expect(describe(filter, 'en', env)).toBe(en);
  });
});
