import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/**
 * The headers that keep a page from being framed, sniffed or scripted from elsewhere, by name. They are the same on every
 * reply, so helmet is asked once: asked for each request it was a tenth of a list's processor time.
 */
export function securityHeaders(https: boolean): Record<string, string> {
  const reply = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options(https))(reply.req, reply, (error) => {
    if (error) throw error;
  });
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** The policy of a page whose scripts may add style elements that carry this nonce. */
export const withStyleNonce = (policy: string, nonce: string): string =>
  policy.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`);

const options = (https: boolean) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      // The page may add some of its own at run time, by a nonce (static.ts).
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      ...(https && { upgradeInsecureRequests: [] }),
    },
  },
  strictTransportSecurity: https && { maxAge: 31_536_000, includeSubDomains: false },
  // Ignored, with a warning in the console, where the page does not come over https.
  crossOriginOpenerPolicy: https && { policy: 'same-origin' as const },
  originAgentCluster: https,
  referrerPolicy: { policy: 'same-origin' as const },
});
