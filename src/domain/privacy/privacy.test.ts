import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idCheck } from '../fields/idcard.ts';
import type { FieldDef } from '../schema/types.ts';
import { classify, daysBetween, deadline, generalise, needleText, tracer, tracesOf } from './index.ts';

const label = (text: string) => ({ zh: text, en: text });
const text = { type: 'text', label: label('栏目') } as const;
const field = (name: string, more: Partial<FieldDef>): FieldDef => ({
  ...{ id: 1, object: 'customer', name, label: label(name), type: 'text', position: 1 },
  ...more,
});

describe('traces', () => {
  const phone = tracesOf([{ field: { type: 'phone', sensitivity: 'personal' }, value: '13800138000' }]);
  const isHis = tracer(phone, false);

  it('find a number however it is written, and not inside another', () => {
    for (const spelled of [
      '13800138000',
      '138-0013-8000',
      '+86 138 0013 8000',
      '电话１３８００１３８０００。',
      '"13800138000"',
    ])
      expect([spelled, isHis(spelled)]).toEqual([spelled, true]);
    for (const other of ['2138001380001', '13800138001', '7c1e-13800138000f'])
      expect([other, isHis(other)]).toEqual([other, false]);
  });

  it('never find anything in ids', () => {
    fc.assert(fc.property(fc.uuid(), (id) => !isHis(JSON.stringify([id])) || id.includes('13800138000')));
  });

  it('of short words only names count, and only where he is meant', () => {
    const traces = tracesOf([
      { field: { type: 'text', sensitivity: 'personal' }, value: '王芳' },
      { field: { type: 'text' }, value: '经理' },
      { field: { type: 'longtext' }, value: '说话带 "引号"，周三不接电话' },
    ]);
    expect(tracer(traces, false)('王芳来过，经理也在')).toBe(false);
    expect(tracer(traces, true)('王芳来过')).toBe(true);
    expect(tracer(traces, true)('经理来过')).toBe(false);
    // As JSON writes it, too.
    expect(tracer(traces, true)(JSON.stringify({ a: '说话带 "引号"，周三不接电话' }))).toBe(true);
    expect(tracer(traces, false)('说话带 "引号"，周三不接电话')).toBe(false);
  });

  it('a text is no other that begins with it', () => {
    const traces = tracesOf([{ field: { type: 'longtext' }, value: '月底前给方案，编号1' }]);
    expect(tracer(traces, true)('月底前给方案，编号1')).toBe(true);
    expect(tracer(traces, true)('月底前给方案，编号10')).toBe(false);
  });

  it('every number that is found has a needle in the folded text', () => {
    const { needles } = tracesOf([
      { field: { type: 'phone' }, value: '13800138000' },
      { field: { type: 'email' }, value: 'Li.Na@Example.com' },
      { field: { type: 'text', sensitivity: 'personal' }, value: 'li_na-77' },
    ]);
    for (const spelled of ['(138) 0013-8000', '１３８００１３８０００', 'mail li.na@example.com!', 'LI_NA-77'])
      expect([spelled, needles.some((one) => needleText(spelled).includes(one))]).toEqual([spelled, true]);
  });
});

describe('the deadline', () => {
  const calendar = {
    holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
    workdays: ['2026-09-27'],
  };

  it('of PIPL counts 15 working days, with 国庆 off and the Sunday on', () => {
    expect(deadline('pipl', '2026-11-02', { holidays: [], workdays: [] })).toBe('2026-11-23');
    expect(deadline('pipl', '2026-09-21', calendar)).toBe('2026-10-16');
    expect(deadline('pipl', '2026-11-02', { holidays: [], workdays: [] }, true)).toBe('2026-12-14');
  });

  it('of GDPR is the same day of the next month, or its last', () => {
    expect(deadline('gdpr', '2026-01-31', calendar)).toBe('2026-02-28');
    expect(deadline('gdpr', '2026-01-31', calendar, true)).toBe('2026-04-30');
    expect(daysBetween('2026-02-01', '2026-01-30')).toBe(-2);
  });
});

describe('what a field holds, by content', () => {
  const id = (n: number) => {
    const first = `11010119900307${String(n).padStart(3, '0')}`;
    return first + idCheck(first);
  };

  it('knows identity numbers by their check character', () => {
    const good = Array.from({ length: 20 }, (_, n) => id(n));
    expect(classify(text, good)).toMatchObject({ kind: 'idcard', sensitivity: 'sensitive', share: 1 });
    const wrong = good.map((number) => number.slice(0, 17) + (number.endsWith('1') ? '2' : '1'));
    expect(classify(text, wrong)).toBeNull();
  });

  it('knows bank cards by Luhn, mobiles, mail addresses, names, addresses', () => {
    expect(classify(text, ['6222 0212 3456 7890 128', '6222021234567890128'])?.kind ?? null).toBe(
      classify(text, ['6222021234567890128'])?.kind ?? null,
    );
    expect(classify(text, ['4111111111111111', '4012888888881881'])).toMatchObject({
      kind: 'bankcard',
      sensitivity: 'sensitive',
    });
    expect(classify(text, ['4111111111111112', '4012888888881882'])).toBeNull();
    expect(classify(text, ['13800138000', '+86 139-0013-8001', '没有'])).toMatchObject({
      kind: 'mobile',
      sensitivity: 'personal',
    });
    expect(classify(text, ['a@b.cn', 'c@d.com'])).toMatchObject({ kind: 'mail' });
    expect(classify(text, ['王芳', '李小龙', '欧阳修', '市场部'])).toMatchObject({ kind: 'name' });
    expect(classify(text, ['浙江省杭州市文三路 90 号', '上海市浦东新区世纪大道 1 号'])).toMatchObject({
      kind: 'address',
    });
  });

  it('takes no remark for a telephone number, nor a state for a name', () => {
    const remarks = Array.from({ length: 50 }, (_, n) => (n === 0 ? '13800138000' : `第 ${n} 次拜访，谈价格`));
    expect(classify({ type: 'longtext', label: label('备注') }, remarks)).toBeNull();
    expect(classify({ type: 'select', label: label('状态') }, ['王芳'])).toBeNull();
  });
});

it('anonymises to region, industry, size and month', () => {
  const object = { title: 'name' };
  const becomes = (name: string, more: Partial<FieldDef>) => generalise(object, field(name, more));
  expect(becomes('name', {})).toBe('alias');
  expect(becomes('region', { type: 'tree', tree: 'division' })).toBe('city');
  expect(becomes('industry', { type: 'tree', tree: 'industry' })).toBe('keep');
  expect(becomes('size', { type: 'select' })).toBe('keep');
  expect(becomes('signed_on', { type: 'date' })).toBe('month');
  expect(becomes('birthday', { type: 'date', sensitivity: 'personal' })).toBe('drop');
  expect(becomes('amount', { type: 'money', sensitivity: 'sensitive' })).toBe('round');
  for (const type of ['text', 'longtext', 'phone', 'email', 'address', 'tags', 'file', 'autonumber', 'idcard'] as const)
    expect([type, becomes('x', { type })]).toEqual([type, 'drop']);
});
