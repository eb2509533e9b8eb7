import { TableError } from './notice.ts';

/** One event of a small pull parser: enough for the little parts of a workbook. Names come without their namespace prefix. */
export type XmlEvent =
  | { type: 'open'; name: string; attributes: Record<string, string>; empty: boolean }
  | { type: 'close'; name: string }
  | { type: 'text'; text: string };

const ATTRIBUTE = /([^\s=/<>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Tolerates what real writers do; refuses document types, because entities are how XML is used to attack (XXE, expansion). */
export function* readXml(text: string, part: string): Generator<XmlEvent> {
  const rest = yield* scan(text, part);
  if (rest < text.length) throw new TableError('xml-damaged', { part, detail: 'cut off' });
}

/** The same over text that comes in pieces; batches of events. */
export async function* readXmlPieces(pieces: AsyncIterable<string>, part: string): AsyncGenerator<XmlEvent[]> {
  let carry = '';
  for await (const piece of pieces) {
    carry += piece;
    const events: XmlEvent[] = [];
    const scanner = scan(carry, part);
    let step = scanner.next();
    for (; !step.done; step = scanner.next()) events.push(step.value);
    carry = carry.slice(step.value);
    if (carry.length > 64_000_000) throw new TableError('xml-damaged', { part, detail: 'no end of element' });
    yield events;
  }
  if (carry.trim() !== '') throw new TableError('xml-damaged', { part, detail: 'cut off' });
}

/** Returns how much of the text was understood; what is left is the beginning of something incomplete. */
function* scan(text: string, part: string): Generator<XmlEvent, number> {
  let at = 0;
  while (at < text.length) {
    const lt = text.indexOf('<', at);
    if (lt < 0) return text.slice(at).trim() === '' ? text.length : at;
    let end: number;
    if (text.startsWith('<!--', lt)) end = after(text, '-->', lt);
    else if (text.startsWith('<![CDATA[', lt)) end = after(text, ']]>', lt);
    else if (text.startsWith('<?', lt)) end = after(text, '?>', lt);
    else if (text.charCodeAt(lt + 1) === 33) {
      if (text.length - lt < 9) return at;
      throw new TableError('xml-entities', { part });
    } else end = tagEnd(text, lt);
    // The text before an incomplete tag is given together with what follows, so that it is never cut in two.
    if (end < 0) return at;
    if (lt > at) yield { type: 'text', text: decodeEntities(text.slice(at, lt)) };
    at = end;
    const kind = text.charCodeAt(lt + 1);
    if (kind === 63) continue;
    if (kind === 33) {
      if (text.charCodeAt(lt + 2) === 91) yield { type: 'text', text: text.slice(lt + 9, end - 3) };
      continue;
    }
    const name = /^\/?([^\s/>]*)/.exec(text.slice(lt + 1, Math.min(end, lt + 200)))?.[1] ?? '';
    if (kind === 47) yield { type: 'close', name: localName(name) };
    else {
      const empty = text.charCodeAt(end - 2) === 47;
      yield {
        type: 'open',
        name: localName(name),
        attributes: readAttributes(text.slice(lt + 1 + name.length, end - 1)),
        empty,
      };
    }
  }
  return text.length;
}

/** Attributes by local name (`r:id` is `id`, but `xml:space` keeps its prefix out of the way of `space`). */
export function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  for (const match of text.matchAll(ATTRIBUTE)) {
    attributes[localName(match[1] ?? '')] = decodeEntities(match[2] ?? match[3] ?? '');
  }
  return attributes;
}

export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function after(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from);
  return index < 0 ? -1 : index + mark.length;
}

/** Just past the `>` that ends a tag (not one inside an attribute); -1 when the tag is incomplete. */
function tagEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 62) return i + 1;
    if (c === 34 || c === 39) {
      const close = text.indexOf(c === 34 ? '"' : "'", i + 1);
      if (close < 0) return -1;
      i = close;
    }
  }
  return -1;
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,8}|#\d{1,8}|\w{2,8});/gi, (whole, body: string) => {
    if (!body.startsWith('#')) return named[body] ?? whole;
    const point = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
    return codePoint(point) ?? whole;
  });
}

export function codePoint(point: number): string | undefined {
  if (!(point >= 0 && point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) return undefined;
  return String.fromCodePoint(point);
}

/** Bytes of an XML part as text: byte order mark, else the declared encoding, else UTF-8. */
export function decodeXml(bytes: Buffer): string {
  return new TextDecoder(xmlEncoding(bytes)).decode(bytes);
}

export function xmlEncoding(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le';
  if (head[0] === 0 && head[1] === 0x3c) return 'utf-16be';
  const declared = /^[^>]{0,80}encoding\s*=\s*["']([\w-]+)["']/.exec(head.toString('latin1', 0, 160))?.[1];
  if (declared === undefined || /^utf-?16/i.test(declared)) return 'utf-8';
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    return 'utf-8';
  }
}
