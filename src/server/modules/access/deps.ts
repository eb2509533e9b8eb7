import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { SqlEnv } from '../../records/read/filter-sql.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import type { Account } from '../identity/index.ts';
import type { AccessStore } from './access-store.ts';

export interface AccessDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  access: AccessStore;
  accounts: () => Promise<Account[]>;
  /** Makes somebody an administrator, or not any more; the last one stays. */
  setAdmin: (account: string, admin: boolean) => Promise<void>;
  env: (ctx: Pick<Ctx, 'at'>) => Pick<FilterEnv, 'timeZone' | 'trees'>;
  ctxOf: MakeCtx;
}

/** The system's own way to read a condition: row rules, not what somebody typed. */
export const systemEnv = (deps: AccessDeps, ctx: Ctx, catalog: Catalog): SqlEnv => ({
  ...deps.env(ctx),
  workspace: ctx.workspace,
  catalog,
  now: ctx.at,
});
