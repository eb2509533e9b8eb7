import { posix } from 'node:path';
import type { ByteFile } from './byte-file.ts';
import type { TableLimits } from './limits.ts';
import { type NoticeLog, TableError } from './notice.ts';
import type { MergedRange, SheetInfo, SheetSource } from './sheet-source.ts';
import type { StringTable } from './string-table.ts';
import type { WorkbookContext } from './xlsx-cells.ts';
import { readMerges } from './xlsx-merges.ts';
import { MergedValues, readSheet } from './xlsx-sheet.ts';
import { readSharedStrings } from './xlsx-strings.ts';
import { type CellFormats, readStyles } from './xlsx-styles.ts';
import { decodeXml, readXml } from './xml.ts';
import type { Zip, ZipEntry } from './zip.ts';

const SMALL_PART = 32 * 1024 * 1024;
/** Above this a second pass for merged ranges is not worth its time: tables of a million rows have none. */
const MERGE_SCAN = 96 * 1024 * 1024;

interface SheetPart extends SheetInfo {
  entry: ZipEntry;
}

/** Opens an .xlsx/.xlsm package whose zip directory has been read. Handles strict OOXML and absolute or odd relationships. */
export async function openXlsx(file: ByteFile, zip: Zip, limits: TableLimits, log: NoticeLog): Promise<SheetSource> {
  await verifyContentTypes(zip);
  const workbookPath = await findWorkbook(zip);
  const workbook = await readWorkbook(zip, workbookPath, log);
  if (zip.entries.has('xl/vbaproject.bin')) log.add('macros-ignored');
  if ([...zip.entries.keys()].some((name) => name.startsWith('xl/externallinks/'))) log.add('links-ignored');
  let strings: Promise<StringTable | undefined> | undefined;
  const context: WorkbookContext = {
    strings: undefined,
    formats: await readFormats(zip, workbook.styles, log),
    date1904: workbook.date1904,
    log,
  };
  const merges = new Map<number, MergedRange[]>();
  void limits;
  return {
    format: 'xlsx',
    sheets: workbook.sheets.map(({ name, hidden }) => ({ name, hidden })),
    async *rows(index, from = 1, peek = false) {
      const sheet = workbook.sheets[index];
      if (!sheet) throw new TableError('no-sheet', { sheet: index });
      strings ??= loadStrings(zip, workbook.strings);
      let ranges = merges.get(index);
      const scan = !ranges && !peek && sheet.entry.size <= MERGE_SCAN;
      // Both at once: unpacking happens in other threads.
      const [loaded, found] = await Promise.all([strings, scan ? readMerges(zip.stream(sheet.entry)) : []]);
      context.strings = loaded;
      if (!ranges && !peek) {
        ranges = found;
        merges.set(index, ranges);
        if (ranges.length > 0) log.add('cells-merged', undefined, { count: ranges.length });
      }
      // A value merged downwards may begin above the row to start at.
      const first = ranges?.some((range) => range.top < from && range.bottom >= from) ? 1 : from;
      for await (const batch of readSheet(
        zip.stream(sheet.entry),
        sheet.entry.name,
        context,
        first,
        ranges && ranges.length > 0 ? new MergedValues(ranges) : undefined,
      )) {
        yield first === from ? batch : batch.filter((row) => row.number >= from);
      }
    },
    close: () => file.close(),
  };
}

/** Nothing in it is needed here, but no program opens a workbook in which it is damaged, so that is a damaged file. */
async function verifyContentTypes(zip: Zip): Promise<void> {
  const entry = zip.entries.get('[content_types].xml');
  if (entry) await zip.bytes(entry, SMALL_PART);
}

async function loadStrings(zip: Zip, entry: ZipEntry | undefined): Promise<StringTable | undefined> {
  return entry && readSharedStrings(zip.stream(entry), entry.name);
}

async function readFormats(zip: Zip, entry: ZipEntry | undefined, log: NoticeLog): Promise<CellFormats> {
  if (!entry) {
    log.add('styles-missing');
    return [];
  }
  return readStyles(decodeXml(await zip.bytes(entry, SMALL_PART)), entry.name);
}

async function findWorkbook(zip: Zip): Promise<string> {
  const root = zip.entries.get('_rels/.rels');
  if (root) {
    const relations = readRelations(decodeXml(await zip.bytes(root, SMALL_PART)), '', root.name);
    const office = relations.find((relation) => relation.kind === 'officedocument');
    if (office && zip.entries.has(office.target.toLowerCase())) return office.target;
  }
  for (const name of ['xl/workbook.xml', 'workbook.xml']) if (zip.entries.has(name)) return name;
  throw new TableError('part-missing', { part: 'xl/workbook.xml' });
}

interface Relation {
  id: string;
  /** Last word of the relationship's type, in lower case: `worksheet`, `sharedstrings`, … */
  kind: string;
  target: string;
}

function readRelations(xml: string, folder: string, part: string): Relation[] {
  const relations: Relation[] = [];
  for (const event of readXml(xml, part)) {
    if (event.type !== 'open' || event.name !== 'Relationship' || event.attributes.TargetMode === 'External') continue;
    const target = (event.attributes.Target ?? '').replaceAll('\\', '/');
    const path = posix.normalize(target.startsWith('/') ? target.slice(1) : posix.join(folder, target));
    relations.push({
      id: event.attributes.Id ?? '',
      kind: (event.attributes.Type ?? '').split('/').at(-1)?.toLowerCase() ?? '',
      target: path,
    });
  }
  return relations;
}

interface Workbook {
  sheets: SheetPart[];
  strings: ZipEntry | undefined;
  styles: ZipEntry | undefined;
  date1904: boolean;
}

async function readWorkbook(zip: Zip, path: string, log: NoticeLog): Promise<Workbook> {
  const entry = zip.entries.get(path.toLowerCase());
  if (!entry) throw new TableError('part-missing', { part: path });
  const folder = posix.dirname(path);
  const relationsEntry = zip.entries.get(posix.join(folder, '_rels', `${posix.basename(path)}.rels`).toLowerCase());
  const relations = relationsEntry
    ? readRelations(decodeXml(await zip.bytes(relationsEntry, SMALL_PART)), folder, relationsEntry.name)
    : [];
  const byId = new Map(relations.map((relation) => [relation.id, relation]));
  const partOf = (kind: string, usual: string) => {
    const target = relations.find((relation) => relation.kind === kind)?.target;
    return (
      (target === undefined ? undefined : zip.entries.get(target.toLowerCase())) ??
      zip.entries.get(posix.join(folder, usual).toLowerCase())
    );
  };
  const workbook: Workbook = {
    sheets: [],
    strings: partOf('sharedstrings', 'sharedStrings.xml'),
    styles: partOf('styles', 'styles.xml'),
    date1904: false,
  };
  let declared = 0;
  let other = 0;
  let missing = '';
  for (const event of readXml(decodeXml(await zip.bytes(entry, SMALL_PART)), path)) {
    if (event.type !== 'open') continue;
    if (event.name === 'workbookPr') workbook.date1904 = /^(?:1|true)$/i.test(event.attributes.date1904 ?? '');
    if (event.name !== 'sheet') continue;
    declared++;
    const relation = byId.get(event.attributes.id ?? '');
    if (relation && relation.kind !== 'worksheet') {
      other++;
      continue;
    }
    const target = relation?.target ?? posix.join(folder, `worksheets/sheet${declared}.xml`);
    const part = zip.entries.get(target.toLowerCase());
    if (part)
      workbook.sheets.push({
        name: event.attributes.name ?? `Sheet${declared}`,
        hidden: (event.attributes.state ?? 'visible') !== 'visible',
        entry: part,
      });
    else missing = target;
  }
  if (workbook.sheets.length === 0 && other > 0 && missing === '') throw new TableError('charts-only');
  if (workbook.sheets.length === 0)
    throw new TableError('part-missing', { part: missing || 'xl/worksheets/sheet1.xml' });
  if (missing !== '') log.add('cells-omitted', missing);
  const names = workbook.sheets.map((sheet) => sheet.name);
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    log.add('sheet-names-duplicate', name);
  return workbook;
}
