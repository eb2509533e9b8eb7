import type { FastifyRequest } from 'fastify';

/** Who calls, as far as the platform needs to know. The identity module makes these. */
export interface Caller {
  /** `user:ID`: what is written into history. */
  actor: string;
  account: { id: string; name: string; email: string };
  role: 'admin' | 'member';
  /** The administrator who looks as this person. */
  viewer?: string;
  /** A session comes by cookie, from a page; a key from a program of the person's own; an app from somebody else's. */
  via: 'session' | 'key' | 'app';
  /** Id of the session, key or grant. */
  credential: string;
  /** The most that this credential may see and do (domain/access/scope.ts); absent: all that the person may. */
  scopes?: readonly string[];
  /** The app that calls for the person. */
  app?: { id: string; name: string };
  /** Requests a minute at most; absent: as many as anybody. */
  perMinute?: number;
  /** One of his roles asks for two factors and he has one: until he sets up another, only what is marked `beforeFactor` answers. */
  needsFactor?: true;
}

/** What came of an attempt to sign in, for the audit log. */
export interface SignInNote {
  way: string;
  /** As far as it became known. */
  account?: string | undefined;
  /** The password was right, and a second factor is awaited. */
  waiting?: boolean;
  /** Where the reply itself doesn't say so. */
  failed?: boolean;
}

export type Authenticate = (request: FastifyRequest) => Promise<Caller | null>;
