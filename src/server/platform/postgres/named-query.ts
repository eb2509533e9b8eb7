import pg from 'pg';
import { typeParsers } from './parsers.ts';

/** How the rows of a statement come: known from its first answer on a connection. */
interface Shape {
  names: string[];
  parsers: ((text: string) => unknown)[];
  /** A row with all its columns, empty: a copy is filled faster than an object that grows. */
  blank: Record<string, unknown>;
}

type Connection = pg.Connection & { describe(message: pg.MessageConfig): void };

/** What a query of the driver does with the answers to it (pg/lib/query.js); none of it is in its types. */
interface DriverQuery extends pg.Submittable {
  name: string;
  text: string;
  _result: { rows: unknown[] };
  _canceledDueToError: unknown;
  prepare(connection: Connection): void;
  handleRowDescription(message: { fields: pg.FieldDef[] }): void;
}
const DriverQuery = pg.Query as unknown as new (config: pg.QueryConfig) => DriverQuery;

const shapes = new WeakMap<Connection, Map<string, Shape>>();
const undescribed = new WeakMap<Connection, Connection>();

/**
 * A prepared statement that asks once per connection what its columns are. The driver asks at each run, and putting the answer to use costs it
 * a tenth of what a list costs in all; PostgreSQL itself refuses to run a kept statement whose columns have changed (0A000).
 */
export class NamedQuery extends DriverQuery {
  private shape: Shape | undefined;
  private known: Map<string, Shape> | undefined;

  constructor(name: string, text: string, values: unknown[]) {
    super({ name, text, values, types: typeParsers });
  }

  override prepare(connection: Connection): void {
    this.known = entry(shapes, connection, () => new Map<string, Shape>());
    this.shape = this.known.get(this.name);
    super.prepare(this.shape ? entry(undescribed, connection, quiet) : connection);
  }

  override handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    const names = fields.map(({ name }) => name);
    this.shape = {
      names,
      parsers: fields.map(
        ({ dataTypeID }) => typeParsers.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
      ),
      blank: Object.fromEntries(names.map((name) => [name, null])),
    };
    this.known?.set(this.name, this.shape);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const { shape } = this;
    if (!shape) return;
    try {
      const row = { ...shape.blank };
      for (let place = 0; place < fields.length; place++) {
        const text = fields[place];
        if (text !== null && text !== undefined) row[shape.names[place] as string] = shape.parsers[place]?.(text);
      }
      this._result.rows.push(row);
    } catch (error) {
      this._canceledDueToError = error;
    }
  }
}

/** The connection, but it asks for no description. */
function quiet(connection: Connection): Connection {
  return Object.create(connection, { describe: { value: () => undefined } }) as Connection;
}

function entry<Key extends object, Value>(map: WeakMap<Key, Value>, key: Key, make: (key: Key) => Value): Value {
  const found = map.get(key) ?? make(key);
  map.set(key, found);
  return found;
}
