import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Db, Tx } from '../postgres/db.ts';
import { defineJob } from '../queue/job.ts';
import type { Channel, ChannelKind, Channels } from './channels.ts';
import { OutgoingError } from './post.ts';
import type { Seal } from './seal.ts';

/** A message on its way out. */
export interface Outgoing {
  /** Id of the channel it leaves by. */
  channel: string;
  /** What made it, unique in the workspace: `digest:ACCOUNT:2026-11-22`. A second message of the same cause is dropped. */
  cause: string;
  /** Who gets it, masked: shown to administrators. */
  recipient: string;
  content: unknown;
  /** Whom it is about and what for: looked at again when it leaves. */
  about?: About;
}

/** A person, by the id of his record, and the purpose that he is written to for. */
export interface About {
  person: string;
  purpose: string;
  /** mail, without. */
  channel?: 'mail' | 'sms';
}

/** Hands one message over. Throws OutgoingError; `refused` ends it, anything else is tried again. */
export type Deliver = (
  channel: Channel,
  content: unknown,
  delivery: {
    /** Stays the same when it is tried again: receivers can tell repeats by it. */
    id: string;
    /** Call right before the other side takes the content. From then on a crash leaves `uncertain`, never a second message. */
    begin(): Promise<void>;
  },
) => Promise<void>;

export interface OutboxDeps {
  db: Db;
  log: Log;
  seal: Seal;
  channels: Channels;
  deliver: Record<ChannelKind, Deliver>;
  now: () => Date;
  /** Whether the person still wants to be written to: he may have said no while it waited. Absent: it leaves. */
  isWanted?: (workspace: string, about: About) => Promise<boolean>;
  /** Has the messages of a committed transaction delivered soon. */
  wake: (tx: Tx) => Promise<void>;
}

/** Minutes between tries. RFC 5321 §4.5.4.1 wants mail tried for days; chat messages are stale before. */
const PAUSES = [1, 2, 5, 10, 20, 40, 60, 120, 240];
const GIVE_UP_HOURS: Record<ChannelKind, number> = {
  mail: 96,
  sms: 12,
  wecom: 12,
  dingtalk: 12,
  feishu: 12,
  webhook: 72,
};
/** How long a receiver that does not answer is left alone. */
const REST_MS = 30_000;
/** A message that a process took and did not finish is free again after this. */
const LEASE_MINUTES = 10;

interface Waiting {
  id: string;
  workspace: string;
  channel: string;
  content: Buffer | null;
  attempts: number;
  created_at: Date;
  state: string;
  [column: string]: unknown;
}

export interface Outbox {
  /** Stores a message in the transaction of its cause. false: that cause has had its message. */
  put(tx: Tx, workspace: string, message: Outgoing): Promise<boolean>;
  /** Delivers everything that is due; what `job` does each minute. @returns messages handled */
  deliverDue(): Promise<number>;
  /** Takes back messages that wait and are about somebody who was erased: `isAbout` gets their content as JSON. @returns how many */
  recall(workspace: string, isAbout: (content: string) => boolean): Promise<number>;
  job: ReturnType<typeof outboxJob>;
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { db, seal } = deps;
  const deliverDue = async (signal?: AbortSignal): Promise<number> => {
    await giveUpBegun(db, deps.now());
    for (let handled = 0; ; handled++) {
      const row = signal?.aborted ? undefined : await claim(db, deps.now());
      if (!row) return handled;
      await deliverOne(deps, row);
    }
  };
  return {
    async put(tx, workspace, { channel, cause, recipient, content, about }) {
      const id = uuidv7();
      const rows = await tx.query(sql`
        insert into xianke.outgoing (id, workspace, channel, cause, recipient, content, created_at, next_try_at)
        values (${id}, ${workspace}, ${channel}, ${cause}, ${recipient}, ${seal.close(about ? { $about: about, content } : content, id)}, ${deps.now()}, ${deps.now()})
        on conflict (workspace, cause) do nothing returning id`);
      if (rows.length === 0) return false;
      await deps.wake(tx);
      return true;
    },
    deliverDue: () => deliverDue(),
    async recall(workspace, isAbout) {
      const rows = await db.query<{ id: string; content: Buffer }>(
        sql`select id, content from xianke.outgoing where workspace = ${workspace} and content is not null`,
      );
      const about = rows
        .filter(({ id, content }) => isAbout(JSON.stringify(seal.open(content, id))))
        .map(({ id }) => id);
      if (about.length === 0) return 0;
      // What a receiver was told already is only forgotten here.
      await db.query(
        sql`update xianke.outgoing set content = null where id = any(${about}::uuid[]) and state not in ('waiting', 'sending')`,
      );
      const taken =
        await db.query(sql`update xianke.outgoing set state = 'failed', content = null, finished_at = ${deps.now()}, last_error = 'erased'
        where id = any(${about}::uuid[]) and content is not null returning id`);
      return taken.length;
    },
    job: outboxJob((signal) => deliverDue(signal)),
  };
}

function outboxJob(deliver: (signal: AbortSignal) => Promise<number>) {
  return defineJob({
    name: 'outgoing.deliver',
    payload: z.object({}),
    schedule: { cron: '* * * * *' },
    handler: async ({ signal }) => ({ handled: await deliver(signal) }),
  });
}

/** What was put, with whom it is about. */
function opened(sealed: unknown): { content: unknown; about?: About } {
  const known = sealed as { $about?: About; content?: unknown } | null;
  return known?.$about ? { content: known.content, about: known.$about } : { content: sealed };
}

/** Takes one message that is due; other processes pass over it until the lease ends. */
async function claim(db: Db, now: Date): Promise<Waiting | undefined> {
  const [row] = await db.query<Waiting>(sql`
    update xianke.outgoing set attempts = attempts + 1, next_try_at = ${now}::timestamptz + make_interval(mins => ${LEASE_MINUTES})
    where id = (select id from xianke.outgoing where state = 'waiting' and next_try_at <= ${now}::timestamptz
      order by next_try_at limit 1 for update skip locked)
    returning id, workspace, channel, content, attempts, created_at, state`);
  return row;
}

/** Puts off what else goes to a receiver that is away. */
async function restChannel({ db, now }: OutboxDeps, { workspace, channel }: Waiting): Promise<void> {
  const later = new Date(now().getTime() + REST_MS);
  await db.query(sql`update xianke.outgoing set next_try_at = ${later} where workspace = ${workspace} and channel = ${channel}
    and state = 'waiting' and next_try_at < ${later}::timestamptz`);
}

/** The process ended between `begin` and the answer: whether it arrived can't be known, and twice is worse than asking a person. */
async function giveUpBegun(db: Db, now: Date): Promise<void> {
  await db.query(sql`update xianke.outgoing set state = 'uncertain', content = null, finished_at = ${now}, last_error = 'interrupted'
    where state = 'sending' and next_try_at < ${now}::timestamptz`);
}

async function deliverOne(deps: OutboxDeps, row: Waiting): Promise<void> {
  const { db, seal } = deps;
  const finish = (state: string, error: string | null, kept = false) =>
    db.query(sql`update xianke.outgoing set state = ${state}, content = case when ${kept}::boolean then content end, finished_at = ${deps.now()}, last_error = ${error}
      where id = ${row.id}`);
  const channel = await deps.channels.find(row.workspace, row.channel);
  if (!channel?.enabled || !row.content) {
    await finish('failed', channel ? 'channel is off' : 'channel is gone');
    return;
  }
  // A receiver that lost what it was told may be told again; letters and chat messages are not sent twice.
  const replayable = channel.kind === 'webhook';
  let begun = false;
  try {
    const { content, about } = opened(seal.open(row.content, row.id));
    if (about && deps.isWanted && !(await deps.isWanted(row.workspace, about))) {
      await finish('failed', 'consent withdrawn');
      return;
    }
    await deps.deliver[channel.kind](channel, content, {
      id: row.id,
      async begin() {
        begun = true;
        await db.query(sql`update xianke.outgoing set state = 'sending' where id = ${row.id}`);
      },
    });
    await finish('sent', null, replayable);
  } catch (error) {
    const known = error instanceof OutgoingError ? error : undefined;
    // Never the error itself: mail and web libraries put addresses and commands into it.
    deps.log.warn(
      { outgoing: row.id, channel: channel.kind, reason: known?.message ?? 'unexpected' },
      'message not delivered',
    );
    const waited = deps.now().getTime() - row.created_at.getTime();
    if (known?.refused || waited > GIVE_UP_HOURS[channel.kind] * 3_600_000)
      await finish('failed', known?.message ?? 'unexpected', replayable);
    // Answered with an error after the content began to flow is an answer; no answer at all is not.
    else if (begun && known === undefined) await finish('uncertain', 'no answer');
    else {
      const pause = PAUSES[Math.min(row.attempts, PAUSES.length) - 1] ?? 1;
      const next = new Date(deps.now().getTime() + pause * 60_000);
      await db.query(sql`update xianke.outgoing set state = 'waiting', next_try_at = ${next}, last_error = ${known?.message ?? 'unexpected'}
        where id = ${row.id}`);
      // Who does not answer at all keeps the messages to others waiting, each for as long as it takes to see that: his wait a while.
      if (channel.kind === 'webhook' && known && !known.message.startsWith('answer')) await restChannel(deps, row);
    }
  }
}
