import type { Access } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';

export interface ServiceDeps {
  db: Db;
  catalog: CatalogStore;
  read: ReadDoor;
  write: WriteDoor;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  systemAccess: (workspace: string) => Promise<Access>;
  now: () => Date;
}

export async function systemCtx(deps: Pick<ServiceDeps, 'systemAccess'>, workspace: string, at: Date): Promise<Ctx> {
  return { workspace, actor: 'system', source: 'rule', access: await deps.systemAccess(workspace), at, lang: 'zh' };
}
