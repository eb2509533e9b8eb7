import sql from 'sql-template-tag';
import { modeOf } from '../../../domain/access/reach.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import { withoutMarks } from '../../../domain/watermark/mark.ts';
import { defaultLimits } from '../../platform/tabular/limits.ts';
import { openZip } from '../../platform/tabular/zip.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { readRowKey } from '../round-trip/index.ts';
import { type ExportFile, findExport, findSerials, recordHashes } from './export-store.ts';
import type { MakeDeps } from './make-export.ts';
import { countIn } from './record-set.ts';

export type Sign = 'cells' | 'document' | 'code' | 'rows';

export interface Traced {
  marked: { file: ExportFile; by: Sign[]; count: number }[];
  recognised: number;
  covering: { file: ExportFile; found: number }[];
}

/** Bytes of one part of a workbook that are looked through. */
const MOST_PART = 200 * 1024 * 1024;
/** Words of a fragment that are looked up. */
const MOST_WORDS = 2000;
const MOST_EXPORTS = 500;
const SHOWN = 10;

/** Text of a file that turned up: of a workbook all its parts, else the bytes themselves. */
export async function textOf(bytes: Buffer): Promise<string> {
  if (bytes.readUInt16BE(0) !== 0x504b) return readText(bytes);
  const file = {
    size: bytes.length,
    read: async (at: number, length: number) => bytes.subarray(at, at + length),
    close: async () => undefined,
  };
  const zip = await openZip(file, defaultLimits);
  const parts: string[] = [];
  for (const entry of zip.entries.values())
    if (/\.(xml|rels)$/i.test(entry.name)) parts.push((await zip.bytes(entry, MOST_PART)).toString('utf8'));
  return parts.join('\n');
}

function readText(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(utf16 ? 'utf16le' : 'utf8');
}

/** Tells which export a text is from: by the marks in it, which is certain, and by the records it holds, which is a hint. */
export async function traceExport(deps: MakeDeps, ctx: Ctx, text: string): Promise<Traced> {
  const found = new Map<string, { file: ExportFile; by: Set<Sign>; count: number }>();
  const note = (file: ExportFile | null, sign: Sign, count: number) => {
    if (!file) return;
    const entry = found.get(file.id) ?? { file, by: new Set<Sign>(), count: 0 };
    entry.by.add(sign);
    entry.count += count;
    found.set(file.id, entry);
  };
  const cells = deps.marks.in(text);
  const codes = new Map([...text.matchAll(/\bXK-E(\d{1,9})\b/g)].map(([, serial]) => [Number(serial), 1]));
  const files = await findSerials(deps.db, ctx.workspace, [...cells.keys(), ...codes.keys()]);
  for (const file of files) {
    if (cells.has(file.serial)) note(file, 'cells', cells.get(file.serial) ?? 0);
    if (codes.has(file.serial)) note(file, 'code', 1);
  }
  for (const [, id = ''] of text.matchAll(/xianke-export:([0-9a-f-]{36})/g))
    note(await findExport(deps.db, ctx.workspace, id), 'document', 1);
  const keys = new Map<string, number>();
  for (const [key] of text.matchAll(/XK1\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}\.[0-9a-z]{1,6}\.[A-Za-z0-9_-]{14}/g)) {
    const sheet = readRowKey(key)?.sheet;
    if (sheet) keys.set(sheet, (keys.get(sheet) ?? 0) + 1);
  }
  for (const [sheet, count] of keys) note(await findExport(deps.db, ctx.workspace, sheet), 'rows', count);
  const marked = [...found.values()].map(({ file, by, count }) => ({ file, by: [...by], count }));
  return { marked: marked.sort((a, b) => b.count - a.count), ...(await coverage(deps, ctx, withoutMarks(text))) };
}

/** Records whose phone, mail or full name stands in the text, and exports that held them. */
async function coverage(deps: MakeDeps, ctx: Ctx, text: string): Promise<Pick<Traced, 'recognised' | 'covering'>> {
  const words = wordsOf(text);
  const env = deps.env(ctx);
  let recognised = 0;
  const covering: Traced['covering'] = [];
  for (const object of (await deps.catalog.get(ctx.workspace)).objects) {
    if (object.retired) continue;
    const ids = new Set<string>();
    for (const field of object.fields) {
      const telling = field.type === 'phone' || field.type === 'email' || field.name === object.title;
      if (!telling || field.retired || modeOf(ctx.access.objects[object.name], field.name) === 'hidden') continue;
      const fitting = words.filter((word) => (field.type === 'email') === word.includes('@'));
      const values = [...new Set(fitting.flatMap((word) => parsed(word, field, env)))];
      if (values.length === 0) continue;
      const rows = await deps.db.query<{ id: string }>(
        sql`select id from ${tableOf(ctx.workspace, object.name)} where ${ident(field.name)} = any(${values}::text[]) limit ${MOST_WORDS}`,
      );
      for (const { id } of rows) ids.add(id);
    }
    if (ids.size === 0) continue;
    recognised += ids.size;
    for await (const { id, records } of recordHashes(deps.db, ctx.workspace, object.name, MOST_EXPORTS)) {
      const count = countIn(records, [...ids]);
      const file = count * 2 >= ids.size ? await findExport(deps.db, ctx.workspace, id) : null;
      if (file) covering.push({ file, found: count });
    }
  }
  // Of several that held them all the smallest says most.
  covering.sort((a, b) => b.found - a.found || (a.file.rows ?? 0) - (b.file.rows ?? 0));
  return { recognised, covering: covering.slice(0, SHOWN) };
}

function parsed(
  word: string,
  field: Parameters<typeof parseField>[1],
  env: Parameters<typeof parseField>[2],
): string[] {
  if (field.type === 'phone' && !/\d{7}/.test(word.replace(/[\s-]/g, ''))) return [];
  const read = parseField(word, field, env);
  return read.ok && typeof read.value === 'string' ? [read.value] : [];
}

/** What may be a name, a number or an address: between tags, commas, tabs and lines. */
function wordsOf(text: string): string[] {
  const words = new Set<string>();
  for (const raw of text.split(/<[^>]*>|[\t\n\r,;|，；、"]+/)) {
    const word = raw.trim();
    if (word.length >= 2 && word.length <= 60 && !/^[\d.]{1,6}$/.test(word)) words.add(word);
    if (words.size >= MOST_WORDS) break;
  }
  return [...words];
}
