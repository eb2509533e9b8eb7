import { z } from 'zod';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import type { Signer } from '../../platform/signing.ts';
import { listHeads, logState } from './read-log.ts';

export interface PostDeps {
  db: Db;
  signer: Pick<Signer, 'publicKey'>;
  now: () => Date;
  /** Tells every webhook; of one cause once. */
  put(tx: Tx, workspace: string, cause: string, type: string, facts: Record<string, unknown>): Promise<void>;
}

/** Gives the newest head out of the house: from then on nobody, whoever has database and key, can rewrite what it covers unseen. */
export async function postHead({ db, signer, now, put }: PostDeps, workspace: string): Promise<void> {
  await db.tx(async (tx) => {
    const [head] = await listHeads(tx, workspace, { limit: 1 });
    if (!head) return;
    const { log } = await logState(tx, workspace);
    const day = now().toISOString().slice(0, 10);
    await put(tx, workspace, `audit-head:${day}`, 'audit.head', { log, ...head, key: signer.publicKey });
  });
}

/** Once a day. */
export function postHeadJob(deps: PostDeps & { workspaces(): Promise<string[]> }) {
  return defineJob({
    name: 'audit.post-head',
    payload: z.object({}),
    schedule: { cron: '40 23 * * *' },
    handler: async () => {
      for (const workspace of await deps.workspaces()) await postHead(deps, workspace);
    },
  });
}
