import type { FastifyRequest } from 'fastify';
import sql, { join } from 'sql-template-tag';
import type { App } from '../../platform/http/server.ts';
import type { Log } from '../../platform/log.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';

/** Entries are written together, at most so long after the call; a kill loses those. The audit log is another matter. */
const DELAY_MS = 2_000;
const MOST_WAITING = 5_000;
const MOST_AT_ONCE = 500;

interface Entry {
  client: string;
  account: string | null;
  at: Date;
  call: string;
  status: number;
  ms: number;
  address: string;
}

/** Calls by apps and API keys, so that one sees what a program does and how often it is refused. */
export interface CallLog {
  /** The request came from this app, at an endpoint where no person is known. */
  ofClient(request: FastifyRequest, client: string): void;
  /** Listens to all requests. */
  watch(app: App): void;
  /** Writes what waits. */
  flush(): Promise<void>;
}

export function createCallLog(db: Db, log: Pick<Log, 'warn'>): CallLog {
  const clients = new WeakMap<FastifyRequest, string>();
  let waiting: Entry[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const entries = waiting;
    waiting = [];
    for (let from = 0; from < entries.length; from += MOST_AT_ONCE) {
      const rows = entries
        .slice(from, from + MOST_AT_ONCE)
        .map((e) => sql`(${e.client}, ${e.account}, ${e.at}, ${e.call}, ${e.status}, ${e.ms}, ${e.address})`);
      await db.query(
        sql`insert into auth.client_call (client, account, at, call, status, ms, address) values ${join(rows)}`,
      );
    }
  }

  return {
    ofClient: (request, client) => void clients.set(request, client),
    flush,
    watch(app) {
      app.addHook('onResponse', async (request, reply) => {
        const { caller } = request;
        const client =
          clients.get(request) ?? caller?.app?.id ?? (caller?.via === 'key' ? caller.credential : undefined);
        if (client === undefined || waiting.length >= MOST_WAITING) return;
        waiting.push({
          client,
          account: caller?.account.id ?? null,
          at: new Date(),
          call: `${request.method} ${request.routeOptions.url ?? '?'}`.replace(' /api/v1', ' '),
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime),
          address: request.ip,
        });
        timer ??= setTimeout(() => {
          flush().catch((error: unknown) => log.warn({ err: error }, 'log of calls'));
        }, DELAY_MS).unref();
      });
      app.addHook('onClose', () => flush().catch(() => undefined));
    },
  };
}

interface CallRow extends Record<string, unknown> {
  at: Date;
  account: string | null;
  call: string;
  status: number;
  ms: number;
  address: string;
}

export async function callsOf(on: Queryable, client: string) {
  const [rows, [day]] = await Promise.all([
    on.query<CallRow>(sql`
      select c.at, u.name as account, c.call, c.status, c.ms, c.address
      from auth.client_call c left join auth."user" u on u.id = c.account
      where c.client = ${client} order by c.id desc limit 100`),
    on.query<{ calls: number; refused: number }>(sql`
      select count(*)::int as calls, count(*) filter (where status in (400, 401, 403, 429))::int as refused
      from auth.client_call where client = ${client} and at > now() - interval '1 day'`),
  ]);
  return {
    calls: rows.map((row) => ({ ...row, at: row.at.toISOString() })),
    day: day ?? { calls: 0, refused: 0 },
  };
}
