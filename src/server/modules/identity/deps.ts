import type { FastifyRequest } from 'fastify';
import type { Lang } from '../../../domain/issue.ts';
import type { Tx } from '../../platform/postgres/db.ts';

/** Where an attempt comes from. */
export interface From {
  address: string;
  userAgent: string;
  cookies: string | undefined;
  origin: string | undefined;
  lang: Lang;
}

/** Mail to people of the system, as far as it is set up. */
export interface Post {
  /** false: links have to be passed on by hand. */
  ready(): Promise<boolean>;
  /** Stores a mail in the transaction of its cause; one per cause. */
  put(tx: Tx, letter: Letter): Promise<void>;
}

export interface Letter {
  cause: string;
  to: string;
  toName: string;
  subject: string;
  text: string;
  html: string;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'member';
}

export type RolesOf = (person: Person) => Promise<readonly string[]>;

export const fromOf = (request: FastifyRequest, lang: Lang): From => ({
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? '',
  cookies: request.headers.cookie,
  origin: request.headers.origin,
  lang,
});

/** Headers for better-auth: where it comes from, and of the cookies only those named. */
export function headersFor(from: From, ...cookies: string[]): Headers {
  const kept = (from.cookies ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => cookies.some((name) => pair.startsWith(`${name}=`)))
    .join('; ');
  return new Headers({
    'user-agent': from.userAgent,
    'x-forwarded-for': from.address,
    ...(from.origin !== undefined && { origin: from.origin }),
    ...(kept && { cookie: kept }),
  });
}
