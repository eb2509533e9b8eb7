import { z } from 'zod';
import type { Files } from '../../platform/files/files.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { forgetFile, overdueFiles } from './export-store.ts';

/** Files whose time is over are deleted; that they were there stays on record. */
export function expireExportsJob(deps: { db: Db; files: Files; workspaces(): Promise<string[]>; now: () => Date }) {
  return defineJob({
    name: 'exports.expire',
    payload: z.object({}),
    schedule: { cron: '17 * * * *' },
    handler: async ({ signal }) => {
      for (const workspace of await deps.workspaces())
        for (const { id, file } of await overdueFiles(deps.db, workspace, deps.now())) {
          if (signal.aborted) return;
          await deps.files.remove(file);
          await forgetFile(deps.db, workspace, id);
        }
    },
  });
}
