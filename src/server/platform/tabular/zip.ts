import { crc32, createInflateRaw } from 'node:zlib';
import type { ByteFile } from './byte-file.ts';
import type { TableLimits } from './limits.ts';
import { TableError } from './notice.ts';

export interface ZipEntry {
  name: string;
  method: number;
  compressed: number;
  size: number;
  /** CRC-32 of the unpacked bytes; 0 when the writer left it out. */
  crc: number;
  offset: number;
  encrypted: boolean;
}

export interface Zip {
  entries: Map<string, ZipEntry>;
  /** Names that would leave the folder if someone unpacked the archive (zip slip). We never write entries to disk. */
  unsafe: string[];
  /** Unpacked bytes of an entry, in order, in pieces. */
  stream(entry: ZipEntry): AsyncGenerator<Buffer>;
  /** An entry as a whole; refuses more than `most` bytes. */
  bytes(entry: ZipEntry, most: number): Promise<Buffer>;
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** What DEFLATE makes of real sheets is 5–60 : 1, of a million formatted empty rows about 90 : 1. */
const SUSPICIOUS_RATIO = 110;
const SUSPICIOUS_BYTES = 48 * 1024 * 1024;
const CERTAIN_RATIO = 300;
const CERTAIN_BYTES = 8 * 1024 * 1024;

/**
 * Reads the central directory and refuses bombs before anything is unpacked: too many entries, too many bytes in all, or an
 * entry that unpacks to far more than it is (OWASP ASVS 5.2.3). Sizes are checked again while unpacking, as they may lie.
 */
export async function openZip(file: ByteFile, limits: TableLimits): Promise<Zip> {
  const directory = await readDirectory(file, limits);
  const entries = new Map<string, ZipEntry>();
  const unsafe: string[] = [];
  let total = 0;
  for (const entry of directory) {
    const name = entry.name.replaceAll('\\', '/').replace(/^\/+/, '');
    if (/(^|\/)\.\.(\/|$)|^[A-Za-z]:/.test(name)) {
      unsafe.push(entry.name.slice(0, 100));
      continue;
    }
    total += entry.size;
    refuseRatio(entry, entry.size);
    // Of two entries with one name the first counts; the second is a trick to show different content to different readers.
    if (!entries.has(name.toLowerCase())) entries.set(name.toLowerCase(), { ...entry, name });
  }
  if (total > limits.zipBytes) throw new TableError('zip-bomb', { detail: `${Math.round(total / 1024 ** 2)} MB` });
  return {
    entries,
    unsafe,
    stream: (entry) => unpack(file, entry),
    async bytes(entry, most) {
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of unpack(file, entry)) {
        size += part.length;
        if (size > most)
          throw new TableError('zip-bomb', { detail: `${entry.name}: > ${Math.round(most / 1024 ** 2)} MB` });
        parts.push(part);
      }
      return Buffer.concat(parts);
    },
  };
}

function refuseRatio(entry: ZipEntry, size: number): void {
  const ratio = size / Math.max(1, entry.compressed);
  if ((ratio > SUSPICIOUS_RATIO && size > SUSPICIOUS_BYTES) || (ratio > CERTAIN_RATIO && size > CERTAIN_BYTES)) {
    throw new TableError('zip-bomb', {
      detail: `${entry.name.slice(0, 80)}: ${Math.round(size / 1024 ** 2)} MB, ${Math.round(ratio)} : 1`,
    });
  }
}

async function readDirectory(file: ByteFile, limits: TableLimits): Promise<ZipEntry[]> {
  const tailAt = Math.max(0, file.size - 66_000);
  const tail = await file.read(tailAt, 66_000);
  let end = -1;
  for (let i = tail.length - 22; i >= 0; i--) {
    if (tail.readUInt32LE(i) === END) {
      end = i;
      break;
    }
  }
  if (end < 0) throw new TableError('zip-damaged', { detail: 'end of central directory' });
  let count = tail.readUInt16LE(end + 10);
  let size = tail.readUInt32LE(end + 12);
  let start = tail.readUInt32LE(end + 16);
  if (
    (count === 0xffff || size === 0xffffffff || start === 0xffffffff) &&
    end >= 20 &&
    tail.readUInt32LE(end - 20) === END64_LOCATOR
  ) {
    const record = await file.read(Number(tail.readBigUInt64LE(end - 12)), 56);
    if (record.length < 56 || record.readUInt32LE(0) !== END64)
      throw new TableError('zip-damaged', { detail: 'zip64' });
    count = Number(record.readBigUInt64LE(32));
    size = Number(record.readBigUInt64LE(40));
    start = Number(record.readBigUInt64LE(48));
  }
  if (count > limits.zipEntries) throw new TableError('zip-bomb', { detail: `${count} entries` });
  if (size > 64 * 1024 * 1024) throw new TableError('zip-bomb', { detail: 'central directory' });
  // Data before the archive (a self-extractor) shifts everything by the same amount.
  const shift = tailAt + end - size - start;
  const bytes = await file.read(Math.max(0, start + shift), size);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= bytes.length && bytes.readUInt32LE(at) === CENTRAL; ) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const entry: ZipEntry = {
      name: bytes.toString(
        (bytes.readUInt16LE(at + 8) & 0x800) !== 0 ? 'utf8' : 'latin1',
        at + 46,
        at + 46 + nameLength,
      ),
      method: bytes.readUInt16LE(at + 10),
      compressed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      crc: bytes.readUInt32LE(at + 16),
      offset: bytes.readUInt32LE(at + 42),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) !== 0,
    };
    readZip64(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), entry);
    entry.offset += shift;
    entries.push(entry);
    if (entries.length > limits.zipEntries)
      throw new TableError('zip-bomb', { detail: `> ${limits.zipEntries} entries` });
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  }
  if (entries.length === 0) throw new TableError('zip-damaged', { detail: 'central directory' });
  return entries;
}

function readZip64(extra: Buffer, entry: ZipEntry): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    if (id === 1) {
      let from = at + 4;
      const next = () => {
        if (from + 8 > extra.length) throw new TableError('zip-damaged', { detail: 'zip64' });
        from += 8;
        return Number(extra.readBigUInt64LE(from - 8));
      };
      if (entry.size === 0xffffffff) entry.size = next();
      if (entry.compressed === 0xffffffff) entry.compressed = next();
      if (entry.offset === 0xffffffff) entry.offset = next();
    }
    at += 4 + length;
  }
}

async function* unpack(file: ByteFile, entry: ZipEntry): AsyncGenerator<Buffer> {
  if (entry.encrypted) throw new TableError('encrypted');
  const head = await file.read(entry.offset, 30);
  if (head.length < 30 || head.readUInt32LE(0) !== LOCAL) throw damaged(entry, 'local header');
  const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  if (start + entry.compressed > file.size) throw damaged(entry, 'cut off');
  if (entry.method !== 0 && entry.method !== 8) throw damaged(entry, `method ${entry.method}`);
  let size = 0;
  let crc = 0;
  for await (const part of entry.method === 0 ? stored(file, start, entry) : inflated(file, start, entry)) {
    size += part.length;
    if (size > entry.size) {
      // The directory lied about the size, so that the bomb would not be seen.
      refuseRatio(entry, size);
      throw damaged(entry, 'longer than declared');
    }
    crc = crc32(part, crc);
    yield part;
  }
  if (entry.crc !== 0 && crc !== entry.crc) throw damaged(entry, 'checksum');
  if (size < entry.size) throw damaged(entry, 'shorter than declared');
}

const PIECE = 256 * 1024;

async function* stored(file: ByteFile, start: number, entry: ZipEntry): AsyncGenerator<Buffer> {
  for (let at = 0; at < entry.compressed; at += PIECE)
    yield await file.read(start + at, Math.min(PIECE, entry.compressed - at));
}

async function* inflated(file: ByteFile, start: number, entry: ZipEntry): AsyncGenerator<Buffer> {
  // zlib works in its own thread: the next piece unpacks while this one is parsed.
  const inflate = createInflateRaw({ chunkSize: 128 * 1024 });
  let at = 0;
  const feed = () => {
    if (at >= entry.compressed) {
      inflate.end();
      return;
    }
    const length = Math.min(64 * 1024, entry.compressed - at);
    file.read(start + at, length).then(
      (bytes) => {
        at += length;
        if (inflate.destroyed) return;
        if (inflate.write(bytes)) feed();
        else inflate.once('drain', feed);
      },
      (error: Error) => inflate.destroy(error),
    );
  };
  feed();
  try {
    for await (const part of inflate) yield part as Buffer;
  } catch (cause) {
    if (cause instanceof TableError) throw cause;
    throw new TableError('zip-damaged', { detail: `${entry.name}: ${(cause as Error).message}` }, cause);
  } finally {
    inflate.destroy();
  }
}

function damaged(entry: ZipEntry, detail: string): TableError {
  return new TableError('zip-damaged', { detail: `${entry.name.slice(0, 80)}: ${detail}` });
}
