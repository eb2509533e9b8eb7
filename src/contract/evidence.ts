import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { issueSchema, valueSchema } from './records.ts';

const name = z.string().min(1).max(60);
const words = z.object({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const probability = z.number().min(0).max(1);

/** One thing that happened. */
export const evidenceItemSchema = z.strictObject({
  /** A row of the table of kinds (`GET /evidence/kinds`): `mail-bounced`, `call-connected`, … or a way of verifying: `registry`, `customer`, `document`. */
  kind: name,
  object: name,
  /** The record; or `match`. */
  id: z.uuid().optional(),
  /** Records by a value of theirs, for systems that know a mail address and not our ids. */
  match: z.strictObject({ field: name, value: valueSchema }).optional(),
  /** Fields it speaks about; absent: those of the kind. Ways of verifying need them. */
  fields: z.array(name).max(50).optional(),
  /** When it happened; now by default. */
  at: z.iso.datetime({ offset: true }).optional(),
  /** The sender's own name of the event: sent again, it counts once. */
  ref: z.string().min(1).max(200),
});

const kindSchema = z.object({
  kind: z.string(),
  label: words,
  types: z.array(z.string()).optional(),
  fields: z.array(z.string()).optional(),
  confidence: z.number().optional(),
  ifRight: z.number().optional(),
  ifWrong: z.number().optional(),
  changes: z.number().optional(),
  repeatDays: z.number().optional(),
  edited: z.boolean(),
  /** Switched off by an administrator. */
  off: z.boolean().optional(),
});
export type EvidenceKindRow = z.infer<typeof kindSchema>;

const sourceSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** Its files are those with this in their name, whatever the case. */
  match: z.string().trim().min(2).max(80),
  /** `object.field`: columns whose values count as verified. */
  fields: z.array(z.string().max(130)).min(1).max(200),
  /** What they are worth: as a match with a registry, with a document, or looked up somehow. */
  strength: z.enum(['strong', 'middle', 'weak']),
});
const sourcesSchema = z.object({ sources: z.array(sourceSchema) });
export type TrustedSource = z.infer<typeof sourceSchema>;

export const evidence = {
  report: endpoint({
    method: 'POST',
    path: '/evidence',
    summary:
      'Report what tells that values are right or wrong (call connected, mail bounced, parcel signed for, registry match): a batch, each event once by its ref',
    permission: 'record',
    body: z.strictObject({ evidence: z.array(evidenceItemSchema).min(1).max(1000) }),
    response: z.object({
      changeSet: z.string().nullable(),
      /** In the order of the batch. */
      outcomes: z.array(
        z.object({
          /** applied: belief moved · unchanged: old news · duplicate: this ref was reported before · not-found: nobody has that value · rejected: see issues */
          status: z.enum(['applied', 'unchanged', 'duplicate', 'not-found', 'rejected']),
          /** Records it was about. */
          records: z.array(z.string()),
          issues: z.array(issueSchema).optional(),
        }),
      ),
    }),
  }),
  kinds: endpoint({
    method: 'GET',
    path: '/evidence/kinds',
    summary: 'The table of evidence kinds: what each says, and how strongly',
    permission: 'signed-in',
    response: z.object({ kinds: z.array(kindSchema) }),
  }),
  saveKind: endpoint({
    method: 'PUT',
    path: '/evidence/kinds/:kind',
    summary: 'Change or add a kind of evidence',
    permission: 'admin:policies',
    params: z.object({ kind: z.string().regex(/^[a-z][a-z0-9-]{1,58}$/) }),
    body: z
      .strictObject({
        label: words.optional(),
        types: z.array(name).max(30).optional(),
        fields: z.array(z.string().max(130)).max(100).optional(),
        /** P(seen | value right) and P(seen | value wrong); only their ratio matters. */
        ifRight: probability.optional(),
        ifWrong: probability.optional(),
        /** Share of values that an event of this kind changes. */
        changes: probability.optional(),
        repeatDays: z.number().min(0).max(365).optional(),
        /** Not used any more. */
        off: z.boolean().optional(),
      })
      .refine((kind) => (kind.ifRight === undefined) === (kind.ifWrong === undefined), {
        message: 'ifRight and ifWrong go together',
      }),
    response: z.object({ kinds: z.array(kindSchema) }),
  }),
  resetKind: endpoint({
    method: 'DELETE',
    path: '/evidence/kinds/:kind',
    summary: 'Back to the default of a kind; one of your own goes',
    permission: 'admin:policies',
    params: z.object({ kind: name }),
    response: z.object({ kinds: z.array(kindSchema) }),
  }),
  sources: endpoint({
    method: 'GET',
    path: '/evidence/sources',
    summary: 'Sources of imports whose values count as verified: which files, which columns, how much they are worth',
    permission: 'signed-in',
    response: sourcesSchema,
  }),
  saveSources: endpoint({
    method: 'PUT',
    path: '/evidence/sources',
    summary: 'Replace the list of trusted sources',
    permission: 'admin:policies',
    body: z.strictObject({ sources: z.array(sourceSchema).max(100) }),
    response: sourcesSchema,
  }),
};
