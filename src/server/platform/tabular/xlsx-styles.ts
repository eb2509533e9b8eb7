import { builtinFormat, customFormat, type FormatKind } from './serial-date.ts';
import { readXml } from './xml.ts';

/** The format kind of every cell style (`s` attribute), or undefined where numbers stay numbers. */
export type CellFormats = (Exclude<FormatKind, { kind: 'number' }> | undefined)[];

export function readStyles(xml: string, part: string): CellFormats {
  const custom = new Map<number, FormatKind>();
  const formats: CellFormats = [];
  let inCells = false;
  for (const event of readXml(xml, part)) {
    if (event.type === 'close' && event.name === 'cellXfs') inCells = false;
    if (event.type !== 'open') continue;
    if (event.name === 'cellXfs') inCells = !event.empty;
    else if (event.name === 'numFmt') {
      custom.set(Number(event.attributes.numFmtId), customFormat(event.attributes.formatCode ?? ''));
    } else if (event.name === 'xf' && inCells && formats.length < 100_000) {
      const id = Number(event.attributes.numFmtId ?? 0);
      const format = custom.get(id) ?? builtinFormat(id);
      formats.push(format.kind === 'number' ? undefined : format);
    }
  }
  return formats;
}
