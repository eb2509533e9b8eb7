import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../contract/errors.ts';
import type { Config } from '../../platform/config.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { AuditStore } from '../audit/index.ts';
import type { Client } from './app-store.ts';
import type { CallLog } from './call-log.ts';
import { authenticateClient } from './client-authentication.ts';
import { exchangeCode, forItself, refresh } from './exchange.ts';
import { ACCESS_SECONDS, type Issued } from './grant-store.ts';
import { introspect, revoke } from './look-at-token.ts';
import { OAuthError } from './oauth-error.ts';

export interface OAuthDeps {
  db: Db;
  config: Pick<Config, 'publicUrl'>;
  calls: CallLog;
  /** Apps, grants or keys changed: the next request is looked up anew. */
  forget: () => void;
  audit: Pick<AuditStore, 'append'>;
  /** Of the audit log. */
  workspace: string;
}

/** The issuer: where people reach the product. Without PUBLIC_URL that is what the request was sent to. */
export const issuerOf = (publicUrl: string | undefined, request: FastifyRequest): string =>
  publicUrl ?? `${request.protocol}://${request.host}`;

type Form = ReadonlyMap<string, string>;
const PUBLIC = { config: { permission: 'public' as const } };
const FORM_LIMIT = 16 * 1024;

/** The endpoints for programs: token, revocation, introspection and where to find them. Consent is a page (apps-routes.ts). */
export function oauthRoutes(app: App, deps: OAuthDeps): void {
  const { db, config, calls, forget } = deps;
  app.get('/.well-known/oauth-authorization-server', PUBLIC, async (request) =>
    metadata(issuerOf(config.publicUrl, request)),
  );
  // Forms and errors in the protocol's own shape, nowhere else.
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_LIMIT },
      (_request, body, done) => done(null, readForm(String(body))),
    );
    scope.setErrorHandler((error: unknown, request, reply) => answerError(error, request, reply));
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    /** What each endpoint does once the client is known. */
    const endpoint = (path: string, work: (client: Client, form: Form, request: FastifyRequest) => Promise<unknown>) =>
      scope.post(path, PUBLIC, async (request, reply) => {
        const form = formOf(request);
        const client = await authenticateClient(db, { authorization: request.headers.authorization, form });
        calls.ofClient(request, client.id);
        return (await work(client, form, request)) ?? reply.code(200).send('');
      });
    endpoint('/oauth/token', async (client, form, request) => {
      return answer(await token(db, client, form).catch((error: unknown) => fail(deps, error, request)));
    });
    endpoint('/oauth/revoke', async (client, form) => {
      await revoke(db, client.id, need(form, 'token'));
      forget();
    });
    endpoint('/oauth/introspect', async (client, form, request) => {
      if (client.secret === null) throw new OAuthError('invalid_client', 'introspection needs a client secret', 401);
      return introspect(db, client.id, need(form, 'token'), issuerOf(config.publicUrl, request));
    });
  });
}

/** RFC 8414. Objects and fields are not public, so of scopes only the form is told. */
const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  introspection_endpoint: `${issuer}/oauth/introspect`,
  scopes_supported: ['read:*', 'write:*', 'delete:*'],
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  authorization_response_iss_parameter_supported: true,
  ui_locales_supported: ['zh-CN', 'en'],
});

function token(db: Db, client: Client, form: Form): Promise<Issued> {
  const scopes = form.get('scope')?.split(' ').filter(Boolean);
  switch (need(form, 'grant_type')) {
    case 'authorization_code':
      return exchangeCode(db, client, {
        code: need(form, 'code'),
        redirectUri: need(form, 'redirect_uri'),
        verifier: need(form, 'code_verifier'),
      });
    case 'refresh_token':
      return refresh(db, client, need(form, 'refresh_token'), scopes);
    case 'client_credentials':
      return forItself(db, client, scopes);
    default:
      throw new OAuthError('unsupported_grant_type', 'authorization_code, refresh_token or client_credentials');
  }
}

/** A code or token seen twice ended a grant: what is remembered of it counts no longer, and the audit log says so. */
async function fail(deps: OAuthDeps, error: unknown, request: FastifyRequest): Promise<never> {
  if (error instanceof OAuthError && error.breach) {
    deps.forget();
    const { why, account, app } = error.breach;
    await deps.audit.append(deps.workspace, {
      at: new Date(),
      kind: 'refused',
      source: 'api',
      actor: `user:${account}`,
      body: { call: 'POST /oauth/token', why, app },
      private: { address: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, 300) },
    });
  }
  throw error;
}

const answer = ({ accessToken, refreshToken, scopes }: Issued) => ({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: ACCESS_SECONDS,
  ...(refreshToken !== null && { refresh_token: refreshToken }),
  scope: scopes.join(' '),
});

/** Empty parameters count as absent; repeated ones are refused (RFC 6749 §3.2). */
function readForm(body: string): Map<string, string> | null {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) return null;
    if (value !== '') form.set(name, value);
  }
  return form;
}

function formOf(request: FastifyRequest): Form {
  if (request.body instanceof Map) return request.body as Form;
  throw new OAuthError('invalid_request', 'send application/x-www-form-urlencoded, each parameter once');
}

function need(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing`);
  return value;
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = (error as { statusCode?: number }).statusCode;
  const known =
    error instanceof OAuthError
      ? error
      : error instanceof AppError
        ? new OAuthError('invalid_request', error.message, error.status)
        : status !== undefined && status < 500
          ? new OAuthError('invalid_request', 'the request is malformed', status)
          : undefined;
  if (!known) request.log.error({ err: error, url: request.routeOptions.url }, 'unexpected error');
  if (known?.error === 'invalid_client') reply.header('www-authenticate', 'Basic realm="xianke"');
  return reply
    .code(known?.status ?? 500)
    .send({ error: known?.error ?? 'server_error', error_description: known?.message ?? 'something failed inside' });
}
