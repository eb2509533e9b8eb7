import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { hashLeaf, headBytes, leafBytes, type Plain, type SignedHead } from '../../../domain/audit/index.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { type Signer, sha256 } from '../../platform/signing.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { commitmentOf, type EntryRow, entryOf } from './entry-rows.ts';
import { addLeaves, rootsOf } from './tile-store.ts';

export interface SealDeps {
  db: Db;
  signer: Signer;
  now: () => Date;
  /** Keeps the newest head where the database's owner is not: in the data directory. */
  witness: { put(log: string, head: SignedHead): void };
}

/** Entries of one portion; each ends with a head. */
const PORTION = 1000;

/** What an entry is made of, and where it comes from. */
interface Found
  extends Pick<EntryRow, 'id' | 'at' | 'actor' | 'source' | 'kind' | 'object' | 'records' | 'body' | 'private'> {
  txid: string;
  change: boolean;
  undoes: string | null;
  summary: { counts?: Record<string, Plain>; records?: [string, string, string[], number][] } | null;
  [column: string]: unknown;
}

/**
 * Gives what was done since its leaves, in commit order, and signs the tree. One at a time; whoever comes second finds nothing to do.
 * @returns whether there may be more
 */
export async function sealPortion(deps: SealDeps, workspace: string): Promise<boolean> {
  const sealed = await deps.db.tx(async (tx) => {
    const [log] = await tx.query<{ log: string; size: number; txid: string; id: string }>(sql`
      select log, size::float8 as size, txid::text as txid, id from ${tableOf(workspace, 'audit_log')} for update skip locked`);
    if (!log) return null;
    const found = await nextActs(tx, workspace, log);
    if (found.length === 0) return null;
    const rows = found.map((act, i) => rowOf(act, log.size + i));
    await insertEntries(tx, workspace, rows);
    const leaves = rows.map((row) => hashLeaf(sha256, leafBytes(log.log, entryOf(row))));
    await addLeaves(tx, workspace, log.size, leaves);
    const pending = found.filter(({ change }) => !change).map(({ id }) => id);
    await tx.query(sql`delete from ${tableOf(workspace, 'audit_pending')} where id = any(${pending}::uuid[])`);
    const size = log.size + rows.length;
    const last = found[found.length - 1] ?? log;
    await tx.query(sql`update ${tableOf(workspace, 'audit_log')}
      set size = ${size}, txid = ${last.txid}::xid8, id = ${last.id}::uuid`);
    const head = await signHead(deps, tx, workspace, log.log, size);
    return { log: log.log, head, more: found.length === PORTION };
  });
  if (!sealed) return false;
  deps.witness.put(sealed.log, sealed.head);
  return sealed.more;
}

/** All that waits, so that who looks at the log now sees it whole. */
export async function sealAll(deps: SealDeps, workspace: string, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted && (await sealPortion(deps, workspace)));
}

/** Whether anything may wait. */
export async function sealDue(db: Db, workspace: string): Promise<boolean> {
  const [row] = await db.query<{ due: boolean }>(sql`
    select exists (select from ${tableOf(workspace, 'audit_pending')}) or exists (
      select from ${tableOf(workspace, 'change_set')} c, ${tableOf(workspace, 'audit_log')} l
      where c.txid >= l.txid and (c.txid > l.txid or c.id > l.id) and c.status <> 'running') as due`);
  return row?.due ?? false;
}

/** Acts and change sets that nobody can any more commit before, in the order of their transactions. */
function nextActs(tx: Tx, workspace: string, log: { txid: string; id: string }): Promise<Found[]> {
  return tx.query<Found>(sql`
    (select id, txid, true as change, at, actor, source, kind, null::text as object, '{}'::uuid[] as records,
        null::jsonb as body, case when reason is null then null else jsonb_build_object('reason', reason) end as private, undoes, summary
      from ${tableOf(workspace, 'change_set')}
      where txid >= ${log.txid}::xid8 and (txid > ${log.txid}::xid8 or id > ${log.id}::uuid)
        and txid < pg_snapshot_xmin(pg_current_snapshot()) and status <> 'running'
      order by txid, id limit ${PORTION})
    union all
    (select id, txid, false, at, actor, source, kind, object, records, body, private, null, null
      from ${tableOf(workspace, 'audit_pending')} where (txid, id) > (${log.txid}::xid8, ${log.id}::uuid)
        and txid < pg_snapshot_xmin(pg_current_snapshot())
      order by txid, id limit ${PORTION})
    order by txid, id limit ${PORTION}`);
}

function rowOf(act: Found, leaf: number): EntryRow {
  const salt = act.private === null ? null : randomBytes(32);
  const row = {
    leaf,
    id: act.id,
    at: act.at,
    actor: act.actor,
    source: act.source,
    commitment: salt && commitmentOf(salt, act.private),
    salt,
    private: act.private,
  };
  if (!act.change) return { ...row, kind: act.kind, object: act.object, records: act.records, body: act.body };
  const counts = act.summary?.counts ?? {};
  const touched = act.summary?.records ?? [];
  const objects = Object.keys(counts);
  const fields = [...new Set(touched.flatMap(([, , names]) => names))].sort();
  return {
    ...row,
    kind: 'change',
    object: objects.length === 1 ? (objects[0] ?? null) : null,
    records: [...new Set(touched.map(([, id]) => id))],
    body: {
      kind: act.kind,
      counts,
      ...(fields.length > 0 && { fields }),
      ...(act.undoes !== null && { undoes: act.undoes }),
    },
  };
}

async function insertEntries(tx: Tx, workspace: string, rows: EntryRow[]): Promise<void> {
  const payload = rows.map((row) => ({
    ...row,
    commitment: row.commitment?.toString('hex') ?? null,
    salt: row.salt?.toString('hex') ?? null,
  }));
  await tx.query(sql`
    insert into ${tableOf(workspace, 'audit_entry')} (leaf, id, at, actor, source, kind, object, records, body, commitment, salt, private)
    select leaf, id, at, actor, source, kind, object, records, body, decode(commitment, 'hex'), decode(salt, 'hex'), private
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb) as x(leaf bigint, id uuid, at timestamptz, actor text, source text,
      kind text, object text, records uuid[], body jsonb, commitment text, salt text, private jsonb)`);
}

async function signHead(
  { signer, now }: SealDeps,
  tx: Tx,
  workspace: string,
  log: string,
  size: number,
): Promise<SignedHead> {
  const [root = new Uint8Array()] = await rootsOf(tx, workspace, [{ begin: 0, end: size }]);
  const head = { size, root: Buffer.from(root).toString('base64'), at: now().toISOString() };
  const signature = signer.sign(headBytes(log, head));
  await tx.query(sql`insert into ${tableOf(workspace, 'audit_head')} (size, at, root, signature)
    values (${size}, ${head.at}::timestamptz, ${Buffer.from(root)}, ${Buffer.from(signature, 'base64')})`);
  return { ...head, signature };
}
