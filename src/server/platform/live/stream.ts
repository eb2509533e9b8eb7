import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LiveEvent } from '../../../contract/events.ts';

const KEEP_ALIVE_MS = 20_000;
/** A page that does not read is cut off; it reconnects and refetches. Bytes. */
const BACKLOG_LIMIT = 1024 ** 2;

declare module 'fastify' {
  interface FastifyInstance {
    /** Open event streams; the server ends them when it stops, for they never end by themselves. */
    streams: Set<FastifyReply['raw']>;
  }
}

/** Answers with server-sent events (WHATWG HTML, "Server-sent events") until the page goes or the server stops. */
export async function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  subscribe: (send: (event: LiveEvent) => void) => () => void,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  // Headers that hooks set (security, request id) would be lost with a hijacked reply.
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 1000\n\n');
  const send = (event: LiveEvent) => {
    raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (raw.writableLength > BACKLOG_LIMIT) raw.destroy();
  };
  const unsubscribe = subscribe(send);
  request.server.streams.add(raw);
  const timer = setInterval(() => raw.write(':\n\n'), KEEP_ALIVE_MS);
  await once(raw, 'close');
  clearInterval(timer);
  request.server.streams.delete(raw);
  unsubscribe();
}
