import { describe, expect, it } from 'vitest';
import { accountIssues, makePassword } from './account-draft.ts';

describe('accountIssues', () => {
  it('asks for everything of a new person', () => {
    expect(
      accountIssues({ name: ' ', email: 'x', role: 'member', password: '1' }, false).map((one) => one.code),
    ).toEqual(['name-missing', 'email-bad', 'password-short']);
  });
  it('asks no password for somebody who is invited', () => {
    const draft = { name: '王芳', email: 'wang@example.com', role: 'member' as const, password: '' };
    expect(accountIssues(draft, false, true)).toEqual([]);
    expect(accountIssues(draft, false)).toHaveLength(1);
  });
  it('leaves mail and an empty password of an existing one alone', () => {
    expect(accountIssues({ name: '王芳', email: '', role: 'member', password: '' }, true)).toEqual([]);
    expect(accountIssues({ name: '王芳', email: '', role: 'member', password: 'short' }, true)).toHaveLength(1);
  });
});

describe('makePassword', () => {
  it('is long, readable and follows its bytes', () => {
    const password = makePassword((length) => Uint8Array.from({ length }, (_, index) => index));
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect(password).not.toMatch(/[01lo]/);
  });
});
