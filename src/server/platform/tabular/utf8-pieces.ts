import { isAscii } from 'node:buffer';

/** UTF-8 bytes that come in pieces as text, never cutting a character. Faster than a streaming TextDecoder, ASCII most of all. */
export class Utf8Pieces {
  private carry: Buffer | undefined;

  decode(piece: Buffer): string {
    const bytes = this.carry ? Buffer.concat([this.carry, piece]) : piece;
    this.carry = undefined;
    if (isAscii(bytes)) return bytes.toString('latin1');
    const end = wholeCharacters(bytes);
    // The piece may be reused by its owner: what is kept is copied.
    if (end < bytes.length) this.carry = Buffer.from(bytes.subarray(end));
    return bytes.toString('utf8', 0, end);
  }

  end(): string {
    const rest = this.carry;
    this.carry = undefined;
    return rest ? rest.toString('utf8') : '';
  }
}

/** Length of the bytes without an incomplete character at their end. */
export function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? length - back : length;
  }
  return length;
}
