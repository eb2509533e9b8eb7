export interface AccountDraft {
  name: string;
  email: string;
  role: 'admin' | 'member';
  password: string;
}

export type AccountIssue = {
  field: 'name' | 'email' | 'password';
  code: 'name-missing' | 'email-bad' | 'password-short';
};

const minimum = 8;

/** What must be put right before saving. `existing`: an empty password leaves the old one; `invited`: he chooses one himself. */
export function accountIssues(draft: AccountDraft, existing: boolean, invited = false): AccountIssue[] {
  const issues: AccountIssue[] = [];
  if (draft.name.trim() === '') issues.push({ field: 'name', code: 'name-missing' });
  if (!existing && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.email.trim()))
    issues.push({ field: 'email', code: 'email-bad' });
  const length = [...draft.password].length;
  if (!invited && length < minimum && !(existing && length === 0))
    issues.push({ field: 'password', code: 'password-short' });
  return issues;
}

// Without 0/O, 1/l/I: it will be read aloud or copied by hand.
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A password to hand over: four groups of four, 80 bits. `random` gives bytes. */
export function makePassword(random: (length: number) => Uint8Array): string {
  const picked = [...random(16)].map((byte) => letters[byte % letters.length] ?? 'x').join('');
  return picked.replace(/(.{4})(?=.)/g, '$1-');
}
