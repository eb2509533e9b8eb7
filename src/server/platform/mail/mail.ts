import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { z } from 'zod';
import type { Channel } from '../outgoing/channels.ts';
import type { Deliver } from '../outgoing/outbox.ts';
import { OutgoingError } from '../outgoing/post.ts';

/** How mail leaves. The password is kept apart, sealed. */
export const mailSettings = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65535),
  /** tls: from the first byte (465). starttls: required after greeting (587). none: plain, for a relay on this machine or network. */
  security: z.enum(['tls', 'starttls', 'none']),
  /** Empty: no sign-in. */
  user: z.string().max(200),
  /** Sender: address, and the name before it. */
  from: z.email().max(200),
  fromName: z.string().max(100),
  replyTo: z.email().max(200).optional(),
});
export type MailSettings = z.infer<typeof mailSettings>;

/** One mail to one person. */
export interface MailContent {
  to: string;
  toName?: string;
  subject: string;
  text: string;
  html: string;
  /** Extra header lines: List-Unsubscribe, Auto-Submitted … */
  headers?: Record<string, string>;
}

/** Milliseconds; a server that says nothing for longer is down. */
const PATIENCE = 20_000;

/**
 * Hands a mail to the server in the settings. The body begins to flow only after the server asked for it (354), and only then the delivery counts
 * as begun: a crash before leaves a mail that is simply tried again.
 */
export const deliverMail: Deliver = async (channel, content, { id, begin }) => {
  const settings = mailSettings.parse(channel.settings);
  const mail = content as MailContent;
  const message = await new MailComposer({
    from: { name: settings.fromName, address: settings.from },
    to: { name: mail.toName ?? '', address: mail.to },
    ...(settings.replyTo && { replyTo: settings.replyTo }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // Stays the same when a mail is tried again.
    messageId: `<${id}@${settings.from.split('@')[1]}>`,
    headers: { 'Auto-Submitted': 'auto-generated', ...mail.headers },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  const raw = Readable.from(
    (async function* () {
      await begin();
      yield message;
    })(),
  );
  const transport = openTransport(channel, settings);
  try {
    await transport.sendMail({ envelope: { from: settings.from, to: [mail.to] }, raw });
  } catch (error) {
    throw mailError(error);
  } finally {
    transport.close();
  }
};

/** Connects and signs in, sends nothing: the button “test” of the settings. Throws OutgoingError. */
export async function tryMail(channel: Pick<Channel, 'settings' | 'secret'>): Promise<void> {
  const transport = openTransport(channel, mailSettings.parse(channel.settings));
  try {
    await transport.verify();
  } catch (error) {
    throw mailError(error);
  } finally {
    transport.close();
  }
}

function openTransport(channel: Pick<Channel, 'secret'>, settings: MailSettings) {
  const { host, port, security, user } = settings;
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user && { auth: { user, pass: channel.secret.password ?? '' } }),
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/**
 * What went wrong, in words without secrets: the library's message may hold the server's, which may repeat what we said.
 * 5xx to address or content is final (RFC 5321 §4.2.1); 4xx, wrong sign-in and everything of the network is tried again, for someone may put it right.
 */
function mailError(error: unknown): Error {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  if (code === undefined && responseCode === undefined) return new OutgoingError('unexpected', false);
  const signIn = code === 'EAUTH' || code === 'ENOAUTH';
  // Cut off after the content went out: it may have arrived.
  if (responseCode === undefined && command === 'DATA') return new Error('no answer after the content');
  const refused = responseCode !== undefined && responseCode >= 500 && !signIn && command !== 'CONN';
  return new OutgoingError(
    [signIn ? 'sign-in refused' : (code ?? 'error'), responseCode].filter(Boolean).join(' '),
    refused,
  );
}
