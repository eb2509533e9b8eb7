import { AppError } from '../../../contract/errors.ts';
import { covers } from '../../../domain/access/scope.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { type Client, findClient } from './app-store.ts';
import { OAuthError } from './oauth-error.ts';
import { isRegistered } from './redirect-uri.ts';

/** An authorisation request (RFC 6749 §4.1.1, RFC 7636 §4.3) of an app that is known, to an address it registered. */
export interface Asked {
  client: Client;
  redirectUri: string;
  state: string | undefined;
  scopes: string[];
  challenge: string;
  /** Why it can't be granted; the app is told there. */
  wrong: OAuthError | null;
}

/**
 * Reads what stood behind the `?`. An unknown app or address throws: nobody is sent there (RFC 6749 §4.1.2.1, RFC 9700 §4.11);
 * what else is wrong is in `wrong`.
 */
export async function readAsked(on: Queryable, query: string): Promise<Asked> {
  const parameters = new URLSearchParams(query);
  const one = (name: string): string | undefined => {
    const all = parameters.getAll(name);
    return all.length === 1 && all[0] !== '' ? all[0] : undefined;
  };
  const client = await findClient(on, one('client_id') ?? '');
  if (!client) throw new AppError('app-unknown');
  const redirectUri = one('redirect_uri');
  if (redirectUri === undefined || !isRegistered(redirectUri, client.redirect_uris))
    throw new AppError('redirect-unknown');
  const scopes = [...new Set(one('scope')?.split(' ').filter(Boolean) ?? client.scopes)];
  const asked = {
    client,
    redirectUri,
    state: one('state'),
    scopes,
    challenge: one('code_challenge') ?? '',
    wrong: null,
  };
  try {
    refuseWrong(parameters, asked);
    return asked;
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { ...asked, wrong: error };
  }
}

function refuseWrong(parameters: URLSearchParams, { client, scopes, challenge }: Asked): void {
  for (const name of parameters.keys())
    if (parameters.getAll(name).length > 1) throw new OAuthError('invalid_request', `parameter ${name} is repeated`);
  if (parameters.has('request') || parameters.has('request_uri'))
    throw new OAuthError('request_not_supported', 'request objects are not supported');
  if (parameters.get('response_type') !== 'code')
    throw new OAuthError('unsupported_response_type', 'response_type must be code');
  const mode = parameters.get('response_mode');
  if (mode !== null && mode !== 'query') throw new OAuthError('invalid_request', 'response_mode must be query');
  // Neither left out nor `plain`, whatever the app is (RFC 9700 §2.1.1).
  if (parameters.get('code_challenge_method') !== 'S256')
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256');
  if (!/^[\w-]{43}$/.test(challenge)) throw new OAuthError('invalid_request', 'code_challenge is missing or malformed');
  const outside = scopes.find((scope) => !covers(client.scopes, scope));
  if (outside !== undefined || scopes.length === 0)
    throw new OAuthError('invalid_scope', 'a scope is unknown or the app is not registered for it');
}

/** The address that the browser is sent back to, with the issuer so that answers of two servers can't be mixed up: RFC 9207. */
export function answerAt(asked: Asked, issuer: string, answer: Record<string, string>): string {
  const url = new URL(asked.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.append(name, value);
  if (asked.state !== undefined) url.searchParams.append('state', asked.state);
  url.searchParams.append('iss', issuer);
  return url.href;
}
