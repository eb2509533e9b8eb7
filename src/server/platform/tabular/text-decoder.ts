/** What 0x80–0x9F mean in windows-1252; five of them mean nothing and stay controls. */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** The character of a byte from 0x80 to 0x9F, '' where there is none. */
export function windows1252(byte: number): string {
  const c = WINDOWS_1252.charAt(byte - 0x80);
  return c >= '\u00a0' ? c : '';
}

export interface Decoder {
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

/**
 * A TextDecoder, except for windows-1252, which Node 20 to 23 decode as Latin-1 (nodejs/node#56542), losing dashes, curly quotes and
 * the euro sign.
 */
export function textDecoder(label: string): Decoder {
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  if (decoder.encoding !== 'windows-1252') return decoder;
  return {
    decode(bytes) {
      if (!bytes) return '';
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      return text.replace(/[\u0080-\u009f]/g, (c) => windows1252(c.charCodeAt(0)) || c);
    },
  };
}
