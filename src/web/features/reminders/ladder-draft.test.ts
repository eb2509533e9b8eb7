import { describe, expect, it } from 'vitest';
import { daysOf, groupOf, type Ladder, readDays, withDays, withGroup } from './ladder-draft.ts';

const ladder: Ladder = {
  name: '',
  steps: [
    { days: 7, to: 'owner' },
    { days: 30, to: 'manager' },
  ],
};

describe('a ladder as typed', () => {
  it('reads days however they are separated', () => {
    const next = withDays(ladder, 'owner', '15、 7，7 天');
    expect(next.steps).toEqual([
      { days: 7, to: 'owner' },
      { days: 15, to: 'owner' },
      { days: 30, to: 'manager' },
    ]);
    expect(daysOf(next, 'owner')).toBe('7, 15');
    expect(withDays(next, 'owner', '').steps).toEqual([{ days: 30, to: 'manager' }]);
  });

  it('has each day once: a step told to managers is told to the owner anyway', () => {
    expect(withDays(ladder, 'manager', '7').steps).toEqual([{ days: 7, to: 'manager' }]);
  });

  it('names its group and keeps conditions made elsewhere', () => {
    const vip = withGroup(ladder, 'level=a', 'A');
    expect(vip.filter).toEqual({ field: 'level', op: 'eq', value: 'a' });
    expect(groupOf(vip)).toBe('level=a');
    expect(groupOf(withGroup(vip, '', ''))).toBe('');
    expect(groupOf({ ...ladder, filter: { all: [] } })).toBe('*');
  });

  it('reads dates and leaves out what is none', () => {
    expect(readDays('2026-10-02,2026-10-01\n2026-99-99 国庆')).toEqual(['2026-10-01', '2026-10-02']);
  });
});
