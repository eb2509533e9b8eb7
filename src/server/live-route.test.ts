import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../contract/events.ts';
import type { Access, ObjectAccess } from '../domain/access/types.ts';
import { liveFor } from './live-route.ts';

const event: LiveEvent = {
  type: 'changed',
  changeSet: 's1',
  object: 'customer',
  ids: ['r1'],
  fields: ['name', 'amount'],
  actor: 'user:other',
};
const access = (own?: Partial<ObjectAccess>): Access => ({
  admin: false,
  objects: own
    ? { customer: { rows: true, actions: ['read'], fields: { '*': 'read', amount: 'hidden' }, ...own } }
    : {},
});

describe('a live event', () => {
  it('is not told of objects that are not there for the reader, nor of hidden fields', () => {
    expect(liveFor(event, access(), 'user:me')).toBeNull();
    expect(liveFor(event, access({}), 'user:me')).toEqual({ ...event, fields: ['name'] });
    expect(liveFor({ ...event, fields: ['amount'] }, access({}), 'user:me')).toBeNull();
  });

  it('names no records, fields or people to those who see a part of the rows, but their own', () => {
    const part = access({ rows: { field: 'owner', op: 'eq', value: 'me' } });
    const told = { ...event, ids: null, fields: null, actor: '' };
    expect(liveFor({ ...event, actorName: '王芳' }, part, 'user:me')).toEqual(told);
    expect(liveFor(event, part, 'user:other')).toEqual({ ...event, fields: ['name'] });
  });
});
