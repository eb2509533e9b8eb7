import { AppError } from '../contract/errors.ts';
import type { Lang } from '../domain/issue.ts';
import { createEngine, type Engine } from '../server/engine.ts';
import { accessFor } from '../server/modules/access/index.ts';
import { listWorkspaces, migrateWorkspaces } from '../server/modules/workspace/index.ts';
import { type Config, readConfig } from '../server/platform/config.ts';
import { createLog, type Log } from '../server/platform/log.ts';
import { type Connection, connect } from '../server/platform/postgres/connect.ts';
import { migratePlatform } from '../server/platform/postgres/migrate.ts';
import type { Ctx } from '../server/records/types.ts';

export const WORKSPACE = 'main';

/** What a command works with: the engine over the database that the server uses too, running or not. */
export interface Session {
  engine: Engine;
  connection: Connection;
  config: Config;
  log: Log;
  lang: Lang;
  /** A context of the person at the keyboard: whoever can read the database's files is its administrator. */
  ctx(reason?: string): Promise<Ctx>;
}

/** Opens the database, runs `work`, and closes again, whatever happens. `needsWorkspace`: refuse clearly where nothing is set up yet. */
export async function withSession<T>(
  options: { needsWorkspace?: boolean },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const connection = await connect({ ...config, log, poolSize: 6 });
  try {
    const { db } = connection;
    await migratePlatform(db);
    await migrateWorkspaces(db);
    if (options.needsWorkspace !== false && (await listWorkspaces(db)).length === 0) throw new AppError('not-set-up');
    const engine = createEngine(db);
    const lang = languageOf(process.env);
    const ctx = async (reason?: string): Promise<Ctx> => ({
      workspace: WORKSPACE,
      actor: 'cli',
      source: 'cli',
      access: accessFor('admin', await engine.catalog.get(WORKSPACE)),
      at: new Date(),
      lang,
      ...(reason !== undefined && { reason }),
    });
    return await work({ engine, connection, config, log, lang, ctx });
  } finally {
    await connection.close();
  }
}

/** Chinese unless the terminal says otherwise (`XIANKE_LANG=en`, or an English locale). */
export function languageOf(env: Record<string, string | undefined>): Lang {
  const asked = env.XIANKE_LANG ?? env.LC_ALL ?? env.LANG ?? '';
  return /^en/i.test(asked) ? 'en' : 'zh';
}
