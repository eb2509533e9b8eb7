import type { Access } from '../../../domain/access/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { AskingDeps } from '../asking/index.ts';
import type { Account } from '../identity/index.ts';
import type { NewNotice } from '../reminders/index.ts';

export interface GreetingDeps extends Omit<AskingDeps, 'notify'> {
  notify: (tx: Tx, workspace: string, notice: NewNotice) => Promise<void>;
  accounts: () => Promise<Account[]>;
  accessOf: (workspace: string, person: Account) => Promise<Access>;
}

/** Asking tells nobody of a greeting that is sent: the one who confirmed it knows. */
export const askingOf = (deps: GreetingDeps): AskingDeps => ({ ...deps, notify: async () => undefined });
