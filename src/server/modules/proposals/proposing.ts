import type { Catalog } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { hasSealed, objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { sealKept } from '../../records/sealed/in-writes.ts';
import type { Sealing } from '../../records/sealed/sealing.ts';
import { insertProposals, type NewProposal } from './proposal-store.ts';

/** Holds changes for review, in the transaction of what caused them. Gives their ids in order. */
export type Propose = (tx: Tx, workspace: string, proposals: readonly NewProposal[]) => Promise<string[]>;

/** @param proposed called after the commit: rules may decide now */
export function createPropose(
  catalog: Pick<CatalogStore, 'get'>,
  proposed: (workspace: string) => void,
  sealing: Sealing,
): Propose {
  return async (tx, workspace, proposals) => {
    const known = await catalog.get(workspace);
    const ids = await insertProposals(tx, workspace, known, await sealed(tx, workspace, known, proposals));
    if (ids.length > 0) tx.afterCommit(() => proposed(workspace));
    return ids;
  };

  /** Values of encrypted fields wait as ciphertext. */
  async function sealed(tx: Tx, workspace: string, known: Catalog, proposals: readonly NewProposal[]) {
    if (!hasSealed(known)) return proposals;
    const copies = proposals.map((one) => ({ ...one, wanted: { ...one.wanted }, before: { ...one.before } }));
    await sealKept(
      sealing,
      tx,
      workspace,
      copies.flatMap(({ object, record, wanted, before }) => {
        const of = objectOf(known, object);
        return [wanted, before].map((values) => ({ object: of, record, values }));
      }),
    );
    return copies;
  }
}
