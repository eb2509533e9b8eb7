import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from './content.ts';
import { deadlines, managerAbove, mayDecide, ruleFor } from './rules.ts';
import type { ApprovalRule } from './types.ts';

const rule = (more: Partial<ApprovalRule> = {}): ApprovalRule => ({
  id: 'r',
  kind: 'export',
  above: 1000,
  decider: { by: 'manager' },
  hours: 24,
  exceptAdmins: true,
  ...more,
});

describe('which acts need approval', () => {
  it('those above the size, of the kind, the object and the field', () => {
    const act = { kind: 'export', object: 'customer', size: 1001 } as const;
    expect(ruleFor([rule()], act, false)?.id).toBe('r');
    expect(ruleFor([rule()], { ...act, size: 1000 }, false)).toBeNull();
    expect(ruleFor([rule()], act, true)).toBeNull();
    expect(ruleFor([rule({ exceptAdmins: false })], act, true)?.id).toBe('r');
    expect(ruleFor([rule({ object: 'contact' })], act, false)).toBeNull();
    expect(ruleFor([rule({ off: true })], act, false)).toBeNull();
    expect(ruleFor([rule(), rule({ id: 'own', object: 'customer' })], act, false)?.id).toBe('own');
    const guarded = rule({ kind: 'protected', above: 0, fields: ['amount'] });
    expect(ruleFor([guarded], { kind: 'protected', field: 'amount', size: 1 }, false)?.id).toBe('r');
    expect(ruleFor([guarded], { kind: 'protected', field: 'name', size: 1 }, false)).toBeNull();
  });
});

describe('who decides', () => {
  const at = new Date('2026-11-22T00:00:00Z');
  const asked = (more: Partial<ApprovalRule> = {}, manager: string | null = 'boss') => ({
    asker: 'user:li',
    rule: rule(more),
    manager,
    ...deadlines({ hours: 24 }, at),
  });
  const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
  const who = (account: string, roles: string[] = [], admin = false) => ({ account, roles, admin });

  it('manager, role or person; never who asked; the deputy once it is overdue; nobody once it lapsed', () => {
    expect(mayDecide(asked(), who('boss'), at)).toBe(true);
    expect(mayDecide(asked(), who('wang'), at)).toBe(false);
    expect(mayDecide(asked(), who('li', [], true), at)).toBe(false);
    expect(mayDecide(asked({}, null), who('root', [], true), at)).toBe(true);
    expect(mayDecide(asked({ decider: { by: 'role', role: 'steward' } }), who('wang', ['steward']), at)).toBe(true);
    expect(mayDecide(asked({ decider: { by: 'person', account: 'zhao' } }), who('zhao'), at)).toBe(true);
    const deputised = asked({ deputy: 'chen' });
    expect(mayDecide(deputised, who('chen'), later(23))).toBe(false);
    expect(mayDecide(deputised, who('chen'), later(24))).toBe(true);
    expect(mayDecide(deputised, who('boss'), later(47))).toBe(true);
    expect(mayDecide(deputised, who('boss'), later(48))).toBe(false);
  });

  it('the nearest manager above who is not the asker', () => {
    expect(managerAbove('li', [null, 'li', 'boss', 'chief'])).toBe('boss');
    expect(managerAbove('li', ['li', null])).toBeNull();
  });
});

it('content is the same text in whatever order it was put together', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalText(turned)).toBe(canonicalText(value));
      expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
