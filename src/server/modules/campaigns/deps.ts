import type { Access } from '../../../domain/access/types.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Channels } from '../../platform/outgoing/channels.ts';
import type { Outbox } from '../../platform/outgoing/outbox.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import type { Gate } from '../approvals/index.ts';
import type { AuditStore } from '../audit/index.ts';
import type { Account } from '../identity/index.ts';
import type { LetterTokens } from './letter-tokens.ts';

/** What campaigns work with. */
export interface CampaignDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  audit: AuditStore;
  gate: Gate;
  outbox: Pick<Outbox, 'put'>;
  channels: Pick<Channels, 'find'>;
  tokens: LetterTokens;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  accounts: () => Promise<Account[]>;
  accessOf: (workspace: string, person: { id: string; role: 'admin' | 'member' }) => Promise<Access>;
  /** Of those values, the ones that belonged to somebody who was erased. */
  erasedAmong: (on: Queryable, workspace: string, type: 'email' | 'phone', values: string[]) => Promise<Set<string>>;
  /** Name of the firm, as customers know it. */
  firm: (workspace: string) => Promise<string>;
  /** Hours in which nobody is written to. */
  isQuiet: (workspace: string) => Promise<boolean>;
  /** Has the work on campaigns that wait for it begin soon. */
  workSoon: (on: Db | Tx) => Promise<void>;
  now: () => Date;
}
