import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Db } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { type MoveDeps, moveFields } from '../../records/sealed/move.ts';
import { advanceRotation } from '../../records/sealed/rotate.ts';

export interface EncryptionJobDeps extends MoveDeps {
  workspaces: () => Promise<string[]>;
}

/** Moves values into encryption or out of it, and wraps data keys with another master key. Looked after every minute, for what a kill left. */
export function encryptionJob(deps: EncryptionJobDeps) {
  return defineJob({
    name: 'encryption.advance',
    payload: z.object({}),
    apart: true,
    schedule: { cron: '* * * * *' },
    due: async () => {
      if (await isRotating(deps.db)) return true;
      for (const workspace of await deps.workspaces()) if (await isMoving(deps.db, workspace)) return true;
      return false;
    },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces()) await moveFields(deps, workspace, signal);
      await advanceRotation({ db: deps.db, masters: deps.sealing.masters }, signal);
    },
  });
}

async function isRotating(db: Db): Promise<boolean> {
  const [row] = await db.query(sql`select from xianke_keys.rotation where finished_at is null`);
  return row !== undefined;
}

async function isMoving(db: Db, workspace: string): Promise<boolean> {
  const [row] = await db.query(sql`select from ${tableOf(workspace, 'sealing_move')} limit 1`);
  return row !== undefined;
}
