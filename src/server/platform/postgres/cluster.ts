import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.ts';
import { type Binaries, findBinaries, sharedDirectory } from './binaries.ts';
import { canReach, chooseUser, type User } from './privilege.ts';
import { availableMemory, serverSettings, settingsFile } from './settings.ts';

/** Role and database that the product uses inside the embedded server. */
export const ROLE = 'xianke';
/** pg_trgm asks the system's ctype, whatever the provider: with C it silently drops every Chinese character. */
const CTYPE = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
/** A unix socket's path has at most 107 bytes, unix(7). */
const SOCKET_PATH_LIMIT = 107;

/** An initialised data directory and what is needed to start it. */
export interface Cluster {
  /** Real path of PostgreSQL's data directory. */
  directory: string;
  socketDirectory: string;
  log: string;
  /** File that says which process of ours answers for the server. */
  owner: string;
  user: User | undefined;
  binaries: Binaries;
}

/** Variables of a program of PostgreSQL: nothing of ours leaks in, and messages are in English. */
export const programEnvironment = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC' };

/** Makes DATA/postgres when there is none; safe to be killed at any moment and to be run by several processes at once. */
export async function prepareCluster(dataDir: string, settings: Record<string, string> = {}): Promise<Cluster> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(realpathSync(dataDir), 'postgres');
  const user = chooseUser(path);
  const binaries = findBinaries(user);
  // The directory is ours; its secrets have modes of their own. The database's user must be able to walk through it.
  if (user) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  if (!existsSync(join(path, 'PG_VERSION'))) await initialise(path, user, binaries, settings);
  const directory = realpathSync(path);
  if (user && !canReach(directory, user)) {
    throw new StartError('data-dir-unreachable', {
      zh: `数据库用户（uid ${user.uid}）无法进入数据目录 ${directory}。请把 DATA_DIR 设为它能进入的目录。`,
      en: `The database's user (uid ${user.uid}) can't enter the data directory ${directory}. Set DATA_DIR to one that it can enter.`,
    });
  }
  writeSettings(directory, settings, user);
  return {
    directory,
    socketDirectory: socketDirectory(dataDir, user),
    log: join(realpathSync(dataDir), 'postgres.log'),
    owner: join(realpathSync(dataDir), 'postgres.owner'),
    user,
    binaries,
  };
}

async function initialise(
  path: string,
  user: User | undefined,
  binaries: Binaries,
  settings: Record<string, string>,
): Promise<void> {
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
  if (link !== undefined) throw databaseMissing(path, link);
  const outside = user && !canReach(path, user) ? elsewhere() : undefined;
  const draft = outside ?? mkdtempSync(`${path}.new-`);
  giveTo(user, draft);
  const durable = settings.fsync === 'off' ? ['--no-sync'] : [];
  try {
    await promisify(execFile)(
      binaries.initdb,
      // biome-ignore format: one option a line
      ['-D', draft, '-U', ROLE, '--auth=trust', '--encoding=UTF8',
        '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', `--lc-ctype=${CTYPE}`, '--data-checksums', ...durable],
      { ...user, cwd: '/', env: programEnvironment },
    );
    appendFileSync(join(draft, 'postgresql.conf'), "\ninclude_if_exists = 'xianke.conf'\n");
    // Either fails when another process was faster; its cluster is as good.
    if (outside) symlinkSync(outside, path);
    else renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(join(path, 'PG_VERSION'))) throw initdbFailed(error);
  }
}

const initdbFailed = (error: unknown) =>
  new StartError(
    'initdb-failed',
    {
      zh: `无法创建内置数据库：${String((error as { stderr?: string }).stderr || error).trim()}。请检查磁盘空间和目录权限，或设置 DATABASE_URL。`,
      en: `The embedded database could not be created: ${String((error as { stderr?: string }).stderr || error).trim()}. Check disk space and permissions, or set DATABASE_URL.`,
    },
    error,
  );

/** Where a cluster lives when the database's user can't walk to the data directory (it lies in /root, say). */
function elsewhere(): string {
  const path = join(sharedDirectory(), 'clusters');
  mkdirSync(path, { recursive: true, mode: 0o711 });
  return mkdtempSync(join(path, 'postgres-'));
}

const databaseMissing = (path: string, link: string) =>
  new StartError('database-missing', {
    zh: `数据目录中的 ${path} 指向 ${link}，但那里没有数据库。请恢复它；如确实要从空白开始，请删除 ${path}。`,
    en: `${path} points to ${link}, where there is no database. Restore it, or, to begin with an empty one, remove ${path}.`,
  });

function writeSettings(directory: string, settings: Record<string, string>, user: User | undefined): void {
  const file = join(directory, 'xianke.conf');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, settingsFile({ ...serverSettings(availableMemory()), ...settings }), { mode: 0o600 });
  giveTo(user, draft);
  renameSync(draft, file);
}

/** DATA/socket, or a private directory under the system's temporary one when that path is too long for a socket. */
function socketDirectory(dataDir: string, user: User | undefined): string {
  const near = join(realpathSync(dataDir), 'socket');
  const fits = Buffer.byteLength(join(near, '.s.PGSQL.5432.lock')) <= SOCKET_PATH_LIMIT;
  const name = createHash('sha256').update(near).digest('hex').slice(0, 16);
  const path = fits && !(user && !canReach(near, user)) ? near : join(tmpdir(), `xianke-${name}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  const expected = [0, process.getuid?.(), user?.uid];
  // Someone else may have made a directory of this name in /tmp to catch our connections.
  if (!found.isDirectory() || !expected.includes(found.uid)) {
    throw new StartError('socket-dir-taken', {
      zh: `目录 ${path} 属于其他用户，无法安全地放置数据库套接字。请删除它，或设置更短的 DATA_DIR。`,
      en: `Directory ${path} belongs to someone else, so the database's socket can't be put there safely. Remove it, or choose a shorter DATA_DIR.`,
    });
  }
  chmodSync(path, 0o700);
  giveTo(user, path);
  return path;
}

function giveTo(user: User | undefined, path: string): void {
  if (user) chownSync(path, user.uid, user.gid);
}
