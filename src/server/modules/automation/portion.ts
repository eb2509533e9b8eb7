import type { Whom } from '../../../domain/automation/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { Account } from '../identity/index.ts';
import type { StoredFiring } from './firing-store.ts';
import { peopleMeant } from './people.ts';
import { type Seen, seeRecords } from './record-words.ts';

/** What many firings of a portion ask for in the same words, asked once. */
export interface Portion {
  accounts(): Promise<Account[]>;
  /** The portion's records of an object as an account sees them. @param ctx his */
  seen(ctx: Ctx, account: string, object: string, deleted: boolean): Promise<Seen>;
  people(whom: Whom, owner: string | null): Promise<string[]>;
}

export function openPortion(
  deps: { db: Db; read: ReadDoor; accounts: () => Promise<Account[]> },
  workspace: string,
  firings: readonly StoredFiring[],
): Portion {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const found = known.get(key) as Promise<T> | undefined;
    if (found) return found;
    const asked = ask();
    known.set(key, asked);
    return asked;
  };
  return {
    accounts: () => once('accounts', deps.accounts),
    seen: (ctx, account, object, deleted) =>
      once(`seen ${account} ${object} ${deleted}`, () => {
        const ids = firings.flatMap((one) => (one.object === object ? [one.record] : []));
        return seeRecords(deps.read, ctx, object, [...new Set(ids)], deleted);
      }),
    people: (whom, owner) =>
      once(`people ${JSON.stringify(whom)} ${owner}`, () => peopleMeant(deps.db, workspace, whom, owner)),
  };
}
