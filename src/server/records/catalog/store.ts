import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { asShown } from '../../../domain/schema/rollups.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from './names.ts';

/** Live metadata of workspaces, cached per process. */
export interface CatalogStore {
  /** Cached for at most two seconds after another process changed it: fields are only ever added or retired, so a moment of age is harmless. */
  get(workspace: string): Promise<Catalog>;
  /** Forgets the cache of a workspace; the next get reads anew. */
  invalidate(workspace: string): void;
  /** Called after metadata changed, here or in another process. */
  onChange(listener: (workspace: string, catalog: Catalog) => void): void;
}

interface Cached {
  catalog: Catalog;
  checkedAt: number;
}

const RECHECK_MS = 1000;
/** Asked this long after the last check, a process that nobody used meanwhile looks first: what moves values (records/sealed/move.ts) counts on it. */
const OVERDUE_MS = 2000;
const PATIENCE_MS = 250;

export function createCatalogStore(db: Db, clock: () => number = () => performance.now()): CatalogStore {
  const cache = new Map<string, Cached>();
  const loading = new Map<string, Promise<Catalog>>();
  const listeners: ((workspace: string, catalog: Catalog) => void)[] = [];
  const overdue = new Map<string, Promise<void>>();

  async function load(workspace: string): Promise<Catalog> {
    const catalog = await readCatalog(db, workspace);
    const before = cache.get(workspace)?.catalog;
    // Two readings may end in the wrong order.
    if (before && before.version > catalog.version) return before;
    cache.set(workspace, { catalog, checkedAt: clock() });
    if (before && before.version !== catalog.version) for (const listener of listeners) listener(workspace, catalog);
    return catalog;
  }

  function refresh(workspace: string): Promise<Catalog> {
    const started = load(workspace).finally(() => {
      if (loading.get(workspace) === started) loading.delete(workspace);
    });
    loading.set(workspace, started);
    return started;
  }

  async function recheck(workspace: string, cached: Cached): Promise<void> {
    cached.checkedAt = clock();
    const [row] = await db.query<{ version: number }>(
      sql`select version::int as version from ${tableOf(workspace, 'catalog_version')}`,
      `catalog-version-${workspace}`,
    );
    if (row && row.version !== cached.catalog.version) await (loading.get(workspace) ?? refresh(workspace));
  }

  return {
    async get(workspace) {
      const cached = cache.get(workspace);
      // Being read for the first time, or anew because this process changed it: that is worth the wait.
      const running = loading.get(workspace);
      if (running) return running;
      if (!cached) return refresh(workspace);
      // The check runs beside the request; a failing one shows at the request's own queries.
      const age = clock() - cached.checkedAt;
      if (age > RECHECK_MS) {
        const check = recheck(workspace, cached).catch(() => undefined);
        if (age > OVERDUE_MS)
          overdue.set(
            workspace,
            check.finally(() => overdue.delete(workspace)),
          );
      }
      const first = overdue.get(workspace);
      if (!first) return cached.catalog;
      // Not for ever: who waits may hold the connection that the check waits for.
      await Promise.race([first, delay(PATIENCE_MS, undefined, { ref: false })]);
      return cache.get(workspace)?.catalog ?? cached.catalog;
    },
    invalidate(workspace) {
      // A reading that began before the change does not count: this one takes its place.
      if (cache.has(workspace) || loading.has(workspace)) refresh(workspace).catch(() => undefined);
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
}

interface ObjectRow {
  id: number;
  name: string;
  definition: Omit<ObjectDef, 'id' | 'name' | 'fields' | 'position' | 'retired'>;
  position: number;
  retired: boolean;
}

interface FieldRow {
  id: number;
  object_id: number;
  name: string;
  definition: Omit<FieldDef, 'id' | 'object' | 'name' | 'position' | 'retired'>;
  position: number;
  retired: boolean;
}

/** Reads the catalog as it is in the database, retired parts included (history and undo need their names). */
export async function readCatalog(on: Queryable, workspace: string): Promise<Catalog> {
  // One statement, so that version and content belong together.
  const [row] = await on.query<{ version: number; objects: ObjectRow[] | null; fields: FieldRow[] | null }>(sql`
    select
      (select version::int from ${tableOf(workspace, 'catalog_version')}) as version,
      (select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'definition', definition, 'position', position,
          'retired', retired_at is not null) order by position, id) from ${tableOf(workspace, 'object_def')}) as objects,
      (select jsonb_agg(jsonb_build_object('id', id, 'object_id', object_id, 'name', name, 'definition', definition,
          'position', position, 'retired', retired_at is not null) order by position, id) from ${tableOf(workspace, 'field_def')}) as fields`);
  if (!row) throw new Error('catalog_version is empty');
  const objects = (row.objects ?? []).map((object): ObjectDef => {
    const fields = (row.fields ?? [])
      .filter((field) => field.object_id === object.id)
      .map(
        (field): FieldDef => ({
          ...field.definition,
          id: field.id,
          object: object.name,
          name: field.name,
          position: field.position,
          ...(field.retired ? { retired: true } : {}),
        }),
      );
    return {
      ...object.definition,
      id: object.id,
      name: object.name,
      position: object.position,
      fields,
      ...(object.retired ? { retired: true } : {}),
    };
  });
  // What a roll-up looks like follows from what it looks at.
  for (const object of objects)
    object.fields = object.fields.map((field) => (field.rollup ? asShown(field, objects) : field));
  return { version: row.version, objects };
}
