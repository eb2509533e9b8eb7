import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

export interface PostReply {
  status: number;
  /** First 64 kB. */
  body: string;
}

export interface PostOptions {
  headers?: Record<string, string>;
  /** Addresses of the own network and this machine are allowed too (OUTGOING_PRIVATE). */
  allowPrivate: boolean;
  /** Milliseconds for everything; 10,000 by default. */
  timeout?: number;
}

/** A call that was not made or not answered. `refused`: never to be tried again as it is. */
export class OutgoingError extends Error {
  readonly refused: boolean;
  constructor(message: string, refused: boolean) {
    super(message);
    this.name = 'OutgoingError';
    this.refused = refused;
  }
}

const MOST = 64 * 1024;

/**
 * Posts JSON to an address that a person typed. Guarded against server-side request forgery (OWASP SSRF prevention): http and https
 * only, no redirects, and the address that is connected to, not only the name, must be public. It is looked at in the lookup of the connection
 * itself, so a name that answers differently the second time gains nothing.
 */
export function post(address: string, body: string, options: PostOptions): Promise<PostReply> {
  return new Promise((done, fail) => {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      return fail(new OutgoingError('not an address', true));
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return fail(new OutgoingError('not http or https', true));
    if (url.username || url.password) return fail(new OutgoingError('address with a password in it', true));
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A literal address never reaches the lookup.
    if (isIP(host) && !options.allowPrivate && !isPublicAddress(host)) return fail(new OutgoingError(PRIVATE, true));
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(
      url,
      {
        method: 'POST',
        agent: false,
        lookup: guardedLookup(options.allowPrivate),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Xianke',
          ...options.headers,
        },
        signal: AbortSignal.timeout(options.timeout ?? 10_000),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= MOST) chunks.push(chunk);
          else response.destroy();
        });
        const end = () => done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        response.once('end', end).once('close', end).once('error', end);
      },
    );
    request.once('error', (error) =>
      fail(error instanceof OutgoingError ? error : new OutgoingError(reason(error), false)),
    );
    request.end(body);
  });
}

const PRIVATE = 'address of the own network; allow with OUTGOING_PRIVATE=true';

/** As node:dns gives all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** The lookup of a connection, which sees public addresses only. */
export function guardedLookup(allowPrivate: boolean, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 4);
      const allowed = allowPrivate ? found : found.filter(({ address }) => isPublicAddress(address));
      const [first] = allowed;
      if (!first) return callback(new OutgoingError(PRIVATE, true), '', 4);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Code of the system where there is one: names and addresses of the inside don't belong in an error that people see. */
function reason(error: Error & { code?: string }): string {
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : (error.code ?? error.name);
}
