import sql, { join, raw, type Sql } from 'sql-template-tag';
import { sameValue } from '../../../domain/change/same-value.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { FieldValue, MatchRule, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { isText } from '../catalog/ddl.ts';
import { fieldOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import type { Draft, Stored } from './types.ts';

/** One way in which a record would be a double that a rule forbids: all these values are another record's. */
interface Forbidden {
  key: string;
  rule: MatchRule;
  other: string;
  fields: string[];
  theirs: string[];
}

/** Living records that hold what drafts would hold: key of the rule → values → records, a few. */
export type Holders = Map<string, Map<string, string[]>>;

/** Enough to tell the draft itself, and what it is related to, from a stranger. */
const TOLD = 4;

const known = new WeakMap<ObjectDef, Forbidden[]>();

/** What may not be written twice, by the rules of an object. */
export function forbiddenOf(object: ObjectDef): readonly Forbidden[] {
  const found = known.get(object);
  if (found) return found;
  const made = (object.matchRules ?? []).flatMap((rule) => {
    if (rule.off || rule.effect !== 'refuse') return [];
    const other = rule.other ?? object.name;
    return rule.any.flatMap((tests, n) => {
      const fields = tests.map(({ field }) => field);
      const theirs = tests.map((test) => test.with ?? test.field);
      if (tests.length === 0 || tests.some(({ field, how }) => how !== 'same' || !fieldOf(object, field))) return [];
      const one = { key: `${rule.id}.${n}`, rule, other, fields, theirs };
      const crossed = other === object.name && fields.some((field, i) => field !== theirs[i]);
      return crossed ? [one, { ...one, key: `${one.key}~`, fields: theirs, theirs: fields }] : [one];
    });
  });
  known.set(object, made);
  return made;
}

/** Whether a draft changes what a rule forbids to be there twice. Parts of merges move values that were there. */
export function mayDouble(draft: Draft): boolean {
  if (draft.part || draft.change.op === 'delete') return false;
  const rules = forbiddenOf(draft.object);
  return (
    rules.length > 0 &&
    (draft.change.op !== 'update' || rules.some(({ fields }) => fields.some((name) => name in draft.set)))
  );
}

/** The values of a draft that a rule looks at, as texts; null: one of them is empty, or nothing of them changes. */
function claimOf({ fields }: Forbidden, draft: Draft, stored: Stored | undefined): string[] | null {
  const moved = (name: string) =>
    name in draft.set && !sameValue(draft.set[name] ?? null, stored?.values[name] ?? null);
  // A double that was there before is left alone until one of its values is changed.
  if (draft.change.op === 'update' && !fields.some(moved)) return null;
  const values = { ...stored?.values, ...draft.set };
  const texts = fields.map((name) => textOf(values[name] ?? null));
  return texts.includes(null) ? null : texts.filter((text) => text !== null);
}

/** What drafts lay claim to, by every rule that forbids somebody else to have it. */
const claimsOf = (drafts: readonly Draft[], stored: ReadonlyMap<string, Stored>) =>
  drafts.filter(mayDouble).flatMap((draft) =>
    forbiddenOf(draft.object).flatMap((rule) => {
      const claim = claimOf(rule, draft, stored.get(draft.id));
      return claim ? [{ draft, rule, claim }] : [];
    }),
  );

const textOf = (value: FieldValue): string | null =>
  value === null || value === '' || (typeof value === 'object' && !Array.isArray(value)) ? null : String(value);

const joined = (texts: readonly string[]): string => texts.join('\u0001');

/** Of two who write the same double at once the second waits here, and then finds what the first has written. */
export async function lockClaims(tx: Tx, ctx: Ctx, drafts: Draft[], stored: Map<string, Stored>): Promise<void> {
  const claims = new Set<string>();
  for (const { rule, claim } of claimsOf(drafts, stored)) claims.add(`${ctx.workspace} ${rule.other} ${joined(claim)}`);
  if (claims.size === 0) return;
  // In one order, so that two batches don't wait for each other.
  await tx.query(
    sql`select pg_advisory_xact_lock(hashtextextended(c, 1)) from (select unnest(${[...claims].sort()}::text[]) as c order by 1) x`,
  );
}

/** Looks up, in one query per rule, who holds the values that drafts would hold. */
export async function loadHolders(
  on: Queryable,
  ctx: Ctx,
  drafts: Draft[],
  stored: Map<string, Stored>,
  objects: ReadonlyMap<string, ObjectDef>,
): Promise<Holders> {
  const holders: Holders = new Map();
  const asked = new Map<string, { rule: Forbidden; claims: Map<string, string[]> }>();
  for (const { draft, rule, claim } of claimsOf(drafts, stored)) {
    const key = `${draft.object.name} ${rule.key}`;
    const entry = asked.get(key) ?? { rule, claims: new Map() };
    entry.claims.set(joined(claim), claim);
    asked.set(key, entry);
  }
  for (const [key, { rule, claims }] of asked) {
    const other = objects.get(rule.other);
    if (!other || rule.theirs.some((name) => !fieldOf(other, name))) continue;
    const wanted = [...claims.values()].map((texts) => Object.fromEntries(texts.map((text, i) => [`v${i}`, text])));
    const columns = rule.theirs.map((_, i) => sql`${raw(`v${i}`)} text`);
    const equal = rule.theirs.map((name, i) => sql`${columnText(other, name)} = ${raw(`k.v${i}`)}`);
    const rows = await on.query<Record<string, string>>(sql`
      select ${join(
        rule.theirs.map((_, i) => raw(`k.v${i}`)),
        ', ',
      )}, h.id
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as k(${join(columns, ', ')})
      cross join lateral (select t.id from ${tableOf(ctx.workspace, rule.other)} t
        where ${join(equal, ' and ')} and t.deleted_at is null limit ${TOLD}) h`);
    const found = new Map<string, string[]>();
    for (const row of rows) {
      const claim = joined(rule.theirs.map((_, i) => row[`v${i}`] ?? ''));
      found.set(claim, [...(found.get(claim) ?? []), row.id ?? '']);
    }
    holders.set(key, found);
  }
  return holders;
}

/** Texts as they are, so that an index of the column serves. */
function columnText(object: ObjectDef, name: string): Sql {
  const column = sql`t.${ident(name)}`;
  return isText(fieldOf(object, name)) ? column : sql`${column}::text`;
}

/** What rules refuse of a draft. Records that it belongs to, and the batch's own parts of another object, are not its doubles. */
export function distinctIssues(
  draft: Draft,
  stored: Stored | undefined,
  holders: Holders | undefined,
  claimed: Map<string, string>,
): Issue[] {
  if (!mayDouble(draft)) return [];
  const issues: Issue[] = [];
  const related = new Set(
    Object.values({ ...stored?.values, ...draft.set }).filter((value) => typeof value === 'string'),
  );
  for (const rule of forbiddenOf(draft.object)) {
    const claim = claimOf(rule, draft, stored);
    if (!claim) continue;
    const within = `${draft.object.name} ${rule.key}`;
    const found = holders?.get(within)?.get(joined(claim)) ?? [];
    const strangers = found.filter((id) => id !== draft.id && !related.has(id));
    const mine = `${draft.object.name} ${rule.rule.id} ${joined(claim)}`;
    const earlier = rule.other === draft.object.name ? claimed.get(mine) : undefined;
    if (strangers.length > 0 || (earlier !== undefined && earlier !== draft.id)) {
      const [field = ''] = rule.fields;
      if (!issues.some(({ params }) => params?.rule === rule.rule.name))
        issues.push({ code: 'duplicate-refused', field, params: { rule: rule.rule.name } });
    } else claimed.set(mine, draft.id);
  }
  return issues;
}
