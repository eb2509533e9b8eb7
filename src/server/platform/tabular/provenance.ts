import { escapeXml, HEAD, MAIN } from './xml-text.ts';
import type { ZipWriter } from './zip-writer.ts';

/** Who took a workbook out of the house and when: printed under every page, told on the last sheet, and in the properties of the document. */
export interface Provenance {
  /** One line at the foot of each printed page; absent: none. */
  footer?: string;
  /** Last sheet; absent: none. */
  sheet?: { name: string; lines: readonly string[] };
  /** Document properties (ECMA-376 part 2, 11.1); absent: none. */
  properties?: { creator: string; identifier: string; created: Date };
}

/** Excel takes `&` for a code and 255 characters (ECMA-376 part 1, 18.3.1.46). */
export function footerXml({ footer }: Provenance): string {
  if (footer === undefined) return '';
  const text = footer.replaceAll('&', '&&').slice(0, 240);
  return `<headerFooter><oddFooter>&amp;L${escapeXml(text)}&amp;R&amp;P / &amp;N</oddFooter></headerFooter>`;
}

export function provenanceSheet(lines: readonly string[]): string {
  const rows = lines.map(
    (line, i) =>
      `<row r="${i + 1}"><c r="A${i + 1}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(line)}</t></is></c></row>`,
  );
  return `${HEAD}<worksheet xmlns="${MAIN}"><cols><col min="1" max="1" width="90" customWidth="1"/></cols><sheetData>${rows.join('')}</sheetData></worksheet>`;
}

export async function writeProperties(zip: ZipWriter, { properties }: Provenance): Promise<void> {
  if (!properties) return;
  const { creator, identifier, created } = properties;
  await zip.file(
    'docProps/core.xml',
    `${HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
      `<dc:creator>${escapeXml(creator)}</dc:creator><dc:identifier>${escapeXml(identifier)}</dc:identifier><cp:keywords>${escapeXml(identifier)}</cp:keywords>` +
      `<dcterms:created xsi:type="dcterms:W3CDTF">${created.toISOString()}</dcterms:created></cp:coreProperties>`,
  );
}

/** Part of `[Content_Types].xml`, and of `_rels/.rels` as relationship rId2. */
export const propertiesType = ({ properties }: Provenance): string =>
  properties
    ? '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    : '';
export const propertiesRelation = ({ properties }: Provenance): string =>
  properties
    ? '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    : '';
