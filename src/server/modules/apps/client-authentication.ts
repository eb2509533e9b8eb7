import type { Queryable } from '../../platform/postgres/db.ts';
import { type Client, findClient } from './app-store.ts';
import { OAuthError } from './oauth-error.ts';
import { isSecretOf } from './secrets.ts';

/** What a client sent: the header, and a form whose parameters occur once each. */
export interface Presented {
  authorization: string | undefined;
  form: ReadonlyMap<string, string>;
}

const refuse = (): OAuthError => new OAuthError('invalid_client', 'client authentication failed', 401);

/**
 * Who calls the token, revocation or introspection endpoint (RFC 6749 §2.3.1). An app with a secret must show it, by header or in the form but not
 * both ways; an app without one names itself.
 */
export async function authenticateClient(on: Queryable, { authorization, form }: Presented): Promise<Client> {
  const basic = readBasic(authorization);
  if (basic && form.has('client_secret'))
    throw new OAuthError('invalid_request', 'more than one method of client authentication');
  const id = basic?.id ?? form.get('client_id');
  if (id === undefined || (basic && form.has('client_id') && form.get('client_id') !== basic.id)) throw refuse();
  const client = await findClient(on, id);
  const secret = basic?.secret ?? form.get('client_secret');
  if (!client) throw refuse();
  if (client.secret === null) {
    if (secret !== undefined && secret !== '') throw refuse();
    return client;
  }
  if (secret === undefined || !isSecretOf(secret, client.secret)) throw refuse();
  return client;
}

/** Both parts are form-encoded before they are joined: RFC 6749 §2.3.1. */
function readBasic(authorization: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) {
    if (authorization !== undefined) throw refuse();
    return undefined;
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw refuse();
  try {
    const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
    return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
  } catch {
    throw refuse();
  }
}
