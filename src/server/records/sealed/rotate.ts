import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../../contract/errors.ts';
import type { MasterKeys } from '../../platform/master-keys.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { inPortions } from '../../platform/queue/pace.ts';
import { aboutKey } from './data-keys.ts';
import { listMasters, lockMasters, type MasterRow } from './master-store.ts';

/** Data keys wrapped anew per transaction. */
const PORTION = 1_000;

/** Row of xianke_keys.rotation. */
export interface Rotation {
  id: string;
  at: Date;
  by: string;
  master: string;
  done: number;
  total: number;
  finished_at: Date | null;
  error: string | null;
  [column: string]: unknown;
}

export interface RotateDeps {
  db: Db;
  masters: MasterKeys;
}

/** The one under way, or the last one. */
export async function lastRotation(on: Queryable): Promise<Rotation | undefined> {
  const [row] = await on.query<Rotation>(sql`select id, at, by, master, done, total, finished_at, error
    from xianke_keys.rotation order by finished_at is not null, id desc limit 1`);
  return row;
}

/**
 * Another master key takes over, at once for all that is new: one that is made, or the newest that was given from outside. What stands is wrapped
 * anew by `advanceRotation`. Throws `rotation-running`, `rotation-nothing`, `master-key-missing`, `master-key-given`.
 */
export async function beginRotation({ db, masters }: RotateDeps, by: string, at: Date): Promise<Rotation> {
  return db.tx(async (tx) => {
    await lockMasters(tx);
    const known = await listMasters(tx);
    const current = known.find(({ state }) => state === 'current');
    if (!current) throw new AppError('rotation-nothing');
    const [running] = await tx.query(sql`select from xianke_keys.rotation where finished_at is null`);
    if (running) throw new AppError('rotation-running');
    // Begun without the key that is to go, it could never end.
    if (!(await masters.ids()).includes(current.id)) throw new AppError('master-key-missing', { id: current.id });
    const id = await nextMaster(masters, known);
    await tx.query(sql`update xianke_keys.master_key set state = 'leaving' where state = 'current'`);
    await tx.query(sql`insert into xianke_keys.master_key (id, since, state) values (${id}, ${at}, 'current')
      on conflict (id) do update set state = 'current', left_at = null`);
    const [row] = await tx.query<Rotation>(sql`insert into xianke_keys.rotation (id, at, by, master, total)
      values (${uuidv7()}, ${at}, ${by}, ${id}, (select count(*) from xianke_keys.data_key))
      returning id, at, by, master, done, total, finished_at, error`);
    if (!row) throw new Error('no rotation');
    return row;
  });
}

/** A key that has not served yet: one that a start cut short had made, one put in front of those given, or a new one. */
async function nextMaster(masters: MasterKeys, known: readonly MasterRow[]): Promise<string> {
  const [newest] = await masters.ids();
  if (newest !== undefined && !known.some(({ id }) => id === newest)) return newest;
  return masters.make();
}

/** Wraps data keys anew until none needs another master key, or until it is to stop; a kill loses one portion. Nobody waits for it. */
export async function advanceRotation(deps: RotateDeps, signal: AbortSignal, portion = PORTION): Promise<void> {
  const rotation = await lastRotation(deps.db);
  if (!rotation || rotation.finished_at) return;
  try {
    await inPortions(signal, () => deps.db.tx((tx) => wrapPortion(deps.masters, tx, rotation, portion)));
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal';
    await deps.db.query(sql`update xianke_keys.rotation set error = ${code} where id = ${rotation.id}`);
    throw error;
  }
}

interface KeyRow {
  workspace: string;
  record: string;
  master: string;
  wrapped: Buffer;
  [column: string]: unknown;
}

async function wrapPortion(masters: MasterKeys, tx: Tx, { id, master }: Rotation, portion: number): Promise<boolean> {
  const [place] = await tx.query<{ workspace: string; record: string }>(
    sql`select workspace, record from xianke_keys.rotation where id = ${id} and finished_at is null for update`,
  );
  if (!place) return false;
  // Keys that are new since are wrapped with the new master key already: they are passed.
  const rows = await tx.query<KeyRow>(sql`select workspace, record, master, wrapped from xianke_keys.data_key
    where (workspace, record) > (${place.workspace}, ${place.record}::uuid) order by workspace, record limit ${portion} for update`);
  const last = rows.at(-1);
  if (!last) return finish(tx, id, master);
  const old = rows.filter((row) => row.master !== master);
  const moved: { workspace: string; record: string; wrapped: string }[] = [];
  for (const from of new Set(old.map((row) => row.master))) {
    const group = old.filter((row) => row.master === from);
    const about = group.map(({ workspace, record }) => aboutKey(workspace, record));
    const keys = await masters.unwrap(
      from,
      group.map(({ wrapped }, i) => ({ wrapped, about: about[i] ?? '' })),
    );
    const wrapped = await masters.wrap(
      master,
      keys.map((key, i) => ({ key, about: about[i] ?? '' })),
    );
    for (const key of keys) key.fill(0);
    for (const [i, { workspace, record }] of group.entries())
      moved.push({ workspace, record, wrapped: wrapped[i]?.toString('base64') ?? '' });
  }
  if (moved.length > 0)
    await tx.query(sql`update xianke_keys.data_key k set master = ${master}, wrapped = decode(x.wrapped, 'base64')
      from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as x(workspace text, record uuid, wrapped text)
      where k.workspace = x.workspace and k.record = x.record`);
  await tx.query(sql`update xianke_keys.rotation
    set workspace = ${last.workspace}, record = ${last.record}::uuid, done = done + ${rows.length}, error = null where id = ${id}`);
  return true;
}

/** Over when nothing is wrapped with another key; what came in behind the walk sends it round once more. */
async function finish(tx: Tx, id: string, master: string): Promise<boolean> {
  const [left] = await tx.query<{ some: boolean }>(
    sql`select exists (select from xianke_keys.data_key where master <> ${master}) as some`,
  );
  if (left?.some) {
    await tx.query(
      sql`update xianke_keys.rotation set workspace = '', record = '00000000-0000-0000-0000-000000000000' where id = ${id}`,
    );
    return true;
  }
  await tx.query(sql`update xianke_keys.rotation set finished_at = clock_timestamp(), error = null where id = ${id}`);
  await tx.query(
    sql`update xianke_keys.master_key set state = 'left', left_at = clock_timestamp() where state = 'leaving' and id <> ${master}`,
  );
  return false;
}

/** Destroys a master key that nothing needs any more. Throws `master-key-needed`, `master-key-unknown`, `master-key-given`. */
export async function forgetMaster({ db, masters }: RotateDeps, id: string): Promise<void> {
  await db.tx(async (tx) => {
    await lockMasters(tx);
    const known = (await listMasters(tx)).find((one) => one.id === id);
    const here = (await masters.ids()).includes(id);
    if (!known && !here) throw new AppError('master-key-unknown', { id });
    const [needed] = await tx.query<{ n: number }>(
      sql`select count(*)::int as n from xianke_keys.data_key where master = ${id}`,
    );
    if ((needed?.n ?? 0) > 0 || known?.state === 'current')
      throw new AppError('master-key-needed', { count: needed?.n ?? 0 });
    if (here) await masters.forget(id);
    await tx.query(sql`delete from xianke_keys.master_key where id = ${id}`);
  });
}
