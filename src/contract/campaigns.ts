import { z } from 'zod';
import { DOMAIN_CODES } from '../domain/campaigns/sender-domain.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/);
const one = z.object({ id: z.uuid() });
const letter = z.enum(['a', 'b']);

export const CAMPAIGN_STATES = [
  'draft',
  'checking',
  'checked',
  'waiting',
  'scheduled',
  'sending',
  'testing',
  'paused',
  'sent',
  'cancelled',
] as const;
/** Why somebody is not written to. */
export const LEFT_OUT = [
  'no-address',
  'hidden',
  'erased',
  'unsubscribed',
  'no-consent',
  'bounced',
  'duplicate',
  'unsure',
  'gone',
  'cancelled',
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];
/** How one recipient stands. */
export const RECIPIENT_STATES = [
  'looking',
  'excluded',
  'held',
  'ready',
  'queued',
  'sent',
  'bounced',
  'failed',
  'uncertain',
] as const;
/** Below which belief addresses can be left out. */
export const CONFIDENCE_STEPS = [0.5, 0.6, 0.7, 0.8, 0.9] as const;

const campaignInput = z.strictObject({
  name: z.string().trim().min(1).max(80),
  kind: z.enum(['mail', 'sms']),
  /** What for: nothing goes to who said no to it, and where it rests on consent, nothing to who did not say yes. */
  purpose: z.string().max(60),
  audience: z.strictObject({
    /** A saved view is a segment; its filter is taken when the campaign is checked. */
    view: z.uuid().optional(),
    object: name,
    filter: filterSchema.optional(),
    /** Not those records but what belongs to them: contacts of these customers. */
    of: name.optional(),
    /** Where the address stands. */
    field: name,
  }),
  /** One letter, or two that are tried against each other. `{name}` is filled in; `{name|friend}` says what stands where there is none. */
  variants: z
    .array(z.strictObject({ subject: z.string().max(200), text: z.string().max(20_000) }))
    .min(1)
    .max(2),
  lang: z.enum(['zh', 'en']),
  /** Opens and clicks are counted. */
  tracked: z.boolean(),
  /** Letters an hour at most. */
  rate: z.int().min(1).max(36_000),
  split: z.strictObject({
    /** Of all, the share that the two letters are tried on. 1: all of them, half and half. */
    share: z.number().min(0.05).max(1),
    by: z.enum(['clicks', 'opens']),
    /** After so many hours the better one goes to the rest by itself; 0: a person decides. */
    hours: z.int().min(0).max(168),
  }),
});
export type CampaignInput = z.output<typeof campaignInput>;

const counts = z.record(z.string(), z.int());
const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
const label = z.object({ zh: z.string(), en: z.string() });

const lookSchema = z.object({
  /** Found by the condition. */
  found: z.int(),
  reachable: z.int(),
  /** By reason. */
  leftOut: counts,
  /** Of those reachable: addresses past due, and how many of these are probably wrong by now (the sum of what belief in each lacks). */
  stale: z.int(),
  likelyDead: z.number(),
  /** How many addresses are believed in less than this, by CONFIDENCE_STEPS. */
  below: z.array(z.int()),
});
export type CampaignLook = z.infer<typeof lookSchema>;

const figures = z.object({
  sent: z.int(),
  /** Taken by the receiver's server, and not come back so far. */
  delivered: z.int(),
  opened: z.int(),
  clicked: z.int(),
  unsubscribed: z.int(),
  bounced: z.int(),
});
export type CampaignFigures = z.infer<typeof figures>;

const campaignSchema = campaignInput.extend({
  id: z.string(),
  state: z.enum(CAMPAIGN_STATES),
  version: z.int(),
  owner: z.string(),
  ownerName: z.string(),
  createdAt: z.string(),
  checkedAt: z.string().nullable(),
  startAt: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** Why it stands still, in the reader's language. */
  problem: z.string().nullable(),
  gate: z
    .object({
      how: z.enum(['all', 'leave-out', 'confirm']),
      below: z.number().nullable(),
      at: z.string(),
      byName: z.string(),
    })
    .nullable(),
  winner: letter.nullable(),
  figures,
  /** Still to be sent in this run, and on the way. */
  toSend: z.int(),
  /** Wait until somebody confirmed their address. */
  held: z.int(),
});
export type Campaign = z.infer<typeof campaignSchema>;

const detailSchema = z.object({
  campaign: campaignSchema,
  look: lookSchema.nullable(),
  /** By state. */
  states: counts,
  leftOut: counts,
  /** Confirmed since, of those that were held. */
  confirmed: z.int(),
  variants: z.array(figures.extend({ variant: letter })),
  trial: z
    .object({
      a: interval,
      b: interval,
      difference: interval,
      verdict: z.enum(['few', 'apart', 'not-apart']),
      leader: letter,
      /** When the better one goes to the rest by itself. */
      decidesAt: z.string().nullable(),
    })
    .nullable(),
  links: z.array(z.object({ url: z.string(), variant: letter, people: z.int(), clicks: z.int() })),
});
export type CampaignDetail = z.infer<typeof detailSchema>;

const recipientSchema = z.object({
  id: z.string(),
  object: z.string(),
  record: z.string(),
  /** null: not for the reader to see. */
  title: z.string().nullable(),
  state: z.enum(RECIPIENT_STATES),
  reason: z.string().nullable(),
  variant: letter.nullable(),
  confidence: z.number().nullable(),
  sentAt: z.string().nullable(),
  openedAt: z.string().nullable(),
  clickedAt: z.string().nullable(),
  unsubscribedAt: z.string().nullable(),
  bouncedAt: z.string().nullable(),
  bounce: z.string().nullable(),
});
export type CampaignRecipient = z.infer<typeof recipientSchema>;
/** Which of them: a state, a reason, or what they did. */
export const WHICH = [...RECIPIENT_STATES, 'opened', 'clicked', 'unsubscribed', 'all'] as const;

const segmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  label: label.optional(),
  object: z.string(),
  filter: filterSchema,
  shared: z.boolean(),
  owner: z.string().nullable(),
  version: z.int(),
  /** Counted up to a limit; null: the reader may not ask by this. */
  count: z.object({ value: z.number(), exact: z.boolean() }).nullable(),
});
export type Segment = z.infer<typeof segmentSchema>;

const written = z.object({ subject: z.string(), text: z.string(), html: z.string() });

export const campaigns = {
  segments: endpoint({
    method: 'GET',
    path: '/segments',
    summary: 'Saved views that have a condition, with how many records are in each now',
    permission: 'admin:campaigns',
    response: z.object({ segments: z.array(segmentSchema) }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/campaigns',
    summary: 'Campaigns, newest first, with their figures',
    permission: 'admin:campaigns',
    response: z.object({ campaigns: z.array(campaignSchema), mail: z.boolean(), sms: z.boolean() }),
  }),
  read: endpoint({
    method: 'GET',
    path: '/campaigns/:id',
    summary: 'One campaign: whom it reaches, how it goes, what came of it',
    permission: 'admin:campaigns',
    params: one,
    response: detailSchema,
  }),
  save: endpoint({
    method: 'PUT',
    path: '/campaigns/:id',
    summary: 'Make a campaign or change it, as long as it has not begun. Another audience has to be checked again',
    permission: 'admin:campaigns',
    params: one,
    /** 0: a new one. */
    body: z.strictObject({ campaign: campaignInput, version: z.int().min(0) }),
    response: detailSchema,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/campaigns/:id',
    summary: 'Remove a campaign that sent nothing',
    permission: 'admin:campaigns',
    params: one,
    response: z.object({ ok: z.literal(true) }),
  }),
  check: endpoint({
    method: 'POST',
    path: '/campaigns/:id/check',
    summary: 'Find whom it reaches and whom not, and how far their addresses are to be believed; sends nothing',
    permission: 'admin:campaigns',
    params: one,
    response: detailSchema,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/campaigns/preview',
    summary: 'A letter as its first recipient would get it, as far as the reader may see that record',
    permission: 'admin:campaigns',
    reading: true,
    body: z.strictObject({ campaign: campaignInput, variant: letter }),
    /** `values`: what the places become. `unknown`: places that mean nothing. */
    response: written.extend({
      title: z.string().nullable(),
      values: z.record(z.string(), z.string()),
      unknown: z.array(z.string()),
    }),
  }),
  test: endpoint({
    method: 'POST',
    path: '/campaigns/:id/test',
    summary: 'Send a letter to myself',
    permission: 'admin:campaigns',
    params: one,
    body: z.strictObject({ variant: letter }),
    response: z.object({ to: z.string() }),
  }),
  send: endpoint({
    method: 'POST',
    path: '/campaigns/:id/send',
    summary:
      'Send to everybody found: now or at a time, with what is done about addresses that nobody confirmed for long',
    permission: 'admin:campaigns',
    params: one,
    body: z.strictObject({
      version: z.int(),
      /** all: to these too · leave-out: not to addresses believed in less than `below` · confirm: not to those past due; colleagues are asked to confirm them first */
      gate: z.enum(['all', 'leave-out', 'confirm']),
      below: z.number().min(0).max(1).optional(),
      at: z.iso.datetime({ offset: true }).optional(),
    }),
    response: detailSchema.extend({ tasks: z.int() }),
  }),
  act: endpoint({
    method: 'POST',
    path: '/campaigns/:id/act',
    summary: 'Stop, go on, call off; send to those whose address was confirmed since',
    permission: 'admin:campaigns',
    params: one,
    body: z.strictObject({ do: z.enum(['pause', 'resume', 'cancel', 'confirmed']) }),
    response: detailSchema,
  }),
  choose: endpoint({
    method: 'POST',
    path: '/campaigns/:id/winner',
    summary: 'Which of two letters the rest gets',
    permission: 'admin:campaigns',
    params: one,
    body: z.strictObject({ winner: letter }),
    response: detailSchema,
  }),
  recipients: endpoint({
    method: 'GET',
    path: '/campaigns/:id/recipients',
    summary: 'Whom it went to and what each did, a page at a time',
    permission: 'admin:campaigns',
    params: one,
    query: z.object({
      which: z.enum(WHICH),
      reason: z.enum(LEFT_OUT).optional(),
      after: z.uuid().optional(),
    }),
    response: z.object({ recipients: z.array(recipientSchema), next: z.string().nullable() }),
  }),
  ofRecord: endpoint({
    method: 'GET',
    path: '/records/:object/:id/campaigns',
    summary: 'What of campaigns this person got, and did with it',
    permission: 'record',
    params: z.object({ object: z.string().max(60), id: z.uuid() }),
    response: z.object({
      letters: z.array(
        z.object({
          campaign: z.string(),
          name: z.string(),
          kind: z.enum(['mail', 'sms']),
          subject: z.string(),
          sentAt: z.string(),
          openedAt: z.string().nullable(),
          clickedAt: z.string().nullable(),
          unsubscribedAt: z.string().nullable(),
          bouncedAt: z.string().nullable(),
        }),
      ),
    }),
  }),
  bounces: endpoint({
    method: 'POST',
    path: '/campaigns/bounces',
    summary: 'Hand in what mail servers sent back (RFC 3464), as raw messages; each counts once',
    permission: 'admin:campaigns',
    body: z.strictObject({ messages: z.array(z.string().min(1).max(1_000_000)).min(1).max(20) }),
    response: z.object({
      outcomes: z.array(
        z.object({
          /** hard · soft: noted · none: it arrived or is still tried · unknown: of no letter of ours */
          status: z.enum(['hard', 'soft', 'none', 'unknown']),
          code: z.string(),
        }),
      ),
    }),
  }),
  sender: endpoint({
    method: 'GET',
    path: '/campaigns/sender',
    summary: 'Whether receivers can tell that our letters are from us: SPF, DKIM, DMARC of the sender’s domain',
    permission: 'admin:campaigns',
    query: z.object({
      selector: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,63}$/)
        .optional(),
    }),
    response: z.object({
      from: z.string().nullable(),
      domain: z.string().nullable(),
      checks: z.array(
        z.object({
          state: z.enum(['good', 'weak', 'bad', 'unknown']),
          code: z.enum(DOMAIN_CODES),
          record: z.string().nullable(),
        }),
      ),
    }),
  }),
};
