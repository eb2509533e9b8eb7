import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Permission } from '../../../contract/endpoint.ts';
import { AppError } from '../../../contract/errors.ts';
import { VIEW_AS } from '../../../contract/session.ts';
import type { Act } from '../../../domain/access/types.ts';
import type { Config } from '../config.ts';
import type { Authenticate, Caller } from './caller.ts';
import { clientLimits } from './client-limits.ts';
import { compressReplies } from './compress.ts';
import { validatorCompiler } from './input.ts';
import { answerMalformed } from './malformed.ts';
import { serveOpenApi } from './openapi.ts';
import { refuseForeignOrigin } from './origin.ts';
import { refuseOverload } from './overload.ts';
import { answerProblems, sendProblem } from './problems.ts';
import { securityHeaders } from './security-headers.ts';

export type App = FastifyInstance;

export interface HttpOptions {
  config: Pick<Config, 'publicUrl' | 'trustProxy' | 'rateLimit'>;
  log: Logger;
  authenticate: Authenticate;
  /** What of the administrator's work a caller's roles have besides; absent: none. */
  actsOf?: (caller: Caller) => Promise<readonly Act[]>;
  /** The caller that an administrator views as. */
  viewed?: (account: string) => Promise<Caller | null>;
  /** Tests: check every reply against the contract. */
  checkReplies?: boolean;
  /** Requests that may be answered at the same time; 500 by default. */
  mostInFlight?: number;
}

const MOST_IN_FLIGHT = 500;
const BODY_LIMIT = 2 * 1024 ** 2;

/**
 * The web server without any feature: security headers, permissions, problem details, request ids, limits.
 * Add routes with `route` (route.ts), then `listen`.
 */
export async function createHttp(options: HttpOptions): Promise<App> {
  const { config } = options;
  const protection = securityHeaders(config.publicUrl?.startsWith('https:') ?? false);
  const app: App = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: config.trustProxy,
    genReqId: () => randomUUID(),
    // A logger for each request costs more than most requests' checks: the few lines that are written name the request themselves.
    childLoggerFactory: (logger) => logger,
    // Open connections without a request end at once when the server stops.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    clientErrorHandler: answerMalformed,
    // An address that can't be decoded never comes to the hooks.
    frameworkErrors: (error, request, reply) => {
      reply.headers(protection);
      return sendProblem(reply, request, new AppError('bad-request', { detail: 'URL' }, { cause: error }));
    },
  });
  app.decorate('authenticate', options.authenticate);
  app.decorate('checkReplies', options.checkReplies ?? false);
  app.decorate('endpoints', []);
  app.decorate('streams', new Set<ServerResponse>());
  app.decorateRequest('caller', null);
  app.decorateRequest('signIn', null);
  app.setValidatorCompiler(validatorCompiler);
  answerProblems(app);
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.addHook('onRoute', (routeOptions) => {
    if (routeOptions.config?.permission) return;
    throw new Error(`route ${String(routeOptions.method)} ${routeOptions.url} declares no permission`);
  });
  refuseOverload(app, options.mostInFlight ?? MOST_IN_FLIGHT);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(protection);
    done();
  });
  if (config.rateLimit > 0) await limitRate(app, config.rateLimit);
  const limits = clientLimits(config.rateLimit);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const { permission } = request.routeOptions.config;
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (permission === undefined) return;
    refuseForeignOrigin(request, config.publicUrl);
    if (permission === 'public') return;
    request.caller = await app.authenticate(request);
    if (!request.caller) throw new AppError('not-signed-in');
    limits.count(request.caller);
    refuseOutsideScopes(request, request.caller);
    if (request.caller.needsFactor && !request.routeOptions.config.endpoint?.beforeFactor)
      throw new AppError('factor-needed');
    request.caller = await viewAs(options, request, request.caller);
    await checkAct(options, permission, request.caller);
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request, new AppError('not-found')));
  compressReplies(app);
  serveOpenApi(app);
  app.addHook('preClose', async () => {
    for (const stream of app.streams) stream.end();
  });
  return app;
}

/** Scopes are kept in the doors; what doesn't go through them is closed to whoever has some. */
function refuseOutsideScopes(request: FastifyRequest, caller: Caller): void {
  if (caller.scopes && !request.routeOptions.config.endpoint?.scoped) throw new AppError('scope-missing');
}

async function checkAct({ actsOf }: HttpOptions, permission: Permission, caller: Caller): Promise<void> {
  if (!permission.startsWith('admin') || caller.role === 'admin') return;
  const acts: readonly string[] = (await actsOf?.(caller)) ?? [];
  if (!acts.includes(permission.slice('admin:'.length))) throw new AppError('forbidden');
}

async function viewAs({ viewed }: HttpOptions, request: FastifyRequest, caller: Caller): Promise<Caller> {
  const account = request.headers[VIEW_AS];
  if (typeof account !== 'string' || account === '' || !viewed) return caller;
  if (caller.role !== 'admin' || caller.scopes) throw new AppError('forbidden');
  if (request.method !== 'GET' && !request.routeOptions.config.endpoint?.reading) throw new AppError('view-as-reads');
  const other = await viewed(account);
  if (!other) throw new AppError('not-found');
  return { ...other, viewer: caller.actor };
}

async function limitRate(app: App, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    // Not per route, for those hooks run after ours: who is over the limit is not looked up in the database.
    global: false,
    max: perMinute,
    timeWindow: 60_000,
    // A client that hung up already has no address any more.
    keyGenerator: (request) => request.ip ?? request.socket.remoteAddress ?? 'gone',
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, context) =>
      new AppError('too-many-requests', { seconds: Math.max(1, Math.ceil(context.ttl / 1000)) }),
  });
  app.addHook('onRequest', app.rateLimit());
}
