import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StartError } from '../start-error.ts';
import { damaged, otherKey } from './backup-errors.ts';

/** What stands in plain at the front of a sealed file; bound to everything behind it. */
export interface Front {
  /** Which key opens it: `sealKeyId`. */
  key: string;
  /** When what it holds was so, ISO 8601. */
  at: string;
  what: string;
}

const MAGIC = Buffer.from('XIANKE1\n');
/** Plain bytes of a frame at most. */
const FRAME = 64 * 1024;
const TAG = 16;
const SALT = 32;
/** Highest bit of a frame's length: it is the last. */
const LAST = 0x8000_0000;

/** What a key is called: it tells nothing of the key. */
export const sealKeyId = (key: Buffer): string =>
  createHash('sha256').update('xianke backup key ').update(key).digest('hex').slice(0, 12);

/**
 * Pieces as a file that shows nothing and can't be changed unseen: gzip, then frames of AES-256-GCM (NIST SP 800-38D) in the STREAM construction
 * (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015) – numbered, the last one marked, so that
 * frames changed, moved, left out or cut off don't open. The key of a file is its own (RFC 5869 with a random salt). Put in place whole or not at all.
 */
export async function writeSealed(
  path: string,
  key: Buffer,
  about: { at: Date; what: string },
  pieces: AsyncIterable<Buffer>,
): Promise<void> {
  const front: Front = { key: sealKeyId(key), at: about.at.toISOString(), what: about.what };
  const salt = randomBytes(SALT);
  const head = frontBytes(front, salt);
  const draft = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await pipeline(
      Readable.from(pieces),
      createGzip({ level: 1 }),
      new Sealer(fileKey(key, salt), head),
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The front of a sealed file, without a key. Throws `backup-damaged` where it is none. */
export async function readFront(path: string): Promise<Front> {
  return (await readHead(path)).front;
}

/** What was sealed. Throws `backup-key-other` for another key, `backup-damaged` where anything was changed, moved or cut off – before the piece is given. */
export async function* readSealed(path: string, key: Buffer): AsyncGenerator<Buffer> {
  const { front, salt, head } = await readHead(path);
  if (front.key !== sealKeyId(key)) throw otherKey(front.key);
  const source = createReadStream(path, { start: head.length });
  const opener = new Opener(fileKey(key, salt), digest(head));
  const unpacked = createGunzip();
  const flow = pipeline(source, opener, unpacked);
  flow.catch(() => undefined);
  try {
    for await (const piece of unpacked) yield piece as Buffer;
    await flow;
  } catch (error) {
    throw error instanceof StartError ? error : damaged();
  } finally {
    source.destroy();
  }
}

const fileKey = (key: Buffer, salt: Buffer): Buffer => Buffer.from(hkdfSync('sha256', key, salt, 'xianke backup', 32));
const digest = (head: Buffer): Buffer => createHash('sha256').update(head).digest();

/** Magic, length of the front, front, salt. */
function frontBytes(front: Front, salt: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(front));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([MAGIC, length, text, salt]);
}

async function readHead(path: string): Promise<{ front: Front; salt: Buffer; head: Buffer }> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(MAGIC.length + 4);
    await file.read(start, 0, start.length, 0);
    const length = start.readUInt32BE(MAGIC.length);
    if (!start.subarray(0, MAGIC.length).equals(MAGIC) || length > 4096) throw damaged();
    const head = Buffer.alloc(start.length + length + SALT);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead < head.length) throw damaged();
    const front = parseFront(head.subarray(start.length, start.length + length).toString());
    return { front, salt: head.subarray(start.length + length), head };
  } finally {
    await file.close();
  }
}

function parseFront(text: string): Front {
  try {
    return JSON.parse(text) as Front;
  } catch {
    throw damaged();
  }
}

/** A frame's nonce is its number: the key is the file's own. What it is bound to: the front, and whether it is the last. */
function boundTo(n: number, last: boolean, front: Buffer): { nonce: Buffer; aad: Buffer } {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(n, 6, 6);
  return { nonce, aad: Buffer.concat([front, Buffer.from([last ? 1 : 0])]) };
}

class Sealer extends Transform {
  readonly #key: Buffer;
  readonly #front: Buffer;
  #waiting: Buffer[] = [];
  #size = 0;
  #n = 0;

  constructor(key: Buffer, head: Buffer) {
    super();
    this.#key = key;
    this.#front = digest(head);
    this.push(head);
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#waiting.push(piece);
    this.#size += piece.length;
    if (this.#size > FRAME) {
      let all = Buffer.concat(this.#waiting);
      // One frame stays behind: only the end knows which is the last.
      for (; all.length > FRAME; all = all.subarray(FRAME)) this.#seal(all.subarray(0, FRAME), false);
      this.#waiting = [all];
      this.#size = all.length;
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#seal(Buffer.concat(this.#waiting), true);
    done();
  }

  #seal(plain: Buffer, last: boolean): void {
    const { nonce, aad } = boundTo(this.#n++, last, this.#front);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(aad);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE((body.length | (last ? LAST : 0)) >>> 0);
    this.push(Buffer.concat([length, body, cipher.getAuthTag()]));
  }
}

class Opener extends Transform {
  readonly #key: Buffer;
  readonly #front: Buffer;
  #waiting: Buffer = Buffer.alloc(0);
  #n = 0;
  #ended = false;

  constructor(key: Buffer, front: Buffer) {
    super();
    this.#key = key;
    this.#front = front;
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#waiting = this.#waiting.length === 0 ? piece : Buffer.concat([this.#waiting, piece]);
    try {
      for (let frame = this.#next(); frame; frame = this.#next()) this.push(frame);
      done();
    } catch {
      done(damaged());
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#ended && this.#waiting.length === 0 ? null : damaged());
  }

  /** The next whole frame, opened; undefined until more has come. */
  #next(): Buffer | undefined {
    if (this.#waiting.length < 4) return undefined;
    const word = this.#waiting.readUInt32BE(0);
    const last = word >= LAST;
    const length = last ? word - LAST : word;
    if (length > FRAME || this.#ended) throw damaged();
    const end = 4 + length + TAG;
    if (this.#waiting.length < end) return undefined;
    const { nonce, aad } = boundTo(this.#n++, last, this.#front);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG })
      .setAAD(aad)
      .setAuthTag(this.#waiting.subarray(4 + length, end));
    const plain = Buffer.concat([decipher.update(this.#waiting.subarray(4, 4 + length)), decipher.final()]);
    this.#waiting = this.#waiting.subarray(end);
    this.#ended = last;
    return plain;
  }
}
