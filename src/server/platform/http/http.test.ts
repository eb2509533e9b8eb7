import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testServer } from '../../../../test/support/server.ts';
import { endpoint } from '../../../contract/endpoint.ts';
import { openFiles } from '../files/files.ts';
import { createHub } from '../live/hub.ts';
import { streamEvents } from '../live/stream.ts';
import { silentLog } from '../log.ts';
import { languageOf } from './language.ts';
import { route } from './route.ts';
import { createHttp } from './server.ts';
import { serveWeb } from './static.ts';

const echo = endpoint({
  method: 'POST',
  path: '/echo/:id',
  summary: 'Echo',
  permission: 'public',
  params: z.object({ id: z.uuid() }),
  query: z.object({ limit: z.coerce.number().int().max(10).default(5) }),
  body: z.strictObject({ name: z.string().min(1), age: z.number().optional() }),
  response: z.object({ name: z.string(), limit: z.number() }),
});
const leak = endpoint({
  method: 'GET',
  path: '/leak',
  summary: 'Leak',
  permission: 'public',
  response: z.object({ a: z.number() }),
});
const fail = endpoint({ method: 'GET', path: '/fail', summary: 'Fail', permission: 'public' });
const events = endpoint({ method: 'GET', path: '/listen', summary: 'Listen', permission: 'public' });
const upload = endpoint({ method: 'POST', path: '/upload', summary: 'Upload', permission: 'public' });

const hub = createHub();
const server = await testServer(async (app) => {
  route(app, echo, async ({ body, query }) => ({ name: body.name, limit: query.limit }));
  route(app, leak, async () => ({ a: 1, secret: 2 }));
  route(app, fail, async () => {
    throw new Error('password of the database is hunter2');
  });
  route(app, events, ({ request, reply }) => streamEvents(request, reply, (send) => hub.subscribe('main', send)));
});
const { app } = server;
const files = openFiles(server.db, server.directory, 1000);
route(app, upload, ({ request }) => files.save(request.body as Readable, { name: '名单.csv', by: 'user:1' }), {
  stream: true,
});
const web = join(server.directory, 'web');
mkdirSync(join(web, 'assets'), { recursive: true });
writeFileSync(join(web, 'index.html'), '<!doctype html><meta property="csp-nonce" nonce="xianke-nonce">鲜客');
writeFileSync(join(web, 'assets', 'app-1a2b.js'), 'plain');
writeFileSync(join(web, 'assets', 'app-1a2b.js.br'), 'brotli');
await serveWeb(app, web);

const id = '0199aaaa-0000-7000-8000-000000000001';
const post = (payload: unknown, headers: Record<string, string> = {}, path = `/api/v1/echo/${id}`) =>
  app.inject({ method: 'POST', url: path, payload: payload as object, headers });

describe('route', () => {
  it('hands over parsed input', async () => {
    expect((await post({ name: '张三' })).json()).toEqual({ name: '张三', limit: 5 });
    expect((await post({ name: '张三' }, {}, `/api/v1/echo/${id}?limit=7`)).json()).toEqual({ name: '张三', limit: 7 });
  });

  it('names every wrong place in the reader’s language', async () => {
    const zh = await post({ name: '', age: 'x', more: 1 });
    expect(zh.statusCode).toBe(422);
    expect(zh.headers['content-type']).toContain('application/problem+json');
    expect(zh.json().issues.map((issue: { field: string }) => issue.field)).toEqual(['name', 'age', '']);
    expect(zh.json().issues[1].message).toContain('期望');
    const en = await post({ name: 'x' }, { 'accept-language': 'fr, en;q=0.8, zh;q=0.2' }, '/api/v1/echo/1');
    expect(en.json()).toMatchObject({
      code: 'invalid-input',
      issues: [{ field: 'params.id', message: 'Invalid UUID' }],
    });
  });

  it('refuses what is not JSON, is too large, or has no route', async () => {
    expect((await post('{"name":', { 'content-type': 'application/json' })).json().code).toBe('bad-request');
    expect((await post('<a/>', { 'content-type': 'text/xml' })).json().code).toBe('unsupported-type');
    expect((await post({ name: 'x'.repeat(3 * 1024 ** 2) })).json()).toMatchObject({ code: 'too-large', status: 413 });
    expect((await app.inject('/api/v1/nothing')).json()).toMatchObject({ code: 'not-found', status: 404 });
  });

  it('shows nothing of an unexpected error but a number', async () => {
    const reply = await app.inject('/api/v1/fail');
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('hunter2');
    expect(reply.json().requestId).toBe(reply.headers['x-request-id']);
  });

  it('finds in tests what a reply has beyond its contract', async () => {
    expect((await app.inject('/api/v1/leak')).statusCode).toBe(500);
  });

  it('without a permission stops the start', async () => {
    const config = { publicUrl: undefined, trustProxy: false, rateLimit: 0 };
    const bare = await createHttp({ config, log: silentLog, authenticate: async () => null });
    expect(() => bare.get('/open', async () => 1)).toThrow('route GET /open declares no permission');
  });
});

describe('OpenAPI', () => {
  it('is a valid 3.1 document', async () => {
    const document = (await app.inject('/api/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/v1/echo/{id}'].post.parameters).toHaveLength(2);
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
  });
});

describe('compression', () => {
  it('halves long replies at least, where the client takes it', async () => {
    const plain = await app.inject('/api/openapi.json');
    const zipped = await app.inject({ url: '/api/openapi.json', headers: { 'accept-encoding': 'br, gzip' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
    expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  });
});

describe('pages', () => {
  it('carry a policy without inline scripts', async () => {
    const reply = await app.inject('/customers/1?view=2');
    expect(reply.body).toContain('鲜客');
    expect(reply.headers['cache-control']).toBe('no-cache');
    const policy = String(reply.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const [, nonce = ''] = /style-src 'self' 'nonce-([\w+/]{22}==)'/.exec(policy) ?? [];
    expect(reply.body).toContain(`nonce="${nonce}"`);
    const next = await app.inject('/customers/1?view=2');
    expect(next.headers['content-security-policy']).not.toContain(nonce);
    expect(String((await app.inject('/api/v1/setup')).headers['content-security-policy'])).toContain(
      "style-src 'self';",
    );
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('cache hashed files for ever and send them compressed', async () => {
    const reply = await app.inject({ url: '/assets/app-1a2b.js', headers: { 'accept-encoding': 'gzip, br' } });
    expect(reply.body).toBe('brotli');
    expect(reply.headers['content-encoding']).toBe('br');
    expect(reply.headers['cache-control']).toContain('immutable');
    expect((await app.inject('/assets/old-9z.js')).statusCode).toBe(404);
    expect((await app.inject('/assets/..%2f..%2fsecret.key')).body).not.toMatch(/^[\w+/=]{44}/);
  });
});

describe('uploads', () => {
  const send = (content: string | Buffer) =>
    post(content, { 'content-type': 'application/octet-stream' }, '/api/v1/upload');

  it('are streamed to disk with their fingerprint', async () => {
    const reply = await send('客户,电话');
    expect(reply.json()).toMatchObject({ name: '名单.csv', size: 13 });
    const { id: file } = reply.json();
    expect(await files.find(file)).toMatchObject({ sha256: reply.json().sha256 });
    expect((await files.read(file).toArray()).join('')).toBe('客户,电话');
    await files.remove(file);
    await expect(files.find(file)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('have a limit, and leave nothing when they break', async () => {
    expect((await send(Buffer.alloc(1001))).json().code).toBe('file-too-large');
    expect((await send('')).json().code).toMatch(/file-empty|bad-request/);
    const broken = Readable.from(
      (async function* () {
        yield 'a';
        throw new Error('cut');
      })(),
    );
    await expect(files.save(broken, { name: 'x', by: 'user:1' })).rejects.toThrow('cut');
    expect(() => files.path('../../etc/passwd')).toThrow();
  });
});

describe('overload', () => {
  it('turns away what is too much, says when to come back, and recovers', async () => {
    const config = { publicUrl: undefined, trustProxy: false, rateLimit: 0 };
    const small = await createHttp({ config, log: silentLog, authenticate: async () => null, mostInFlight: 2 });
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    small.get('/slow', { config: { permission: 'public' } }, async () => {
      await gate;
      return 'done';
    });
    const url = await small.listen({ port: 0, host: '127.0.0.1' });
    const slow = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    const probe = () => fetch(`${url}/api/openapi.json`);
    let refused = await probe();
    while (refused.status === 200) refused = await probe();
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'unavailable' });
    release();
    for (const reply of await Promise.all(slow)) expect(await reply.text()).toBe('done');
    while ((await probe()).status !== 200);
    await small.close();
  });
});

describe('event stream', () => {
  it('sends what is published to its workspace and ends with the server', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as { port: number };
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/listen`);
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    const reader = reply.body?.getReader();
    if (!reader) throw new Error('no body');
    await reader.read();
    hub.publish('other', { type: 'catalog', version: 1 });
    hub.publish('main', { type: 'catalog', version: 2 });
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(
      'event: catalog\ndata: {"type":"catalog","version":2}\n\n',
    );
    const [rest] = await Promise.all([reader.read(), app.close()]);
    expect(rest.done).toBe(true);
  });
});

describe('languageOf', () => {
  it.each([
    [{ lang: 'en' }, 'zh-CN', 'en'],
    [{}, 'en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
    [{}, 'de,zh-TW;q=0.9,en;q=0.8', 'zh'],
    [{}, undefined, 'zh'],
    [{ lang: 'xx' }, 'fr', 'zh'],
  ] as const)('%j %s → %s', (query, header, lang) => {
    expect(languageOf(query, header)).toBe(lang);
  });
});
