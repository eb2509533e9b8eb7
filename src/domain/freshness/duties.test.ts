import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Duty, personFor, standIn, standsInFor, type Team, type TeamMember, turnOf } from './duties.ts';

const member = (account: string, duties: Duty[], more: Partial<TeamMember> = {}): TeamMember => ({
  account,
  duties,
  minutes: 30,
  away: false,
  deputy: null,
  ...more,
});
const teamOf = (...members: TeamMember[]): Team => new Map(members.map((one) => [one.account, one]));
const BUNDLES = Array.from({ length: 600 }, (_, i) => `019a0000-0000-7000-8000-${String(i).padStart(12, '0')}`);
const shares = (of: (bundle: string) => string | null): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const bundle of BUNDLES) counts[of(bundle) ?? '–'] = (counts[of(bundle) ?? '–'] ?? 0) + 1;
  return counts;
};

describe('who checks a value', () => {
  const team = teamOf(member('wang', ['sales']), member('li', ['service']), member('zhao', ['service']));

  it('is the account or duty the policy names, else the owner', () => {
    expect(personFor(undefined, 'wang', 'b', team)).toBe('wang');
    expect(personFor('li', 'wang', 'b', team)).toBe('li');
    expect(['li', 'zhao']).toContain(personFor('role:service', 'wang', 'b', team));
    expect(personFor('role:service', 'zhao', 'b', team)).toBe('zhao');
    expect(personFor('role:finance', 'wang', 'b', team)).toBe('wang');
    expect(personFor(undefined, null, 'b', team)).toBeNull();
    expect(personFor('role:finance', null, 'b', team)).toBeNull();
  });

  it('is shared by minutes', () => {
    const uneven = teamOf(member('li', ['service'], { minutes: 60 }), member('zhao', ['service'], { minutes: 20 }));
    const { li = 0, zhao = 0 } = shares((bundle) => personFor('role:service', null, bundle, uneven));
    expect(li + zhao).toBe(600);
    expect(li / zhao).toBeGreaterThan(2.2);
    expect(li / zhao).toBeLessThan(4);
  });

  it('is, of someone away, his deputy, else his colleagues by share, else he when he is back; nobody else’s moves', () => {
    const away = { away: true };
    expect(standIn('wang', 'b', teamOf(member('wang', ['sales'], { ...away, deputy: 'li' }), member('li', [])))).toBe(
      'li',
    );
    const circle = teamOf(
      member('wang', ['sales'], { ...away, deputy: 'li' }),
      member('li', ['sales'], { ...away, deputy: 'wang' }),
      member('zhao', ['sales']),
    );
    expect(standIn('wang', 'b', circle)).toBe('zhao');
    expect(standIn('wang', 'b', teamOf(member('wang', ['sales'], away), member('li', ['service'])))).toBe('wang');
    const full = teamOf(member('a', ['service']), member('b', ['service']), member('c', ['service']));
    const less = teamOf(member('a', ['service'], away), member('b', ['service']), member('c', ['service']));
    for (const bundle of BUNDLES) {
      const before = personFor('role:service', null, bundle, full);
      const now = personFor('role:service', null, bundle, less);
      if (before !== 'a') expect(now).toBe(before);
      else expect(['b', 'c']).toContain(now);
    }
  });

  it('can only be someone who knows that it may be he', () => {
    const members = fc.uniqueArray(
      fc.record({
        account: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        duties: fc.uniqueArray(fc.constantFrom<Duty>('sales', 'service', 'finance')),
        minutes: fc.constantFrom(0, 10, 30),
        away: fc.boolean(),
        deputy: fc.constantFrom(null, 'a', 'b', 'c'),
      }),
      { selector: (one) => one.account, minLength: 1 },
    );
    fc.assert(
      fc.property(members, fc.constantFrom(...BUNDLES.slice(0, 40)), (list, bundle) => {
        const team = teamOf(...list);
        for (const { account } of list) {
          const doer = standIn(account, bundle, team);
          if (doer !== account && !standsInFor(doer, team).includes(account)) return false;
        }
        return true;
      }),
    );
  });
});

describe('turns', () => {
  it('go round among all who have something to ask, one a day', () => {
    const people = ['wang', 'li', 'zhao'];
    for (const bundle of BUNDLES.slice(0, 20)) {
      const days = [0, 1, 2].map((day) => turnOf(people, bundle, day));
      expect([...days].sort()).toEqual(['li', 'wang', 'zhao']);
      expect(turnOf([...people].reverse(), bundle, 1)).toBe(days[1]);
    }
    expect(turnOf([], 'b', 1)).toBeNull();
    expect(Object.keys(shares((bundle) => turnOf(people, bundle, 0))).length).toBe(3);
  });
});
