import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Channels } from '../../platform/outgoing/channels.ts';
import type { Outbox } from '../../platform/outgoing/outbox.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor, WriteDoor } from '../../records/types.ts';
import type { Propose } from '../proposals/index.ts';
import type { Links } from './links.ts';

/** A word to someone inside, shown in the page. Kept by a higher module. */
export interface Notice {
  account: string;
  /** Unique: the same thing is told once. */
  cause: string;
  kind: 'ask-answered' | 'ask-held' | 'ask-wants-link';
  params: Record<string, string | number>;
  object: string;
  record: string;
}

export interface AskingDeps {
  db: Db;
  read: ReadDoor;
  write: WriteDoor;
  catalog: CatalogStore;
  propose: Propose;
  links: Links;
  outbox: Pick<Outbox, 'put'>;
  channels: Pick<Channels, 'find'>;
  env: (ctx: Pick<Ctx, 'at'>) => ParseEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  /** Name of the firm, as customers know it. */
  firm: (workspace: string) => Promise<string>;
  notify: (tx: Tx, workspace: string, notice: Notice) => Promise<void>;
  now: () => Date;
}
