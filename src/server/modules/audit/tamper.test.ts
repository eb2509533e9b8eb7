import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createVerifier, hashLeaf, headBytes, leafBytes } from '../../../domain/audit/index.ts';
import { isSignedBy, readPublicKey, sha256 } from '../../platform/signing.ts';
import { listEntries, logLines, logState } from './read-log.ts';
import { testAudit } from './testing.ts';
import { verifyStore } from './verify-store.ts';

const { db, engine, signer, deps, sealed } = await testAudit();

describe('a superuser who tampers is found', () => {
  let size = 0;
  const verdict = async () => (await verifyStore(deps, 'main')).fault;
  /** Tampers, and returns what a verification inside the same transaction finds. */
  async function faultAfter(...statements: ReturnType<typeof sql>[]) {
    let fault: unknown;
    const undone = new Error('undone');
    await db
      .tx(async (tx) => {
        await tx.query(sql`set local session_replication_role = replica`);
        for (const statement of statements) await tx.query(statement);
        fault = (await verifyStore({ ...deps, db: tx }, 'main')).fault;
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
    return fault;
  }

  beforeAll(async () => {
    for (let i = 0; i < 300; i++) {
      const act = { at: new Date(), actor: `user:${i}`, source: 'page', kind: 'admin' as const, body: { i } };
      await engine.audit.append('main', { ...act, private: { secret: i } });
      if (i % 40 === 0) await sealed();
    }
    size = await sealed();
  });
  beforeEach(async () => {
    expect(await verdict()).toBeNull();
  });

  it('when an entry is changed, each column', async () => {
    const sets = [
      sql`actor = 'user:nobody'`,
      sql`at = at + interval '1 ms'`,
      sql`kind = 'read'`,
      sql`source = 'cli'`,
      sql`object = 'contact'`,
      sql`records = array[gen_random_uuid()]`,
      sql`body = '{"i": 0.5}'`,
      sql`body = body || '{"x": 1}'`,
      sql`id = gen_random_uuid()`,
      sql`commitment = salt`,
    ];
    for (const [i, set] of sets.entries()) {
      const leaf = size - 250 + i;
      const fault = await faultAfter(sql`update w_main.audit_entry set ${set} where leaf = ${leaf}`);
      expect([i, fault]).toMatchObject([i, { leaf }]);
    }
  });

  it('when a private part is changed, but not when it is erased', async () => {
    const leaf = size - 100;
    expect(
      await faultAfter(sql`update w_main.audit_entry set private = '{"secret": -1}' where leaf = ${leaf}`),
    ).toMatchObject({
      code: 'private-changed',
      leaf,
    });
    await db.query(sql`update w_main.audit_entry set private = null, salt = null where leaf = ${leaf}`);
    expect(await verdict()).toBeNull();
  });

  it('when entries are removed, put in, moved or cut off', async () => {
    const at = size - 150;
    const entry = sql`w_main.audit_entry`;
    expect(await faultAfter(sql`delete from ${entry} where leaf = ${at}`)).toEqual({ code: 'entry-missing', leaf: at });
    const closed = [
      sql`delete from ${entry} where leaf = ${at}`,
      sql`update ${entry} set leaf = leaf + 1000000 where leaf > ${at}`,
      sql`update ${entry} set leaf = leaf - 1000001 where leaf >= 1000000`,
    ];
    expect(await faultAfter(...closed)).toMatchObject({ code: 'entry-changed', leaf: at });
    const opened = [
      sql`update ${entry} set leaf = leaf + 1000000 where leaf >= ${at}`,
      sql`update ${entry} set leaf = leaf - 999999 where leaf >= 1000000`,
      sql`insert into ${entry} (leaf, id, at, actor, source, kind) values (${at}, ${uuidv7()}, now(), 'user:x', 'page', 'read')`,
    ];
    expect(await faultAfter(...opened)).toMatchObject({ code: 'entry-changed', leaf: at });
    const swapped = [
      sql`update ${entry} set leaf = -1 where leaf = ${at}`,
      sql`update ${entry} set leaf = ${at} where leaf = ${at + 5}`,
      sql`update ${entry} set leaf = ${at + 5} where leaf = -1`,
    ];
    expect(await faultAfter(...swapped)).toMatchObject({ code: 'entry-changed', leaf: at });
    expect(await faultAfter(sql`delete from ${entry} where leaf >= ${at}`)).toMatchObject({
      code: 'entry-missing',
      leaf: at,
    });
    const added = sql`insert into ${entry} (leaf, id, at, actor, source, kind) values (${size}, ${uuidv7()}, now(), 'user:x', 'page', 'read')`;
    expect(await faultAfter(added)).toMatchObject({ leaf: size });
  });

  it('when the log is cut short with its heads and tiles, as the head beside the database says', async () => {
    const heads = await db.query<{ size: number }>(
      sql`select size::float8 as size from w_main.audit_head order by size desc`,
    );
    const cut = heads[2]?.size ?? 0;
    const fault = await faultAfter(
      sql`delete from w_main.audit_entry where leaf >= ${cut}`,
      sql`delete from w_main.audit_head where size > ${cut}`,
      sql`update w_main.audit_log set size = ${cut}`,
    );
    expect(fault).toMatchObject({ code: 'entry-missing', leaf: cut });
  });

  it('when hashes are made to fit: between two heads, and a forged head has no signature', async () => {
    const heads = await db.query<{ size: number }>(
      sql`select size::float8 as size from w_main.audit_head order by size desc`,
    );
    const [head, before] = [heads[1]?.size ?? 0, heads[2]?.size ?? 0];
    const leaf = before + 3;
    const { log } = await logState(db, 'main');
    const [row] = (await listEntries(db, 'main', { before: leaf + 1, limit: 1 })).map(
      ({ private: _, leaf: __, ...entry }) => entry,
    );
    const hash = hashLeaf(sha256, leafBytes(log, { ...(row ?? never()), actor: 'user:forged' }));
    const tile = Math.floor(leaf / 256);
    const place = (leaf % 256) * 32;
    const forged = [
      sql`update w_main.audit_entry set actor = 'user:forged' where leaf = ${leaf}`,
      sql`update w_main.audit_tile set hashes = overlay(hashes placing ${Buffer.from(hash)} from ${place + 1}::int) where level = 0 and n = ${tile}`,
    ];
    expect(await faultAfter(...forged)).toEqual({ code: 'head-differs', leaf: before, to: head - 1 });
    const resigned = sql`update w_main.audit_head set root = sha256(root) where size = ${head}`;
    expect(await faultAfter(...forged, resigned)).toEqual({ code: 'head-signature', leaf: before, to: head - 1 });
  });

  it('when there are two logs: a head that was given out earlier says so', async () => {
    const lines = [];
    for await (const block of logLines(db, 'main')) lines.push(...block);
    const { log } = await logState(db, 'main');
    const key = readPublicKey(signer.publicKey);
    const verifier = createVerifier(log, {
      hash: sha256,
      verifySignature: (bytes, signature) => isSignedBy(key, bytes, signature),
    });
    for (const line of lines) expect(verifier.take(line)).toBeNull();
    const other = {
      size,
      root: Buffer.from(sha256(Buffer.from('other'))).toString('base64'),
      at: new Date().toISOString(),
    };
    const fork = { type: 'head' as const, ...other, signature: signer.sign(headBytes(log, other)) };
    expect(verifier.take(fork)).toMatchObject({ code: 'fork' });
  });

  it('in 50 ways drawn at random, the first bad entry named', async () => {
    const random = mulberry(20261122);
    const pick = (n: number) => Math.floor(random() * n);
    const entry = sql`w_main.audit_entry`;
    for (let i = 0; i < 50; i++) {
      const leaf = size - 280 + pick(240);
      const far = leaf + 1 + pick(30);
      const ways = [
        [sql`update ${entry} set actor = actor || 'x' where leaf = ${leaf}`],
        [sql`update ${entry} set at = at - interval '1 hour' where leaf between ${leaf} and ${far}`],
        [sql`update ${entry} set body = '{}' where leaf = ${leaf}`],
        [sql`delete from ${entry} where leaf between ${leaf} and ${far}`],
        [
          sql`update ${entry} set leaf = -1 where leaf = ${leaf}`,
          sql`update ${entry} set leaf = ${leaf} where leaf = ${far}`,
          sql`update ${entry} set leaf = ${far} where leaf = -1`,
        ],
      ];
      const way = pick(ways.length);
      expect([way, await faultAfter(...(ways[way] ?? []))]).toMatchObject([way, { leaf }]);
    }
  });

  it('and the database itself refuses to change, remove or empty', async () => {
    for (const statement of [
      sql`update w_main.audit_entry set actor = 'x' where leaf = 1`,
      sql`delete from w_main.audit_entry where leaf = 1`,
      sql`truncate w_main.audit_entry`,
      sql`delete from w_main.audit_head`,
    ])
      await expect(db.query(statement)).rejects.toThrow('only ever added to');
  });
});

/** Seeded: mulberry32. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function never(): never {
  throw new Error('no such entry');
}
