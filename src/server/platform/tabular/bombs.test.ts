import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.ts';
import { readTable } from './testing/files.ts';
import { sheetXml, xlsxParts } from './testing/xlsx-bytes.ts';
import { zipBytes } from './testing/zip-bytes.ts';

// Files that are small and would become large: refused before anything is unpacked (OWASP ASVS 5.0 5.2.3).

const MB = 1024 ** 2;
const parts = xlsxParts({ sheets: [{ xml: sheetXml([['姓名'], ['张三']]) }] });
const refusal = async (content: Buffer): Promise<string | undefined> => (await readTable(content, 'a.xlsx')).error;

describe('a small file that unpacks to a large one', () => {
  it('is refused by its ratio, whatever part it is in', async () => {
    for (const name of ['xl/media/image1.png', 'xl/worksheets/sheet1.xml'])
      expect(
        await refusal(zipBytes([...parts.filter((part) => part.name !== name), { name, data: Buffer.alloc(64 * MB) }])),
      ).toBe('zip-bomb');
  });

  it('is refused by what all its parts claim together', async () => {
    const claim = Math.floor(defaultLimits.zipBytes / 2) + MB;
    const data = Buffer.alloc(1000, 'x');
    const two = [1, 2].map((n) => ({ name: `xl/media/${n}.bin`, data, stored: true, claim }));
    expect(await refusal(zipBytes([...parts, ...two]))).toBe('zip-bomb');
  });

  it('is refused by the number of its parts', async () => {
    const many = Array.from({ length: defaultLimits.zipEntries + 1 }, (_, n) => ({
      name: `xl/${n}`,
      data: '',
      stored: true,
    }));
    const error = await refusal(zipBytes([...parts, ...many]));
    expect(error).toMatch(/^zip-/);
  });

  it('is stopped while it is unpacked when it lied about its size', async () => {
    const name = 'xl/worksheets/sheet1.xml';
    const data = Buffer.alloc(64 * MB, ' ');
    expect(deflateRawSync(data).length).toBeLessThan(MB);
    const lying = zipBytes([...parts.filter((part) => part.name !== name), { name, data, claim: 1000 }]);
    expect(await refusal(lying)).toMatch(/^zip-/);
  });
});
