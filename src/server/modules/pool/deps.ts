import type { Access } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';

export interface PoolDeps {
  db: Db;
  catalog: CatalogStore;
  read: ReadDoor;
  write: WriteDoor;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  systemAccess: (workspace: string) => Promise<Access>;
  now: () => Date;
}

/** As the system: rules reach every record. */
export async function systemCtx(deps: Pick<PoolDeps, 'systemAccess'>, workspace: string, at: Date): Promise<Ctx> {
  return { workspace, actor: 'system', source: 'rule', access: await deps.systemAccess(workspace), at, lang: 'zh' };
}

export const accountOf = (actor: string): string => actor.replace(/^user:/, '');
