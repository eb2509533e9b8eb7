import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { MasterKeys } from '../../platform/master-keys.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { createKeyCache, type KeyCache } from './key-cache.ts';
import { currentMaster, holdCurrent } from './master-store.ts';

/** In the place of a record: the workspace's key of blind indexes. */
export const INDEX_KEY = '00000000-0000-0000-0000-000000000000';

/** Keys of this many records stay in memory; each is 32 bytes. */
const CACHED = 20_000;

/** Data keys of records (schema xianke_keys), opened with whatever master key wraps them. */
export interface DataKeys {
  /**
   * Keys that there are, by record. Records that have none are absent; `locked` are those whose master key is not at hand. The buffers stay the
   * cache's: use them at once, keep none.
   */
  find(on: Queryable, workspace: string, records: readonly string[]): Promise<Found>;
  /** Keys of all these, made where there are none, in `on`. Those are not kept in memory: they are nobody's before that commits. */
  ensure(on: Queryable, workspace: string, records: readonly string[]): Promise<Found>;
  /** Destroys the keys of records: what they close is gone, in older copies of the data too. */
  destroy(on: Queryable, workspace: string, records: readonly string[]): Promise<void>;
  /** Forgets what is in memory. */
  clear(): void;
}

export interface Found {
  keys: Map<string, Buffer>;
  /** Records whose key can't be opened here → id of the master key that is missing. */
  locked: Map<string, string>;
}

interface KeyRow {
  record: string;
  master: string;
  wrapped: Buffer;
  [column: string]: unknown;
}

export const aboutKey = (workspace: string, record: string): string => `xianke data key ${workspace} ${record}`;

export function createDataKeys(db: Db, masters: MasterKeys, cache: KeyCache = createKeyCache(CACHED)): DataKeys {
  const nameOf = (workspace: string, record: string): string => `${workspace} ${record}`;

  async function read(on: Queryable, workspace: string, records: readonly string[], into: Found): Promise<void> {
    const rows = await on.query<KeyRow>(sql`select record, master, wrapped from xianke_keys.data_key
      where workspace = ${workspace} and record = any(${records}::uuid[])`);
    for (const master of new Set(rows.map((row) => row.master))) {
      const group = rows.filter((row) => row.master === master);
      const opened = await masters
        .unwrap(
          master,
          group.map(({ record, wrapped }) => ({ wrapped, about: aboutKey(workspace, record) })),
        )
        .catch((error: unknown) => {
          if (error instanceof AppError && error.code === 'master-key-missing') return null;
          throw error;
        });
      for (const [place, { record }] of group.entries()) {
        const key = opened?.[place];
        if (key) into.keys.set(record, key);
        else into.locked.set(record, master);
      }
    }
  }

  async function find(on: Queryable, workspace: string, records: readonly string[]): Promise<Found> {
    const found: Found = { keys: new Map(), locked: new Map() };
    const missing: string[] = [];
    for (const record of new Set(records)) {
      const key = cache.get(nameOf(workspace, record));
      if (key) found.keys.set(record, key);
      else missing.push(record);
    }
    if (missing.length === 0) return found;
    await read(on, workspace, missing, found);
    // Read in a transaction it may be one that is rolled back: kept in memory are keys that everybody sees.
    if (on === db)
      for (const record of missing) {
        const key = found.keys.get(record);
        // A copy: what is dropped from the cache is zeroed, and this one may still be at work.
        if (key) cache.put(nameOf(workspace, record), Buffer.from(key));
      }
    return found;
  }

  return {
    find,
    async ensure(on, workspace, records) {
      // Not out of memory: a key that an erasure destroyed elsewhere must not close anything new.
      const found: Found = { keys: new Map(), locked: new Map() };
      await read(on, workspace, [...new Set(records)], found);
      for (;;) {
        const missing = [...new Set(records)].filter((record) => !found.keys.has(record) && !found.locked.has(record));
        if (missing.length === 0) return found;
        const master = await currentMaster(db, masters);
        const made = missing.map((record) => ({ record, key: randomBytes(32) }));
        const wrapped = await masters.wrap(
          master,
          made.map(({ record, key }) => ({ key, about: aboutKey(workspace, record) })),
        );
        const rows = made.map(({ record }, place) => ({ record, wrapped: wrapped[place]?.toString('base64') }));
        // Only under the master key that is the current one now, until this commits: a rotation must not miss it.
        const inserted = await on.query<{ record: string }>(sql`
          insert into xianke_keys.data_key (workspace, record, master, wrapped)
          select ${workspace}, x.record, m.id, decode(x.wrapped, 'base64')
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(record uuid, wrapped text), (${holdCurrent(master)}) m
          order by x.record on conflict do nothing returning record`);
        const ours = new Set(inserted.map(({ record }) => record));
        for (const { record, key } of made)
          if (ours.has(record)) found.keys.set(record, key);
          else key.fill(0);
        // Others were faster with the rest, or the master key changed meanwhile.
        const rest = missing.filter((record) => !ours.has(record));
        if (rest.length > 0) await read(on, workspace, rest, found);
      }
    },
    async destroy(on, workspace, records) {
      await on.query(
        sql`delete from xianke_keys.data_key where workspace = ${workspace} and record = any(${records}::uuid[])`,
      );
      for (const record of records) cache.drop(nameOf(workspace, record));
    },
    clear: () => cache.clear(),
  };
}
