import { z } from 'zod';
import { pendingSchema } from './approvals.ts';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema, rowSchema, valueSchema } from './records.ts';

const MOST = 20;
const ids = z.array(z.uuid()).min(2).max(MOST);
const object = z.string().max(60);
const choices = z.record(z.string().max(60), z.string().max(40));

const countSchema = z.object({ object: z.string(), label: labelSchema, field: z.string(), count: z.number() });

export const mergePreviewSchema = z.object({
  object: z.string(),
  winner: z.string(),
  records: z.array(rowSchema),
  /** Differing fields first. */
  fields: z.array(
    z.object({
      field: z.string(),
      label: labelSchema,
      differs: z.boolean(),
      /** Record whose value survives; `all`: entries of all together. */
      from: z.string(),
      value: valueSchema,
      reason: z.object({ code: z.string(), label: labelSchema }),
      /** The caller may choose another record's value. */
      changeable: z.boolean(),
      /** Entries of all may be taken together (`all`). */
      list: z.boolean(),
    }),
  ),
  /** What will be moved to the surviving record. */
  moves: z.array(countSchema),
  /** Signs that they may be two after all. They forbid nothing. */
  warnings: z.array(z.object({ code: z.string(), field: z.string().optional(), sentence: labelSchema })),
  /** Titles of related records and names of accounts that occur in values, by id. */
  titles: z.record(z.string(), z.string()),
});
export type MergePreview = z.infer<typeof mergePreviewSchema>;

const questionSchema = z.object({
  field: z.string(),
  label: labelSchema,
  /** Value right after the merge, and now. */
  merged: valueSchema,
  current: valueSchema,
  /** Records the edit may be about; `all` is possible too. */
  candidates: z.array(z.string()),
  proposed: z.string(),
});

export const unmergePreviewSchema = z.object({
  object: z.string(),
  winner: z.string(),
  losers: z.array(z.string()),
  at: z.string(),
  records: z.array(z.object({ id: z.string(), values: z.record(z.string(), valueSchema) })),
  questions: z.array(questionSchema),
  /** Records that go back, counted. */
  back: z.array(countSchema),
  /** Moved records that were pointed elsewhere or deleted since: they stay as they are. */
  left: z.number(),
  /** Came to the winner after the merge; stays there unless `moves` says otherwise. First 200. */
  added: z.array(
    z.object({
      object: z.string(),
      id: z.string(),
      title: z.string(),
      createdAt: z.string(),
      /** It hangs on a record that goes back to this one. */
      suggested: z.string().optional(),
    }),
  ),
});
export type UnmergePreview = z.infer<typeof unmergePreviewSchema>;

const reasonSchema = z.object({ column: z.string(), level: z.string(), total: z.number(), sentence: labelSchema });

const pairSchema = z.object({
  a: z.string(),
  b: z.string(),
  /** log2 odds, and the same as a probability. */
  score: z.number(),
  probability: z.number(),
  state: z.enum(['open', 'later', 'different', 'merged']),
  /** Strongest first; of fields the reader may see. */
  reasons: z.array(reasonSchema),
});

const listSchema = z.strictObject({ object, filter: filterSchema.optional() });
const named = z.object({ id: z.string(), title: z.string() });

const testSchema = z.strictObject({
  field: z.string().max(60),
  with: z.string().max(60).optional(),
  how: z.enum(['same', 'like']),
});

export const matchRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,20}$/),
  name: z.string().trim().min(1).max(60),
  other: z.string().max(60).optional(),
  any: z.array(z.array(testSchema).min(1).max(6)).min(1).max(8),
  effect: z.enum(['show', 'never', 'refuse']),
  off: z.boolean().optional(),
});

const stateOfScan = z.object({
  phase: z.enum(['waiting', 'reading', 'comparing', 'saving']),
  done: z.number().nullable(),
  total: z.number().nullable(),
});

export const duplicates = {
  objects: endpoint({
    method: 'GET',
    path: '/duplicates/objects',
    summary: 'Objects whose records are compared: open pairs, last and next scan, what the caller may do',
    permission: 'record',
    response: z.object({
      objects: z.array(
        z.object({
          object: z.string(),
          label: labelSchema,
          open: z.number(),
          scannedAt: z.string().nullable(),
          nextScanAt: z.string(),
          /** null: none waits or runs. */
          scan: stateOfScan.nullable(),
          may: z.object({ merge: z.boolean(), decide: z.boolean() }),
        }),
      ),
    }),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/merges/preview',
    summary: 'What a merge would do: surviving value and reason per field, counts of what moves. Writes nothing',
    permission: 'record',
    reading: true,
    body: z.strictObject({ object, records: ids, winner: z.uuid().optional(), choices: choices.optional() }),
    response: mergePreviewSchema,
  }),
  merge: endpoint({
    method: 'POST',
    path: '/merges',
    summary: 'Merge records of one object into one, as one change set; everything that points to them moves along',
    permission: 'record',
    body: z.strictObject({
      object,
      records: ids,
      winner: z.uuid(),
      /** Field → record whose value survives, or `all` for lists; other fields go by their rule. */
      choices: choices.optional(),
      /** Versions seen, by record; a later one is a conflict. */
      versions: z.record(z.uuid(), z.int().min(1)).optional(),
      reason: z.string().max(500).optional(),
    }),
    response: z.union([
      z.object({ merge: z.string(), winner: z.string(), moved: z.number() }),
      /** Nothing has happened yet: somebody must agree first. */
      z.object({ approval: pendingSchema }),
    ]),
  }),
  merges: endpoint({
    method: 'GET',
    path: '/merges',
    summary: 'Merges a record took part in, newest first',
    permission: 'record',
    query: z.object({ object, record: z.uuid() }),
    response: z.object({
      merges: z.array(
        z.object({
          id: z.string(),
          at: z.string(),
          actor: z.string(),
          winner: z.string(),
          losers: z.array(z.string()),
          reason: z.string().nullable(),
          undoneAt: z.string().nullable(),
        }),
      ),
      /** Names of the merged records and of who merged them, by id. */
      titles: z.record(z.string(), z.string()),
    }),
  }),
  movedTo: endpoint({
    method: 'GET',
    path: '/merges/moved/:object/:record',
    summary: 'Where a merged record went',
    permission: 'record',
    params: z.object({ object, record: z.uuid() }),
    response: z.object({ object: z.string(), record: z.string(), merge: z.string(), at: z.string() }),
  }),
  unmergePreview: endpoint({
    method: 'GET',
    path: '/merges/:id/unmerge',
    summary: 'What taking a merge back would do, and the edits since that need an answer',
    permission: 'record',
    params: z.object({ id: z.uuid() }),
    response: unmergePreviewSchema,
  }),
  unmerge: endpoint({
    method: 'POST',
    path: '/merges/:id/unmerge',
    summary: 'Take a merge back: every record gets what it would have had',
    permission: 'record',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({
      /** Field → record the edit was about, or `all`. */
      answers: z.record(z.string().max(60), z.string().max(40)).optional(),
      /** Take the proposed answer where none is given; otherwise an unanswered question is an error. */
      proposed: z.boolean().optional(),
      /** Records that came later and belong to one of the others. */
      moves: z
        .array(z.strictObject({ object, id: z.uuid(), to: z.uuid() }))
        .max(1000)
        .optional(),
      reason: z.string().max(500).optional(),
    }),
    response: z.object({
      changeSet: z.string().nullable(),
      restored: z.array(z.string()),
      back: z.number(),
      left: z.number(),
    }),
  }),
  list: endpoint({
    method: 'GET',
    path: '/duplicates',
    summary: 'Review queue: groups of records that look alike, best first, side by side with reasons',
    permission: 'record',
    query: z.object({
      object,
      limit: z.coerce.number().int().min(1).max(50).optional(),
      after: z.string().max(200).optional(),
      /** Scores (log2 odds) of the best pair: from, and below. */
      min: z.coerce.number().optional(),
      max: z.coerce.number().optional(),
    }),
    response: z.object({
      groups: z.array(z.object({ score: z.number(), records: z.array(rowSchema), pairs: z.array(pairSchema) })),
      next: z.string().optional(),
      open: z.number(),
      scannedAt: z.string().nullable(),
      /** Titles of related records and names of accounts that occur in values, by id. */
      titles: z.record(z.string(), z.string()),
    }),
  }),
  decided: endpoint({
    method: 'GET',
    path: '/duplicates/decided',
    summary:
      'Pairs that somebody told apart or put off, newest first; `decide` with `open` puts them back into the queue',
    permission: 'record',
    query: z.object({
      object,
      limit: z.coerce.number().int().min(1).max(100).optional(),
      after: z.string().max(200).optional(),
    }),
    response: z.object({
      pairs: z.array(
        z.object({
          a: z.string(),
          b: z.string(),
          state: z.enum(['different', 'later']),
          at: z.string(),
          by: z.string(),
          /** Back in the queue then. */
          until: z.string().nullable(),
        }),
      ),
      titles: z.record(z.string(), z.string()),
      next: z.string().optional(),
    }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/duplicates/decide',
    summary: 'Not a duplicate (remembered), later, or open again, for every pair among these records',
    permission: 'record',
    body: z.strictObject({ object, records: ids, decision: z.enum(['different', 'later', 'open']) }),
    response: z.object({ pairs: z.number() }),
  }),
  hint: endpoint({
    method: 'POST',
    path: '/duplicates/hint',
    summary: 'While typing: up to five records this one may be, with score and reasons',
    permission: 'record',
    reading: true,
    body: z.strictObject({
      object,
      /** The record that is edited; it is not its own duplicate. */
      id: z.uuid().optional(),
      values: z.record(z.string().max(60), z.unknown()),
    }),
    response: z.object({
      matches: z.array(
        z.object({
          /** Rules may bring up records of other objects. */
          object: z.string(),
          id: z.string(),
          title: z.string(),
          /** The rule that joins them; `refuses`: this one can't be saved. */
          rule: z.object({ name: z.string(), refuses: z.boolean() }).nullable(),
          /** Account whose it is; null: nobody's, or not for the caller to see. */
          owner: z.string().nullable(),
          score: z.number(),
          probability: z.number(),
          reasons: z.array(reasonSchema),
        }),
      ),
    }),
  }),
  compare: endpoint({
    method: 'POST',
    path: '/duplicates/compare',
    summary:
      'This list against that list: which records of the left look like one of the right, a step of the left at a time',
    permission: 'record',
    reading: true,
    body: z.strictObject({ left: listSchema, right: listSchema, after: z.string().max(2000).optional() }),
    response: z.object({
      /** In the order of the left list; up to three for each of its records. */
      matches: z.array(
        z.object({
          left: named,
          right: named,
          score: z.number(),
          probability: z.number(),
          reasons: z.array(reasonSchema),
        }),
      ),
      /** Records of the left list in this step. */
      looked: z.number(),
      /** Of the whole left list, with the first step; counted up to 10,000. */
      total: z.number().optional(),
      next: z.string().optional(),
    }),
  }),
  rules: endpoint({
    method: 'GET',
    path: '/duplicates/rules/:object',
    summary: 'Rules for duplicates of an object, beside what is learned from its data',
    permission: 'admin:quality',
    params: z.object({ object }),
    response: z.object({ rules: z.array(matchRuleSchema) }),
  }),
  saveRules: endpoint({
    method: 'PUT',
    path: '/duplicates/rules/:object',
    summary:
      'Set the rules for duplicates of an object; they hold from now on, and for what is there after the next scan',
    permission: 'admin:quality',
    params: z.object({ object }),
    body: z.strictObject({ rules: z.array(matchRuleSchema).max(20) }),
    response: z.object({ rules: z.array(matchRuleSchema) }),
  }),
  tryRule: endpoint({
    method: 'POST',
    path: '/duplicates/rules/:object/try',
    summary: 'What a rule would find for the records changed last. Writes nothing',
    permission: 'admin:quality',
    reading: true,
    params: z.object({ object }),
    body: z.strictObject({ rule: matchRuleSchema }),
    response: z.object({
      /** Records looked at, the ones changed last. */
      looked: z.number(),
      /** Of them, those with at least one partner. */
      found: z.number(),
      samples: z.array(z.object({ one: named, other: named.extend({ object: z.string() }) })),
    }),
  }),
  scan: endpoint({
    method: 'POST',
    path: '/duplicates/scan',
    summary: 'Look through an object for duplicates now; otherwise it happens every night',
    permission: 'admin:quality',
    body: z.strictObject({ object }),
    response: z.object({ started: z.boolean() }),
  }),
};
