import sql from 'sql-template-tag';
import { priorOfField } from '../../../domain/freshness/priors.ts';
import { priorAround, rateEvidence } from '../../../domain/freshness/rate.ts';
import { scoreSplit } from '../../../domain/freshness/split.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';

/** Latest observations looked at. */
const SAMPLE = 20_000;
/** Groups of a split: the rest of the values is left together. */
const MOST_GROUPS = 12;
const FEWEST = 30;
/** ln of the odds from which a split is worth showing: 20 to 1. */
const WORTH = 3;

interface Observed extends Record<string, unknown> {
  field: number;
  age: number;
  outcome: string;
  by: Record<string, string | null>;
}

/** Ways of telling records apart (by the value of a choice field, or the person who looks after them) that explain when values change. */
export async function suggestSplits(db: Db, workspace: string, catalog: Catalog) {
  let observations = 0;
  const splits = [];
  for (const object of catalog.objects) {
    const tracked = new Map(
      object.fields.filter((field) => field.tracked && !field.retired).map((field) => [field.id, field]),
    );
    const splitters = object.fields.filter((field) => !field.retired && SPLITTERS.has(field.type));
    if (object.retired || tracked.size === 0 || splitters.length === 0) continue;
    const rows = await read(db, workspace, object, [...tracked.keys()], splitters);
    observations += rows.length;
    for (const field of tracked.values()) {
      const mine = rows.filter((row) => row.field === field.id);
      if (mine.length < FEWEST) continue;
      for (const by of splitters) {
        if (by.id === field.id) continue;
        const split = score(field, by, mine);
        if (split) splits.push({ object: object.name, field: field.name, by: by.name, ...split });
      }
    }
  }
  return { observations, splits: splits.sort((a, b) => b.gain - a.gain).slice(0, 20) };
}

const SPLITTERS = new Set<FieldDef['type']>(['select', 'boolean', 'user']);

function read(
  db: Db,
  workspace: string,
  object: ObjectDef,
  fields: number[],
  splitters: FieldDef[],
): Promise<Observed[]> {
  const pairs = splitters.map((field) => sql`${field.name}::text, t.${ident(field.name)}::text`);
  const built = pairs.reduce((sum, pair) => sql`${sum}, ${pair}`);
  return db.query<Observed>(sql`
    select o.field, o.age, o.outcome, jsonb_build_object(${built}) as by
    from (select * from ${tableOf(workspace, 'observation')} where field = any(${fields}::int[]) and weight = 1
      order by seq desc limit ${SAMPLE}) o
    join ${tableOf(workspace, object.name)} t on t.id = o.record`);
}

function score(field: FieldDef, by: FieldDef, rows: readonly Observed[]) {
  const groups = new Map<string | null, Observed[]>();
  for (const row of rows) {
    const value = row.by[by.name] ?? null;
    groups.set(value, [...(groups.get(value) ?? []), row]);
  }
  const shown = [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, MOST_GROUPS);
  if (shown.length < 2) return null;
  const evidence = shown.map(([, seen]) =>
    rateEvidence(seen.map(({ age, outcome }) => ({ interval: age, changed: outcome !== 'r' }))),
  );
  const { gain, rates } = scoreSplit(evidence, priorAround(priorOfField(field).rate, 2));
  if (gain < WORTH) return null;
  return {
    gain,
    groups: shown.map(([value, seen], index) => ({ value, rate: rates[index] ?? 0, observations: seen.length })),
  };
}
