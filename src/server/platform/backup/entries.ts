import { damaged } from './backup-errors.ts';

/** One thing in an archive: what it is, then its bytes. */
export interface Entry<Head> {
  head: Head;
  body: AsyncIterable<Buffer>;
}

/** Entries one after the other: length and JSON of the head, pieces with their lengths, and a piece of no length. */
export async function* packEntries<Head>(entries: AsyncIterable<Entry<Head>>): AsyncGenerator<Buffer> {
  for await (const { head, body } of entries) {
    yield sized(Buffer.from(JSON.stringify(head)));
    for await (const piece of body) if (piece.length > 0) yield sized(piece);
    yield sized(Buffer.alloc(0));
  }
}

function sized(piece: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  return Buffer.concat([length, piece]);
}

/** The entries again, in order. A body that isn't read to its end is passed over. Throws `backup-damaged` where the bytes end too soon. */
export async function* unpackEntries<Head>(pieces: AsyncIterable<Buffer>): AsyncGenerator<Entry<Head>> {
  const source = new Bytes(pieces);
  while (!(await source.atEnd())) {
    const head = JSON.parse((await source.sized()).toString()) as Head;
    let over = false;
    const body = (async function* () {
      while (!over) {
        const piece = await source.sized();
        if (piece.length === 0) over = true;
        else yield piece;
      }
    })();
    yield { head, body };
    while (!over) over = (await source.sized()).length === 0;
  }
}

class Bytes {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #size = 0;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  async atEnd(): Promise<boolean> {
    return this.#size === 0 && !(await this.#more());
  }

  async sized(): Promise<Buffer> {
    return this.#take((await this.#take(4)).readUInt32BE(0));
  }

  async #take(n: number): Promise<Buffer> {
    while (this.#size < n) if (!(await this.#more())) throw damaged();
    const all = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held);
    this.#held = [all.subarray(n)];
    this.#size -= n;
    return all.subarray(0, n);
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done) return false;
    if (value.length > 0) {
      this.#held.push(value);
      this.#size += value.length;
    }
    return true;
  }
}
