// A mark in text that nobody sees: seven bytes as 28 of the invisible operators of mathematics, U+2061 to U+2064 (Unicode 16, General Punctuation), which no
// language writes. They survive copying into another sheet, saving as CSV and sending by chat, and every reader of this program drops them.

const FIRST = 0x2061;
/** Digits of one mark: two bits each. */
export const MARK_LENGTH = 28;
const BYTES = 7;

/** @param bytes seven: four of the number, three that only the holder of the key can make */
export function writeMark(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, BYTES))
    for (const shift of [6, 4, 2, 0]) text += String.fromCharCode(FIRST + ((byte >> shift) & 3));
  return text;
}

/** Every seven bytes that stand in a text as a mark, with how often; whether one is genuine is the key's to say. */
export function readMarks(text: string): { bytes: Uint8Array; count: number }[] {
  const found = new Map<string, number>();
  for (const [run] of text.matchAll(/[\u2061-\u2064]{28,}/g))
    for (let at = 0; at + MARK_LENGTH <= run.length; at += 1) {
      const mark = run.slice(at, at + MARK_LENGTH);
      found.set(mark, (found.get(mark) ?? 0) + 1);
    }
  return [...found].map(([mark, count]) => ({ bytes: bytesOf(mark), count }));
}

function bytesOf(mark: string): Uint8Array {
  return Uint8Array.from({ length: BYTES }, (_, n) =>
    [0, 1, 2, 3].reduce((byte, digit) => byte * 4 + mark.charCodeAt(n * 4 + digit) - FIRST, 0),
  );
}

export function withoutMarks(text: string): string {
  return text.replace(/[\u2061-\u2064]+/g, '');
}
