import type { FastifyRequest } from 'fastify';

/** Who calls, as far as the platform needs to know. The identity module makes these. */
export interface Caller {
  /** `user:ID`: what is written into history. */
  actor: string;
  account: { id: string; name: string; email: string };
  role: 'admin' | 'member';
  /** The administrator who looks as this person. */
  viewer?: string;
  /** A session comes by cookie, from a page; a key from a program. */
  via: 'session' | 'key';
  /** Id of the session or key. */
  credential: string;
}

export type Authenticate = (request: FastifyRequest) => Promise<Caller | null>;
