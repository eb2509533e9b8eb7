import sql, { raw, type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Meaning } from '../../../domain/filter/meaning.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { LOOKUP_LENGTH } from './sealed-value.ts';
import type { Lookup } from './sealing.ts';

const LENGTH = raw(String(LOOKUP_LENGTH));

/** Whether a column holds a sealed text. As in the index (sealedIndex), so that PostgreSQL knows it. */
export const isSealedSql = (column: Sql): Sql => sql`starts_with(${column}, E'\\x011')`;

/** The part of a column by which equal values are found. */
export const lookupSql = (column: Sql): Sql => sql`substr(${column}, 1, ${LENGTH})`;

/** Rows whose column is one of the values; `plain` besides the look-up texts while a field is moved. */
export function equalSealed(column: Sql, lookups: readonly string[], plain: readonly string[] | null): Sql {
  const sealed = sql`(${isSealedSql(column)} and ${lookupSql(column)} = any(${lookups}))`;
  return plain ? sql`(${sealed} or ${column} = any(${plain}))` : sealed;
}

/** What tells two rows of a field that may be sealed apart: its look-up text, or the value in plain. */
export const distinctSql = (column: Sql): Sql =>
  sql`case when ${isSealedSql(column)} then ${lookupSql(column)} else ${column} end`;

/** Look-up texts of values, as the field would store them: `139-1234-5678` is found by what was standardised. */
export function lookupsOf(
  lookup: Lookup,
  field: FieldDef,
  values: readonly string[],
  env: ParseEnv | null,
): { lookups: string[]; plain: string[] | null } {
  const stored = values.map((value) => {
    const parsed = env && parseField(value, field, env);
    return parsed?.ok && typeof parsed.value === 'string' ? parsed.value : value;
  });
  return {
    lookups: stored.map((value) => lookup(field, value)),
    plain: field.moving ? [...new Set([...stored, ...values])] : null,
  };
}

/** A condition on a field that may be sealed, brought down to what ciphertext can answer: equal, or filled. */
export function sealedMeaning(meaning: Meaning, field: FieldDef, env: ParseEnv & { lookup?: Lookup }): Meaning {
  if (!mayBeSealed(field)) return meaning;
  if ('not' in meaning) return { not: sealedMeaning(meaning.not, field, env) };
  if ('any' in meaning) return { any: meaning.any.map((part) => sealedMeaning(part, field, env)) };
  if ('never' in meaning || meaning.test !== 'equal') return meaning;
  if (!env.lookup) throw new AppError('encryption-locked');
  return { test: 'sealed', ...lookupsOf(env.lookup, field, meaning.values.map(String), env) };
}
