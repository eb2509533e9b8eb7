import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** What is no HTTP never becomes a request, so the headers of all other answers are written by hand. Nothing sent is said back. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-length: 0',
    'connection: close',
    'cache-control: no-store',
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}
