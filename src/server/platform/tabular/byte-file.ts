import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { TableError } from './notice.ts';

/** Random access to bytes, on disk or in memory. */
export interface ByteFile {
  size: number;
  /** Fewer bytes than asked only at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

export async function openByteFile(path: string): Promise<ByteFile> {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new TableError(cause.code === 'EISDIR' ? 'not-a-file' : 'not-found', { name: basename(path) }, cause);
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new TableError('not-a-file', { name: basename(path) });
  }
  return {
    size: stat.size,
    async read(position, length) {
      const wanted = Math.max(0, Math.min(length, stat.size - position));
      const buffer = Buffer.allocUnsafe(wanted);
      let done = 0;
      while (done < wanted) {
        const { bytesRead } = await handle.read(buffer, done, wanted - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done === wanted ? buffer : buffer.subarray(0, done);
    },
    close: () => handle.close(),
  };
}
