import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badKey } from './backup-errors.ts';

export interface BackupKeySource {
  dataDir: string;
  /** The key itself (XIANKE_BACKUP_KEY): base64 of 32 bytes. */
  given?: string | undefined;
  /** File with it (XIANKE_BACKUP_KEY_FILE). */
  givenFile?: string | undefined;
}

export const backupKeySource = (env: Record<string, string | undefined>): BackupKeySource => ({
  dataDir: resolve(env.DATA_DIR || './data'),
  given: env.XIANKE_BACKUP_KEY || undefined,
  givenFile: env.XIANKE_BACKUP_KEY_FILE || undefined,
});

/** The key that seals backups: of the environment, or of DATA/backup.key (mode 0600), made at the first backup. `made`: nobody can have a copy of it yet. */
export function openBackupKey(source: BackupKeySource): { key: Buffer; path: string | null; made: boolean } {
  if (source.given !== undefined) return { key: parse(source.given), path: null, made: false };
  const path = source.givenFile ?? join(source.dataDir, 'backup.key');
  try {
    return { key: parse(readFileSync(path, 'utf8')), path, made: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || source.givenFile !== undefined) throw error;
  }
  mkdirSync(source.dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(32);
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, `${key.toString('base64')}\n`);
  fsyncSync(file);
  closeSync(file);
  return { key, path, made: true };
}

function parse(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw badKey();
  return key;
}
