import { resolve } from 'node:path';
import { z } from 'zod';
import type { BackupKeySource } from './backup/backup-key.ts';
import type { MasterKeySource } from './master-keys.ts';
import { StartError } from './start-error.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const database = z.string().regex(/^postgres(ql)?:\/\//, 'postgresql://user:password@host:5432/database');

/** Everything that can be set from outside, by environment variable. */
const environment = z.object({
  /** Port of the web server; when taken and not set by hand, the next free one is used. */
  PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** Address to listen on. 127.0.0.1 is this machine only; 0.0.0.0 is everyone who can reach it. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Where everything of ours is kept: database, files, keys. */
  DATA_DIR: z.string().min(1).default('./data'),
  /** A PostgreSQL server (15 or newer) instead of the embedded one. */
  DATABASE_URL: database.optional(),
  /** A read replica for reports and exports. */
  DATABASE_REPLICA_URL: database.optional(),
  /** Address that people type, when a proxy stands in front: https://crm.example.com. Cookies are Secure when it is https. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Believe X-Forwarded-* headers: only with a proxy in front that sets them. */
  TRUST_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  /** Database connections of this process at most. */
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(16),
  /** Requests a minute and address at most; 0 = no limit. A guard against runaway programs, not against attackers. */
  RATE_LIMIT: z.coerce.number().int().min(0).default(60_000),
  /** Largest uploaded file, in megabytes. */
  UPLOAD_LIMIT_MB: z.coerce.number().int().min(1).default(2048),
  /** false: this process answers pages and leaves background jobs to others. */
  RUN_JOBS: flag.default(true),
  /** Robots and webhooks may be called at addresses of the own network and this machine. Off: what an administrator types can't reach inside. */
  OUTGOING_PRIVATE: flag.default(false),
  /** Master keys of encrypted fields instead of DATA_DIR/master.keys: base64 of 32 bytes each, newest first, apart by commas or spaces. */
  XIANKE_MASTER_KEY: z.string().optional(),
  /** A file with the same: a mounted secret. */
  XIANKE_MASTER_KEY_FILE: z.string().optional(),
  /** Where a backup goes every night: better another disk. Not set: none is made. */
  BACKUP_DIR: z.string().min(1).optional(),
  /** Backups that are kept. */
  BACKUP_KEEP: z.coerce.number().int().min(1).default(14),
  /** The key of backups instead of DATA_DIR/backup.key: base64 of 32 bytes. */
  XIANKE_BACKUP_KEY: z.string().optional(),
  /** A file with the same. */
  XIANKE_BACKUP_KEY_FILE: z.string().optional(),
});

export interface Config {
  /** Undefined when nobody chose one: then 7300 or the next free. */
  port: number | undefined;
  host: string;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | undefined;
  replicaUrl: string | undefined;
  publicUrl: string | undefined;
  trustProxy: boolean;
  logLevel: string;
  poolSize: number;
  rateLimit: number;
  /** Bytes. */
  uploadLimit: number;
  runJobs: boolean;
  outgoingPrivate: boolean;
  masterKeys: MasterKeySource;
  backups: { directory: string | undefined; keep: number; key: BackupKeySource };
}

export const DEFAULT_PORT = 7300;

/** Reads the configuration; an empty variable counts as not set. Throws a StartError that names every wrong variable. */
export function readConfig(variables: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new StartError('configuration', {
      zh: `环境变量设置有误，请改正后重新启动。${wrong}`,
      en: `Wrong environment variables; correct them and start again. ${wrong}`,
    });
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    replicaUrl: env.DATABASE_REPLICA_URL,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    poolSize: env.DATABASE_POOL,
    rateLimit: env.RATE_LIMIT,
    uploadLimit: env.UPLOAD_LIMIT_MB * 1024 ** 2,
    runJobs: env.RUN_JOBS,
    outgoingPrivate: env.OUTGOING_PRIVATE,
    masterKeys: {
      dataDir: resolve(env.DATA_DIR),
      given: env.XIANKE_MASTER_KEY,
      givenFile: env.XIANKE_MASTER_KEY_FILE,
    },
    backups: {
      directory: env.BACKUP_DIR === undefined ? undefined : resolve(env.BACKUP_DIR),
      keep: env.BACKUP_KEEP,
      key: {
        dataDir: resolve(env.DATA_DIR),
        given: env.XIANKE_BACKUP_KEY,
        givenFile: env.XIANKE_BACKUP_KEY_FILE,
      },
    },
  };
}
