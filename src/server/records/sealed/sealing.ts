import { AppError } from '../../../contract/errors.ts';
import type { MasterKeys } from '../../platform/master-keys.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { createDataKeys, type DataKeys, INDEX_KEY } from './data-keys.ts';
import { missingMasters } from './master-store.ts';
import { blindKeyOf, lookupFor, openValue, type Place, sealValue } from './sealed-value.ts';

/** A sealed text with where it stands. */
export type SealedAt = Omit<Place, 'workspace'> & { sealed: string };
/** A value in plain with where it goes. */
export type PlainAt = Omit<Place, 'workspace'> & { value: string };

/** What opens and closes values of one database. Doors and background jobs share it. */
export interface Sealing {
  /** Values in plain, in order; null where the key is not at hand, was destroyed, or the text was tampered with. */
  open(on: Queryable, workspace: string, values: readonly SealedAt[]): Promise<(string | null)[]>;
  /** Sealed texts, in order. Keys of records that have none are made in `on`. Throws `master-key-missing`. */
  seal(on: Queryable, workspace: string, values: readonly PlainAt[]): Promise<string[]>;
  /** Records that nothing can be sealed for: their key, the index key or the current master key is not at hand. */
  lockedAmong(on: Queryable, workspace: string, records: readonly string[]): Promise<ReadonlySet<string>>;
  /** What equal values are found by. Throws `master-key-missing`. */
  lookup(workspace: string): Promise<Lookup>;
  /** The same where somebody has asked before in this process, for conditions that are made without waiting. */
  lookupNow(workspace: string): Lookup | undefined;
  /** Destroys the keys of records. */
  shred(on: Queryable, workspace: string, records: readonly string[]): Promise<void>;
  /** Zeroes what is in memory. */
  forget(): void;
  readonly masters: MasterKeys;
}

/** The look-up text of a standardised value of a field. */
export type Lookup = (field: { object: string; name: string }, value: string) => string;

export function createSealing(db: Db, masters: MasterKeys, keys: DataKeys = createDataKeys(db, masters)): Sealing {
  const indexKeys = new Map<string, Buffer>();
  const blindKeys = new Map<string, Buffer>();

  /** The workspace's key of blind indexes, made at first need, by a transaction of its own: everybody needs it at once. */
  async function indexKey(workspace: string): Promise<Buffer> {
    const known = indexKeys.get(workspace);
    if (known) return known;
    const found = await keys.ensure(db, workspace, [INDEX_KEY]);
    const key = found.keys.get(INDEX_KEY);
    if (!key) throw new AppError('master-key-missing', { id: found.locked.get(INDEX_KEY) ?? '' });
    indexKeys.set(workspace, key);
    return key;
  }

  function blindKey(index: Buffer, workspace: string, object: string, field: string): Buffer {
    const name = `${workspace} ${object} ${field}`;
    const known = blindKeys.get(name) ?? blindKeyOf(index, { workspace, object, field });
    blindKeys.set(name, known);
    return known;
  }

  const lookupWith =
    (index: Buffer, workspace: string): Lookup =>
    ({ object, name }, value) =>
      lookupFor(blindKey(index, workspace, object, name), value);

  return {
    masters,
    async open(on, workspace, values) {
      if (values.length === 0) return [];
      const found = await keys.find(
        on,
        workspace,
        values.map(({ record }) => record),
      );
      return values.map(({ sealed, object, field, record }) => {
        const key = found.keys.get(record);
        if (!key) return null;
        try {
          return openValue(key, sealed, { workspace, object, field, record });
        } catch {
          return null;
        }
      });
    },
    async seal(on, workspace, values) {
      if (values.length === 0) return [];
      const index = await indexKey(workspace);
      const found = await keys.ensure(
        on,
        workspace,
        values.map(({ record }) => record),
      );
      const sealed = values.map(({ value, object, field, record }) => {
        const key = found.keys.get(record);
        if (!key) throw new AppError('master-key-missing', { id: found.locked.get(record) ?? '' });
        return sealValue(key, blindKey(index, workspace, object, field), value, { workspace, object, field, record });
      });
      for (const key of found.keys.values()) key.fill(0);
      return sealed;
    },
    async lockedAmong(on, workspace, records) {
      const missing = await missingMasters(on, masters);
      if (missing.length === 0) return new Set();
      // New keys need the current master key, and the blind index its own: with either of them lost nothing can be written.
      const index = indexKeys.has(workspace) || !(await keys.find(on, workspace, [INDEX_KEY])).locked.has(INDEX_KEY);
      const { keys: open } = await keys.find(on, workspace, records);
      return new Set(index ? records.filter((record) => !open.has(record)) : records);
    },
    async lookup(workspace) {
      return lookupWith(await indexKey(workspace), workspace);
    },
    lookupNow(workspace) {
      const index = indexKeys.get(workspace);
      return index && lookupWith(index, workspace);
    },
    shred: (on, workspace, records) => keys.destroy(on, workspace, records),
    forget() {
      keys.clear();
      for (const key of [...indexKeys.values(), ...blindKeys.values()]) key.fill(0);
      indexKeys.clear();
      blindKeys.clear();
    },
  };
}
