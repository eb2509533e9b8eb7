import sql, { empty } from 'sql-template-tag';
import type { z } from 'zod';
import type { automation } from '../../../contract/automation.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Channels } from '../../platform/outgoing/channels.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';

interface Delivery {
  id: string;
  channel: string;
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'uncertain';
  attempts: number;
  created_at: Date;
  finished_at: Date | null;
  next_try_at: Date;
  last_error: string | null;
  kept: boolean;
  [column: string]: unknown;
}

type Asked = z.output<NonNullable<typeof automation.deliveries.query>>;

/** Deliveries to webhooks, newest first. */
export async function listDeliveries(
  { db, channels }: { db: Db; channels: Channels },
  workspace: string,
  { state, before, limit = 50 }: Asked,
) {
  const webhooks = (await channels.list(workspace)).filter(({ kind }) => kind === 'webhook');
  const names = new Map(webhooks.map(({ id, name }) => [id, name]));
  const rows = await db.query<Delivery>(sql`
    select id, channel, state, attempts, created_at, finished_at, next_try_at, last_error, content is not null as kept from xianke.outgoing
    where workspace = ${workspace} and channel = any(${[...names.keys()]}::text[])
      ${state === undefined ? empty : sql`and state = ${state}`} ${before === undefined ? empty : sql`and id < ${before}::uuid`}
    order by id desc limit ${limit}`);
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    channelName: names.get(row.channel) ?? row.channel,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    nextTryAt: row.state === 'waiting' ? row.next_try_at.toISOString() : null,
    answer: row.last_error,
    replayable: row.kept && row.state !== 'waiting' && row.state !== 'sending',
  }));
}

/** Sends one again as it was. Its receiver tells by the id that it knows it. */
export async function replayDelivery(
  {
    db,
    channels,
    wakeOutbox,
    now,
  }: { db: Db; channels: Channels; wakeOutbox: (tx: Tx) => Promise<void>; now: () => Date },
  workspace: string,
  id: string,
): Promise<void> {
  const webhooks = (await channels.list(workspace)).filter(({ kind }) => kind === 'webhook').map((one) => one.id);
  await db.tx(async (tx) => {
    const [row] = await tx.query<{
      kept: boolean;
      state: string;
    }>(sql`select content is not null as kept, state from xianke.outgoing
      where id = ${id} and workspace = ${workspace} and channel = any(${webhooks}::text[]) for update`);
    if (!row) throw new AppError('not-found');
    if (!row.kept) throw new AppError('delivery-gone');
    if (row.state === 'waiting' || row.state === 'sending') return;
    await tx.query(
      sql`update xianke.outgoing set state = 'waiting', next_try_at = ${now()}, finished_at = null where id = ${id}`,
    );
    await wakeOutbox(tx);
  });
}
