import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const day = z.iso.date();
const cadence = z.enum(['daily', 'weekly', 'off']);

/** Steps of one group of customers: after so many days without real contact the owner is told, at a `manager` step the managers too. */
export const ladderSchema = z.object({
  name: z.string().max(60),
  /** Absent: everyone no earlier ladder has taken. */
  filter: filterSchema.optional(),
  steps: z.array(z.object({ days: z.int().min(1).max(730), to: z.enum(['owner', 'manager']) })).max(6),
});

export const reminderSettingsSchema = z.object({
  digest: z.object({ cadence, hour: z.int().min(0).max(23), weekday: z.int().min(1).max(7) }),
  /** The first whose filter takes a customer holds for it. */
  ladders: z.array(ladderSchema).max(10),
  /** Days without contact after which a customer is marked 待验证; 0: never. */
  unverifiedDays: z.int().min(0).max(1500),
  /** Nothing is sent between these times of day; it is made up for afterwards. */
  quiet: z.object({ from: clock, to: clock }),
  /** Saturdays, Sundays and `holidays` are free, but for `workdays` (调休). */
  workdaysOnly: z.boolean(),
  holidays: z.array(day).max(200),
  workdays: z.array(day).max(100),
});
export type ReminderSettings = z.infer<typeof reminderSettingsSchema>;

export const preferenceSchema = z.object({
  /** Absent: as the workspace has it. */
  digest: cadence.optional(),
  mail: z.boolean(),
  lang: z.enum(['zh', 'en']),
});
export type Preference = z.infer<typeof preferenceSchema>;

const noticeSchema = z.object({
  id: z.string(),
  kind: z.string(),
  message: z.string(),
  object: z.string().nullable(),
  record: z.string().nullable(),
  at: z.string(),
  read: z.boolean(),
});

const ok = z.object({ ok: z.literal(true) });
const robotKind = z.enum(['wecom', 'dingtalk', 'feishu', 'webhook']);
const channelId = z.object({ id: z.string().regex(/^[a-z0-9-]{1,60}$/) });

export const channelSchema = z.object({
  id: z.string(),
  kind: z.enum(['mail', 'sms', 'wecom', 'dingtalk', 'feishu', 'webhook']),
  name: z.string(),
  enabled: z.boolean(),
  /** Host, port, user, sender of mail; of a robot only the host of its address, for the address is a secret. */
  settings: z.record(z.string(), z.unknown()),
  /** Is a password or secret stored? It is never shown. */
  hasSecret: z.boolean(),
});

export const reminders = {
  notices: endpoint({
    method: 'GET',
    path: '/notifications',
    summary: 'What I was told, newest first, and how much of it is unread (100 means more)',
    permission: 'signed-in',
    query: z.object({
      unread: z.enum(['true', 'false']).optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(0).max(100).optional(),
    }),
    response: z.object({ notices: z.array(noticeSchema), unread: z.number() }),
  }),
  read: endpoint({
    method: 'POST',
    path: '/notifications/read',
    summary: 'Mark notifications as read; without ids all of them',
    permission: 'signed-in',
    body: z.strictObject({ ids: z.array(z.uuid()).max(500).optional() }),
    response: ok,
  }),
  upcoming: endpoint({
    method: 'GET',
    path: '/reminders/upcoming',
    summary: 'My customers who come to a step of the ladder within the next days, soonest first',
    permission: 'record',
    query: z.object({ days: z.coerce.number().int().min(1).max(60).optional() }),
    response: z.object({
      items: z.array(
        z.object({
          object: z.string(),
          id: z.string(),
          title: z.string(),
          lastContactAt: z.string(),
          /** Step that comes next, and when. */
          days: z.number(),
          to: z.enum(['owner', 'manager']),
          at: z.string(),
        }),
      ),
    }),
  }),
  settings: endpoint({
    method: 'GET',
    path: '/reminders/settings',
    summary: 'When who is reminded of what',
    permission: 'signed-in',
    response: reminderSettingsSchema,
  }),
  saveSettings: endpoint({
    method: 'PUT',
    path: '/reminders/settings',
    summary: 'Change when who is reminded of what',
    permission: 'admin:settings',
    body: reminderSettingsSchema,
    response: reminderSettingsSchema,
  }),
  preference: endpoint({
    method: 'GET',
    path: '/reminders/preference',
    summary: 'What I want different from the rest',
    permission: 'signed-in',
    response: preferenceSchema,
  }),
  savePreference: endpoint({
    method: 'PUT',
    path: '/reminders/preference',
    summary: 'Change what I want different from the rest',
    permission: 'signed-in',
    body: preferenceSchema,
    response: preferenceSchema,
  }),
};

export const channels = {
  list: endpoint({
    method: 'GET',
    path: '/channels',
    summary: 'Mail, group robots and webhooks; secrets are never shown',
    permission: 'admin:settings',
    response: z.object({ channels: z.array(channelSchema) }),
  }),
  saveMail: endpoint({
    method: 'PUT',
    path: '/channels/mail',
    summary: 'How mail leaves (SMTP). A password that is left out stays as it was',
    permission: 'admin:settings',
    body: z.strictObject({
      enabled: z.boolean(),
      host: z.string().min(1).max(253),
      port: z.int().min(1).max(65535),
      security: z.enum(['tls', 'starttls', 'none']),
      user: z.string().max(200),
      from: z.email().max(200),
      fromName: z.string().max(100),
      replyTo: z.email().max(200).optional(),
      password: z.string().max(500).optional(),
    }),
    response: channelSchema,
  }),
  saveSms: endpoint({
    method: 'PUT',
    path: '/channels/sms',
    summary:
      'How text messages leave: any provider that takes JSON over HTTP. What is secret (address, key, body) stays as it was when it is left out',
    permission: 'admin:settings',
    body: z.strictObject({
      enabled: z.boolean(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(1000)
        .optional(),
      /** Header `Authorization`; empty: none. */
      authorization: z.string().max(1000).optional(),
      /** JSON with `{phone}`, `{text}`, `{id}` inside its strings. */
      body: z.string().max(4000).optional(),
      /** The reply says yes when the value at this path (`result.code`) is `okValue`; empty: any 2xx does. */
      okPath: z.string().max(100),
      okValue: z.string().max(100),
    }),
    response: channelSchema,
  }),
  testSms: endpoint({
    method: 'POST',
    path: '/channels/sms/text',
    summary: 'Send a test text to a number now',
    permission: 'admin:settings',
    body: z.strictObject({ to: z.string().min(3).max(30) }),
    response: ok,
  }),
  addRobot: endpoint({
    method: 'POST',
    path: '/channels',
    summary: 'Add a group robot or webhook',
    permission: 'admin:settings',
    body: z.strictObject({
      kind: robotKind,
      name: z.string().min(1).max(80),
      /** Where it is called; itself a secret, for who has it can write into the group. */
      url: z.url({ protocol: /^https?$/ }).max(1000),
      /** 加签 of 钉钉, 签名校验 of 飞书; for a webhook what its deliveries are signed with. */
      secret: z.string().max(500).optional(),
    }),
    response: channelSchema,
  }),
  changeRobot: endpoint({
    method: 'PATCH',
    path: '/channels/:id',
    summary: 'Rename, switch off, or give a robot or webhook another address or secret',
    permission: 'admin:settings',
    params: channelId,
    body: z.strictObject({
      name: z.string().min(1).max(80).optional(),
      enabled: z.boolean().optional(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(1000)
        .optional(),
      secret: z.string().max(500).optional(),
    }),
    response: channelSchema,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/channels/:id',
    summary: 'Remove a robot or webhook',
    permission: 'admin:settings',
    params: channelId,
    response: ok,
  }),
  test: endpoint({
    method: 'POST',
    path: '/channels/:id/test',
    summary: 'Send a word through a channel now; mail goes to whoever asks',
    permission: 'admin:settings',
    params: channelId,
    response: ok,
  }),
  outgoing: endpoint({
    method: 'GET',
    path: '/outgoing',
    summary: 'Messages that left or wait, newest first',
    permission: 'admin:settings',
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).optional() }),
    response: z.object({
      messages: z.array(
        z.object({
          id: z.string(),
          channel: z.string(),
          recipient: z.string(),
          state: z.enum(['waiting', 'sending', 'sent', 'failed', 'uncertain']),
          attempts: z.number(),
          createdAt: z.string(),
          nextTryAt: z.string().nullable(),
          error: z.string().nullable(),
        }),
      ),
    }),
  }),
};
