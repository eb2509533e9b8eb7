import { maskValue } from '../domain/fields/mask.ts';
import { hasObjected } from './modules/consent/index.ts';
import type { Letter, Post } from './modules/identity/index.ts';
import type { Keys } from './platform/keys.ts';
import type { Log } from './platform/log.ts';
import { deliverMail } from './platform/mail/mail.ts';
import { type Channels, createChannels } from './platform/outgoing/channels.ts';
import { createOutbox, type Outbox, type OutboxDeps } from './platform/outgoing/outbox.ts';
import { robotDelivery } from './platform/outgoing/robots.ts';
import { createSeal } from './platform/outgoing/seal.ts';
import { smsDelivery } from './platform/outgoing/sms.ts';
import { webhookDelivery } from './platform/outgoing/webhook.ts';
import type { Db, Tx } from './platform/postgres/db.ts';

export interface OutgoingOptions {
  db: Db;
  log: Log;
  keys: Keys;
  /** Robots and webhooks at addresses of the own network. */
  allowPrivate: boolean;
  wake: (tx: Tx) => Promise<void>;
  now?: () => Date;
}

/** Everything by which messages leave, put together. */
export function openOutgoing(options: OutgoingOptions): {
  channels: Channels;
  outbox: Outbox;
  deliver: OutboxDeps['deliver'];
} {
  const { db, log, wake, allowPrivate, now = () => new Date() } = options;
  const seal = createSeal(options.keys, 'outgoing');
  const channels = createChannels(db, seal);
  const deliver = {
    mail: deliverMail,
    sms: smsDelivery({ allowPrivate }),
    ...robotDelivery({ allowPrivate, now }),
    webhook: webhookDelivery({ allowPrivate, now }),
  };
  const isWanted: OutboxDeps['isWanted'] = async (workspace, { person, purpose, channel = 'mail' }) =>
    !(await hasObjected(db, workspace, person, purpose, channel));
  return { channels, deliver, outbox: createOutbox({ db, log, seal, channels, deliver, isWanted, now, wake }) };
}

/** Mail about people's own sign-in, by the workspace's channel. */
export function postLetters(open: () => { channels: Channels; outbox: Outbox }, workspace: string): Post {
  return {
    async ready() {
      const mail = await open().channels.find(workspace, 'mail');
      return mail?.enabled ?? false;
    },
    async put(tx: Tx, { cause, ...letter }: Letter) {
      await open().outbox.put(tx, workspace, {
        channel: 'mail',
        cause,
        recipient: maskValue(letter.to, { type: 'email' }) ?? '',
        content: letter,
      });
    },
  };
}
