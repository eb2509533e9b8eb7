import type { Db } from '../../platform/postgres/db.ts';
import { readOutbox } from '../freshness/index.ts';
import type { FindDeps } from './deps.ts';
import { findFirings, type Judging } from './find-firings.ts';
import { keepFirings, lastFiredIn } from './keep-firings.ts';
import { nextNamed, readTouched } from './touched.ts';

/** Reads the outbox under this name. */
export const FOLLOWER = 'automation';

/**
 * Finds the rules that fire on what was written since the last time and writes that down, in one transaction with how far it got: each change is judged
 * once, whatever crashes. What follows is done elsewhere. Returns whether there may be more.
 */
export async function followRules(deps: FindDeps, workspace: string): Promise<boolean> {
  const catalog = await deps.catalog.get(workspace);
  const db: Db = deps.db;
  return readOutbox(db, workspace, FOLLOWER, async (portion) => {
    const { tx } = portion;
    // Behind the sets: whoever wrote one after a rule was switched on is met by it.
    const { version, index } = await deps.automation.latest(tx, workspace);
    const { named, reached } = await nextNamed(portion, workspace, index, catalog);
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
