import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldDef, objectDef } from '../../../test/support/objects.ts';
import type { MatchRule, ObjectDef } from '../schema/types.ts';
import { judgeByRules, ruleKeys, ruleSetOf, wrongRules } from './rules.ts';

const FIELDS = [
  fieldDef('name', 'text', { match: 'company' }),
  fieldDef('mobile', 'phone', { match: 'phone' }),
  fieldDef('phone', 'phone', { match: 'phone' }),
  fieldDef('wechat', 'text'),
  fieldDef('level', 'select'),
  fieldDef('boss', 'text', { match: 'person' }),
];
const customer = (...rules: MatchRule[]) => objectDef('customer', FIELDS, rules);
const rule = (any: MatchRule['any'], more: Partial<MatchRule> = {}): MatchRule => ({
  id: 'r1',
  name: '规则',
  any,
  effect: 'show',
  ...more,
});
const within = (own: ObjectDef) => ruleSetOf(own, own);

describe('rules for duplicates', () => {
  const set = within(
    customer(
      rule([
        [
          { field: 'name', how: 'like' },
          { field: 'mobile', how: 'same' },
        ],
        [{ field: 'wechat', how: 'same' }],
      ]),
    ),
  );

  it('holds where every test of one group does', () => {
    const a = { name: '杭州海康威视数字技术股份有限公司', mobile: '138 0000 1111', wechat: 'a' };
    expect(judgeByRules(set, a, { name: '海康威视', mobile: '13800001111' })?.rule.id).toBe('r1');
    expect(judgeByRules(set, a, { name: '海康威视', mobile: '13800001112' })).toBeNull();
    expect(judgeByRules(set, a, { name: '大华技术', mobile: '13800001111' })).toBeNull();
    expect(judgeByRules(set, a, { name: '大华技术', wechat: 'A' })?.fields).toEqual(['wechat']);
  });

  it('takes nothing from what is empty', () => {
    expect(judgeByRules(set, { name: '海康威视', mobile: '' }, { name: '海康威视', mobile: null })).toBeNull();
  });

  it('looks at both ways round where two columns hold the same kind of thing', () => {
    const crossed = within(customer(rule([[{ field: 'mobile', with: 'phone', how: 'same' }]])));
    const [a, b] = [{ mobile: '13800001111' }, { phone: '138-0000-1111' }];
    expect(judgeByRules(crossed, a, b)).not.toBeNull();
    expect(judgeByRules(crossed, b, a)).not.toBeNull();
  });

  it('lets what is never one outrank the rest, and leaves out what is off', () => {
    const same = [[{ field: 'mobile', how: 'same' as const }]];
    const apart = rule(
      [
        [
          { field: 'mobile', how: 'same' },
          { field: 'level', how: 'same' },
        ],
      ],
      { id: 'r2', effect: 'never' },
    );
    const both = within(customer(rule(same), apart));
    const a = { mobile: '13800001111', level: 'a' };
    expect(judgeByRules(both, a, { ...a })?.rule.effect).toBe('never');
    expect(judgeByRules(both, a, { ...a, level: 'b' })?.rule.effect).toBe('show');
    expect(within(customer(rule(same, { off: true }))).groups).toEqual([]);
  });

  it('compares two objects by the fields named', () => {
    const lead = objectDef('lead', [
      fieldDef('company', 'text', { match: 'company' }),
      fieldDef('tel', 'phone', { match: 'phone' }),
    ]);
    const own = objectDef('lead', lead.fields, [
      rule([[{ field: 'company', with: 'name', how: 'like' }]], { other: 'customer' }),
    ]);
    const across = ruleSetOf(own, customer());
    expect(judgeByRules(across, { company: '小米科技有限责任公司' }, { name: '小米科技' })).not.toBeNull();
    expect(ruleSetOf(own, own).groups).toEqual([]);
  });

  it('says what is wrong with a rule', () => {
    const objects = [customer()];
    const why = (...rules: MatchRule[]) => wrongRules(rules, customer(), objects).map((one) => one.why);
    expect(why(rule([]))).toEqual(['empty']);
    expect(why(rule([[]]))).toEqual(['empty']);
    expect(why(rule([[{ field: 'gone', how: 'same' }]]))).toEqual(['field']);
    expect(why(rule([[{ field: 'name', with: 'mobile', how: 'same' }]]))).toEqual(['kinds']);
    expect(why(rule([[{ field: 'mobile', how: 'like' }]], { effect: 'refuse' }))).toEqual(['like']);
    expect(why(rule([[{ field: 'mobile', how: 'same' }]], { effect: 'refuse' }))).toEqual([]);
    expect(why(rule([[{ field: 'name', with: 'wechat', how: 'like' }]]))).toEqual([]);
    expect(why(rule([[{ field: 'mobile', how: 'same' }]], { other: 'nothing' }))).toEqual(['field']);
  });

  it('what a rule joins shares a key', () => {
    const value = fc.constantFrom('13800001111', '138 0000 1111', '13900002222', '', null);
    const name = fc.constantFrom('小米科技有限公司', '小米科技', '北京小米科技有限责任公司', '大疆创新', '');
    const row = fc.record({ name, mobile: value, phone: value, wechat: fc.constantFrom('a', 'A', 'b', null) });
    const sets = [
      set,
      within(customer(rule([[{ field: 'mobile', with: 'phone', how: 'same' }]]))),
      within(
        customer(
          rule([
            [
              { field: 'name', how: 'same' },
              { field: 'mobile', with: 'phone', how: 'same' },
            ],
          ]),
        ),
      ),
    ];
    fc.assert(
      fc.property(row, row, fc.constantFrom(...sets), (a, b, one) => {
        if (judgeByRules(one, a, b) === null) return;
        const keys = new Set(ruleKeys(one, a, 'near'));
        expect(ruleKeys(one, b, 'far').some((key) => keys.has(key))).toBe(true);
      }),
    );
  });
});
