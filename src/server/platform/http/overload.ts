import { AppError } from '../../../contract/errors.ts';
import type { App } from './server.ts';

/**
 * Turns requests away, with Retry-After, when more are being answered than the database's connections could serve within
 * seconds: a queue that only grows helps nobody. Open event streams don't count.
 */
export function refuseOverload(app: App, limit: number): void {
  let inFlight = 0;
  app.addHook('onRequest', async (_request, reply) => {
    inFlight++;
    reply.raw.once('close', () => {
      inFlight--;
    });
    if (inFlight - app.streams.size > limit) throw new AppError('unavailable');
  });
}
