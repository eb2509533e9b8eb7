import { TableError } from './notice.ts';

export interface MimePart {
  type: string;
  charset: string | undefined;
  location: string;
  bytes: Buffer;
}

const MOST_PARTS = 500;

/** Parts of a web archive (.mht), which Excel writes when told to save as a single-file web page. Nested multiparts are flattened. */
export function readMimeParts(text: Buffer, depth = 0): MimePart[] {
  const { headers, body } = splitHeaders(text);
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  if (!/^\s*multipart\//i.test(type) || !boundary) {
    const encoding = (headers.get('content-transfer-encoding') ?? '').trim().toLowerCase();
    return [
      {
        type: type.split(';', 1)[0]?.trim().toLowerCase() ?? '',
        charset: /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1],
        location: headers.get('content-location') ?? '',
        bytes: decodeTransfer(body, encoding),
      },
    ];
  }
  if (depth > 4) throw new TableError('no-table');
  const mark = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`);
  const parts: MimePart[] = [];
  let start = body.indexOf(mark);
  while (start >= 0 && parts.length < MOST_PARTS) {
    const from = start + mark.length;
    if (body[from] === 45 && body[from + 1] === 45) break;
    const next = body.indexOf(mark, from);
    const lineEnd = body.indexOf(10, from) + 1;
    parts.push(...readMimeParts(body.subarray(lineEnd, next < 0 ? body.length : next), depth + 1));
    start = next;
  }
  return parts;
}

function splitHeaders(text: Buffer): { headers: Map<string, string>; body: Buffer } {
  const blank = /\r?\n\r?\n/.exec(text.toString('latin1', 0, 64 * 1024));
  const end = blank ? blank.index : 0;
  const headers = new Map<string, string>();
  const lines = text
    .toString('latin1', 0, end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: text.subarray(blank ? end + blank[0].length : 0) };
}

function decodeTransfer(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(body) : body;
}

/** RFC 2045 6.7, tolerant of lower case and of stray equals signs. */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte !== 61) {
      out[length++] = byte;
      continue;
    }
    const hex = body.toString('latin1', i + 1, i + 3);
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      out[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else {
      // A soft line break: = at the end of the line.
      const soft = /^[ \t]*\r?\n/.exec(body.toString('latin1', i + 1, i + 40));
      if (soft) i += soft[0].length;
      else out[length++] = byte;
    }
  }
  return out.subarray(0, length);
}
