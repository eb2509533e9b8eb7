import { randomBytes } from 'node:crypto';
import sql from 'sql-template-tag';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import { type channelSchema, channels as endpoints } from '../../../contract/reminders.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Channel, Channels } from '../../platform/outgoing/channels.ts';
import type { Deliver } from '../../platform/outgoing/outbox.ts';
import { OutgoingError } from '../../platform/outgoing/post.ts';
import { smsBody } from '../../platform/outgoing/sms.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { MakeCtx } from '../edge.ts';

export interface ChannelsDeps {
  db: Db;
  channels: Channels;
  deliver: Record<Channel['kind'], Deliver>;
  ctxOf: MakeCtx;
}

const PAGE = 50;

/** The HTTP edge of mail settings, robots and webhooks: administrators only. What is secret goes in and never comes out. */
export function channelsRoutes(app: App, deps: ChannelsDeps): void {
  const { channels, ctxOf } = deps;
  const mustFind = async (workspace: string, id: string): Promise<Channel> => {
    const channel = await channels.find(workspace, id);
    if (!channel) throw new AppError('not-found');
    return channel;
  };

  route(app, endpoints.list, async (call) => {
    const { workspace } = await ctxOf(call);
    return { channels: (await channels.list(workspace)).map(present) };
  });

  route(app, endpoints.saveMail, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    const { enabled, password, ...settings } = call.body;
    const before = await channels.find(workspace, 'mail');
    // A password typed for one server is not handed to another.
    const moved = before !== null && (before.settings.host !== settings.host || before.settings.user !== settings.user);
    const secret: Record<string, string> | undefined = password === undefined ? (moved ? {} : undefined) : { password };
    await channels.save(
      workspace,
      { id: 'mail', kind: 'mail', name: '', enabled, settings, ...(secret && { secret }) },
      actor,
    );
    return present(await mustFind(workspace, 'mail'));
  });

  route(app, endpoints.saveSms, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    const { enabled, url, authorization, body, okPath, okValue } = call.body;
    const before = await channels.find(workspace, 'sms');
    // As for mail: another address starts without the old key.
    const kept = url === undefined || url === before?.secret.url ? (before?.secret ?? {}) : {};
    const secret = {
      ...kept,
      ...(url !== undefined && { url }),
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { body }),
    };
    if (!isJson(smsBody(secret.body ?? '', { to: '1', text: '"' }, '1')) || !secret.url)
      throw new AppError('sms-incomplete');
    const settings = { host: new URL(secret.url).host, okPath, okValue };
    await channels.save(workspace, { id: 'sms', kind: 'sms', name: '', enabled, settings, secret }, actor);
    return present(await mustFind(workspace, 'sms'));
  });

  route(app, endpoints.testSms, async (call) => {
    const { workspace } = await ctxOf(call);
    const text = call.lang === 'zh' ? '鲜客测试短信：收到即设置正确。' : 'Xianke test: if you read this, texts work.';
    await handOver(deps, await mustFind(workspace, 'sms'), { to: call.body.to, text });
    return { ok: true as const };
  });

  route(app, endpoints.addRobot, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    const { kind, name, url, secret } = call.body;
    const id = `${kind}-${randomBytes(5).toString('hex')}`;
    await channels.save(
      workspace,
      {
        id,
        kind,
        name,
        enabled: true,
        settings: { host: new URL(url).host },
        secret: { url, ...(secret && { secret }) },
      },
      actor,
    );
    return present(await mustFind(workspace, id));
  });

  route(app, endpoints.changeRobot, async (call) => {
    const { workspace, actor } = await ctxOf(call);
    const before = await mustFind(workspace, call.params.id);
    if (before.kind === 'mail' || before.kind === 'sms') throw new AppError('not-found');
    const { name = before.name, enabled = before.enabled, url, secret } = call.body;
    // The same rule as for mail: another address starts without the old secret.
    const kept = url === undefined ? before.secret : { url };
    const next = { ...kept, ...(secret !== undefined && { secret }) };
    const settings = url === undefined ? before.settings : { host: new URL(url).host };
    await channels.save(workspace, { id: before.id, kind: before.kind, name, enabled, settings, secret: next }, actor);
    return present(await mustFind(workspace, before.id));
  });

  route(app, endpoints.remove, async (call) => {
    const { workspace } = await ctxOf(call);
    if (!(await channels.remove(workspace, call.params.id))) throw new AppError('not-found');
    return { ok: true as const };
  });

  route(app, endpoints.test, async (call) => {
    const { workspace, at } = await ctxOf(call);
    const channel = await mustFind(workspace, call.params.id);
    if (channel.kind === 'sms') throw new AppError('not-found');
    const { name, email } = call.caller.account;
    const words =
      call.lang === 'zh'
        ? '鲜客测试消息：收到即设置正确。'
        : 'Xianke test message: if you see it, the settings are right.';
    const content =
      channel.kind === 'mail'
        ? { to: email, toName: name, subject: words, text: words, html: `<p>${words}</p>` }
        : channel.kind === 'webhook'
          ? { type: 'test', timestamp: at.toISOString(), data: {} }
          : { text: words };
    await handOver(deps, channel, content);
    return { ok: true as const };
  });

  route(app, endpoints.outgoing, async (call) => {
    const { workspace } = await ctxOf(call);
    const rows = await deps.db.query<OutgoingRow>(sql`
      select id, channel, recipient, state, attempts, created_at, next_try_at, last_error from xianke.outgoing
      where workspace = ${workspace} order by created_at desc, id desc limit ${call.query.limit ?? PAGE}`);
    return {
      messages: rows.map((row) => ({
        id: row.id,
        channel: row.channel,
        recipient: row.recipient,
        state: row.state,
        attempts: row.attempts,
        createdAt: row.created_at.toISOString(),
        nextTryAt: row.state === 'waiting' ? row.next_try_at.toISOString() : null,
        error: row.last_error,
      })),
    };
  });
}

/** At once and past the outbox: whoever tries a channel waits for the answer. */
async function handOver({ deliver }: ChannelsDeps, channel: Channel, content: unknown): Promise<void> {
  try {
    const id = `test-${randomBytes(8).toString('hex')}`;
    await deliver[channel.kind](channel, content, { id, begin: async () => {} });
  } catch (error) {
    throw new AppError('channel-failed', { detail: error instanceof OutgoingError ? error.message : 'no answer' });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface OutgoingRow {
  id: string;
  channel: string;
  recipient: string;
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'uncertain';
  attempts: number;
  created_at: Date;
  next_try_at: Date;
  last_error: string | null;
  [column: string]: unknown;
}

function present({ id, kind, name, enabled, settings, secret }: Channel): z.input<typeof channelSchema> {
  return {
    id,
    kind,
    name,
    enabled,
    settings,
    hasSecret: (secret.password ?? secret.secret ?? secret.body ?? '') !== '',
  };
}
