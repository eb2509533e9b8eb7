import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from '../start-error.ts';

/** A user of the operating system. */
export interface User {
  uid: number;
  gid: number;
}

/**
 * Whom PostgreSQL runs as, for it refuses to run as root: undefined = as ourselves. As root we take the owner of the
 * existing data directory, else `postgres`, else `nobody`; it must have a name, initdb looks it up.
 */
export function chooseUser(dataDirectory: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(dataDirectory);
  if (owner && owner.uid !== 0) return owner;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = users.find((user) => user[0] === name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new StartError('no-unprivileged-user', {
    zh: 'PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 用户。请用普通用户启动，或设置 DATABASE_URL。',
    en: 'PostgreSQL refuses to run as root and there is no user postgres or nobody here. Start as an ordinary user, or set DATABASE_URL.',
  });
}

/** Can the user walk through every directory above `path`? */
export function canReach(path: string, user: User): boolean {
  const parent = dirname(path);
  if (parent === path) return true;
  const { mode, uid, gid } = statSync(parent);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0 && canReach(parent, user);
}

function ownerOf(path: string): User | undefined {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid };
  } catch {
    return undefined;
  }
}
