import { z } from 'zod';
import { AUDIT_KINDS } from '../domain/audit/entry.ts';
import { endpoint } from './endpoint.ts';

const leaf = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().max(44);

const entry = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  source: z.string(),
  kind: z.enum(AUDIT_KINDS),
  object: z.string().nullable(),
  records: z.array(z.string()),
  /** Names of fields, counts, the endpoint: what stays for ever. */
  body: z.json(),
});

export const auditEntrySchema = entry.extend({
  leaf: z.number(),
  actorName: z.string().optional(),
  /** What was searched, who tried to sign in from where; null where there is none or it was erased. */
  private: z.json(),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

const headSchema = z.object({ size: z.number(), root: z.string(), at: z.string(), signature: z.string() });

export const auditProofSchema = z.object({
  type: z.literal('proof'),
  log: z.string(),
  entry: entry.extend({ commitment: z.string().nullable() }),
  leaf: z.number(),
  head: headSchema,
  path: z.array(z.string()),
});
export type AuditProof = z.infer<typeof auditProofSchema>;

const standingSchema = z.object({
  size: leaf,
  nodes: z.array(hash).max(64),
  proven: leaf,
  heads: leaf,
});

export const audit = {
  entries: endpoint({
    method: 'GET',
    path: '/audit/entries',
    summary:
      'What was done, newest first: sign-ins, reads of marked fields, searches, exports, changes, permissions, administration',
    permission: 'admin:audit',
    query: z.object({
      actor: z.string().max(80).optional(),
      kind: z.enum(AUDIT_KINDS).optional(),
      object: z.string().max(60).optional(),
      record: z.uuid().optional(),
      from: z.iso.datetime({ offset: true }).optional(),
      to: z.iso.datetime({ offset: true }).optional(),
      before: leaf.optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    response: z.object({ size: z.number(), entries: z.array(auditEntrySchema) }),
  }),
  entry: endpoint({
    method: 'GET',
    path: '/audit/entries/:leaf',
    summary: 'One entry with the proof that it is in the log (RFC 6962 §2.1.1)',
    permission: 'admin:audit',
    params: z.object({ leaf }),
    response: auditProofSchema,
  }),
  heads: endpoint({
    method: 'GET',
    path: '/audit/heads',
    summary: 'Signed tree heads, newest first, and the public key (Ed25519)',
    permission: 'admin:audit',
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).optional(), before: leaf.optional() }),
    response: z.object({ log: z.string(), size: z.number(), key: z.string(), heads: z.array(headSchema) }),
  }),
  consistency: endpoint({
    method: 'GET',
    path: '/audit/consistency',
    summary: 'Proof that the log at one size is the beginning of the log at another (RFC 6962 §2.1.2)',
    permission: 'admin:audit',
    query: z.object({ from: leaf, to: leaf }),
    response: z.object({ path: z.array(z.string()) }),
  }),
  verify: endpoint({
    method: 'POST',
    path: '/audit/verify',
    summary: 'Verify the log for some seconds, from where an earlier call stopped; the first fault is named',
    permission: 'admin:audit',
    reading: true,
    body: z.strictObject({ from: standingSchema.optional() }),
    response: z.object({
      standing: standingSchema,
      size: z.number(),
      done: z.boolean(),
      fault: z
        .object({ code: z.string(), leaf: z.number(), to: z.number().optional(), id: z.string().optional() })
        .nullable(),
    }),
  }),
  export: endpoint({
    method: 'GET',
    path: '/audit/export',
    summary: 'The whole log as lines of JSON, for `xianke audit verify`',
    permission: 'admin:audit',
  }),
};
