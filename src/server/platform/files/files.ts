import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sql from 'sql-template-tag';
import { v7 as uuid } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { Db, Queryable } from '../postgres/db.ts';

/** An uploaded file. */
export interface StoredFile {
  id: string;
  workspace: string | null;
  /** As the person named it; never used as a path. */
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  sha256: string;
  createdBy: string;
  createdAt: string;
}

export interface NewFile {
  workspace?: string;
  name: string;
  type?: string;
  by: string;
  /** Bytes; the store's limit by default. */
  limit?: number;
}

export interface Files {
  /** Streams a file to disk. It is there when this returns, and not at all when it throws. */
  save(source: Readable, file: NewFile): Promise<StoredFile>;
  find(id: string): Promise<StoredFile>;
  /** Path on disk, for programs that read by position. */
  path(id: string): string;
  read(id: string): Readable;
  remove(id: string): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function openFiles(db: Db, dataDir: string, limit: number): Files {
  const root = join(dataDir, 'files');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const path = (id: string) => {
    if (!UUID.test(id)) throw new AppError('not-found');
    // UUIDv7 begins with the time: its last digits spread files over 256 directories.
    return join(root, id.slice(-2), id);
  };
  return {
    path,
    read: (id) => createReadStream(path(id)),
    find: (id) => find(db, id),
    async save(source, file) {
      const id = uuid();
      mkdirSync(join(path(id), '..'), { recursive: true, mode: 0o700 });
      const draft = `${path(id)}.part`;
      try {
        const measured = measure(file.limit ?? limit);
        await pipeline(source, measured.stream, createWriteStream(draft, { mode: 0o600, flush: true }));
        if (measured.size() === 0) throw new AppError('file-empty');
        await rename(draft, path(id));
        await syncDirectory(join(path(id), '..'));
        return await record(db, id, file, measured.size(), measured.sha256());
      } catch (error) {
        await Promise.all([rm(draft, { force: true }), rm(path(id), { force: true })]);
        throw error;
      }
    },
    async remove(id) {
      await db.query(sql`delete from xianke.file where id = ${id}`);
      await rm(path(id), { force: true });
    },
  };
}

function measure(limit: number) {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) return done(new AppError('file-too-large', { limit: `${Math.floor(limit / 1024 ** 2)} MB` }));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { stream, size: () => size, sha256: () => hash.digest('hex') };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

interface FileRow extends Omit<StoredFile, 'createdAt' | 'createdBy'> {
  created_at: Date;
  created_by: string;
}

const columns = sql`id, workspace, name, type, size, sha256, created_by, created_at`;

function toFile({ created_at, created_by, ...rest }: FileRow): StoredFile {
  return { ...rest, createdBy: created_by, createdAt: created_at.toISOString() };
}

async function record(on: Queryable, id: string, file: NewFile, size: number, sha256: string): Promise<StoredFile> {
  const [row] = await on.query<FileRow>(sql`
    insert into xianke.file (id, workspace, name, type, size, sha256, created_by)
    values (${id}, ${file.workspace ?? null}, ${file.name}, ${file.type ?? 'application/octet-stream'},
      ${size}, ${sha256}, ${file.by}) returning ${columns}`);
  if (!row) throw new Error('insert returned nothing');
  return toFile(row);
}

async function find(on: Queryable, id: string): Promise<StoredFile> {
  const [row] = UUID.test(id) ? await on.query<FileRow>(sql`select ${columns} from xianke.file where id = ${id}`) : [];
  if (!row) throw new AppError('not-found');
  return toFile(row);
}
