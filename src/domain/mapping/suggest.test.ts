import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ObjectDef } from '../schema/types.ts';
import { normaliseHeader } from './header.ts';
import { type ColumnSample, suggestMapping } from './suggest.ts';

const template = JSON.parse(readFileSync(new URL('../../../templates/crm.json', import.meta.url), 'utf8')) as {
  objects: ObjectDef[];
};
const named = (name: string) => template.objects.find((object) => object.name === name) as ObjectDef;
const objects = [named('customer'), named('contact'), named('interaction')];
const env = { now: new Date('2026-11-21T00:00:00Z'), timeZone: 'Asia/Shanghai', trees: {} };
const map = (columns: Record<string, unknown[]>, related = false) => {
  const list: ColumnSample[] = Object.entries(columns).map(([header, values]) => ({ header, values }));
  return suggestMapping(list, objects, env, { related }).map((suggestion) => suggestion.target);
};

describe('header', () => {
  it('loses marks, brackets and case', () => {
    expect(normaliseHeader('*客户名称（必填）')).toBe('客户名称');
    expect(normaliseHeader(' 手 机 号 码：')).toBe('手机号码');
    expect(normaliseHeader('Phone No.')).toBe('phone no');
  });
});

describe('mapping', () => {
  it('reads the usual sheet of a Chinese sales team', () => {
    expect(
      map({
        '*客户名称（必填）': ['上海华为技术有限公司', '北京小米科技有限公司'],
        联系人: ['张三', '李四'],
        手机号: [13800138000, '13900139000'],
        '公司电话（带区号）': ['021-62345678', ''],
        邮箱: ['a@b.cn', ''],
        客户等级: ['A', 'B'],
        签约日期: ['2024-03-05', '2024年5月1日'],
        金额: ['1000.00', '12.5万'],
        备注: ['重点', ''],
        奇怪的列: ['x', 'y'],
      }),
    ).toEqual([
      'customer.name',
      'customer.contact_name',
      'customer.mobile',
      'customer.phone',
      'customer.email',
      'customer.level',
      'customer.signed_on',
      'customer.amount',
      'customer.remark',
      null,
    ]);
  });

  it('goes by content where headers say nothing', () => {
    expect(
      map({
        列1: ['上海华为技术有限公司', '北京小米科技有限公司', '杭州某某集团'],
        列2: ['13800138000', '13900139000', '13700137000'],
        列3: ['a@b.cn', 'c@d.com', 'e@f.org'],
        列4: ['1', '2', '3'],
      }),
    ).toEqual(['customer.name', 'customer.mobile', 'customer.email', null]);
  });

  it('lets values contradict a header', () => {
    const [phone, email] = map({
      电话: ['a@b.cn', 'c@d.com', 'e@f.org'],
      邮箱: ['13800138000', '13900139000', '13700137000'],
    });
    expect(phone).not.toBe('customer.phone');
    expect(email).not.toBe('customer.email');
  });

  it('sends people and follow-ups to their own records when customers repeat', () => {
    expect(
      map(
        {
          客户名称: ['甲公司', '甲公司'],
          姓名: ['张三', '李四'],
          手机号码: ['13800138000', '13900139000'],
          跟进内容: ['谈价格', '送样品'],
          跟进时间: ['2026-01-01', '2026-02-01'],
          跟进方式: ['电话', '拜访'],
        },
        true,
      ),
    ).toEqual([
      'customer.name',
      'contact.name',
      'contact.mobile',
      'interaction.content',
      'interaction.at',
      'interaction.kind',
    ]);
  });

  it('takes 联系人 for the person, not for a pointer from the follow-up to him', () => {
    expect(
      map(
        {
          客户名称: ['甲公司', '甲公司'],
          联系人: ['张三', '李四'],
          职务: ['经理', '采购'],
          手机号码: ['13800138000', '13900139000'],
          跟进内容: ['谈价格', '送样品'],
        },
        true,
      ),
    ).toEqual(['customer.name', 'contact.name', 'contact.job_title', 'contact.mobile', 'interaction.content']);
  });

  it('remembers what a person chose, and uses each target once', () => {
    const columns = [
      { header: '老板', values: ['张三'] },
      { header: '联系人', values: ['李四'] },
    ];
    const saved = new Map([['老板', 'customer.contact_name']]);
    const [first, second] = suggestMapping(columns, objects, env, { related: false, saved });
    expect(first).toMatchObject({ target: 'customer.contact_name', why: 'saved' });
    expect(second?.target).not.toBe('customer.contact_name');
  });
});
