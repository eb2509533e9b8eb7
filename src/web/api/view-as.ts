import { VIEW_AS } from '../../contract/session.ts';

// An administrator looks at the product as somebody else. In this tab only, and gone when it is closed; the server refuses every change meanwhile.

const KEY = 'xianke.view-as';

export interface Viewed {
  account: string;
  name: string;
}

/** As whom this tab looks; null: as who is signed in. */
export function viewed(): Viewed | null {
  const stored = sessionStorage.getItem(KEY);
  return stored === null ? null : (JSON.parse(stored) as Viewed);
}

/** Begins to look as somebody, or stops. The page starts anew, so that nothing of one stays for the other. */
export function viewAs(person: Viewed | null): void {
  if (person) sessionStorage.setItem(KEY, JSON.stringify(person));
  else sessionStorage.removeItem(KEY);
  location.assign(person ? '/today' : '/settings/access');
}

export function viewHeaders(): Record<string, string> {
  const person = viewed();
  return person ? { [VIEW_AS]: person.account } : {};
}
