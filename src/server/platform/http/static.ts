import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { AppError } from '../../../contract/errors.ts';
import { sendProblem } from './problems.ts';
import type { App } from './server.ts';

const YEAR = 'public, max-age=31536000, immutable';

/**
 * Serves the built pages: files below assets/ have their hash in the name and are cached for ever, in their brotli or
 * gzip form where the build made one; every other address is the page itself, which looks at the address.
 */
export async function serveWeb(app: App, directory: string): Promise<void> {
  const built = existsSync(join(directory, 'index.html'));
  if (built) {
    await app.register(async (scope) => {
      scope.addHook('onRoute', (options) => {
        options.config = { ...options.config, permission: 'public' };
      });
      await scope.register(fastifyStatic, {
        root: directory,
        wildcard: false,
        index: false,
        preCompressed: true,
        cacheControl: false,
        setHeaders: (reply, path) => {
          reply.header('cache-control', path.includes('/assets/') ? YEAR : 'no-cache');
        },
      });
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      built && request.method === 'GET' && !request.url.startsWith('/api/') && !request.url.startsWith('/assets/');
    if (!isPage) return sendProblem(reply, request, new AppError('not-found'));
    return reply.header('cache-control', 'no-cache').sendFile('index.html', directory);
  });
}
