import sql from 'sql-template-tag';
import { z } from 'zod';
import { backUp } from './backups.ts';
import type { Engine } from './engine.ts';
import { notify } from './modules/reminders/index.ts';
import { openBackupKey } from './platform/backup/backup-key.ts';
import type { Config } from './platform/config.ts';
import type { Log } from './platform/log.ts';
import type { Db } from './platform/postgres/db.ts';
import { defineJob } from './platform/queue/job.ts';
import { StartError } from './platform/start-error.ts';

export interface BackingUpOptions {
  engine: Engine;
  background: Db;
  config: Pick<Config, 'backups' | 'dataDir'>;
  log: Log;
  workspace: string;
  now?: () => Date;
}

/** Every night, where BACKUP_DIR says; administrators are told when it went wrong, for nobody looks at what isn't there. */
export function backupJob({ engine, background, config, log, workspace, now = () => new Date() }: BackingUpOptions) {
  const { directory, keep, key } = config.backups;
  return defineJob({
    name: 'backup.nightly',
    payload: z.object({}),
    schedule: { cron: '20 2 * * *' },
    handler: async () => {
      if (directory === undefined) return;
      const at = now();
      try {
        const { rows, files } = await backUp(background, {
          ...{ directory, keep, at, dataDir: config.dataDir, key: openBackupKey(key).key },
        });
        const body = { call: 'backup.nightly', rows, files };
        await engine.audit.append(workspace, { at, actor: 'system', source: 'system', kind: 'admin', body });
      } catch (error) {
        log.error({ err: error }, 'backup');
        const reason = codeOf(error);
        const admins = await engine.db.query<{ id: string }>(
          sql`select id::text as id from auth."user" where role = 'admin' and not disabled`,
        );
        await engine.db.tx(async (tx) => {
          const cause = `backup ${at.toISOString().slice(0, 10)}`;
          for (const { id } of admins)
            await notify(tx, workspace, { account: id, cause, kind: 'backup-failed', params: { reason } }, at);
        });
      }
    },
  });
}

/** ENOSPC, backup-unknown …: a message may quote paths. */
const codeOf = (error: unknown): string =>
  error instanceof StartError ? error.code : String((error as { code?: unknown }).code ?? 'unexpected');
