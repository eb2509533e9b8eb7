import {
  blockingKeys,
  type Row as MatchRow,
  type MatchSchema,
  matchSchemaOf,
  type RuleSet,
  ruleKeys,
  ruleSetOf,
} from '../../../domain/matching/index.ts';
import type { Catalog, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';

/** Values that many share by nature find nobody: titles of jobs, cities, categories. */
const TELLING = new Set(['company', 'person', 'phone', 'email', 'uscc', 'identifier', 'url', 'address']);

/** Objects whose fields say who a record is: more than one of them, or the title; and those that rules name. Others have nothing to compare. */
export function matchableObjects(catalog: Catalog): ObjectDef[] {
  return catalog.objects.filter((object) => {
    if (object.retired || object.appendOnly) return false;
    const { fields } = schemaOf(object);
    if (fields.length > 1 && fields.some((field) => field.subject)) return true;
    const { rules, near, far } = comparedOf(catalog, object);
    return rules.groups.length > 0 || near.length > 0 || far.length > 0;
  });
}

/** What of an object is compared: by what the data taught, and by rules. */
export interface Compared {
  schema: MatchSchema;
  /** A change of any other column makes and ends no duplicate. */
  columns: ReadonlySet<string>;
  /** Rules about two records of the object. */
  rules: RuleSet;
  /** Its rules about records of others. */
  near: { other: ObjectDef; rules: RuleSet }[];
  /** Rules of others about its records. */
  far: RuleSet[];
}

const compared = new WeakMap<Catalog, Map<string, Compared>>();

export function comparedOf(catalog: Catalog, object: ObjectDef): Compared {
  const known = compared.get(catalog) ?? new Map<string, Compared>();
  compared.set(catalog, known);
  const found = known.get(object.name);
  if (found) return found;
  const others = catalog.objects.filter((one) => one.name !== object.name && !one.retired);
  const rules = ruleSetOf(object, object);
  const near = others
    .map((other) => ({ other, rules: ruleSetOf(object, other) }))
    .filter((one) => one.rules.groups.length > 0);
  const far = others.map((own) => ruleSetOf(own, object)).filter(({ groups }) => groups.length > 0);
  const schema = schemaOf(object);
  const columns = new Set(schema.fields.map(({ column }) => column));
  for (const set of [rules, ...near.map((one) => one.rules)])
    for (const { tests } of set.groups) for (const { field } of tests) columns.add(field);
  for (const set of [rules, ...far])
    for (const { tests } of set.groups) for (const test of tests) columns.add(test.with);
  const made = { schema, columns, rules, near, far };
  known.set(object.name, made);
  return made;
}

/** Changes when records must get other keys. */
export function keysVersion({ schema, rules, near, far }: Compared): string {
  const sets = [rules, ...near.map((one) => one.rules), ...far];
  const groups = sets.map((set) =>
    set.groups.map(({ tag, tests, rule }) => [
      tag,
      rule.effect,
      tests.map((t) => [t.field, t.with, t.kind.name, t.how]),
    ]),
  );
  return String(hash(JSON.stringify([schema.fields.map(({ column, kind }) => [column, kind]), groups])));
}

const schemas = new WeakMap<ObjectDef, MatchSchema>();

export function schemaOf(object: ObjectDef): MatchSchema {
  const known = schemas.get(object) ?? matchSchemaOf(object);
  schemas.set(object, known);
  return known;
}

/** A record as the comparison reads it. */
export function matchRow(values: Readonly<Record<string, unknown>>, of: MatchSchema | Compared): MatchRow {
  const columns = 'fields' in of ? of.fields.map(({ column }) => column) : [...of.columns];
  return Object.fromEntries(columns.map((column) => [column, textOf(values[column] as FieldValue | undefined)]));
}

function textOf(value: FieldValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'object' ? null : String(value);
}

/** Keys of a record for table match_entry: sorted, each once. */
export function hashedKeys(row: MatchRow, of: Compared): number[] {
  const far = hashed(of.far.flatMap((rules) => ruleKeys(rules, row, 'far')));
  return [...new Set([...lookupKeys(row, of), ...far])].sort((a, b) => a - b);
}

/** Keys by which doubles of values that are no record yet are found among records of the object. */
export function keysOfValues(catalog: Catalog, object: ObjectDef, values: Readonly<Record<string, unknown>>): number[] {
  const compared = comparedOf(catalog, object);
  return lookupKeys(matchRow(values, compared), compared);
}

/** Keys by which records of its own object are found for a record: those of rules first. */
export function lookupKeys(row: MatchRow, of: Compared): number[] {
  return hashed([...ruleKeys(of.rules, row, 'near'), ...likelyKeys(row, of.schema)]);
}

/** Keys by which likely doubles are found where no rule says so. */
export function likelyKeys(row: MatchRow, schema: MatchSchema): string[] {
  const fields = schema.fields.filter(({ kind, subject }) => subject || TELLING.has(kind));
  return blockingKeys(row, { fields });
}

export const hashed = (keys: readonly string[]): number[] => [...new Set(keys.map(hash))];

/** FNV-1a, signed as PostgreSQL's int is. Keys that collide cost one comparison. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) | 0;
}
