import sql from 'sql-template-tag';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { sortColumn } from '../../records/catalog/collation.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { distinctSql, equalSealed, lookupsOf } from '../../records/sealed/lookup-sql.ts';
import type { Sealing } from '../../records/sealed/sealing.ts';
import type { ReadRow } from './row-values.ts';

/** An existing record that a row's record was recognised as. */
export interface Match {
  id: string;
  /** It was made by this same import: the file names it twice. */
  fromThisFile: boolean;
}

/** Recognises records by the match keys of an import. Keys are tried in order; each must have a value to count. */
export interface Matcher {
  /** Looks up a batch in one query per key; may run while the batches before are written. */
  look(on: Queryable, rows: readonly ReadRow[]): Promise<Looked>;
  /** The batch whose rows come now: what was found of it, and what the batches written since that look have made. */
  begin(looked: Looked): void;
  find(object: ObjectDef, values: Record<string, FieldValue>, parent: string | null): Match | null;
  /** A record this batch will make, so that the next row of the batch finds it. */
  made(object: ObjectDef, values: Record<string, FieldValue>, id: string, parent: string | null): void;
  /** Records that were to be made and were refused. */
  notMade(ids: ReadonlySet<string>): void;
}

/** Known records by key. */
export type Looked = ReadonlyMap<string, Match>;

/** Batches that may be written between a look and its own turn, with one to spare. */
const REMEMBERED_BATCHES = 5;

export function createMatcher(
  workspace: string,
  objects: readonly ObjectDef[],
  keys: Record<string, string[]>,
  changeSet: string | null,
  sealing: Sealing,
): Matcher {
  let found: Looked = new Map();
  // What the last batches made, oldest first: a look ahead has not seen it.
  let recent: Map<string, Match>[] = [];
  const known = (at: string): Match | undefined => found.get(at) ?? recent.find((batch) => batch.has(at))?.get(at);
  // Known records this import has met already. The last 48 bits of a UUIDv7 are random and fit a number: 500,000 of them stay small.
  const met = new Set<number>();
  const brand = (id: string) => Number.parseInt(id.slice(-12), 16);
  // Related records are told apart within their parent only: every firm has its 张伟.
  const keysOf = (object: ObjectDef) =>
    (keys[object.name] ?? []).filter((key) => object.fields.some((field) => field.name === key));
  const place = (object: ObjectDef, key: string, value: FieldValue, parent: string | null) =>
    `${object.name} ${key} ${scoped(objects, object) ? parent : ''} ${String(value)}`;

  return {
    async look(on, rows) {
      const looked = new Map<string, Match>();
      for (const object of objects)
        for (const key of keysOf(object)) {
          const values = new Set<string>();
          for (const row of rows) {
            const value = row.values.get(object)?.[key];
            if (value !== null && value !== undefined) values.add(String(value));
          }
          if (values.size === 0) continue;
          const field = object.fields.find((candidate) => candidate.name === key);
          const column = ident(key);
          const compared = field ? sortColumn(field) : column;
          const parent =
            scoped(objects, object) && object.parent ? sql`${ident(object.parent)}::text` : sql`null::text`;
          const sealed =
            field && mayBeSealed(field) ? lookupsOf(await sealing.lookup(workspace), field, [...values], null) : null;
          const [value, where] = sealed
            ? [distinctSql(column), equalSealed(column, sealed.lookups, sealed.plain)]
            : [sql`${column}::text`, sql`${compared} = any(${[...values]})`];
          const hits = await on.query<{ id: string; value: string; created_in: string; parent: string | null }>(sql`
            select id, ${value} as value, created_in, ${parent} as parent from ${tableOf(workspace, object.name)}
            where ${where} and deleted_at is null order by id desc`);
          const meant = new Map(sealed?.lookups.map((lookup, at) => [lookup, [...values][at] ?? '']));
          // Of several the oldest stays: it is the last one set.
          for (const hit of hits)
            looked.set(place(object, key, meant.get(hit.value) ?? hit.value, hit.parent), {
              id: hit.id,
              fromThisFile: hit.created_in === changeSet,
            });
        }
      return looked;
    },
    begin(looked) {
      found = looked;
      recent = [...recent.slice(1 - REMEMBERED_BATCHES), new Map()];
    },
    find(object, values, parent) {
      for (const key of keysOf(object)) {
        const value = values[key];
        if (value === null || value === undefined) continue;
        const match = known(place(object, key, value, parent));
        if (!match) continue;
        const again = met.has(brand(match.id));
        met.add(brand(match.id));
        return { id: match.id, fromThisFile: match.fromThisFile || again };
      }
      return null;
    },
    made(object, values, id, parent) {
      for (const key of keysOf(object)) {
        const value = values[key];
        if (value !== null && value !== undefined) {
          const at = place(object, key, value, parent);
          if (!known(at)) recent.at(-1)?.set(at, { id, fromThisFile: true });
        }
      }
    },
    notMade(ids) {
      if (ids.size === 0) return;
      for (const batch of recent) for (const [at, { id }] of batch) if (ids.has(id)) batch.delete(at);
    },
  };
}

function scoped(objects: readonly ObjectDef[], object: ObjectDef): boolean {
  return objects.indexOf(object) > 0 && object.parent !== undefined;
}
