import { hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of this installation. They live outside the database, so that a copy of it alone signs and opens nothing. */
export interface Keys {
  /** 32 bytes for one purpose (`session`, `files` …), always the same for the same purpose. RFC 5869. */
  derive(purpose: string): Buffer;
}

/** Reads DATA/secret.key (mode 0600), or makes it at the first start. Safe when several processes start at once. */
export function openKeys(dataDir: string): Keys {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'secret.key');
  const master = Buffer.from(read(path) ?? make(path), 'base64');
  return { derive: (purpose) => Buffer.from(hkdfSync('sha256', master, 'xianke', purpose, 32)) };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written whole under another name first: a kill never leaves half a key, and a link fails if another process was faster. */
function make(path: string): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  writeSync(file, `${randomBytes(32).toString('base64')}\n`);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8').trim();
}
