import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Db } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';

/**
 * Forgets hourly what can't be used any more. Exchanged refresh tokens and codes stay as long as their grant, for they tell a thief
 * apart from the app; ended grants stay 90 days, to be looked at.
 */
export function tidyAppsJob(db: Db) {
  return defineJob({
    name: 'apps.tidy',
    payload: z.object({}),
    schedule: { cron: '41 * * * *' },
    handler: async () => {
      const tokens = await db.query(
        sql`delete from auth.app_token where kind = 'access' and expires_at < now() - interval '1 hour' returning 1 as gone`,
      );
      const grants = await db.query(sql`
        delete from auth.app_grant g where (g.ended_at < now() - interval '90 days' or g.ends_at < now() - interval '90 days'
          or g.created_at < now() - interval '1 day'
            and not exists (select from auth.app_token t where t.app_grant = g.id and t.expires_at > now()))
          and (g.ended_at is null or g.ended_at < now() - interval '90 days') returning 1 as gone`);
      const calls = await db.query(
        sql`delete from auth.client_call where at < now() - interval '30 days' returning 1 as gone`,
      );
      return { tokens: tokens.length, grants: grants.length, calls: calls.length };
    },
  });
}
