import { describe, expect, it } from 'vitest';
import { toDraft, toScopes } from './scope-draft.ts';

describe('scopes as one picks them', () => {
  it('come back as they were', () => {
    for (const scopes of [
      [],
      ['read:*'],
      ['read:customer', 'write:customer.mobile', 'delete:customer'],
      ['read:customer.name', 'write:contact'],
    ])
      expect(toScopes(toDraft(scopes))).toEqual(scopes);
  });

  it('lose what another one covers, and what means nothing', () => {
    expect(toScopes(toDraft(['read:customer', 'write:customer', 'read:customer.name', 'openid']))).toEqual([
      'write:customer',
    ]);
    expect(toScopes(toDraft(['write:*', 'read:customer', 'write:contact.name']))).toEqual(['write:*']);
  });
});
