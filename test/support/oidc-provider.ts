import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface Subject {
  email: string;
  email_verified?: boolean;
  name?: string;
}

export interface IdentityProvider {
  issuer: string;
  client: { clientId: string; clientSecret: string };
  /** Who can sign in there, by the login he types. */
  subjects: Map<string, Subject>;
  /** What a browser does from the address it was sent to until it is sent back to the site: signs in. @returns that address */
  follow(url: string, login: string): Promise<string>;
  close(): Promise<void>;
}

/** A real OpenID provider on this machine (oidc-provider, certified), with its development pages for signing in. */
export async function openIdentityProvider(redirect: string): Promise<IdentityProvider> {
  const subjects = new Map<string, Subject>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: 'xianke', clientSecret: 'a secret of the client, long enough' };
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, ...subjects.get(sub) }),
    }),
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    client,
    subjects,
    async follow(url, login) {
      const cookies = new Map<string, string>();
      let next = url;
      let form: URLSearchParams | undefined;
      for (let steps = 0; steps < 12; steps++) {
        if (!next.startsWith(issuer)) return next;
        const reply = await fetch(next, {
          redirect: 'manual',
          headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
          ...(form && { method: 'POST', body: form }),
        });
        for (const cookie of reply.headers.getSetCookie()) {
          const [pair = ''] = cookie.split(';');
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        form = undefined;
        const location = reply.headers.get('location');
        if (location) next = new URL(location, issuer).href;
        else {
          next = new URL(/action="([^"]+)"/.exec(await reply.text())?.[1] ?? '', issuer).href;
          form = new URLSearchParams({ prompt: 'login', login, password: 'any' });
        }
      }
      throw new Error(`${next} leads nowhere`);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
