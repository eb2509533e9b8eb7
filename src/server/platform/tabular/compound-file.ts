import type { ByteFile } from './byte-file.ts';

/**
 * Names of the streams and storages in an OLE compound file ([MS-CFB]), enough to tell an old workbook from an encrypted new one
 * or a document. Follows the directory's sector chain; gives up quietly when the file is damaged.
 */
export async function compoundFileNames(file: ByteFile): Promise<string[]> {
  const head = await file.read(0, 512);
  if (head.length < 512) return [];
  const sectorSize = 1 << Math.min(12, head.readUInt16LE(30));
  if (sectorSize < 512) return [];
  const names: string[] = [];
  const position = (sector: number) => (sector + 1) * sectorSize;
  let sector = head.readUInt32LE(48);
  for (let visited = 0; sector < 0xfffffffa && visited < 256; visited++) {
    const bytes = await file.read(position(sector), sectorSize);
    for (let at = 0; at + 128 <= bytes.length; at += 128) {
      const length = bytes.readUInt16LE(at + 64);
      if (length >= 2 && length <= 64 && bytes[at + 66] !== 0)
        names.push(bytes.toString('utf16le', at, at + length - 2));
    }
    sector = await nextSector(file, head, sector, sectorSize);
  }
  return names;
}

async function nextSector(file: ByteFile, head: Buffer, sector: number, sectorSize: number): Promise<number> {
  const perSector = sectorSize / 4;
  const index = Math.floor(sector / perSector);
  // Files with more than 109 allocation sectors (7 MB) list the rest elsewhere; the directory is nearly always reachable without.
  if (index >= 109) return 0xfffffffe;
  const table = head.readUInt32LE(76 + index * 4);
  if (table >= 0xfffffffa) return 0xfffffffe;
  const bytes = await file.read((table + 1) * sectorSize + (sector % perSector) * 4, 4);
  return bytes.length < 4 ? 0xfffffffe : bytes.readUInt32LE(0);
}
