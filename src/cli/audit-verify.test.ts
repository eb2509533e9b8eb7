import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import {
  type AuditEntry,
  commit,
  EMPTY,
  frontierRoot,
  grow,
  hashLeaf,
  headBytes,
  type LogLine,
  leafBytes,
  toBase64,
} from '../domain/audit/index.ts';
import { openSigner, type Signer, sha256 } from '../server/platform/signing.ts';
import { runCommand } from './main.ts';

const LOG = '018f0000-0000-7000-8000-000000000001';
const directory = mkdtempSync(join(tmpdir(), 'xianke-verify-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const signerOf = (byte: number): Signer => openSigner({ derive: () => Buffer.alloc(32, byte) }, 'test');
const signer = signerOf(1);

type Line = Extract<LogLine, { type: 'entry' | 'head' }>;

/** A log of 40 entries with a head after every tenth. */
function makeLog(change: (entry: AuditEntry, leaf: number) => AuditEntry = (entry) => entry): Line[] {
  const lines: Line[] = [];
  let frontier = EMPTY;
  for (let leaf = 0; leaf < 40; leaf++) {
    const secret = { salt: toBase64(new Uint8Array(32).fill(leaf)), value: { text: `查询 ${leaf}` } };
    const plain: AuditEntry = {
      id: `entry-${leaf}`,
      at: new Date(1e12 + leaf).toISOString(),
      actor: 'user:1',
      source: 'page',
      kind: 'search',
      object: null,
      records: [],
      body: { n: leaf },
      commitment: commit(sha256, secret),
    };
    const entry = change(plain, leaf);
    const hash = hashLeaf(sha256, leafBytes(LOG, entry));
    frontier = grow(sha256, frontier, hash);
    lines.push({ type: 'entry', leaf, ...entry, hash: toBase64(hash), private: secret });
    if (leaf % 10 === 9) {
      const head = { size: leaf + 1, root: toBase64(frontierRoot(sha256, frontier)), at: '2026-11-22T00:00:00.000Z' };
      lines.push({ type: 'head', ...head, signature: signer.sign(headBytes(LOG, head)) });
    }
  }
  return lines;
}

async function verify(lines: readonly object[], options: { key?: string; heads?: object; end?: number | null } = {}) {
  const file = join(directory, 'log.ndjson');
  const all = [
    { type: 'log', format: 1, log: LOG, key: signer.publicKey },
    ...lines,
    ...(options.end === null ? [] : [{ type: 'end', size: options.end ?? 40 }]),
  ];
  writeFileSync(file, all.map((line) => JSON.stringify(line)).join('\n'));
  const args = ['audit', 'verify', file, '--json', '--key', options.key ?? signer.publicKey];
  if (options.heads) {
    const heads = join(directory, 'heads.json');
    writeFileSync(heads, JSON.stringify(options.heads));
    args.push('--head', heads);
  }
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await runCommand(args);
  const said = String(write.mock.calls[0]?.[0] ?? 'null');
  write.mockRestore();
  return { code, ...(JSON.parse(said) as { ok: boolean; fault: object | null; entries: number; heads: number }) };
}

it('says that a log is sound, and with another key that it is not', async () => {
  expect(await verify(makeLog())).toMatchObject({ code: 0, ok: true, entries: 40, heads: 4, fault: null });
  const wrong = await verify(makeLog(), { key: signerOf(2).publicKey });
  expect(wrong).toMatchObject({ code: 1, fault: { code: 'head-signature', leaf: 0, to: 9 } });
});

it('names the first entry that was changed, removed, put in or moved', async () => {
  const log = makeLog();
  const changed = log.map((line) => (line.type === 'entry' && line.leaf === 23 ? { ...line, actor: 'user:2' } : line));
  expect((await verify(changed)).fault).toEqual({ code: 'entry-changed', leaf: 23, id: 'entry-23' });
  const removed = log.filter((line) => line.type !== 'entry' || line.leaf !== 17);
  expect((await verify(removed)).fault).toEqual({ code: 'entry-missing', leaf: 17 });
  const [first] = log;
  expect((await verify([first ?? {}, ...log])).fault).toMatchObject({ code: 'entry-surplus', leaf: 0 });
  const at = log.findIndex((line) => line.type === 'entry' && line.leaf === 31);
  const moved = log.toSpliced(at, 2, ...log.slice(at, at + 2).reverse());
  expect((await verify(moved)).fault).toEqual({ code: 'entry-missing', leaf: 31 });
  const secret = log.map((line) =>
    line.type === 'entry' && line.leaf === 5 && line.private
      ? { ...line, private: { ...line.private, value: 'x' } }
      : line,
  );
  expect((await verify(secret)).fault).toEqual({ code: 'private-changed', leaf: 5, id: 'entry-5' });
});

it('goes on verifying after private parts were erased', async () => {
  const erased = makeLog().map((line) => (line.type === 'entry' ? { ...line, private: undefined } : line));
  expect(await verify(erased)).toMatchObject({ code: 0, entries: 40 });
});

it('finds a log that was cut short, by its last line, its heads, or a head given out earlier', async () => {
  const log = makeLog();
  const short = log.filter((line) => (line.type === 'entry' ? line.leaf < 20 : line.size <= 20));
  expect((await verify(short)).fault).toEqual({ code: 'entry-missing', leaf: 20 });
  expect((await verify(short, { end: null })).fault).toEqual({ code: 'entry-missing', leaf: 20 });
  expect((await verify(short, { end: 20 })).code).toBe(0);
  const heads = log.filter((line) => line.type === 'head');
  expect((await verify(short, { end: 20, heads })).fault).toEqual({ code: 'entry-missing', leaf: 20 });
  expect(await verify(log, { heads: { heads } })).toMatchObject({ code: 0, heads: 4 });
});

it('finds a fork: a rewritten log, signed anew, against a head given out earlier', async () => {
  const heads = makeLog().filter((line) => line.type === 'head');
  const forked = makeLog((entry, leaf) => (leaf === 25 ? { ...entry, actor: 'user:2' } : entry));
  expect((await verify(forked)).code).toBe(0);
  const posted = { type: 'audit.head', timestamp: '2026-11-22T23:40:00Z', data: heads[3] };
  expect(await verify(forked, { heads: posted })).toMatchObject({ code: 1, fault: { code: 'fork' } });
  expect(await verify(forked, { heads })).toMatchObject({ code: 1, fault: { code: 'fork', leaf: 20, to: 29 } });
});

it('refuses what is no log and no key', async () => {
  expect(await verify([{ type: 'nonsense' }])).toMatchObject({ code: 1, fault: { code: 'unreadable', leaf: 0 } });
  const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runCommand(['audit', 'verify', 'nowhere', '--key', 'abc'])).toBe(2);
  expect(await runCommand(['audit', 'verify', 'nowhere', '--key', signer.publicKey])).toBe(2);
  error.mockRestore();
});
