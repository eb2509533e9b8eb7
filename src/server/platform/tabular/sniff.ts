export type TextKind = 'delimited' | 'html' | 'xml' | 'other-xml' | 'flat-ods' | 'mht' | 'vcard' | 'json';

const FOREIGN: readonly [signature: RegExp, kind: string][] = [
  [/^%PDF/, 'PDF'],
  [/^\x89PNG/, 'PNG'],
  [/^\xff\xd8\xff/, 'JPEG'],
  [/^GIF8/, 'GIF'],
  [/^BM.{4}\0\0\0\0/s, 'BMP'],
  [/^\x1f\x8b/, 'gzip'],
  [/^Rar!/, 'RAR'],
  [/^7z\xbc\xaf/, '7-Zip'],
  [/^PK(?:\x05\x06|\x07\x08)/, 'zip'],
  [/^\{\\rtf/, 'RTF'],
  [/^SQLite format 3/, 'SQLite'],
  [/^PAR1/, 'Parquet'],
  [/^\x7fELF|^MZ[\x00-\xff]{30}/, 'program'],
  [/^ID;P/, 'sylk'],
  [/^II\*\0|^MM\0\*/, 'TIFF'],
  [/^.{4}ftyp/s, 'video'],
  [/^ID3|^\xff\xfb/, 'audio'],
];

/** Files of a known kind that is no table; `sylk` is one of the old table formats. */
export function foreignKind(head: Buffer): string | undefined {
  const text = head.toString('latin1', 0, 64);
  return FOREIGN.find(([signature]) => signature.test(text))?.[1];
}

/** What kind of text it is, by its first characters; zero bytes are ignored so that UTF-16 is recognised as well. */
export function textKind(head: Buffer): TextKind {
  const text = head
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*/, '');
  if (/^BEGIN:VCARD/i.test(text)) return 'vcard';
  if (
    /^MIME-Version:/i.test(text) ||
    /^(?:[\w-]+:[^\n]*\r?\n)+[\s\S]*?Content-Type:\s*multipart\//i.test(text.slice(0, 2000))
  )
    return 'mht';
  if (text.startsWith('<')) {
    if (/<(?:\w+:)?Workbook[\s>]/.test(text) && /urn:schemas-microsoft-com:office:spreadsheet/.test(text)) return 'xml';
    if (/<(?:html|table|tr|td|body|head|meta|!doctype html|div|style|center|font)[\s>]/i.test(text)) return 'html';
    if (/<office:document[\s>]/.test(text)) return 'flat-ods';
    if (/^<\?xml/.test(text)) return 'other-xml';
  }
  if (/^\[\s*[[{"\d\]]/.test(text) || /^\{\s*["}]/.test(text)) return 'json';
  // A table that starts after some text: reporting systems print a line before <table>.
  return /<table[\s>][\s\S]*<t[rdh][\s>]/i.test(text) && !/^[^<\n]*[,\t]/.test(text) ? 'html' : 'delimited';
}

export const looksLikeMarkup = (bytes: Buffer): boolean => /<(?:table|html)/i.test(bytes.toString('latin1', 0, 65_536));
