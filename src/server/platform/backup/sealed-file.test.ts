import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { packEntries, unpackEntries } from './entries.ts';
import { readFront, readSealed, writeSealed } from './sealed-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'xianke-sealed-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'one.xkb');
const key = randomBytes(32);
const at = new Date('2026-11-22T08:00:00Z');

async function* pieces(...list: Buffer[]): AsyncGenerator<Buffer> {
  yield* list;
}
async function read(file = path, by = key): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const piece of readSealed(file, by)) found.push(piece);
  return Buffer.concat(found);
}
const seal = (...list: Buffer[]) => writeSealed(path, key, { at, what: 'data' }, pieces(...list));

describe('a sealed file', () => {
  it('gives back what was put in, of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200_000 }), { maxLength: 6 }), async (list) => {
        const put = list.map((piece) => Buffer.from(piece));
        await seal(...put);
        expect((await read()).equals(Buffer.concat(put))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('tells when it was made and which key opens it, and nothing else', async () => {
    await seal(Buffer.from('欧阳璐澜漪'.repeat(1000)));
    expect(await readFront(path)).toMatchObject({ at: at.toISOString(), what: 'data' });
    expect(readFileSync(path).includes(Buffer.from('欧阳'))).toBe(false);
  });

  it('does not open with another key', async () => {
    await seal(Buffer.from('x'));
    await expect(read(path, randomBytes(32))).rejects.toMatchObject({ code: 'backup-key-other' });
  });

  it('is refused with any bit turned, anything cut off, moved, left out or added', async () => {
    await seal(randomBytes(300_000));
    const good = readFileSync(path);
    const bad = join(directory, 'bad.xkb');
    const refused = async (bytes: Buffer) => {
      writeFileSync(bad, bytes);
      await expect(read(bad)).rejects.toMatchObject({ code: /^backup-/ });
    };
    for (let n = 0; n < 200; n++) {
      const bytes = Buffer.from(good);
      const place = n < 60 ? n : Math.floor((n / 200) * bytes.length);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (n % 8));
      await refused(bytes);
    }
    for (const share of [0.001, 0.2, 0.5, 0.9, 0.99999])
      await refused(good.subarray(0, Math.floor(good.length * share)));
    await refused(Buffer.concat([good, Buffer.from([0])]));
    await refused(Buffer.concat([good, good]));
    // Two whole frames change places; one is left out; the file ends after a whole frame.
    const head = good.indexOf(Buffer.from('}')) + 1 + 32;
    const frame = 4 + (good.readUInt32BE(head) & 0x7fff_ffff) + 16;
    const [first, second] = [good.subarray(head, head + frame), good.subarray(head + frame, head + 2 * frame)];
    const rest = good.subarray(head + 2 * frame);
    await refused(Buffer.concat([good.subarray(0, head), second, first, rest]));
    await refused(Buffer.concat([good.subarray(0, head), second, rest]));
    await refused(good.subarray(0, head + frame));
  });

  it('leaves nothing behind when what it is made of fails', async () => {
    rmSync(path, { force: true });
    const failing = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      throw new Error('the database went away');
    };
    await expect(writeSealed(path, key, { at, what: 'data' }, failing())).rejects.toThrow('went away');
    expect(readdirSync(directory).filter((name) => name.startsWith('one'))).toEqual([]);
  });
});

describe('entries', () => {
  it('come out as they went in, read or passed over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string(), fc.array(fc.uint8Array({ maxLength: 50 })), fc.boolean())),
        fc.integer({ min: 1, max: 40 }),
        async (list, cut) => {
          const source = async function* () {
            for (const [head, body] of list) yield { head, body: pieces(...body.map((piece) => Buffer.from(piece))) };
          };
          const packed: Buffer[] = [];
          for await (const piece of packEntries(source())) packed.push(piece);
          const bytes = Buffer.concat(packed);
          const cuts = async function* () {
            for (let from = 0; from < bytes.length; from += cut) yield bytes.subarray(from, from + cut);
          };
          let n = 0;
          for await (const { head, body } of unpackEntries<string>(cuts())) {
            const [name, put = [], wanted] = list[n++] ?? [];
            expect(head).toBe(name);
            if (!wanted) continue;
            const found: Buffer[] = [];
            for await (const piece of body) found.push(piece);
            expect(Buffer.concat(found)).toEqual(Buffer.concat(put.map((piece) => Buffer.from(piece))));
          }
          expect(n).toBe(list.length);
        },
      ),
    );
  });
});
