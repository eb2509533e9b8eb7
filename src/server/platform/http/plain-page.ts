import { createHash } from 'node:crypto';
import { brotliCompress, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { languageOf } from './language.ts';

// Pages for people outside: plain HTML that needs nothing of the app, in the reader's language, never kept by anybody.

/** Lets the routes of a scope read what a form sends (`request.body` is then URLSearchParams). @param bodyLimit bytes */
export function readForms(scope: FastifyInstance, bodyLimit: number): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** @param policy Content-Security-Policy */
export async function sendPlainPage(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  page: string,
  policy: string,
): Promise<FastifyReply> {
  const lang = languageOf(request.query, request.headers['accept-language']);
  reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('content-language', lang === 'zh' ? 'zh-CN' : 'en')
    .header('cache-control', 'no-store')
    .header('content-security-policy', policy)
    .header('x-robots-tag', 'noindex, nofollow')
    // Same-origin, not no-referrer: with that a browser would send `Origin: null` with the form.
    .header('referrer-policy', 'same-origin')
    .header('permissions-policy', 'camera=(), geolocation=(), microphone=()')
    .header('vary', 'accept-language, accept-encoding');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(page);
  // At once: a few kilobytes take less time than their way through the thread pool, where on a busy machine they waited for a second.
  return reply.header('content-encoding', 'gzip').send(gzipSync(page, { level: 4 }));
}

/** A style sheet or script of such pages, named by its content and so kept for ever. */
export interface PageFile {
  url: string;
  text: string;
  type: string;
  readonly brotli: Buffer;
}

/** @param place address without the name: `/c/style` */
export function pageFile(place: string, kind: 'css' | 'js', text: string): PageFile {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  let brotli = Buffer.alloc(0);
  brotliCompress(text, quality, (error, packed) => {
    if (!error) brotli = packed;
  });
  return {
    url: `${place}/${createHash('sha256').update(text).digest('hex').slice(0, 12)}.${kind}`,
    text,
    type: kind === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
    get brotli() {
      return brotli;
    },
  };
}

export function servePageFile(scope: FastifyInstance, file: PageFile): void {
  scope.get(file.url, { config: { permission: 'public' } }, (request, reply) => {
    const encoding = String(request.headers['accept-encoding'] ?? '');
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
      .type(file.type);
    if (/\bbr\b/.test(encoding) && file.brotli.length > 0)
      return reply.header('content-encoding', 'br').send(file.brotli);
    return reply.send(file.text);
  });
}
