import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../src/server/platform/log.ts';
import { type Connection, connect } from '../../src/server/platform/postgres/connect.ts';
import { migratePlatform, migrateWorkspace } from '../../src/server/platform/postgres/migrate.ts';
import { chooseUser } from '../../src/server/platform/postgres/privilege.ts';
import { defineJob } from '../../src/server/platform/queue/job.ts';
import { openQueue } from '../../src/server/platform/queue/queue.ts';

// DATABASE_URL: the product on the oldest server it promises to work with.
const LIBRARY = '/usr/lib/postgresql';
const [version] = existsSync(LIBRARY) ? readdirSync(LIBRARY).sort() : [];
const programs =
  version && existsSync(join(LIBRARY, version, 'bin', 'initdb')) ? join(LIBRARY, version, 'bin') : undefined;

describe.skipIf(!programs)(
  `a PostgreSQL server of the system (${version ?? 'none: apt-get install postgresql-15'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'xianke-pg-'));
    const cluster = join(directory, 'cluster');
    const user = chooseUser(cluster);
    const run = (program: string, args: string[]) =>
      execFileSync(join(programs ?? '', program), args, {
        ...user,
        cwd: '/',
        stdio: 'pipe',
        env: { LC_ALL: 'C.UTF-8' },
      });
    let connection: Connection;

    beforeAll(async () => {
      chmodSync(directory, 0o711);
      if (user) chownSync(directory, user.uid, user.gid);
      run('initdb', ['-D', cluster, '-U', 'crm', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']);
      const options = `-c listen_addresses= -c unix_socket_directories=${directory} -c fsync=off`;
      run('pg_ctl', ['-D', cluster, '-w', '-l', join(directory, 'log'), '-o', options, 'start']);
      const url = `postgresql:///postgres?host=${encodeURIComponent(directory)}&user=crm`;
      connection = await connect({ dataDir: directory, databaseUrl: url, log: silentLog });
    });
    afterAll(async () => {
      await connection?.close();
      run('pg_ctl', ['-D', cluster, '-m', 'immediate', 'stop']);
      rmSync(directory, { recursive: true, force: true });
    });

    it('takes all migrations', async () => {
      expect((await migratePlatform(connection.db)).length).toBeGreaterThan(2);
      expect((await migrateWorkspace(connection.db, 'w_main')).length).toBeGreaterThan(0);
    });

    it('runs jobs', async () => {
      let ran: (n: number) => void = () => {};
      const done = new Promise<number>((resolve) => {
        ran = resolve;
      });
      const job = defineJob({
        name: 'test.once',
        payload: z.object({ n: z.number() }),
        handler: async ({ payload }) => ran(payload.n),
      });
      const queue = await openQueue(connection.db, silentLog, [job]);
      await queue.work();
      await queue.enqueue(connection.db, job, { n: 15 });
      expect(await done).toBe(15);
      await queue.stop();
    });
  },
);
