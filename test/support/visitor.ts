import type { InjectOptions, LightMyRequestResponse as Reply } from 'fastify';
import type { App } from '../../src/server/platform/http/server.ts';

export interface Visitor {
  (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object): Promise<Reply>;
  cookies: Map<string, string>;
}

/** A browser without a screen: it keeps cookies and comes from one address. */
export function visitor(app: App, { address = '192.0.2.1', agent = 'Test browser' } = {}): Visitor {
  const cookies = new Map<string, string>();
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
    const request: InjectOptions = {
      method,
      url: `/api/v1${path}`,
      remoteAddress: address,
      headers: { 'user-agent': agent, ...(cookie && { cookie }) },
      ...(payload && { payload }),
    };
    const reply = await app.inject(request);
    for (const { name, value, maxAge } of reply.cookies as { name: string; value: string; maxAge?: number }[]) {
      if (maxAge === 0 || value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return reply;
  };
  return Object.assign(call, { cookies });
}
