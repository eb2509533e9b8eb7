import { z } from 'zod';
import { ACTS } from '../domain/access/types.ts';
import { endpoint } from './endpoint.ts';

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'member']),
  disabled: z.boolean().optional(),
  createdAt: z.string().optional(),
  /** Was added and has not chosen a password yet. */
  invited: z.boolean().optional(),
});

const secondFactor = z.enum(['totp', 'recovery', 'passkey']);
export type SecondFactor = z.infer<typeof secondFactor>;

/** `account`: signed in. `second`: the password was right, and one of these is asked for besides. */
export const signedInSchema = z.object({ account: accountSchema.optional(), second: z.array(secondFactor).optional() });

/** The header by which an administrator looks at the product as somebody else; nothing can be changed that way. */
export const VIEW_AS = 'x-xianke-view-as';

export const passwordSchema = z.string().min(8).max(200);
const password = passwordSchema;
const ok = z.object({ ok: z.literal(true) });

export const session = {
  setupState: endpoint({
    method: 'GET',
    path: '/setup',
    summary: 'Is the first account still to be made?',
    permission: 'public',
    response: z.object({ needed: z.boolean() }),
  }),
  setup: endpoint({
    method: 'POST',
    path: '/setup',
    summary: 'Make the first account (administrator)',
    permission: 'public',
    body: z.strictObject({
      name: z.string().min(1).max(80),
      email: z.email().max(200),
      password,
      company: z.string().max(120).optional(),
      lang: z.enum(['zh', 'en']).optional(),
    }),
    response: z.object({ account: accountSchema }),
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/session',
    summary: 'Sign in',
    permission: 'public',
    body: z.strictObject({ email: z.string().max(200), password: z.string().max(200) }),
    response: signedInSchema,
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    permission: 'signed-in',
    response: ok,
    beforeFactor: true,
  }),
  me: endpoint({
    method: 'GET',
    path: '/session',
    summary: 'Who am I',
    permission: 'signed-in',
    scoped: true,
    beforeFactor: true,
    response: z.object({
      account: accountSchema,
      /** His role asks for two factors, and there is one: nothing else answers until another is set up. */
      needsFactor: z.boolean().optional(),
      /** What of the administrator's work his roles allow. */
      acts: z.array(z.enum(ACTS)),
      workspace: z.object({ id: z.string(), name: z.string(), scenario: z.string().nullable(), timeZone: z.string() }),
    }),
  }),
  accounts: endpoint({
    method: 'GET',
    path: '/accounts',
    summary: 'People (names for pickers)',
    permission: 'signed-in',
    response: z.object({ accounts: z.array(accountSchema) }),
  }),
  createAccount: endpoint({
    method: 'POST',
    path: '/accounts',
    summary: 'Add a person',
    permission: 'admin',
    body: z.strictObject({
      name: z.string().min(1).max(80),
      email: z.email().max(200),
      password,
      role: z.enum(['admin', 'member']),
    }),
    response: accountSchema,
  }),
  updateAccount: endpoint({
    method: 'PATCH',
    path: '/accounts/:id',
    summary: 'Change role or name, disable',
    permission: 'admin',
    params: z.object({ id: z.string().max(80) }),
    body: z.strictObject({
      name: z.string().min(1).max(80).optional(),
      role: z.enum(['admin', 'member']).optional(),
      disabled: z.boolean().optional(),
      password: password.optional(),
    }),
    response: accountSchema,
  }),
  apiKeys: endpoint({
    method: 'GET',
    path: '/api-keys',
    summary: 'My API keys',
    permission: 'signed-in',
    response: z.object({
      keys: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          createdAt: z.string(),
          lastUsedAt: z.string().nullable(),
          /** null: all that the person may. */
          scopes: z.array(z.string()).nullable(),
          expiresAt: z.string().nullable(),
          perMinute: z.int().nullable(),
        }),
      ),
    }),
  }),
  createApiKey: endpoint({
    method: 'POST',
    path: '/api-keys',
    summary: 'Make an API key; the secret is shown once',
    permission: 'signed-in',
    body: z.strictObject({
      name: z.string().min(1).max(80),
      /** Absent: all that I may. */
      scopes: z.array(z.string().max(120)).min(1).max(100).optional(),
      /** Days until it ends; absent: never. */
      days: z.int().min(1).max(3650).optional(),
      perMinute: z.int().min(1).max(100_000).optional(),
    }),
    response: z.object({ id: z.string(), key: z.string() }),
  }),
  deleteApiKey: endpoint({
    method: 'DELETE',
    path: '/api-keys/:id',
    summary: 'Revoke an API key',
    permission: 'signed-in',
    params: z.object({ id: z.string().max(80) }),
    response: ok,
  }),
};
