import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { accountSchema, passwordSchema, signedInSchema } from './session.ts';

const ok = z.object({ ok: z.literal(true) });
const id = z.object({ id: z.string().max(80) });
/** What a browser's WebAuthn functions take and give, as JSON (WebAuthn 3 §5.1.8). */
const ceremony = z.record(z.string(), z.unknown());
/** The present password; absent for those who have none and signed in a moment ago. */
const confirmed = z.strictObject({ password: z.string().max(200).optional() });
const code = z.string().trim().min(1).max(40);
const link = z.object({
  kind: z.enum(['invite', 'reset']),
  /** Goes behind the # of /invite or /reset. */
  token: z.string(),
  expiresAt: z.string(),
  /** false: pass it on by hand. */
  mailed: z.boolean(),
});
const ssoSettings = z.strictObject({
  enabled: z.boolean(),
  name: z.string().trim().min(1).max(60),
  issuer: z.url({ protocol: /^https?$/ }).max(300),
  clientId: z.string().trim().min(1).max(300),
  join: z.boolean(),
  trustEmail: z.boolean(),
});

/** Everything about how one signs in, beside the password (session.ts). */
export const identity = {
  // ── before signing in ─────────────────────────────────────────────────────────────────────────────────────────
  ways: endpoint({
    method: 'GET',
    path: '/sign-in',
    summary: 'Ways to sign in',
    permission: 'public',
    response: z.object({
      /** Host at which passkeys work. */
      passkeyHost: z.string(),
      /** A new password can be asked for by mail. */
      mail: z.boolean(),
      /** Name of the company’s own sign-in. */
      sso: z.string().nullable(),
    }),
  }),
  second: endpoint({
    method: 'POST',
    path: '/session/second',
    summary: 'Second step: a code of the authenticator app, or a recovery code',
    permission: 'public',
    body: z.strictObject({ kind: z.enum(['totp', 'recovery']), code }),
    response: signedInSchema,
  }),
  passkeyRequest: endpoint({
    method: 'POST',
    path: '/session/passkey/options',
    summary: 'Challenge for signing in with a passkey',
    permission: 'public',
    response: ceremony,
  }),
  passkey: endpoint({
    method: 'POST',
    path: '/session/passkey',
    summary: 'Sign in with a passkey',
    permission: 'public',
    body: z.strictObject({ response: ceremony }),
    response: signedInSchema,
  }),
  requestReset: endpoint({
    method: 'POST',
    path: '/password-resets',
    summary: 'Mail me a link to choose a new password; says the same whether there is such an account or not',
    permission: 'public',
    body: z.strictObject({ email: z.string().max(200) }),
    response: ok,
  }),
  openLink: endpoint({
    method: 'POST',
    path: '/links/open',
    summary: 'Whose link is this',
    permission: 'public',
    body: z.strictObject({ token: z.string().max(100) }),
    response: z.object({ kind: z.enum(['invite', 'reset']), name: z.string(), email: z.string() }),
  }),
  useLink: endpoint({
    method: 'POST',
    path: '/links/use',
    summary: 'Choose a password by a link, and sign in',
    permission: 'public',
    body: z.strictObject({
      token: z.string().max(100),
      password: passwordSchema,
      name: z.string().trim().min(1).max(80).optional(),
    }),
    response: signedInSchema,
  }),
  startSso: endpoint({
    method: 'GET',
    path: '/sso/start',
    summary: 'Leads to the company’s own sign-in (OpenID Connect)',
    permission: 'public',
    query: z.object({ to: z.string().max(2000).optional() }),
  }),
  finishSso: endpoint({
    method: 'GET',
    path: '/sso/callback',
    summary: 'Where the company’s own sign-in leads back to',
    permission: 'public',
    query: z.record(z.string(), z.string().max(4000)),
  }),

  // ── my own sign-in ────────────────────────────────────────────────────────────────────────────────────────────
  mine: endpoint({
    method: 'GET',
    path: '/me/security',
    summary: 'My factors and devices',
    permission: 'signed-in',
    beforeFactor: true,
    response: z.object({
      password: z.boolean(),
      totp: z.boolean(),
      /** Recovery codes that are left. */
      recovery: z.number(),
      /** One of my roles asks for two factors. */
      required: z.boolean(),
      passkeyHost: z.string(),
      passkeys: z.array(
        z.object({ id: z.string(), name: z.string(), createdAt: z.string(), lastUsedAt: z.string().nullable() }),
      ),
      devices: z.array(
        z.object({
          id: z.string(),
          /** The one that asks. */
          current: z.boolean(),
          createdAt: z.string(),
          /** To five minutes. */
          seenAt: z.string(),
          address: z.string().nullable(),
          agent: z.string().nullable(),
          way: z.enum(['password', 'totp', 'recovery', 'passkey', 'sso']).nullable(),
        }),
      ),
    }),
  }),
  changePassword: endpoint({
    method: 'PUT',
    path: '/me/password',
    summary: 'Change my password; ends my other sessions',
    permission: 'signed-in',
    body: z.strictObject({ password: z.string().max(200).optional(), newPassword: passwordSchema }),
    response: ok,
  }),
  beginTotp: endpoint({
    method: 'POST',
    path: '/me/totp',
    summary: 'Begin with an authenticator app',
    permission: 'signed-in',
    beforeFactor: true,
    body: confirmed,
    /** `uri`: otpauth://, for a QR code. `codes`: recovery codes, shown once. */
    response: z.object({ uri: z.string(), codes: z.array(z.string()) }),
  }),
  confirmTotp: endpoint({
    method: 'POST',
    path: '/me/totp/confirm',
    summary: 'Switch the authenticator app on with its first code',
    permission: 'signed-in',
    beforeFactor: true,
    body: z.strictObject({ code }),
    response: ok,
  }),
  removeTotp: endpoint({
    method: 'POST',
    path: '/me/totp/remove',
    summary: 'Remove the authenticator app',
    permission: 'signed-in',
    body: confirmed,
    response: ok,
  }),
  newCodes: endpoint({
    method: 'POST',
    path: '/me/recovery-codes',
    summary: 'New recovery codes; the old ones are void',
    permission: 'signed-in',
    body: confirmed,
    response: z.object({ codes: z.array(z.string()) }),
  }),
  passkeyCreation: endpoint({
    method: 'POST',
    path: '/me/passkeys/options',
    summary: 'Challenge for a new passkey',
    permission: 'signed-in',
    beforeFactor: true,
    body: confirmed,
    response: ceremony,
  }),
  addPasskey: endpoint({
    method: 'POST',
    path: '/me/passkeys',
    summary: 'Add a passkey',
    permission: 'signed-in',
    beforeFactor: true,
    body: z.strictObject({ name: z.string().trim().min(1).max(80), response: ceremony }),
    response: id,
  }),
  renamePasskey: endpoint({
    method: 'PATCH',
    path: '/me/passkeys/:id',
    summary: 'Rename a passkey',
    permission: 'signed-in',
    params: id,
    body: z.strictObject({ name: z.string().trim().min(1).max(80) }),
    response: ok,
  }),
  removePasskey: endpoint({
    method: 'POST',
    path: '/me/passkeys/:id/remove',
    summary: 'Remove a passkey',
    permission: 'signed-in',
    params: id,
    body: confirmed,
    response: ok,
  }),
  endDevice: endpoint({
    method: 'DELETE',
    path: '/me/devices/:id',
    summary: 'Sign out one of my devices',
    permission: 'signed-in',
    params: id,
    response: ok,
  }),
  endOtherDevices: endpoint({
    method: 'POST',
    path: '/me/devices/end-others',
    summary: 'Sign out everywhere but here',
    permission: 'signed-in',
    response: z.object({ ended: z.number() }),
  }),

  // ── administrators ────────────────────────────────────────────────────────────────────────────────────────────
  invite: endpoint({
    method: 'POST',
    path: '/accounts/invitations',
    summary: 'Invite a person by a link that is used once',
    permission: 'admin',
    body: z.strictObject({
      name: z.string().trim().min(1).max(80),
      email: z.email().max(200),
      role: z.enum(['admin', 'member']),
    }),
    response: z.object({ account: accountSchema, link }),
  }),
  makeLink: endpoint({
    method: 'POST',
    path: '/accounts/:id/link',
    summary: 'A link by which a person chooses a new password',
    permission: 'admin',
    params: id,
    response: link,
  }),
  removeFactors: endpoint({
    method: 'POST',
    path: '/accounts/:id/factors/remove',
    summary: 'Remove a person’s authenticator app and passkeys, and end his sessions: for a lost phone',
    permission: 'admin',
    params: id,
    response: ok,
  }),
  policy: endpoint({
    method: 'GET',
    path: '/sign-in/policy',
    summary: 'Roles that need two factors, and single sign-on',
    permission: 'admin',
    response: z.object({
      /** Ids of roles. */
      factorRoles: z.array(z.string()),
      sso: ssoSettings.extend({ secret: z.boolean() }).nullable(),
      /** To be registered with the provider; null without PUBLIC_URL. */
      callback: z.string().nullable(),
    }),
  }),
  saveFactorRoles: endpoint({
    method: 'PUT',
    path: '/sign-in/factor-roles',
    summary: 'Roles whose holders need two factors',
    permission: 'admin',
    body: z.strictObject({ roles: z.array(z.string().max(80)).max(100) }),
    response: ok,
  }),
  saveSso: endpoint({
    method: 'PUT',
    path: '/sign-in/sso',
    summary: 'Single sign-on by OpenID Connect; a secret that is not given stays',
    permission: 'admin',
    body: ssoSettings.extend({ clientSecret: z.string().max(500).optional() }),
    response: ok,
  }),
};
