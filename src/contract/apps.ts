import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const scope = z.string().max(120);
const ok = z.object({ ok: z.literal(true) });
const byId = z.object({ id: z.uuid() });

/** An app as an administrator registers it. */
const appInput = z.strictObject({
  name: z.string().trim().min(1).max(80),
  about: z.string().trim().max(300).optional(),
  homeUrl: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .nullable()
    .optional(),
  redirectUris: z.array(z.string().max(500)).max(20),
  /** The most that it may ask for. */
  scopes: z.array(scope).min(1).max(100),
  /** Whom it acts as when nobody sits in front of it (client credentials); null: it can't. */
  account: z.uuid().nullable(),
  /** Requests a minute, of all its people together. */
  perMinute: z.int().min(1).max(100_000),
});

export const appSchema = z.object({
  /** The client_id. */
  id: z.string(),
  name: z.string(),
  about: z.string(),
  homeUrl: z.string().nullable(),
  redirectUris: z.array(z.string()),
  scopes: z.array(z.string()),
  account: z.string().nullable(),
  perMinute: z.int(),
  /** Has a secret; the others prove themselves by PKCE alone. */
  confidential: z.boolean(),
  secretMadeAt: z.string().nullable(),
  disabled: z.boolean(),
  createdAt: z.string(),
  /** People connected now. */
  people: z.int(),
  lastUsedAt: z.string().nullable(),
});

const callSchema = z.object({
  at: z.string(),
  account: z.string().nullable(),
  /** `GET /records/:object/:id` */
  call: z.string(),
  status: z.int(),
  ms: z.int(),
  address: z.string(),
});

const calls = z.object({
  /** Newest first, the last 100. */
  calls: z.array(callSchema),
  /** Of the last 24 hours. */
  day: z.object({ calls: z.int(), refused: z.int() }),
});

/** Parameters of an authorisation request, as they stood behind the `?`. */
const asked = z.string().max(8000);

export const apps = {
  list: endpoint({
    method: 'GET',
    path: '/apps',
    summary: 'Registered apps',
    permission: 'admin',
    response: z.object({ apps: z.array(appSchema) }),
  }),
  register: endpoint({
    method: 'POST',
    path: '/apps',
    summary: 'Register an app; its secret is shown once',
    permission: 'admin',
    body: appInput.extend({ confidential: z.boolean() }),
    response: z.object({ id: z.string(), secret: z.string().nullable() }),
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/apps/:id',
    summary: 'Change or disable an app',
    permission: 'admin',
    params: byId,
    body: appInput.partial().extend({ disabled: z.boolean().optional() }),
    response: ok,
  }),
  renewSecret: endpoint({
    method: 'POST',
    path: '/apps/:id/secret',
    summary: 'Make a new secret; the old one ends at once',
    permission: 'admin',
    params: byId,
    response: z.object({ secret: z.string() }),
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/apps/:id',
    summary: 'Remove an app with all its tokens',
    permission: 'admin',
    params: byId,
    response: ok,
  }),
  calls: endpoint({
    method: 'GET',
    path: '/apps/:id/calls',
    summary: 'What an app called lately',
    permission: 'admin',
    params: byId,
    response: calls,
  }),
  keyCalls: endpoint({
    method: 'GET',
    path: '/api-keys/:id/calls',
    summary: 'What one of my API keys called lately',
    permission: 'signed-in',
    params: byId,
    response: calls,
  }),
  connected: endpoint({
    method: 'GET',
    path: '/connections',
    summary: 'Apps that act for me',
    permission: 'signed-in',
    response: z.object({
      connections: z.array(
        z.object({
          app: z.string(),
          name: z.string(),
          about: z.string(),
          homeUrl: z.string().nullable(),
          scopes: z.array(z.string()),
          since: z.string(),
          lastUsedAt: z.string().nullable(),
        }),
      ),
    }),
  }),
  disconnect: endpoint({
    method: 'DELETE',
    path: '/connections/:id',
    summary: 'Take an app’s access to my account away',
    permission: 'signed-in',
    params: byId,
    response: ok,
  }),
  request: endpoint({
    method: 'POST',
    path: '/oauth/request',
    summary: 'What an app asks for, before the person decides',
    permission: 'signed-in',
    reading: true,
    body: z.strictObject({ asked }),
    response: z.object({
      app: z.object({ id: z.string(), name: z.string(), about: z.string(), homeUrl: z.string().nullable() }),
      scopes: z.array(z.string()),
      /** Where the answer goes, without its parameters. */
      returnsTo: z.string(),
      /** The request is wrong; the app hears so there. */
      wrong: z.object({ error: z.string(), why: z.string(), redirect: z.string() }).nullable(),
    }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/oauth/decision',
    summary: 'Let an app act for me, or not',
    permission: 'signed-in',
    body: z.strictObject({ asked, allow: z.boolean() }),
    response: z.object({ redirect: z.string() }),
  }),
};
