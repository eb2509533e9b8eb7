import { z } from 'zod';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';

const name = z.string().max(60);
const longText = z.strictObject({ zh: z.string().min(1).max(4000), en: z.string().min(1).max(4000) });

/** A letter or greeting that carries the link: `{name}`, `{company}`, `{sender}`, `{days}` are filled in, `{link}` is where the link goes. */
export const messageTemplateSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  label: labelSchema,
  /** Day it belongs to, for the list of occasions. */
  occasion: z.enum(['plain', 'birthday', 'spring-festival', 'mid-autumn', 'national-day', 'other']),
  subject: labelSchema,
  body: longText,
});
export type MessageTemplate = z.infer<typeof messageTemplateSchema>;

export const askingSettingsSchema = z.object({
  /** apply: corrections are written at once (protected and sensitive fields are held all the same). hold: all of them wait for a person. */
  answers: z.enum(['apply', 'hold']),
  expireDays: z.int().min(1).max(90),
  /** Days without an answer after which the mail is sent once more; 0 = never. */
  remindDays: z.int().min(0).max(60),
  consent: longText,
  templates: z.array(messageTemplateSchema).max(50),
});
export type AskingSettings = z.infer<typeof askingSettingsSchema>;

export const askState = z.enum(['sent', 'opened', 'answered', 'expired', 'revoked']);

const recipientSchema = z.object({
  id: z.string(),
  contact: z.string().nullable(),
  name: z.string(),
  /** Masked. */
  email: z.string().nullable(),
  way: z.enum(['mail', 'link']),
  state: askState,
  fields: z.array(z.object({ object: z.string(), field: z.string(), label: labelSchema })),
  sentAt: z.string(),
  openedAt: z.string().nullable(),
  answeredAt: z.string().nullable(),
  remindedAt: z.string().nullable(),
  /** He found the link expired and asked for a new one. */
  wantsLinkAt: z.string().nullable(),
  answers: z.object({ right: z.number(), changed: z.number(), gone: z.number(), held: z.number() }).nullable(),
  changeSet: z.string().nullable(),
});

export const askSchema = z.object({
  id: z.string(),
  object: z.string(),
  record: z.string(),
  title: z.string(),
  kind: z.enum(['dialog', 'embed']),
  madeAt: z.string(),
  madeBy: z.string(),
  madeByName: z.string(),
  expiresAt: z.string(),
  recipients: z.array(recipientSchema),
});
export type Ask = z.infer<typeof askSchema>;

/** The one time a link leaves the server. */
const linkSchema = z.object({
  recipient: z.string(),
  name: z.string(),
  way: z.enum(['mail', 'link']),
  url: z.string(),
});

const fieldChoice = z.object({
  field: z.string(),
  label: labelSchema,
  /** As the customer will see it. */
  masked: z.string(),
  state: z.enum(['fresh', 'aging', 'stale', 'missing']),
  /** Asked unless unticked: tracked and past due. */
  suggested: z.boolean(),
});

const recipientParams = z.object({ id: z.uuid(), recipient: z.uuid() });
const ok = z.object({ ok: z.literal(true) });

export const asking = {
  draft: endpoint({
    method: 'GET',
    path: '/asks/draft/:object/:id',
    summary: 'What could be asked of whom about a record: contacts, fields past due, letters',
    permission: 'record',
    params: z.object({ object: name, id: z.uuid() }),
    response: z.object({
      title: z.string(),
      fields: z.array(fieldChoice),
      /** People of the record; the first entry without id is the customer himself where no contact has an address. */
      people: z.array(
        z.object({
          contact: z.string().nullable(),
          name: z.string(),
          email: z.string().nullable(),
          phone: z.string().nullable(),
          /** Fields of his own record. */
          fields: z.array(fieldChoice),
        }),
      ),
      templates: z.array(messageTemplateSchema),
      expireDays: z.number(),
      remindDays: z.number(),
      /** Is mail set up? */
      mail: z.boolean(),
    }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/asks',
    summary: 'Ask the customer to confirm: one link per person',
    permission: 'record',
    body: z.strictObject({
      object: name,
      id: z.uuid(),
      /** Fields of the record; absent: those past due. */
      fields: z.array(name).max(60).optional(),
      people: z
        .array(
          z.strictObject({
            contact: z.uuid().optional(),
            name: z.string().max(100).optional(),
            email: z.email().max(200).optional(),
            way: z.enum(['mail', 'link']),
            /** Fields of his own record; absent: those past due. */
            fields: z.array(name).max(60).optional(),
          }),
        )
        .min(1)
        .max(50),
      lang: z.enum(['zh', 'en']).optional(),
      template: z.string().max(60).optional(),
      subject: z.string().max(200).optional(),
      message: z.string().max(4000).optional(),
      expireDays: z.int().min(1).max(90).optional(),
      remindDays: z.int().min(0).max(60).optional(),
    }),
    response: z.object({ ask: askSchema, links: z.array(linkSchema) }),
  }),
  embed: endpoint({
    method: 'POST',
    path: '/asks/embed',
    summary:
      "For another system, at the customer's sign-in there: the link with which he confirms what is past due; null when nothing is",
    permission: 'record',
    body: z.strictObject({ object: name, id: z.uuid(), fields: z.array(name).max(60).optional() }),
    response: z.object({ url: z.string().nullable(), expiresAt: z.string().nullable(), fields: z.array(z.string()) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/asks',
    summary: 'Who was asked, and who has answered',
    permission: 'record',
    query: z.object({
      object: name.optional(),
      id: z.uuid().optional(),
      /** Requests of one round; those of rounds are left out otherwise. */
      census: z.uuid().optional(),
      /** open: someone has not answered yet. */
      state: z.enum(['open', 'all']).optional(),
      before: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    response: z.object({ asks: z.array(askSchema), next: z.string().optional() }),
  }),
  newLink: endpoint({
    method: 'POST',
    path: '/asks/:id/people/:recipient/link',
    summary: 'One more link for the same person (the first can not be shown again); after expiry the term begins anew',
    permission: 'record',
    params: recipientParams,
    response: linkSchema,
  }),
  mailAgain: endpoint({
    method: 'POST',
    path: '/asks/:id/people/:recipient/mail',
    summary: 'Send the letter to this person once more',
    permission: 'record',
    params: recipientParams,
    response: ok,
  }),
  revoke: endpoint({
    method: 'POST',
    path: '/asks/:id/people/:recipient/revoke',
    summary: 'Make every link of this person worthless',
    permission: 'record',
    params: recipientParams,
    response: ok,
  }),
  settings: endpoint({
    method: 'GET',
    path: '/asking/settings',
    summary: 'How answers are treated, terms, letters',
    permission: 'signed-in',
    response: askingSettingsSchema,
  }),
  saveSettings: endpoint({
    method: 'PUT',
    path: '/asking/settings',
    summary: 'Change how answers are treated, terms, letters',
    permission: 'admin:settings',
    body: askingSettingsSchema,
    response: askingSettingsSchema,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/asking/preview',
    summary: 'A letter as it would arrive',
    permission: 'signed-in',
    body: z.strictObject({
      subject: z.string().max(200),
      body: z.string().max(4000),
      lang: z.enum(['zh', 'en']),
      name: z.string().max(100).optional(),
    }),
    response: z.object({ subject: z.string(), text: z.string(), html: z.string() }),
  }),
};
