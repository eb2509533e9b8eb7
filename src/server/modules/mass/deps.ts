import type { Access } from '../../../domain/access/types.ts';
import type { Log } from '../../platform/log.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { MassDoor } from '../../records/mass/door.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { Gate } from '../approvals/index.ts';
import type { Run } from './run-store.ts';

/** What mass operations work with. */
export interface MassDeps {
  /** The pool whose work comes after people's. */
  db: Db;
  read: ReadDoor;
  mass: MassDoor;
  catalog: CatalogStore;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  /** Plans whatever was left marked: after a crash, due dates of the portion under way may wait. */
  replanSoon(tx: Tx, workspace: string): Promise<void>;
  /** Records per portion; its rows are locked for about as long as a portion takes. */
  portion?: { set: number; stream: number };
  /** What may need a second person before it is begun. */
  gate: Gate;
  log: Log;
  now: () => Date;
}

/** A run acts as the person who asked, with what he may do now. */
export async function ctxOfRun(deps: MassDeps, workspace: string, run: Run): Promise<Ctx> {
  return {
    workspace,
    actor: run.actor,
    source: run.source,
    access: await deps.accessOf(workspace, { id: run.actor.replace(/^user:/, ''), role: run.role }),
    at: deps.now(),
    lang: run.lang,
    // A run begins only when it needs nobody, or when somebody agreed: from then on nothing of it is held for that.
    ...((run.approval !== null || run.change_set !== null) && { approved: run.approval ?? run.id }),
    ...(run.reason !== null && { reason: run.reason }),
  };
}

/** A quarter of a second each way on two processors. */
const PORTION = { set: 4000, stream: 1000 };

export const portionOf = (deps: MassDeps, path: 'set' | 'stream'): number => (deps.portion ?? PORTION)[path];
