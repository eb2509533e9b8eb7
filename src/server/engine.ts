import sql from 'sql-template-tag';
import type { ParseEnv, Tree } from '../domain/fields/types.ts';
import { openTrees } from './modules/catalog/index.ts';
import { createLens, createPlans, type Plans } from './modules/freshness/index.ts';
import { type Account, listAccounts } from './modules/identity/index.ts';
import { DEFAULT_TIME_ZONE } from './modules/workspace/index.ts';
import type { Db } from './platform/postgres/db.ts';
import { type CatalogEditor, createCatalogEditor } from './records/catalog/define.ts';
import { type CatalogStore, createCatalogStore } from './records/catalog/store.ts';
import { createIndexKeeper, createReadDoor, createRowScope, type IndexKeeper } from './records/read/door.ts';
import { createIndexer } from './records/search/indexer.ts';
import type { Ctx, ReadDoor, WriteDoor } from './records/types.ts';
import { createWriteDoor } from './records/write/door.ts';
import type { Committed } from './records/write/types.ts';

/** The record engine of one process: catalog and the two doors, with freshness inside them. Server, job threads and command line share it. */
export interface Engine {
  db: Db;
  catalog: CatalogStore;
  editor: CatalogEditor;
  plans: Plans;
  read: ReadDoor;
  /** Makes indexes that lists asked for; a job lets it work. */
  indexes: IndexKeeper;
  write: WriteDoor;
  trees: Record<string, Tree>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  accounts: () => Promise<Account[]>;
}

export function createEngine(db: Db, committed: (fact: Committed) => void = () => undefined): Engine {
  const catalog = createCatalogStore(db);
  const editor = createCatalogEditor(db, catalog);
  const trees = openTrees();
  const environment = () => ({ timeZone: DEFAULT_TIME_ZONE, trees });
  const env = (ctx: Pick<Ctx, 'at'>): ParseEnv => ({ now: ctx.at, ...environment() });
  const plans = createPlans(db, catalog, environment);
  const names = (_workspace: string, ids: string[]) => accountNames(db, ids);
  const indexes = createIndexKeeper(db, catalog);
  const rowScope = createRowScope(environment);
  const read = createReadDoor({
    db,
    indexes,
    catalog,
    environment,
    names,
    lens: async (workspace) => {
      await plans.ready(workspace);
      return createLens(plans, workspace);
    },
  });
  const door = createWriteDoor({ db, catalog, plans, indexer: createIndexer(), scope: rowScope.scope, env, committed });
  const ready = async (workspace: string): Promise<void> => {
    await plans.ready(workspace);
    rowScope.know(workspace, await catalog.get(workspace));
  };
  // Both doors need the policy in force; reading it is a look into memory but for the first time.
  const write: WriteDoor = {
    ...door,
    write: async (ctx, changes, options) => {
      await ready(ctx.workspace);
      return door.write(ctx, changes, options);
    },
    undo: async (ctx, changeSet) => {
      await ready(ctx.workspace);
      return door.undo(ctx, changeSet);
    },
  };
  return { db, catalog, editor, plans, read, indexes, write, trees, env, names, accounts: () => listAccounts(db) };
}

/** Names of accounts by id, with and without the `user:` that history carries. */
async function accountNames(db: Db, ids: string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {};
  const plain = ids.map((id) => id.replace(/^user:/, ''));
  const rows = await db.query<{ id: string; name: string }>(
    sql`select id, name from auth."user" where id::text = any(${plain})`,
  );
  const byId = new Map(rows.map((row) => [row.id, row.name]));
  return Object.fromEntries(
    ids.flatMap((id) => {
      const name = byId.get(id.replace(/^user:/, ''));
      return name === undefined ? [] : [[id, name]];
    }),
  );
}
