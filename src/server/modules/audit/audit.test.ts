import sql from 'sql-template-tag';
import { beforeAll, describe, expect, it } from 'vitest';
import type { As } from '../../../../test/support/server.ts';
import {
  fromBase64,
  hashLeaf,
  headBytes,
  leafBytes,
  verifyConsistency,
  verifyInclusion,
} from '../../../domain/audit/index.ts';
import { isSignedBy, readPublicKey, sha256 } from '../../platform/signing.ts';
import { exportLog } from './export-log.ts';
import { postHead } from './post-head.ts';
import { type EntryProof, listEntries, listHeads, logState, proveConsistency, proveEntry } from './read-log.ts';
import { sealPortion } from './seal.ts';
import { testAudit } from './testing.ts';
import { rootsOf } from './tile-store.ts';

const { server, db, engine, signer, deps, ctx, sealed } = await testAudit();

let admin: As;
beforeAll(async () => {
  admin = await server.account('admin');
});

async function create(name: string): Promise<string> {
  const set = { name, mobile: '13800138000', amount: '1000' };
  const { outcomes } = await engine.write.write(await ctx('user:me'), [{ op: 'create', object: 'customer', set }]);
  return outcomes[0]?.id ?? '';
}

const kinds = async (filter = {}) => (await listEntries(db, 'main', filter)).map(({ kind }) => kind);

describe('what is noted', () => {
  it('is one entry for a change set, with the records and fields touched and no value', async () => {
    const id = await create('甲公司');
    await sealed();
    const [entry] = await listEntries(db, 'main', { record: id, kind: 'change' });
    expect(entry).toMatchObject({ actor: 'user:me', object: 'customer', records: [id], private: null });
    expect(entry?.body).toMatchObject({ kind: 'edit', counts: { customer: { created: 1 } } });
    expect(JSON.stringify(entry)).not.toContain('13800138000');
  });

  it('is who saw marked fields in plain, once for the same values within minutes', async () => {
    const id = await create('乙公司');
    await engine.read.get(await ctx('user:reader'), 'customer', id);
    await engine.read.get(await ctx('user:reader'), 'customer', id);
    const hidden = await ctx('user:masked');
    if (hidden.access.objects.customer)
      hidden.access.objects.customer.fields = { '*': 'hidden', name: 'read', mobile: 'masked' };
    await engine.read.get(hidden, 'customer', id);
    await engine.read.get({ ...(await ctx('system')), source: 'system' }, 'customer', id);
    await sealed();
    const looks = await listEntries(db, 'main', { record: id, kind: 'read' });
    expect(looks.map(({ actor }) => actor)).toEqual(['user:reader']);
    expect(looks[0]?.body).toMatchObject({ fields: expect.arrayContaining(['mobile', 'amount']) });
  });

  it('names who looks as somebody else', async () => {
    const id = await create('丙公司');
    await engine.read.get({ ...(await ctx('user:seen')), viewer: 'user:boss' }, 'customer', id);
    await sealed();
    const [look] = await listEntries(db, 'main', { record: id, kind: 'read' });
    expect([look?.actor, look?.body]).toMatchObject(['user:boss', { as: 'user:seen' }]);
  });

  it('is a search, its text apart, and an export with its rows', async () => {
    await engine.read.search(await ctx('user:s'), '张三 \0\ud800');
    for await (const _ of engine.read.stream(await ctx('user:s'), { object: 'customer', purpose: 'export' }));
    await sealed();
    const entries = await listEntries(db, 'main', { actor: 'user:s' });
    expect(entries.map(({ kind, body }) => [kind, body])).toMatchObject([
      ['export', { phase: 'end', rows: expect.any(Number) }],
      ['export', { phase: 'begin' }],
      ['search', {}],
    ]);
    expect(entries[2]?.private).toEqual({ text: '张三 \ufffd' });
  });

  it('is signing in and failing to, permissions, administration and what was refused', async () => {
    const from = { url: '/api/v1/session', payload: { email: 'no@example.com', password: 'wrong wrong' } };
    await server.app.inject({ ...from, method: 'POST' });
    const member = await server.account('member');
    await member({ method: 'GET', url: '/api/v1/audit/heads' });
    const person = { name: '新人', email: 'new@example.com', password: 'a-Long-pass-1', role: 'member' };
    expect((await admin({ method: 'POST', url: '/api/v1/accounts', payload: person })).statusCode).toBe(200);
    await sealed();
    const entries = await listEntries(db, 'main', { limit: 3 });
    expect(entries.map(({ kind }) => kind)).toEqual(['permission', 'refused', 'sign-in-failed']);
    expect(entries[2]?.private).toMatchObject({ email: 'no@example.com' });
    expect(JSON.stringify(entries)).not.toContain('a-Long-pass-1');
    const session = { url: '/api/v1/session', payload: { email: 'new@example.com', password: 'a-Long-pass-1' } };
    const { headers } = await server.app.inject({ ...session, method: 'POST' });
    const cookie = [headers['set-cookie']]
      .flat()
      .map((one) => one?.split(';')[0])
      .join('; ');
    await server.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie } });
    await sealed();
    const [out, came] = await listEntries(db, 'main', { limit: 2 });
    expect([came?.kind, out?.kind]).toEqual(['sign-in', 'sign-out']);
    expect(out?.actor).toBe(came?.actor);
  });
});

describe('over HTTP', () => {
  it('shows entries with their proofs, heads and the key, and verifies', async () => {
    await create('丁公司');
    await sealed();
    const list = (await admin({ method: 'GET', url: '/api/v1/audit/entries?kind=change&limit=1' })).json();
    const leaf: number = list.entries[0].leaf;
    const reply = await admin({ method: 'GET', url: `/api/v1/audit/entries/${leaf}` });
    expect(reply.body.length).toBeLessThan(2048 + JSON.stringify(list.entries[0]).length);
    const { key, heads } = (await admin({ method: 'GET', url: '/api/v1/audit/heads' })).json();
    const proof: EntryProof = reply.json();
    expect(holds(proof)).toBe(true);
    expect(holds({ ...proof, entry: { ...proof.entry, actor: 'user:else' } })).toBe(false);
    expect([key, heads[0].size]).toEqual([signer.publicKey, proof.head.size]);
    const url = `/api/v1/audit/consistency?from=3&to=${heads[0].size}`;
    const path: string[] = (await admin({ method: 'GET', url })).json().path;
    const [newer, older] = [heads[0], await headAt(3)];
    const tree = ({ size, root }: { size: number; root: string }) => ({ size, root: fromBase64(root) });
    expect(verifyConsistency(sha256, tree(older), tree(newer), path.map(fromBase64))).toBe(true);
    const verdict = (await admin({ method: 'POST', url: '/api/v1/audit/verify', payload: {} })).json();
    expect(verdict).toMatchObject({ fault: null, done: true, standing: { size: verdict.size, proven: verdict.size } });
    const again = { from: verdict.standing };
    expect((await admin({ method: 'POST', url: '/api/v1/audit/verify', payload: again })).json().fault).toBeNull();
    const file = await admin({ method: 'GET', url: '/api/v1/audit/export' });
    expect(file.body.trim().split('\n').length).toBeGreaterThan(leaf);
    expect(file.body).not.toContain('"salt"');
  });
});

function holds({ entry, leaf, path, head, log }: EntryProof): boolean {
  const hash = hashLeaf(sha256, leafBytes(log, entry));
  const proof = { leaf: hash, index: leaf, size: head.size, path: path.map(fromBase64), root: fromBase64(head.root) };
  return verifyInclusion(sha256, proof);
}

/** Root of the first leaves, for there need not be a head of just that size. */
async function headAt(size: number): Promise<{ size: number; root: string }> {
  const [root] = await rootsOf(db, 'main', [{ begin: 0, end: size }]);
  return { size, root: Buffer.from(root ?? []).toString('base64') };
}

it('one seals at a time, each entry once', async () => {
  for (let i = 0; i < 20; i++)
    await engine.audit.append('main', { at: new Date(), actor: 'user:two', source: 'page', kind: 'admin' });
  await Promise.all([sealPortion(deps, 'main'), sealPortion(deps, 'main'), sealPortion(deps, 'main')]);
  const size = await sealed();
  const [row] = await db.query<{ n: number; top: number }>(
    sql`select count(*)::int as n, max(leaf)::int as top from w_main.audit_entry`,
  );
  expect(row).toEqual({ n: size, top: size - 1 });
  expect((await kinds({ actor: 'user:two' })).length).toBe(20);
});

it('the newest head goes out, once a day, with what is needed to check it', async () => {
  await sealed();
  const told: unknown[] = [];
  const put = async (_tx: unknown, ...event: unknown[]) => void told.push(event);
  await postHead({ ...deps, signer, put, now: () => new Date('2026-11-22T23:40:00Z') }, 'main');
  const { log, size } = await logState(db, 'main');
  const [head] = await listHeads(db, 'main', { limit: 1 });
  expect(told).toEqual([['main', 'audit-head:2026-11-22', 'audit.head', { log, ...head, key: signer.publicKey }]]);
  expect(head?.size).toBe(size);
  expect(head && isSignedBy(readPublicKey(signer.publicKey), headBytes(log, head), head.signature)).toBe(true);
});

it('what an export holds, it holds for whoever verifies it', async () => {
  let text = '';
  for await (const piece of exportLog({ db, signer }, 'main', { privately: true })) text += piece;
  const first = JSON.parse(text.slice(0, text.indexOf('\n')));
  expect(first).toMatchObject({ type: 'log', key: signer.publicKey });
  expect(text).toContain('"salt"');
  expect(await proveConsistency(db, 'main', 1, 2)).toHaveLength(1);
  expect((await proveEntry(db, 'main', 0)).path.length).toBeLessThan(24);
});
