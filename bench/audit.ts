/**
 * npm run bench -- audit [--entries 10000000] [--work DIR]: proofs of single entries out of a log of ten million, over HTTP, each checked against the signed head.
 * Entries and tiles are put into the tables as the sealing job makes them, but many at a time: sealing ten million would take a quarter of an hour.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { from as copyFrom } from 'pg-copy-streams';
import type { Sql } from 'sql-template-tag';
import type { AuditProof } from '../src/contract/audit.ts';
import {
  type AuditEntry,
  fromBase64,
  hashLeaf,
  headBytes,
  leafBytes,
  verifyInclusion,
} from '../src/domain/audit/index.ts';
import { addLeaves } from '../src/server/modules/audit/tile-store.ts';
import type { Queryable } from '../src/server/platform/postgres/db.ts';
import { isSignedBy, readPublicKey, sha256 } from '../src/server/platform/signing.ts';
import { percentile, round } from './harness/figure.ts';
import { Client } from './harness/load.ts';
import { describeMachine, loadNow } from './harness/machine.ts';
import { openDatabase, setUpPeople, startProduct } from './harness/product.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000000' },
    proofs: { type: 'string', default: '300' },
    work: { type: 'string', default: join(tmpdir(), 'xianke-bench') },
  },
});
const [ENTRIES, PROOFS] = [Number(values.entries), Number(values.proofs)];
const BATCH = 51_200;

execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))], { stdio: 'inherit' });
mkdirSync(values.work, { recursive: true });
const dataDir = mkdtempSync(join(values.work, 'data-'));
const product = await startProduct(dataDir);
const people = await setUpPeople(product.url);
const admin = new Client(product.url, people.admin);
const db = await openDatabase(dataDir);
const on: Queryable = { query: async (statement: Sql) => (await db.query(statement)).rows as never };

const uuid = (n: number) => `01a20000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const START = Date.UTC(2026, 0, 1);
function entryAt(leaf: number): AuditEntry {
  return {
    id: uuid(leaf),
    at: new Date(START + leaf * 2000).toISOString(),
    actor: `user:${uuid(leaf % 200)}`,
    source: 'page',
    kind: 'read',
    object: 'customer',
    records: [uuid((leaf * 7919) % 1_000_000)],
    body: { call: 'records.query', count: leaf % 50, fields: ['mobile', 'email'] },
    commitment: null,
  };
}
const lineOf = (leaf: number, { id, at, actor, source, kind, object, records, body }: AuditEntry): string =>
  `${leaf}\t${id}\t${at}\t${actor}\t${source}\t${kind}\t${object}\t{${records.join(',')}}\t${JSON.stringify(body)}\n`;

/** Nobody seals meanwhile: the row of the log is locked. */
async function fill(): Promise<void> {
  for (const name of ['actor', 'kind', 'object', 'records', 'at'])
    await db.query(`drop index w_main.audit_entry_${name}`);
  await db.query('begin');
  const { rows } = await db.query<{ log: string; size: string }>('select log, size from w_main.audit_log for update');
  const { log = '', size = '0' } = rows[0] ?? {};
  for (let from = Number(size); from < ENTRIES; from += BATCH) {
    const to = Math.min(ENTRIES, from + BATCH);
    const leaves: Uint8Array[] = [];
    const lines = async function* (): AsyncGenerator<string> {
      let text = '';
      for (let leaf = from; leaf < to; leaf++) {
        const entry = entryAt(leaf);
        leaves.push(hashLeaf(sha256, leafBytes(log, entry)));
        text += lineOf(leaf, entry);
        if (text.length > 100_000) {
          yield text;
          text = '';
        }
      }
      yield text;
    };
    const columns = 'leaf, id, at, actor, source, kind, object, records, body';
    await pipeline(lines(), db.query(copyFrom(`copy w_main.audit_entry (${columns}) from stdin`)));
    await addLeaves(on, 'main', from, leaves);
  }
  await db.query('update w_main.audit_log set size = $1', [ENTRIES]);
  await db.query('commit');
  for (const table of ['audit_entry', 'audit_tile']) await db.query(`vacuum (analyze) w_main.${table}`);
}

interface Heads {
  key: string;
  log: string;
  heads: { size: number }[];
}
const readHeads = () => admin.json<Heads>({ path: '/api/v1/audit/heads' });

try {
  const began = performance.now();
  await fill();
  console.log(
    `${JSON.stringify(await describeMachine(db))}; ${ENTRIES.toLocaleString('en')} entries filled in ${Math.round((performance.now() - began) / 1000)} s`,
  );
  // One more act, and the tree is signed with all that it holds now.
  await admin.json({ path: '/api/v1/search?q=bench' });
  let heads = await readHeads();
  for (; (heads.heads[0]?.size ?? 0) <= ENTRIES; heads = await readHeads()) await delay(1000);
  const { key, log } = heads;
  const publicKey = readPublicKey(key);
  const times: number[] = [];
  let largest = 0;
  for (let n = 0; n < PROOFS + 20; n++) {
    const leaf = 1000 + ((n * 104_729 * 7) % (ENTRIES - 1000));
    const at = performance.now();
    const proof = await admin.json<AuditProof>({ path: `/api/v1/audit/entries/${leaf}` });
    const ms = performance.now() - at;
    if (n >= 20) times.push(ms);
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(proof)));
    const hash = hashLeaf(sha256, leafBytes(log, proof.entry as AuditEntry));
    const inTree = (leafHash: Uint8Array) =>
      verifyInclusion(sha256, {
        ...{ leaf: leafHash, index: proof.leaf, size: proof.head.size },
        ...{ path: proof.path.map(fromBase64), root: fromBase64(proof.head.root) },
      });
    if (proof.head.size < ENTRIES) throw new Error(`the head is of ${proof.head.size} entries`);
    if (!inTree(hash) || !isSignedBy(publicKey, headBytes(log, proof.head), proof.head.signature))
      throw new Error(`the proof of ${leaf} does not hold`);
    const other = hashLeaf(sha256, leafBytes(log, { ...(proof.entry as AuditEntry), actor: 'user:somebody-else' }));
    if (inTree(other)) throw new Error(`a changed entry passes as ${leaf}`);
  }
  const sorted = Float64Array.from(times).sort();
  const p95 = percentile(sorted, 95);
  console.log(
    `  audit.proof                ${round(percentile(sorted, 50))} ms, p95 ${round(p95)} ms, longest ${round(sorted.at(-1) ?? 0)} ms${p95 <= 50 ? '  ok' : '  MISSED'} (all ${PROOFS} hold, a changed entry never)`,
  );
  console.log(`  audit.proof.bytes          ${largest}${largest <= 2048 ? '  ok' : '  MISSED'}`);
  console.log(`load ${loadNow()}`);
} finally {
  admin.close();
  await db.end();
  await product.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
