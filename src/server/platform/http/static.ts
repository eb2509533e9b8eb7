import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { AppError } from '../../../contract/errors.ts';
import { withStyleNonce } from './security-headers.ts';
import type { App } from './server.ts';

/** What stands in the built page where the nonce belongs (vite.config.ts). */
const NONCE = 'xianke-nonce';
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Serves the built pages: files below assets/ have their hash in the name and are cached for ever, in their brotli or
 * gzip form where the build made one; every other address is the page itself, which looks at the address. Each page gets a nonce of
 * its own, by which its scripts add style elements while an injected one does nothing.
 */
export async function serveWeb(app: App, directory: string): Promise<void> {
  if (!existsSync(join(directory, 'index.html'))) return;
  const files = new Set(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
  const page = readFileSync(join(directory, 'index.html'), 'utf8');
  await app.register(fastifyStatic, { root: directory, serve: false, preCompressed: true, cacheControl: false });
  app.get<{ Params: { '*': string } }>('/*', { config: { permission: 'public' } }, (request, reply) => {
    const path = request.params['*'];
    if (path.startsWith('api/')) throw new AppError('not-found');
    const hashed = path.startsWith('assets/');
    // An old page asks for a file that a new build no longer has: it must not get a page in its place.
    if (hashed && !files.has(path)) throw new AppError('not-found');
    reply.header('cache-control', hashed ? FOR_EVER : 'no-cache');
    if (path !== 'index.html' && files.has(path)) return reply.sendFile(path);
    const nonce = randomBytes(16).toString('base64');
    const policy = String(reply.getHeader('content-security-policy'));
    return reply
      .header('content-security-policy', withStyleNonce(policy, nonce))
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(NONCE, nonce));
  });
}
