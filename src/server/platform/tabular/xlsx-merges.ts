import type { MergedRange } from './sheet-source.ts';

const MOST_RANGES = 200_000;

/**
 * The merged ranges of a worksheet part. They stand after the data, so the part is unpacked once more and searched as bytes,
 * which costs a tenth of parsing it.
 */
export async function readMerges(pieces: AsyncIterable<Buffer>): Promise<MergedRange[]> {
  let tail: Buffer = Buffer.alloc(0);
  const mark = Buffer.from('mergeCell ');
  const collected: Buffer[] = [];
  let collecting = false;
  for await (const piece of pieces) {
    if (!collecting) {
      const seam = Buffer.concat([tail, piece.subarray(0, 16)]);
      const across = seam.indexOf(mark);
      const start = across >= 0 ? 0 : piece.indexOf(mark);
      collecting = start >= 0;
      if (across >= 0) collected.push(seam.subarray(across, tail.length), piece);
      else if (collecting) collected.push(piece.subarray(start));
      tail = Buffer.from(piece.subarray(Math.max(0, piece.length - 16)));
    } else {
      collected.push(piece);
      if (collected.length > 64 || piece.includes('</')) break;
    }
  }
  const text = Buffer.concat(collected).toString('latin1');
  const ranges: MergedRange[] = [];
  for (const match of text.matchAll(/mergeCell\s[^>]*?ref\s*=\s*["']\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)["']/gi)) {
    if (ranges.length >= MOST_RANGES) break;
    const range = {
      left: columnIndex(match[1]),
      top: Number(match[2]),
      right: columnIndex(match[3]),
      bottom: Number(match[4]),
    };
    if (range.bottom >= range.top && range.right >= range.left) ranges.push(range);
  }
  return ranges;
}

function columnIndex(letters = 'A'): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
