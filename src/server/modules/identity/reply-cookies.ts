import type { FastifyReply } from 'fastify';
import type { Outcome } from './sign-in.ts';

export function setCookies(reply: FastifyReply, cookies: readonly string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}

/** Sends the cookies; what is left is the body. */
export function sent(reply: FastifyReply, { cookies, ...body }: Outcome): Omit<Outcome, 'cookies'> {
  setCookies(reply, cookies);
  return body;
}
