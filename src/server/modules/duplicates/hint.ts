import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { modeOf } from '../../../domain/access/reach.ts';
import {
  judgeByRules,
  type Matcher,
  type Row as MatchRow,
  prepare,
  type RuleSet,
  ruleKeys,
  scorePair,
} from '../../../domain/matching/index.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { findCandidates } from './candidates.ts';
import type { DuplicatesDeps } from './deps.ts';
import { byRule, judgePair, type Reason } from './found-pairs.ts';
import { readRows } from './list-duplicates.ts';
import { matcherFor } from './match-model.ts';
import { comparedOf, hashed, likelyKeys, matchRow } from './matchable.ts';

/** Candidates scored, and matches told. */
const COMPARED = 60;
const TOLD = 5;
/** Less likely ones are noise to somebody who types. */
const LEAST = 0.5;

export interface Match {
  object: string;
  id: string;
  title: string;
  owner: string | null;
  score: number;
  probability: number;
  reasons: Reason[];
  /** The rule that joins them, and whether it forbids to write this one. */
  rule: { name: string; refuses: boolean } | null;
}

/**
 * Whom a record that is being typed may be. Compares by fields the caller reads, with records he sees, so that nothing is told by a match that
 * could not be looked up; pairs someone told apart are not brought up again. Rules may bring up records of other objects.
 */
export async function hintDuplicates(
  deps: DuplicatesDeps,
  ctx: Ctx,
  typed: {
    object: string;
    id?: string | undefined;
    values: Record<string, unknown>;
    /** Records to look at whatever their keys: made a moment ago, they have none yet. */
    among?: readonly string[];
  },
): Promise<Match[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const object = objectOf(catalog, typed.object);
  if (!ctx.access.objects[object.name]?.actions.includes('read'))
    throw new AppError('object-unknown', { object: typed.object });
  const matcher = await matcherFor(deps.db, ctx.workspace, object, (column) => reads(ctx, object, column));
  const own = { id: typed.id ?? NOBODY, row: matchRow(typed.values, comparedOf(catalog, object)) };
  const found = await Promise.all([
    amongOwn(deps, ctx, catalog, object, matcher, own, typed.among ?? []),
    ...comparedOf(catalog, object).near.map(({ other, rules }) => amongOthers(deps, ctx, object, other, rules, own)),
  ]);
  return found
    .flat()
    .sort((a, b) => Number(b.rule?.refuses ?? false) - Number(a.rule?.refuses ?? false) || b.score - a.score)
    .slice(0, TOLD);
}

/** Whether two that are no records yet may be one, by the same measure. */
export async function mayBeOne(
  deps: DuplicatesDeps,
  ctx: Ctx,
  object: ObjectDef,
  one: Record<string, unknown>,
  other: Record<string, unknown>,
): Promise<boolean> {
  const compared = comparedOf(await deps.catalog.get(ctx.workspace), object);
  const [a, b] = [matchRow(one, compared), matchRow(other, compared)];
  const verdict = judgeByRules(compared.rules, a, b);
  if (verdict) return verdict.rule.effect !== 'never';
  const matcher = await matcherFor(deps.db, ctx.workspace, object);
  return scorePair(matcher, prepare(matcher, a), prepare(matcher, b)).probability >= LEAST;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

const reads = (ctx: Ctx, object: ObjectDef, column: string): boolean =>
  ['read', 'edit'].includes(modeOf(ctx.access.objects[object.name], column));

/** Rules whose fields the caller reads on both sides: a match by another field would tell what is in it. */
function readable(ctx: Ctx, own: ObjectDef, other: ObjectDef, { within, groups }: RuleSet): RuleSet {
  const seen = groups.filter(({ tests }) =>
    tests.every((test) => reads(ctx, own, test.field) && reads(ctx, other, test.with)),
  );
  return { within, groups: seen };
}

interface Typed {
  id: string;
  row: MatchRow;
}

async function amongOwn(
  deps: DuplicatesDeps,
  ctx: Ctx,
  catalog: Catalog,
  object: ObjectDef,
  matcher: Matcher,
  own: Typed,
  among: readonly string[],
): Promise<Match[]> {
  const compared = comparedOf(catalog, object);
  const rules = readable(ctx, object, object, compared.rules);
  const keys = hashed([...ruleKeys(rules, own.row, 'near'), ...likelyKeys(own.row, matcher.schema)]);
  const found = [...new Set([...among, ...(await findCandidates(deps.db, ctx.workspace, object, keys, COMPARED))])];
  const apart = await toldApart(deps, ctx, own.id, found);
  const ids = found.filter((id) => id !== own.id && !apart.has(id));
  if (ids.length === 0) return [];
  const prepared = prepare(matcher, own.row);
  const fields = [...compared.columns, object.title, ...(object.owner === undefined ? [] : [object.owner])].filter(
    (name) => reads(ctx, object, name),
  );
  return [...(await readRows(deps, ctx, object, ids, undefined, [...new Set(fields)])).rows.values()].flatMap(
    (row): Match[] => {
      const other = { id: row.id, row: matchRow(row.values, compared) };
      const verdict = judgeByRules(rules, own.row, other.row);
      if (verdict?.rule.effect === 'never') return [];
      if (!verdict && scorePair(matcher, prepared, prepare(matcher, other.row)).probability < LEAST) return [];
      const { score, probability, reasons } = judgePair(matcher, own, other, verdict);
      const rule = verdict && { name: verdict.rule.name, refuses: verdict.rule.effect === 'refuse' };
      return [{ ...named(ctx, object, row), score, probability, reasons, rule }];
    },
  );
}

/** Records of another object that a rule joins this one with, as a lead with the customer that it is already. */
async function amongOthers(
  deps: DuplicatesDeps,
  ctx: Ctx,
  object: ObjectDef,
  other: ObjectDef,
  all: RuleSet,
  own: Typed,
): Promise<Match[]> {
  if (!ctx.access.objects[other.name]?.actions.includes('read')) return [];
  const rules = readable(ctx, object, other, all);
  const keys = hashed(ruleKeys(rules, own.row, 'near'));
  const ids = await findCandidates(deps.db, ctx.workspace, other, keys, COMPARED);
  if (ids.length === 0) return [];
  const columns = [...new Set(rules.groups.flatMap(({ tests }) => tests.map((test) => test.with)))];
  const schema = { fields: columns.map((column) => ({ column, kind: 'text' as const })) };
  return [...(await readRows(deps, ctx, other, ids)).rows.values()].flatMap((row): Match[] => {
    const verdict = judgeByRules(rules, own.row, matchRow(row.values, schema));
    if (!verdict || verdict.rule.effect === 'never') return [];
    const rule = { name: verdict.rule.name, refuses: verdict.rule.effect === 'refuse' };
    return [{ ...named(ctx, other, row), score: 0, probability: 1, reasons: [byRule(verdict)], rule }];
  });
}

function named(ctx: Ctx, object: ObjectDef, row: { id: string; values: Record<string, unknown> }) {
  const owner = object.owner && reads(ctx, object, object.owner) ? row.values[object.owner] : null;
  return {
    object: object.name,
    id: row.id,
    title: String(row.values[object.title] ?? ''),
    owner: typeof owner === 'string' ? owner : null,
  };
}

async function toldApart(deps: DuplicatesDeps, ctx: Ctx, id: string, others: string[]): Promise<Set<string>> {
  if (id === NOBODY || others.length === 0) return new Set();
  const rows = await deps.db.query<{ other: string }>(sql`
    select case when a = ${id}::uuid then b else a end as other from ${tableOf(ctx.workspace, 'duplicate_pair')}
    where state = 'different' and (a = ${id}::uuid or b = ${id}::uuid)`);
  return new Set(rows.map(({ other }) => other));
}
