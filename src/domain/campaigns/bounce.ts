/** What a delivery status notification (RFC 3464) says of one recipient. */
export interface Bounce {
  /** Final-Recipient, lower case; may be missing. */
  address: string | null;
  /** hard: there is no such mailbox · soft: not now, or not this letter · none: it is still tried, or arrived */
  kind: 'hard' | 'soft' | 'none';
  /** RFC 3463, `5.1.1`. */
  status: string;
  /** Headers of the letter that came back, names in lower case. */
  original: Record<string, string>;
}

interface Part {
  type: string;
  head: Record<string, string>;
  body: string;
}

const MOST_PARTS = 50;
const DEPTH = 5;

/** Reads a message that a mail server sent back. Anything that is no delivery status notification gives nothing. */
export function readBounces(raw: string): Bounce[] {
  const parts: Part[] = [];
  collect(raw, parts, 0);
  const status = parts.find(
    ({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status',
  );
  if (!status) return [];
  const returned = parts.find(
    ({ type }) => type === 'message/rfc822' || type.endsWith('/rfc822-headers') || type === 'message/global-headers',
  );
  const original = returned ? headOf(returned.body.trimStart()).head : {};
  // First comes what holds for the whole message.
  const [, ...recipients] = status.body.trim().split(/\n[ \t]*\n/);
  return recipients.flatMap((text): Bounce[] => {
    const fields = headOf(`${text}\n\n`).head;
    const action = fields.action?.toLowerCase();
    if (action === undefined) return [];
    const [code = ''] = /\d\.\d{1,3}\.\d{1,3}/.exec(fields.status ?? '') ?? [];
    const address = /;\s*<?([^\s<>;]+@[^\s<>;]+)>?/.exec(
      fields['final-recipient'] ?? fields['original-recipient'] ?? '',
    );
    return [{ address: address?.[1]?.toLowerCase() ?? null, kind: kindOf(action, code), status: code, original }];
  });
}

/**
 * RFC 3463: 5.1.x is about the address, 5.2.1 a mailbox switched off. A full mailbox (x.2.2), a size, a policy (x.7.x) say nothing against the
 * address; 5.0.0 and no code at all are a refusal for good whose reason nobody gave, which counts as soft.
 */
function kindOf(action: string, status: string): Bounce['kind'] {
  if (action !== 'failed') return 'none';
  return /^5\.1\.[12346]$|^5\.1\.0$|^5\.1\.10$|^5\.2\.1$/.test(status) ? 'hard' : 'soft';
}

/** 5xx at RCPT TO (RFC 5321 §4.2.3) that are about the mailbox: no such one (550), not local (551), name not allowed (553). */
export function isHardRefusal(code: number): boolean {
  return code === 550 || code === 551 || code === 553;
}

function collect(raw: string, into: Part[], depth: number): void {
  if (depth > DEPTH || into.length >= MOST_PARTS) return;
  const { head, body } = headOf(raw.replaceAll('\r\n', '\n'));
  const [type = ''] = (head['content-type'] ?? 'text/plain').toLowerCase().split(';');
  const boundary = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(head['content-type'] ?? '');
  const mark = boundary?.[1] ?? boundary?.[2];
  if (!type.trim().startsWith('multipart/') || mark === undefined) {
    into.push({ type: type.trim(), head, body: decoded(body, head['content-transfer-encoding']) });
    return;
  }
  const pieces = `\n${body}`.split(`\n--${mark}`).slice(1);
  for (const piece of pieces) {
    if (piece.startsWith('--')) break;
    collect(piece.replace(/^[ \t]*\n/, ''), into, depth + 1);
  }
}

/** Headers up to the first empty line, folded lines joined (RFC 5322 §2.2.3). */
function headOf(text: string): { head: Record<string, string>; body: string } {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const lines = (end < 0 ? text : text.slice(0, end)).replaceAll(/\n[ \t]+/g, ' ').split('\n');
  const head: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (/^[a-z0-9-]+$/.test(name) && !Object.hasOwn(head, name)) head[name] = line.slice(colon + 1).trim();
  }
  return { head, body: end < 0 ? '' : text.slice(end).replace(/^\n{1,2}/, '') };
}

function decoded(body: string, encoding: string | undefined): string {
  const how = encoding?.trim().toLowerCase();
  if (how === 'quoted-printable')
    return body
      .replaceAll(/=\n/g, '')
      .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  if (how !== 'base64') return body;
  try {
    return atob(body.replaceAll(/\s/g, '')).replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}
