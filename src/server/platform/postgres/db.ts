import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow, Submittable } from 'pg';
import type { Sql } from 'sql-template-tag';
import { NamedQuery } from './named-query.ts';

/** Anything that runs SQL: the pool or a transaction. Rows come back as objects. */
export interface Queryable {
  query<Row extends QueryResultRow = QueryResultRow>(statement: Sql, name?: string): Promise<Row[]>;
}

/** An open transaction. A function that writes takes one of these, so that its type says so. */
export interface Tx extends Queryable {
  readonly client: PoolClient;
  /** Runs `work` once the transaction has committed, never if it rolls back: to wake those who wait for its rows. */
  afterCommit(work: () => void): void;
}

/** The database of one process. */
export interface Db extends Queryable {
  readonly pool: Pool;
  /** Runs `work` in one transaction; commits on return, rolls back on throw. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Wraps a pool. `name` makes a named prepared statement: use it on hot paths only, with a text that never varies. */
export function createDb(pool: Pool): Db {
  return {
    pool,
    query: (statement, name) => run(pool, statement, name),
    async tx(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const afterCommit: (() => void)[] = [];
      try {
        await client.query('BEGIN');
        const result = await work({
          client,
          query: (statement, name) => run(client, statement, name),
          afterCommit: (reaction) => void afterCommit.push(reaction),
        });
        await client.query('COMMIT');
        for (const reaction of afterCommit) reaction();
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((e: Error) => {
          broken = e;
        });
        throw error;
      } finally {
        // A connection that could not roll back is destroyed, not reused.
        client.release(broken);
      }
    },
  };
}

async function run<Row extends QueryResultRow>(on: Pool | PoolClient, statement: Sql, name?: string): Promise<Row[]> {
  const { text, values } = statement;
  if (name === undefined) return (await on.query<Row>({ text, values })).rows;
  const query = new NamedQuery(name, text, values) as Submittable & QueryConfig;
  const { rows } = await new Promise<QueryResult<Row>>((resolve, reject) => {
    void on.query<Row>(query, (error, result) => (error ? reject(error) : resolve(result)));
  }).catch((error: Error) => {
    // The driver's own stack begins at the socket.
    Error.captureStackTrace(error);
    throw error;
  });
  return rows;
}
