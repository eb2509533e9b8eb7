import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Endpoint } from '../../../contract/endpoint.ts';
import { API } from './route.ts';

/** Serves the OpenAPI 3.1 document of all endpoints on the server; made when first asked for. */
export function serveOpenApi(app: FastifyInstance): void {
  let document: string | undefined;
  app.get('/api/openapi.json', { config: { permission: 'public' } }, async (_request, reply) => {
    document ??= JSON.stringify(openApi(app.endpoints));
    return reply.type('application/json; charset=utf-8').send(document);
  });
}

type Json = Record<string, unknown>;

const SCOPES = {
  'read:*': 'See all objects; read:OBJECT, read:OBJECT.FIELD',
  'write:*': 'See, create and change all objects; write:OBJECT, write:OBJECT.FIELD',
  'delete:*': 'Delete and restore; delete:OBJECT',
};

export function openApi(endpoints: Endpoint[]): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = API + endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: { title: '鲜客 Xianke', version: '1', description: 'Sign in with the session cookie or an API key.' },
    security: [{ key: [] }, { session: [] }, { app: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'API key: xianke_…' },
        app: {
          type: 'oauth2',
          description: 'For apps of others; docs/api.md. A token is refused where an endpoint does not say x-scoped.',
          flows: {
            authorizationCode: {
              authorizationUrl: '/oauth/authorize',
              tokenUrl: '/oauth/token',
              refreshUrl: '/oauth/token',
              scopes: SCOPES,
            },
            clientCredentials: { tokenUrl: '/oauth/token', scopes: SCOPES },
          },
        },
        session: { type: 'apiKey', in: 'cookie', name: 'xianke.session_token' },
      },
      schemas: { Problem: jsonSchema(problem, 'output') },
    },
  };
}

const problem = z.object({
  type: z.string(),
  status: z.int(),
  code: z.string(),
  title: z.string(),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  issues: z
    .array(z.looseObject({ code: z.string(), field: z.string().optional(), message: z.string().optional() }))
    .optional(),
  requestId: z.string().optional(),
});

function operation(endpoint: Endpoint): Json {
  const [tag = ''] = endpoint.path.split('/').filter(Boolean);
  return {
    operationId: operationId(endpoint),
    summary: endpoint.summary,
    tags: [tag],
    ...(endpoint.permission === 'public' && { security: [] }),
    ...(endpoint.scoped && { 'x-scoped': true }),
    parameters: [
      ...parameters('path', endpoint.params, endpoint.path),
      ...parameters('query', endpoint.query, ''),
      ...(endpoint.idempotent ? [idempotencyKey] : []),
    ],
    ...(endpoint.body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(endpoint.body, 'input') } } },
    }),
    responses: {
      200: endpoint.response
        ? { description: 'OK', content: { 'application/json': { schema: jsonSchema(endpoint.response, 'output') } } }
        : { description: 'OK: a file or an event stream' },
      default: {
        description: 'Problem details, RFC 9457',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key gives the same answer, and one effect, for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const operationId = ({ method, path }: Endpoint) =>
  method.toLowerCase() + path.replaceAll(/[^a-zA-Z0-9]+(\w)?/g, (_all, next?: string) => (next ?? '').toUpperCase());

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined, path: string): Json[] {
  if (!schema)
    return [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter(place, String(name), { type: 'string' }, true));
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, type]) =>
    parameter(place, name, type, place === 'path' || required.includes(name)),
  );
}

const parameter = (place: string, name: string, schema: unknown, required: boolean): Json => ({
  name,
  in: place,
  required,
  schema,
});

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
    reused: 'inline',
  });
  return rest;
}
