import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Db, Tx } from '../postgres/db.ts';

/** A repeated request gets the first answer; the row of the key commits together with the effect. */
export interface Idempotency {
  /**
   * Runs `work` once per Idempotency-Key of this actor. `work` calls `remember` inside the transaction of its effect; where nothing is
   * written it doesn't, and the key stays free. Without the header it simply runs.
   */
  once<T>(
    request: FastifyRequest,
    who: { workspace: string; actor: string },
    work: (remember: Remember<T>) => Promise<T>,
  ): Promise<T>;
}

export type Remember<T> = ((tx: Tx, reply: T) => Promise<void>) | undefined;

interface Stored {
  request_hash: string;
  response: unknown;
  [column: string]: unknown;
}

/** Thrown inside the transaction when the same key was used by a request that committed meanwhile. */
class AlreadyDone extends Error {}

export function createIdempotency(db: Db): Idempotency {
  return {
    async once(request, { workspace, actor: person }, work) {
      // An answer given to the person may say more than a credential of his with scopes is told.
      const actor = request.caller?.scopes ? `${person} ${request.caller.credential}` : person;
      const header = request.headers['idempotency-key'];
      const key = Array.isArray(header) ? header[0] : header;
      if (key === undefined || key === '') return work(undefined);
      if (key.length > 255) throw new AppError('bad-request', { detail: 'Idempotency-Key > 255' });
      const hash = createHash('sha256')
        .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
        .digest('hex');
      const answer = async (): Promise<Stored | undefined> => {
        const [stored] = await db.query<Stored>(sql`select request_hash, response from xianke.idempotency
          where workspace = ${workspace} and actor = ${actor} and key = ${key}`);
        if (stored && stored.request_hash !== hash) throw new AppError('idempotency-reused');
        return stored;
      };
      type Reply = Awaited<ReturnType<typeof work>>;
      const before = await answer();
      if (before) return before.response as Reply;
      try {
        return await work(async (tx, reply) => {
          const rows =
            await tx.query(sql`insert into xianke.idempotency (workspace, actor, key, request_hash, status, response)
            values (${workspace}, ${actor}, ${key}, ${hash}, 200, ${JSON.stringify(reply)}) on conflict do nothing returning key`);
          if (rows.length === 0) throw new AlreadyDone();
        });
      } catch (error) {
        if (!(error instanceof AlreadyDone)) throw error;
        const stored = await answer();
        if (!stored) throw new AppError('idempotency-in-progress');
        return stored.response as Reply;
      }
    },
  };
}
