import sql from 'sql-template-tag';
import { type Matcher, type MatchSchema, matcherOf, type Weights } from '../../../domain/matching/index.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { schemaOf } from './matchable.ts';

/** How long a process goes on with the weights it read: they move once a night. */
const AGE_MS = 60_000;

interface Known {
  weights: Weights | undefined;
  at: number;
  matchers: Map<string, Matcher>;
}

const cache = new WeakMap<Queryable, Map<string, Known>>();

/** The matcher of an object with what its last scan learned, over the columns named (all by default). */
export async function matcherFor(
  db: Queryable,
  workspace: string,
  object: ObjectDef,
  columns?: (name: string) => boolean,
): Promise<Matcher> {
  const all = schemaOf(object);
  const schema: MatchSchema = columns ? { fields: all.fields.filter(({ column }) => columns(column)) } : all;
  const known = await knownOf(db, workspace, object);
  const key = JSON.stringify(schema.fields);
  const matcher = known.matchers.get(key) ?? matcherOf(schema, usable(known.weights, schema));
  known.matchers.set(key, matcher);
  return matcher;
}

async function knownOf(db: Queryable, workspace: string, object: ObjectDef): Promise<Known> {
  const models = cache.get(db) ?? new Map<string, Known>();
  cache.set(db, models);
  const key = `${workspace} ${object.id}`;
  const found = models.get(key);
  if (found && performance.now() - found.at < AGE_MS) return found;
  const [row] = await db.query<{ weights: Weights }>(
    sql`select weights from ${tableOf(workspace, 'match_model')} where object = ${object.id}`,
  );
  const known: Known = { weights: row?.weights, at: performance.now(), matchers: new Map() };
  models.set(key, known);
  return known;
}

/** Weights learned before a field was compared say nothing of it: start anew until the next scan. */
function usable(weights: Weights | undefined, schema: MatchSchema): Weights | undefined {
  return weights && schema.fields.every(({ column }) => weights.fields[column]) ? weights : undefined;
}

export async function saveModel(
  tx: Tx,
  workspace: string,
  object: ObjectDef,
  model: { weights: Weights; at: Date; records: number; pairs: number; keyed: string },
): Promise<void> {
  await tx.query(sql`insert into ${tableOf(workspace, 'match_model')} (object, weights, scanned_at, records, pairs, keyed)
    values (${object.id}, ${JSON.stringify(model.weights)}, ${model.at}, ${model.records}, ${model.pairs}, ${model.keyed})
    on conflict (object) do update set weights = excluded.weights, scanned_at = excluded.scanned_at,
      records = excluded.records, pairs = excluded.pairs, keyed = excluded.keyed`);
}

/** What the keys of an object's records were made by (`keysVersion`); null: not known. */
export async function keyedBy(on: Queryable, workspace: string, object: ObjectDef): Promise<string | null> {
  const [row] = await on.query<{ keyed: string | null }>(
    sql`select keyed from ${tableOf(workspace, 'match_model')} where object = ${object.id}`,
  );
  return row?.keyed ?? null;
}

/** When an object was last looked through; null: never. */
export async function scannedAt(on: Queryable, workspace: string, object: ObjectDef): Promise<Date | null> {
  const [row] = await on.query<{ at: Date }>(
    sql`select scanned_at as at from ${tableOf(workspace, 'match_model')} where object = ${object.id}`,
  );
  return row?.at ?? null;
}
