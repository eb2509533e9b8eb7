import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const label = z.object({ zh: z.string().min(1).max(60), en: z.string().min(1).max(60) });
const phrase = z.string().min(1).max(60);
const name = z.string().min(1).max(60);

export const tagEntryInput = z.strictObject({
  /** Field of the customer that holds the tag. */
  field: name,
  /** As it is stored: the value of an option, or the tag itself. */
  tag: name,
  /** What the option is called where the field has none of that value yet. */
  label: label.optional(),
  phrases: z.array(phrase).max(100_000),
  /** Longer wordings that mean something else. */
  except: z.array(phrase).max(10_000),
  /** Months that it lives after it was last heard; null: for good. */
  months: z.int().min(1).max(120).nullable(),
  /** Tag that takes its place at the end; absent: it goes. */
  becomes: name.optional(),
  off: z.boolean().optional(),
  preset: z.string().max(60).optional(),
});
export type TagEntryInput = z.output<typeof tagEntryInput>;

const tagEntry = tagEntryInput.extend({ id: z.string() });
export type TagEntryView = z.infer<typeof tagEntry>;

const textSource = z.strictObject({
  object: name,
  /** Relation to the customer; null: the customer's own fields. */
  of: name.nullable(),
  fields: z.array(name).max(20),
});

const tagCount = z.object({
  field: z.string(),
  tag: z.string(),
  /** That would have it and do not have it yet. */
  customers: z.int(),
  /** That say it, and that only deny it. */
  texts: z.int(),
  denied: z.int(),
});
export type TagCount = z.infer<typeof tagCount>;

const tagRun = z.object({
  id: z.string(),
  at: z.string(),
  byName: z.string(),
  /** looking: reads all texts · ready: waits for a yes · running: sets tags · done · cancelled: what was set stays and can be undone · failed */
  state: z.enum(['looking', 'ready', 'running', 'done', 'cancelled', 'failed']),
  done: z.int(),
  total: z.int(),
  counts: z.array(tagCount),
  /** All that it set, to be undone as one. */
  changeSet: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type TagRunView = z.infer<typeof tagRun>;

const place = z.object({ start: z.int(), end: z.int() });
const mention = place.extend({
  entry: z.string(),
  field: z.string(),
  tag: z.string(),
  phrase: z.string(),
  counts: z.boolean(),
  /** Words that decide: denied, denied twice, or the longer phrase that it is part of. */
  because: place.extend({ why: z.enum(['denied', 'denied-twice', 'within']) }).nullable(),
});
export type MentionView = z.infer<typeof mention>;

const explanation = z.object({
  field: z.string(),
  tag: z.string(),
  by: z.enum(['texts', 'rule', 'person', 'system', 'unknown']),
  actor: z.string().nullable(),
  actorName: z.string().nullable(),
  since: z.string().nullable(),
  /** When it was last heard or set. */
  lastAt: z.string().nullable(),
  /** When it ends unless it is heard again; null: it stays. */
  until: z.string().nullable(),
  /** What takes its place then. */
  becomes: z.string().nullable(),
  /** Texts that say it; the newest are shown. */
  mentions: z.int(),
  evidence: z.array(
    z.object({
      object: z.string(),
      /** null: not for this reader. */
      record: z.string().nullable(),
      field: z.string(),
      phrase: z.string(),
      at: z.string(),
      sentence: place.extend({ text: z.string() }).nullable(),
    }),
  ),
});
export type TagExplanation = z.infer<typeof explanation>;

const adviserInput = z.strictObject({
  on: z.boolean(),
  /** Up to and without `/chat/completions`. */
  address: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]),
  model: z.string().max(100),
  /** Texts asked about within a day at most. */
  daily: z.int().min(1).max(100_000),
  /** Absent: as it was. Empty: none. */
  key: z.string().max(500).optional(),
});
const adviserView = adviserInput.omit({ key: true }).extend({
  hasKey: z.boolean(),
  waiting: z.int(),
  asked: z.int(),
  proposed: z.int(),
  /** Why the last one that failed did. */
  error: z.string().nullable(),
});
export type AdviserView = z.infer<typeof adviserView>;

const ok = z.object({ ok: z.literal(true) });
const byId = z.object({ id: z.uuid() });
const versioned = z.object({ version: z.int() });

export const tagging = {
  dictionary: endpoint({
    method: 'GET',
    path: '/tagging',
    summary:
      'The dictionary of tags: what each is called, which phrases set it, how long it lives, which texts are read',
    permission: 'admin:settings',
    response: z.object({
      version: z.int(),
      on: z.boolean(),
      entries: z.array(tagEntry),
      sources: z.array(textSource),
      /** Texts that can be read. */
      readable: z.array(textSource),
      fields: z.array(z.string()),
      /** That come with the product and are not in it yet. */
      presets: z.array(tagEntry.extend({ about: z.string() })),
      /** Customers that have each tag now because of texts. */
      holders: z.array(z.object({ field: z.string(), tag: z.string(), customers: z.int() })),
    }),
  }),
  saveEntries: endpoint({
    method: 'PUT',
    path: '/tagging/entries',
    summary: 'Add tags to the dictionary or change them, as a new version of it',
    permission: 'admin:settings',
    body: z.strictObject({
      entries: z
        .array(tagEntryInput.extend({ id: z.uuid() }))
        .min(1)
        .max(100),
      version: z.int(),
    }),
    response: versioned,
  }),
  removeEntry: endpoint({
    method: 'DELETE',
    path: '/tagging/entries/:id',
    summary: 'Take a tag out of the dictionary; customers keep it',
    permission: 'admin:settings',
    params: byId,
    query: z.object({ version: z.coerce.number().int() }),
    response: versioned,
  }),
  settings: endpoint({
    method: 'PUT',
    path: '/tagging/settings',
    summary: 'Switch tagging of new texts on or off, and say which texts are read',
    permission: 'admin:settings',
    body: z.strictObject({ on: z.boolean(), sources: z.array(textSource).max(30), version: z.int() }),
    response: versioned,
  }),
  try: endpoint({
    method: 'POST',
    path: '/tagging/try',
    summary: 'What a sentence says by the dictionary, and what does not count and why; writes nothing',
    permission: 'admin:settings',
    reading: true,
    body: z.strictObject({
      text: z.string().max(5000),
      /** Instead of those kept: an entry that is being written. */
      entry: tagEntryInput.optional(),
    }),
    response: z.object({ mentions: z.array(mention) }),
  }),
  runs: endpoint({
    method: 'GET',
    path: '/tagging/runs',
    summary: 'Looks through all texts, newest first',
    permission: 'admin:settings',
    response: z.object({ runs: z.array(tagRun) }),
  }),
  look: endpoint({
    method: 'POST',
    path: '/tagging/runs',
    summary: 'Look through all texts and count what would be tagged; sets nothing',
    permission: 'admin:settings',
    response: z.object({ id: z.string() }),
  }),
  start: endpoint({
    method: 'POST',
    path: '/tagging/runs/:id/start',
    summary: 'Set the tags that a look found, in the background',
    permission: 'admin:settings',
    params: byId,
    response: ok,
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/tagging/runs/:id/cancel',
    summary: 'Stop a look; tags set until then stay and can be undone together',
    permission: 'admin:settings',
    params: byId,
    response: ok,
  }),
  adviser: endpoint({
    method: 'GET',
    path: '/tagging/adviser',
    summary: 'The language model that proposes tags: settings, and what it was asked within a day',
    permission: 'admin:settings',
    response: adviserView,
  }),
  saveAdviser: endpoint({
    method: 'PUT',
    path: '/tagging/adviser',
    summary: 'Set up a language model at an OpenAI-compatible address, or switch it off; it only ever proposes',
    permission: 'admin:settings',
    body: adviserInput,
    response: ok,
  }),
  tryAdviser: endpoint({
    method: 'POST',
    path: '/tagging/adviser/try',
    summary: 'Ask the language model about a sentence: what is sent, and what it answers; nothing is kept',
    permission: 'admin:settings',
    body: z.strictObject({ text: z.string().min(1).max(2000) }),
    response: z.object({
      /** The sentence without what tells who somebody is. */
      sent: z.string(),
      tags: z.array(z.object({ field: z.string(), tag: z.string(), quote: z.string() })),
      /** Why there is no answer. */
      error: z.string().nullable(),
    }),
  }),
  explain: endpoint({
    method: 'GET',
    path: '/tagging/customers/:id',
    summary: 'Why a customer has his tags: who or which words, since when and until when',
    permission: 'record',
    scoped: true,
    params: byId,
    response: z.object({ tags: z.array(explanation) }),
  }),
};
