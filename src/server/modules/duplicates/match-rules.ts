import sql, { join, raw } from 'sql-template-tag';
import type { z } from 'zod';
import type { duplicates, matchRuleSchema } from '../../../contract/duplicates.ts';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import { judgeByRules, type Row as MatchRow, ruleSetOf, wrongRules } from '../../../domain/matching/index.ts';
import type { Catalog, MatchRule, ObjectDef } from '../../../domain/schema/types.ts';
import { type TableRow, valuesOf } from '../../records/catalog/columns.ts';
import { isText } from '../../records/catalog/ddl.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import { findForEach } from './candidates.ts';
import type { DuplicatesDeps } from './deps.ts';
import { type Compared, comparedOf, hashed, likelyKeys, matchRow } from './matchable.ts';

type Rule = z.output<typeof matchRuleSchema>;
type Tried = z.input<NonNullable<typeof duplicates.tryRule.response>>;

/** Records that a rule is tried on, partners looked at for each, pairs shown. */
const LOOKED = 500;
const PARTNERS = 5;
const SHOWN = 10;

export const rulesOf = (object: ObjectDef): Rule[] => (object.matchRules ?? []).map((rule) => plain(rule));

/** Without settings that are not there, which the exact types tell from missing ones. */
function plain({ id, name, other, any, effect, off }: MatchRule): Rule {
  return { id, name, any, effect, ...(other !== undefined && { other }), ...(off && { off }) };
}

/** Keeps the rules of an object. Throws `invalid-input` with what can't be followed. */
export async function saveRules(
  deps: DuplicatesDeps & { editor: CatalogEditor },
  ctx: Ctx,
  name: string,
  rules: Rule[],
): Promise<ObjectDef> {
  const { objects } = await deps.catalog.get(ctx.workspace);
  const object = objectOf({ version: 0, objects }, name);
  const kept = rules.map(asRule);
  refuseWrong(ctx, kept, object, objects);
  if (new Set(kept.map(({ id }) => id)).size < kept.length) throw new AppError('bad-request', { detail: 'rules: id' });
  return deps.editor.updateObject(ctx.workspace, name, { matchRules: kept });
}

const asRule = ({ other, off, any, ...rest }: Rule): MatchRule => ({
  ...rest,
  any: any.map((tests) =>
    tests.map(({ field, with: theirs, how }) => ({ field, how, ...(theirs && { with: theirs }) })),
  ),
  ...(other !== undefined && { other }),
  ...(off && { off }),
});

function refuseWrong(ctx: Ctx, rules: MatchRule[], object: ObjectDef, objects: readonly ObjectDef[]): void {
  const wrong = wrongRules(rules, object, objects);
  if (wrong.length === 0) return;
  const issues = wrong.map(({ rule, why, group, test }) => {
    const place = [rule, group, test].filter((part) => part !== undefined).join('.');
    const params = { rule: rules.find(({ id }) => id === rule)?.name ?? rule };
    const issue = { code: `rule-${why}`, field: place, params };
    return { ...issue, message: issueSentence(issue, object, ctx.lang) };
  });
  throw new AppError('invalid-input', { count: issues.length }, { issues });
}

/** What a rule would find for the records changed last, against all of the other side. */
export async function tryRule(deps: DuplicatesDeps, ctx: Ctx, name: string, rule: Rule): Promise<Tried> {
  const { objects, version } = await deps.catalog.get(ctx.workspace);
  const object = { ...objectOf({ version, objects }, name), matchRules: [{ ...asRule(rule), off: false }] };
  refuseWrong(ctx, object.matchRules, object, objects);
  const target = rule.other === undefined || rule.other === name ? object : objectOf({ version, objects }, rule.other);
  const rules = ruleSetOf(object, target);
  // As if there were no other object and no other rule.
  const alone: Catalog = { version, objects: object === target ? [object] : [object, target] };
  const [near, far] = [comparedOf(alone, object), comparedOf(alone, target)];
  const rows = await deps.db.query<TableRow>(sql`select * from ${tableOf(ctx.workspace, name)}
    where deleted_at is null order by updated_at desc, id desc limit ${LOOKED}`);
  const own = rows.map((row) => ({
    id: row.id,
    title: String(row[object.title] ?? ''),
    row: matchRow(valuesOf(object, row), near),
  }));
  const partners = await partnersOf(deps, ctx, target, rule, own, near);
  const ids = [...new Set([...partners.values()].flat())];
  const known = new Map(
    (
      await deps.db.query<TableRow>(
        sql`select * from ${tableOf(ctx.workspace, target.name)} where id = any(${ids}::uuid[]) and deleted_at is null`,
      )
    ).map((row) => [row.id, { title: String(row[target.title] ?? ''), row: matchRow(valuesOf(target, row), far) }]),
  );
  const hits = own.flatMap((one, n) => {
    const hit = (partners.get(n) ?? []).find((id) => {
      const other = known.get(id);
      return id !== one.id && other && judgeByRules(rules, one.row, other.row) !== null;
    });
    return hit === undefined ? [] : [{ one, hit }];
  });
  const samples = hits.slice(0, SHOWN).map(({ one, hit }) => ({
    one: { id: one.id, title: one.title },
    other: { object: target.name, id: hit, title: known.get(hit)?.title ?? '' },
  }));
  return { looked: own.length, found: hits.length, samples };
}

/** Candidates on the other side for each record, by its place: those with the same values where a group asks for the same, else those that share look-up keys. */
async function partnersOf(
  deps: DuplicatesDeps,
  ctx: Ctx,
  target: ObjectDef,
  rule: Rule,
  own: readonly { row: MatchRow }[],
  near: Compared,
): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  const add = (n: number, ids: readonly string[]) => found.set(n, [...(found.get(n) ?? []), ...ids]);
  for (const tests of rule.any) {
    const exact = tests.filter(({ how, with: theirs, field }) => {
      const other = target.fields.find(({ name }) => name === (theirs ?? field));
      return how === 'same' && isText(other);
    });
    if (exact.length === 0) {
      const keys = own.map(({ row }) => hashed(likelyKeys(row, near.schema)));
      for (const [n, ids] of await findForEach(deps.db, ctx.workspace, target, keys, PARTNERS)) add(n, ids);
      continue;
    }
    const wanted = own.flatMap(({ row }, n) => {
      const texts = exact.map(({ field }) => row[field]);
      return texts.every(Boolean) ? [Object.fromEntries([['n', n], ...texts.map((text, i) => [`v${i}`, text])])] : [];
    });
    const columns = exact.map((_, i) => sql`${raw(`v${i}`)} text`);
    const equal = exact.map((test, i) => sql`t.${ident(test.with ?? test.field)} = ${raw(`k.v${i}`)}`);
    const rows = await deps.db.query<{ n: number; ids: string[] }>(sql`
      select k.n, (array_agg(t.id order by t.id))[1:${PARTNERS + 1}::int] as ids
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as k(n int, ${join(columns, ', ')})
      join ${tableOf(ctx.workspace, target.name)} t on ${join(equal, ' and ')} and t.deleted_at is null
      group by k.n`);
    for (const { n, ids } of rows) add(n, ids);
  }
  return found;
}
