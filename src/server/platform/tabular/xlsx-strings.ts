import { TableError } from './notice.ts';
import { StringTable } from './string-table.ts';
import { Utf8Pieces } from './utf8-pieces.ts';
import { codePoint, decodeEntities, xmlEncoding } from './xml.ts';

/** Text of `t` and `v` elements: entities, and the `_x000D_` escapes of ECMA-376 22.9.2.19. */
export function unescapeText(text: string): string {
  const decoded = decodeEntities(text);
  if (!decoded.includes('_x')) return decoded;
  return decoded.replace(/_x([0-9A-Fa-f]{4})_/g, (whole, hex: string) => {
    const point = Number.parseInt(hex, 16);
    return codePoint(point) ?? (point >= 0xd800 && point <= 0xdfff ? String.fromCharCode(point) : whole);
  });
}

/** Text in pieces that end anywhere but inside a character. */
export async function* xmlText(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: Utf8Pieces | TextDecoder | undefined;
  for await (const piece of pieces) {
    decoder ??= decoderFor(piece);
    yield decoder instanceof Utf8Pieces ? decoder.decode(piece) : decoder.decode(piece, { stream: true });
  }
  const rest = decoder instanceof Utf8Pieces ? decoder.end() : (decoder?.decode() ?? '');
  if (rest !== '') yield rest;
}

function decoderFor(head: Buffer): Utf8Pieces | TextDecoder {
  const encoding = xmlEncoding(head);
  return encoding === 'utf-8' ? new Utf8Pieces() : new TextDecoder(encoding);
}

const LONGEST_TAG = 1_000_000;

/**
 * Shared strings: the runs of rich text joined, phonetic guides (rPh) left out.
 * Streams: the part may have hundreds of megabytes.
 */
export async function readSharedStrings(pieces: AsyncIterable<Buffer>, part: string): Promise<StringTable> {
  const table = new StringTable();
  let buffer = '';
  let item = '';
  let inItem = false;
  let inPhonetic = false;
  let textStart = -1;
  let complete = false;
  for await (const piece of xmlText(pieces)) {
    buffer += piece;
    let at = 0;
    for (;;) {
      const lt = buffer.indexOf('<', at);
      if (lt < 0) break;
      const code = buffer.charCodeAt(lt + 1);
      if (code === 33) {
        // <! : a comment, a CDATA section, or a document type
        const cdata = buffer.startsWith('<![CDATA[', lt);
        if (!cdata && !buffer.startsWith('<!--', lt)) {
          if (buffer.length - lt < 9) break;
          throw new TableError('xml-entities', { part });
        }
        const end = buffer.indexOf(cdata ? ']]>' : '-->', lt);
        if (end < 0) break;
        if (textStart >= 0) {
          item += unescapeText(buffer.slice(textStart, lt)) + (cdata ? buffer.slice(lt + 9, end) : '');
          textStart = end + 3;
        }
        at = end + 3;
        continue;
      }
      const gt = buffer.indexOf('>', lt + 1);
      if (gt < 0) break;
      const closing = code === 47;
      let nameEnd = lt + 1;
      let nameStart = closing ? lt + 2 : lt + 1;
      for (nameEnd = nameStart; nameEnd < gt; nameEnd++) {
        const c = buffer.charCodeAt(nameEnd);
        if (c === 58) nameStart = nameEnd + 1;
        else if (c <= 32 || c === 47) break;
      }
      const empty = buffer.charCodeAt(gt - 1) === 47;
      const length = nameEnd - nameStart;
      const first = buffer.charCodeAt(nameStart);
      if (length === 1 && first === 116) {
        // t
        if (closing && textStart >= 0) {
          item += unescapeText(buffer.slice(textStart, lt));
          textStart = -1;
        } else if (!closing && !empty && inItem && !inPhonetic) textStart = gt + 1;
      } else if (length === 2 && first === 115 && buffer.charCodeAt(nameStart + 1) === 105) {
        // si
        if (closing || empty) {
          table.add(item);
          inItem = false;
        } else inItem = true;
        item = '';
      } else if (length === 3 && buffer.startsWith('rPh', nameStart)) {
        inPhonetic = !closing && !empty;
      } else if (length === 3 && buffer.startsWith('sst', nameStart) && (closing || empty)) complete = true;
      at = gt + 1;
    }
    const keep = textStart >= 0 ? textStart : at;
    buffer = buffer.slice(keep);
    if (textStart >= 0) textStart = 0;
    if (buffer.length > 64 * LONGEST_TAG) throw new TableError('xml-damaged', { part, detail: 'no end of element' });
  }
  if (!complete) throw new TableError('xml-damaged', { part, detail: 'cut off' });
  return table;
}
