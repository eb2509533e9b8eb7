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

/**
 * Runs a statement that is asked again and again: PostgreSQL parses it once per connection and may keep its plan. Only for texts
 * without values in them, of which there are few.
 */
export function queryHot<Row extends QueryResultRow>(on: Queryable, statement: Sql): Promise<Row[]> {
  return on.query<Row>(statement, hotName(statement.text));
}
