/** Which records a file held: four bytes of a hash of each id. Of a million records it takes four megabytes, and no value can be read out of it. */
export class RecordSet {
  private readonly hashes: number[] = [];

  add(id: string): void {
    this.hashes.push(hashOf(id));
  }

  get size(): number {
    return this.hashes.length;
  }

  toBuffer(): Buffer {
    const sorted = Uint32Array.from(this.hashes).sort();
    return Buffer.from(sorted.buffer);
  }
}

/** How many of the ids are in a set; two in four billion collide. */
export function countIn(records: Buffer, ids: readonly string[]): number {
  const sorted = new Uint32Array(records.length / 4);
  for (let at = 0; at < sorted.length; at++) sorted[at] = records.readUInt32LE(at * 4);
  return ids.filter((id) => has(sorted, hashOf(id))).length;
}

function has(sorted: Uint32Array, wanted: number): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle] ?? 0;
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
