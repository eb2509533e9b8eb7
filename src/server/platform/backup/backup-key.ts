import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { badKey, keyMissing } from './backup-errors.ts';

export interface BackupKeySource {
  dataDir: string;
  /** The key itself (XIANKE_BACKUP_KEY): base64 of 32 bytes. */
  given?: string | undefined;
  /** File with it (XIANKE_BACKUP_KEY_FILE). */
  givenFile?: string | undefined;
}

/** The key that seals backups: of the environment, or of DATA/backup.key. Throws `backup-key-missing` where there is none. */
export function readBackupKey(source: BackupKeySource): Buffer {
  if (source.given !== undefined) return parse(source.given);
  const path = placeOf(source);
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? keyMissing(path) : error;
  }
}

/** The same, made (mode 0600) when none is there and none is given. `made`: where it is now; nobody can have a copy of it yet. */
export function openBackupKey(source: BackupKeySource): { key: Buffer; made: string | null } {
  const path = placeOf(source);
  if (source.given !== undefined || source.givenFile !== undefined || existsSync(path))
    return { key: readBackupKey(source), made: null };
  mkdirSync(source.dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(32);
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, `${key.toString('base64')}\n`);
  fsyncSync(file);
  closeSync(file);
  return { key, made: path };
}

const placeOf = ({ givenFile, dataDir }: BackupKeySource): string => givenFile ?? join(dataDir, 'backup.key');

function parse(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw badKey();
  return key;
}
