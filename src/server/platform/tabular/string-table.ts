import { TableError } from './notice.ts';
import { mayHaveInvisible } from './text-clean.ts';

const CHUNK = 4 * 1024 * 1024;
const CACHE = 1 << 14;
/** Bytes of text in all; a table with more does not fit in memory. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Millions of strings outside the JavaScript heap: UTF-8 bytes in large chunks, 8 bytes of index per string, and a small
 * direct-mapped cache, because the same strings are asked for again and again.
 */
export class StringTable {
  private readonly chunks: Buffer[] = [];
  private used = CHUNK;
  private total = 0;
  /** Start of each string: chunk number × CHUNK + offset; ends in `ends` the same way. */
  private starts = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private readonly cachedIndex = new Int32Array(CACHE).fill(-1);
  private readonly cachedText: string[] = new Array<string>(CACHE).fill('');
  size = 0;
  /** None of the strings has an invisible character. */
  plain = true;

  add(text: string): void {
    if (this.plain && mayHaveInvisible(text)) this.plain = false;
    if (this.size === this.starts.length) this.grow();
    const most = text.length * 3;
    if (this.chunks.length === 0 || CHUNK - this.used < most) this.open(most);
    const chunk = this.chunks[this.chunks.length - 1] as Buffer;
    const written = chunk.write(text, this.used, 'utf8');
    this.starts[this.size] = (this.chunks.length - 1) * 2 ** 32 + this.used;
    this.lengths[this.size] = written;
    this.used += written;
    this.size++;
  }

  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.size)) return undefined;
    const slot = index & (CACHE - 1);
    if (this.cachedIndex[slot] === index) return this.cachedText[slot];
    const start = this.starts[index] ?? 0;
    const offset = start % 2 ** 32;
    const text = (this.chunks[Math.floor(start / 2 ** 32)] as Buffer).toString(
      'utf8',
      offset,
      offset + (this.lengths[index] ?? 0),
    );
    this.cachedIndex[slot] = index;
    this.cachedText[slot] = text;
    return text;
  }

  private open(least: number): void {
    const size = Math.max(CHUNK, least);
    this.total += size;
    if (this.total > MOST_BYTES) throw new TableError('out-of-memory');
    // A string longer than a chunk gets one of its own; `used` is then beyond CHUNK and the next string opens another.
    this.chunks.push(Buffer.allocUnsafeSlow(size));
    this.used = 0;
  }

  private grow(): void {
    const starts = new Float64Array(this.starts.length * 2);
    starts.set(this.starts);
    this.starts = starts;
    const lengths = new Uint32Array(this.lengths.length * 2);
    lengths.set(this.lengths);
    this.lengths = lengths;
  }
}
