import type { QueryResultRow } from 'pg';
import type { Sql } from 'sql-template-tag';
import type { Queryable } from './db.ts';

/** Before a text gets a name it must have come so often. */
const USES = 3;
/** PostgreSQL keeps each named statement per connection, some 100 kB with its plan. */
const MOST_NAMES = 200;
const MOST_COUNTED = 5000;

const names = new Map<string, string>();
let counts = new Map<string, number>();
let renewed = 0;

/** A name for a text that comes again and again; undefined for texts that are new or came too late. */
function hotName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMES) return known;
  const uses = (counts.get(text) ?? 0) + 1;
  if (uses < USES) {
    if (counts.size >= MOST_COUNTED) counts = new Map();
    counts.set(text, uses);
    return undefined;
  }
  counts.delete(text);
  const name = `hot-${names.size}`;
  names.set(text, name);
  return name;
}

/** The next use has another name. */
function renew(text: string, name: string): void {
  if (names.get(text) === name) names.set(text, `hot-${names.size}-${++renewed}`);
}

/** A kept statement whose columns have changed since ("cached plan must not change result type"). */
const isOutdated = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '0A000' && error.message.includes('cached plan');

/**
 * Runs a statement that is asked again and again: PostgreSQL parses it once per connection and may keep its plan. Only for texts
 * without values in them, of which there are few. When the table has changed since, it is asked anew, except in a transaction: that has failed.
 */
export function queryHot<Row extends QueryResultRow>(on: Queryable, statement: Sql): Promise<Row[]> {
  const name = hotName(statement.text);
  return on.query<Row>(statement, name).catch((error: unknown) => {
    if (name === undefined || !isOutdated(error)) throw error;
    renew(statement.text, name);
    if ('client' in on) throw error;
    return on.query<Row>(statement);
  });
}
