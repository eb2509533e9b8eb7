import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../contract/errors.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes that another web site makes a browser send (CSRF), in addition to SameSite cookies: browsers name the
 * origin of every such request. Programs send neither header. OWASP CSRF cheat sheet, "verifying origin".
 */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (READS.has(request.method)) return;
  const { origin } = request.headers;
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') throw new AppError('wrong-origin', { origin: String(site) });
    return;
  }
  // URL drops the default port, as browsers do in Origin and Host but some programs don't.
  const own = hostOf(`${origin.split(':')[0]}://${request.host}`);
  if (origin === publicUrl || (own !== undefined && hostOf(origin) === own)) return;
  throw new AppError('wrong-origin', { origin });
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
