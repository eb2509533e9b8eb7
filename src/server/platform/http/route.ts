import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Endpoint, Permission } from '../../../contract/endpoint.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Authenticate, Caller, SignInNote } from './caller.ts';
import { languageOf } from './language.ts';

/** What every route of the API begins with. */
export const API = '/api/v1';

/** One call of an endpoint, parsed. */
export interface Call<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  /** Who calls; on a public endpoint use `visitor`, for this throws when nobody is signed in. */
  readonly caller: Caller;
  /** Who calls, on a public endpoint. */
  visitor(): Promise<Caller | null>;
  lang: Lang;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface RouteOptions {
  /** Bytes; 2 MB by default. */
  bodyLimit?: number;
  /** The body comes as a stream (`call.request.body`), for uploads. */
  stream?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has one; registering a route without stops the start of the server. */
    permission?: Permission;
    endpoint?: Endpoint;
  }
  interface FastifyRequest {
    caller: Caller | null;
    /** Set where somebody signs in. */
    signIn: SignInNote | null;
  }
  interface FastifyInstance {
    authenticate: Authenticate;
    checkReplies: boolean;
    endpoints: Endpoint[];
  }
}

/**
 * Puts an endpoint of the contract on the server. Parameters, query and body arrive parsed; what the handler returns is
 * the reply. Returning nothing after `call.reply.send(stream)` is right for files and event streams.
 *
 *     route(app, api.session.me, async ({ caller }) => ({ account: … }));
 */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: FastifyInstance,
  endpoint: Endpoint<P, Q, B, R>,
  handler: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R>>,
  options: RouteOptions = {},
): void {
  app.endpoints.push(endpoint);
  app.route({
    method: endpoint.method,
    url: API + endpoint.path,
    ...(options.bodyLimit !== undefined && { bodyLimit: options.bodyLimit }),
    schema: {
      ...(endpoint.params && { params: endpoint.params }),
      ...(endpoint.query && { querystring: endpoint.query }),
      ...(endpoint.body && !options.stream && { body: endpoint.body }),
    },
    config: { permission: endpoint.permission, endpoint },
    handler: async (request, reply) => {
      const result = await handler(callOf(app, request, reply));
      if (app.checkReplies && endpoint.response && !reply.sent) checkReply(endpoint, result);
      return result;
    },
  });
}

function callOf<P, Q, B>(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): Call<P, Q, B> {
  return {
    params: request.params as P,
    query: request.query as Q,
    body: request.body as B,
    get caller() {
      if (!request.caller) throw new AppError('not-signed-in');
      return request.caller;
    },
    async visitor() {
      request.caller ??= await app.authenticate(request);
      return request.caller;
    },
    lang: languageOf(request.query, request.headers['accept-language']),
    request,
    reply,
  };
}

/** In tests: a reply that is not what the contract says, or says more than it, is an error. */
function checkReply(endpoint: Endpoint, result: unknown): void {
  const sent: unknown = JSON.parse(JSON.stringify(result ?? null));
  const parsed = endpoint.response?.safeParse(sent);
  const place = `${endpoint.method} ${endpoint.path}`;
  if (parsed && !parsed.success) throw new Error(`${place} broke its contract: ${parsed.error.message}`);
  if (parsed && !isDeepStrictEqual(JSON.parse(JSON.stringify(parsed.data)), sent)) {
    throw new Error(`${place} sends what its contract does not name: ${JSON.stringify(sent).slice(0, 500)}`);
  }
}
