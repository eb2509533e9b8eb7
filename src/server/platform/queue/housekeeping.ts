import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Db } from '../postgres/db.ts';
import { defineJob } from './job.ts';

/** Forgets nightly what has served: answers to idempotency keys after two days (one is promised), progress of old jobs. */
export function housekeepingJob(db: Db) {
  return defineJob({
    name: 'platform.housekeeping',
    payload: z.object({}),
    schedule: { cron: '17 3 * * *' },
    handler: async () => {
      const answers = await db.query(
        sql`delete from xianke.idempotency where at < now() - interval '2 days' returning 1 as gone`,
      );
      const progress = await db.query(
        sql`delete from xianke.job_progress where at < now() - interval '30 days' returning 1 as gone`,
      );
      return { answers: answers.length, progress: progress.length };
    },
  });
}
