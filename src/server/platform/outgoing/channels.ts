import sql from 'sql-template-tag';
import type { Db, Queryable } from '../postgres/db.ts';
import type { Seal } from './seal.ts';

export type ChannelKind = 'mail' | 'sms' | 'wecom' | 'dingtalk' | 'feishu' | 'webhook';

/** A way for messages to leave, as stored. `secret` never goes to a page. */
export interface Channel {
  id: string;
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  settings: Record<string, unknown>;
  secret: Record<string, string>;
}

export interface Channels {
  list(workspace: string): Promise<Channel[]>;
  find(workspace: string, id: string): Promise<Channel | null>;
  /** Stores a channel. A secret that isn't given (undefined) stays as it was. */
  save(
    workspace: string,
    channel: Omit<Channel, 'secret'> & { secret?: Record<string, string> },
    by: string,
  ): Promise<void>;
  remove(workspace: string, id: string): Promise<boolean>;
}

interface Stored {
  id: string;
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  settings: Record<string, unknown>;
  secret: Buffer | null;
  [column: string]: unknown;
}

export function createChannels(db: Db, seal: Seal): Channels {
  const about = (workspace: string, id: string) => `${workspace}/${id}`;
  const opened = (workspace: string, row: Stored): Channel => ({
    ...row,
    secret: row.secret ? (seal.open(row.secret, about(workspace, row.id)) as Record<string, string>) : {},
  });
  const read = (on: Queryable, workspace: string) =>
    on.query<Stored>(sql`select id, kind, name, enabled, settings, secret from xianke.channel
      where workspace = ${workspace} order by id`);
  return {
    list: async (workspace) => (await read(db, workspace)).map((row) => opened(workspace, row)),
    async find(workspace, id) {
      const row = (await read(db, workspace)).find((candidate) => candidate.id === id);
      return row ? opened(workspace, row) : null;
    },
    async save(workspace, { id, kind, name, enabled, settings, secret }, by) {
      const sealed = secret ? seal.close(secret, about(workspace, id)) : null;
      await db.query(sql`
        insert into xianke.channel as c (workspace, id, kind, name, enabled, settings, secret, updated_by)
        values (${workspace}, ${id}, ${kind}, ${name}, ${enabled}, ${JSON.stringify(settings)}, ${sealed}, ${by})
        on conflict (workspace, id) do update set kind = excluded.kind, name = excluded.name, enabled = excluded.enabled,
          settings = excluded.settings, secret = coalesce(excluded.secret, c.secret), updated_at = now(), updated_by = excluded.updated_by`);
    },
    async remove(workspace, id) {
      const rows = await db.query(
        sql`delete from xianke.channel where workspace = ${workspace} and id = ${id} returning id`,
      );
      return rows.length > 0;
    },
  };
}
