import type { Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { insertProposals, type NewProposal } from './proposal-store.ts';

/** Holds changes for review, in the transaction of what caused them. Gives their ids in order. */
export type Propose = (tx: Tx, workspace: string, proposals: readonly NewProposal[]) => Promise<string[]>;

/** @param proposed called after the commit: rules may decide now */
export function createPropose(catalog: Pick<CatalogStore, 'get'>, proposed: (workspace: string) => void): Propose {
  return async (tx, workspace, proposals) => {
    const ids = await insertProposals(tx, workspace, await catalog.get(workspace), proposals);
    if (ids.length > 0) tx.afterCommit(() => proposed(workspace));
    return ids;
  };
}
