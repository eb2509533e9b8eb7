import type { Access } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Channels } from '../../platform/outgoing/channels.ts';
import type { Outbox } from '../../platform/outgoing/outbox.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import type { Plans } from '../freshness/index.ts';
import type { Account } from '../identity/index.ts';

export interface ReminderDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  editor: CatalogEditor;
  plans: Plans;
  channels: Channels;
  outbox: Pick<Outbox, 'put'>;
  accounts: () => Promise<Account[]>;
  accessFor: (role: 'admin' | 'member', catalog: Catalog) => Access;
  accessOf: (workspace: string, person: Account) => Promise<Access>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  firm: (workspace: string) => Promise<string>;
  /** Address of the site for links in mail; without it mail has none. */
  publicUrl: string | undefined;
  now: () => Date;
}

/** The rules act as the system, and see everything. */
export async function systemCtx(deps: ReminderDeps, workspace: string, at: Date): Promise<Ctx> {
  const access = deps.accessFor('admin', await deps.catalog.get(workspace));
  return { workspace, actor: 'system', source: 'rule', access, at, lang: 'zh' };
}

/** Until there are departments, the managers are the administrators. */
export const managersOf = (accounts: Account[]): Account[] =>
  accounts.filter((account) => account.role === 'admin' && account.disabled !== true);
