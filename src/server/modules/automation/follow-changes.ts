import type { Db } from '../../platform/postgres/db.ts';
import { type Place, placeAfter, readOutbox } from '../freshness/index.ts';
import type { FindDeps } from './deps.ts';
import { findFirings, type Judging } from './find-firings.ts';
import { keepFirings, lastFiredIn } from './keep-firings.ts';
import { type Named, namedIn, nextOfSet, readTouched, watchedIn } from './touched.ts';

/** Reads the outbox under this name. */
export const FOLLOWER = 'automation';

/** Records of large sets judged in one transaction, so that it stays short. */
const PORTION = 500;

/**
 * Finds the rules that fire on what was written since the last time and writes that down, in one transaction with how far it got: each change is judged
 * once, whatever crashes. What follows is done elsewhere. Returns whether there may be more.
 */
export async function followRules(deps: FindDeps, workspace: string): Promise<boolean> {
  const catalog = await deps.catalog.get(workspace);
  const db: Db = deps.db;
  return readOutbox(db, workspace, FOLLOWER, async ({ tx, place, sets }) => {
    // Behind the sets: whoever wrote one after a rule was switched on is met by it.
    const { version, index } = await deps.automation.latest(tx, workspace);
    const named: Named[] = [];
    let reached: Place = place;
    for (const set of sets) {
      const objects = watchedIn(set, index, catalog);
      const small = objects.length === 0 ? [] : namedIn(set, objects, index);
      if (small === null) {
        const after = place.record !== null && set.id === place.changeSet ? place.record : null;
        const portion = await nextOfSet(tx, workspace, set, objects, after, PORTION);
        named.push(...portion);
        const last = portion.length >= PORTION ? (portion.at(-1)?.id ?? null) : null;
        reached = last === null ? placeAfter(set) : { txid: set.txid, changeSet: set.id, record: last };
        if (last !== null || named.length >= PORTION) break;
      } else {
        named.push(...small);
        reached = placeAfter(set);
        if (named.length >= PORTION) break;
      }
    }
    const at = deps.now();
    const accounts = deps.accounts();
    const judging: Judging = {
      deps: { ...deps, accounts: () => accounts },
      workspace,
      catalog,
      index,
      at,
      lastFired: lastFiredIn(tx, workspace),
    };
    const firings =
      named.length === 0 ? [] : await findFirings(judging, await readTouched(deps.read, tx, workspace, named));
    if ((await keepFirings(deps, tx, workspace, firings, { now: at, version })) > 0)
      await deps.performSoon(tx, workspace);
    return reached;
  });
}
