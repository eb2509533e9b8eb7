import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

interface Written {
  name: Buffer;
  crc: number;
  compressed: number;
  size: number;
  offset: number;
}

/** DOS time of 1980-01-01: archives of the same content are the same bytes. */
const DOS_DATE = 0x21;

/** A zip archive written to a stream, entry after entry, nothing held in memory (sizes follow the data in descriptors). */
export class ZipWriter {
  private readonly out: Writable;
  private readonly entries: Written[] = [];
  private offset = 0;
  private entry: Written | undefined;
  private deflate: DeflateRaw | undefined;
  private failure: Error | undefined;

  constructor(out: Writable) {
    this.out = out;
    out.on('error', (error) => {
      this.failure = error;
      this.deflate?.destroy(error);
    });
  }

  async begin(name: string): Promise<void> {
    const bytes = Buffer.from(name, 'utf8');
    const entry = { name: bytes, crc: 0, compressed: 0, size: 0, offset: this.offset };
    this.entry = entry;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(0x0808, 6); // descriptor follows, names in UTF-8
    head.writeUInt16LE(8, 8);
    head.writeUInt16LE(DOS_DATE, 12);
    head.writeUInt16LE(bytes.length, 26);
    await this.put(Buffer.concat([head, bytes]));
    const deflate = createDeflateRaw({ level: 1, chunkSize: 128 * 1024 });
    deflate.on('data', (piece: Buffer) => {
      entry.compressed += piece.length;
      this.offset += piece.length;
      if (!this.out.write(piece)) {
        deflate.pause();
        this.out.once('drain', () => deflate.resume());
      }
    });
    this.deflate = deflate;
  }

  async write(text: string): Promise<void> {
    const { entry, deflate } = this;
    if (!entry || !deflate) throw new Error('no entry begun');
    if (this.failure) throw this.failure;
    const bytes = Buffer.from(text, 'utf8');
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    if (!deflate.write(bytes)) await once(deflate, 'drain');
  }

  async end(): Promise<void> {
    const { entry, deflate } = this;
    if (!entry || !deflate) throw new Error('no entry begun');
    const ended = once(deflate, 'end');
    deflate.end();
    await ended;
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(0x08074b50, 0);
    tail.writeUInt32LE(entry.crc, 4);
    tail.writeUInt32LE(entry.compressed, 8);
    tail.writeUInt32LE(entry.size, 12);
    await this.put(tail);
    this.entries.push(entry);
    this.entry = this.deflate = undefined;
  }

  async file(name: string, text: string): Promise<void> {
    await this.begin(name);
    await this.write(text);
    await this.end();
  }

  /** Writes the central directory and ends the stream. */
  async finish(): Promise<void> {
    const start = this.offset;
    for (const entry of this.entries) {
      const head = Buffer.alloc(46);
      head.writeUInt32LE(0x02014b50, 0);
      head.writeUInt16LE(20, 4);
      head.writeUInt16LE(20, 6);
      head.writeUInt16LE(0x0808, 8);
      head.writeUInt16LE(8, 10);
      head.writeUInt16LE(DOS_DATE, 14);
      head.writeUInt32LE(entry.crc, 16);
      head.writeUInt32LE(entry.compressed, 20);
      head.writeUInt32LE(entry.size, 24);
      head.writeUInt16LE(entry.name.length, 28);
      head.writeUInt32LE(entry.offset, 42);
      await this.put(Buffer.concat([head, entry.name]));
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.entries.length, 8);
    end.writeUInt16LE(this.entries.length, 10);
    end.writeUInt32LE(this.offset - start, 12);
    end.writeUInt32LE(start, 16);
    await this.put(end);
    await new Promise<void>((resolve, reject) => {
      this.out.once('error', reject);
      this.out.end(resolve);
    });
  }

  private async put(bytes: Buffer): Promise<void> {
    if (this.failure) throw this.failure;
    this.offset += bytes.length;
    if (!this.out.write(bytes)) await once(this.out, 'drain');
  }
}
