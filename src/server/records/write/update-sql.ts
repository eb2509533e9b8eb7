import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, liveFields } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import { type ChangeSetHead, insertChangeSets, isEvidenceOnly } from './change-set.ts';
import { upsertFreshness } from './freshness-sql.ts';
import type { Effect, FreshnessRow, SearchEntry, SearchIndexer } from './types.ts';

export type Update = Extract<Effect, { kind: 'update' }>;

/** One update with who makes it and the change set that it belongs to; with `head` the set is made along with it. */
export interface Edit {
  ctx: Ctx;
  changeSet: string;
  effect: Update;
  head?: ChangeSetHead;
}

/** Updates of which this is the same set the same fields. */
export function signature(effect: Update): string {
  return `${effect.draft.object.name} ${kindOf(effect)} ${Object.keys(effect.set).sort().join(' ')}`;
}

/** Kind of the delta: an update of values, of belief by evidence, or a verification. */
export function kindOf(effect: Update): 'u' | 'e' | 'v' {
  if (Object.keys(effect.set).length > 0) return 'u';
  return isEvidenceOnly(effect) ? 'e' : 'v';
}

/**
 * Updates of one object and kind: rows, deltas, freshness, search entries and the change sets that come along, in one statement. Its
 * text depends on the object and the fields only. Returns the id of each record that still had the version we saw; of
 * any other nothing is written. Updates that move records to another owner must not be mixed with others.
 */
export function updateStatement(edits: Edit[], indexer: SearchIndexer): Sql {
  const [first] = edits;
  if (!first) throw new Error('no updates');
  const { workspace } = first.ctx;
  const { object } = first.effect.draft;
  const effects = edits.map(({ effect }) => effect);
  const mixed = effects.some((effect) => signature(effect) !== signature(first.effect));
  // Mixed, each row names the fields it sets and keeps the others. Then the statement names all fields: one text for an object, not one for each
  // combination, for a plan that is kept takes one of few places.
  const fields = mixed
    ? liveFields(object).flatMap(({ name, rollup }) => (rollup ? [] : [name]))
    : Object.keys(first.effect.set).sort();
  const payload = edits.map(({ ctx, changeSet, effect }) => ({
    $id: effect.draft.id,
    $v: effect.stored.row.version,
    $b: effect.before,
    $set: changeSet,
    $at: ctx.at,
    $by: ctx.actor,
    $from: ctx.source,
    ...(mixed && { $sets: Object.keys(effect.set) }),
    ...effect.set,
  }));
  const types = fields.map((name) => sql`${ident(name)} ${raw(columnOf(object, name))}`);
  const assignments = fields.map((name) =>
    mixed
      ? sql`${ident(name)} = case when x."$sets" ? ${raw(`'${name}'`)} then x.${ident(name)} else t.${ident(name)} end,`
      : sql`${ident(name)} = x.${ident(name)},`,
  );
  const kind = kindOf(first.effect);
  // Looking at a value, or hearing of it, does not change the record: the clock of changes stands.
  const stamp = kind === 'u' ? sql`, updated_at = x."$at", updated_by = x."$by"` : empty;
  const freshness = effects.map((effect) => effect.freshness).filter((row): row is FreshnessRow => row !== null);
  const searched = indexer.fields(object);
  const entries = effects
    .filter(({ set }) => Object.keys(set).some((name) => searched.has(name)))
    .map((effect) => indexer.entry(object, effect.after, effect.draft.id))
    .filter((entry): entry is SearchEntry => entry !== null);
  const heads = edits.flatMap(({ ctx, head }) => (head ? [{ ctx, head }] : []));
  const moved = !mixed && object.owner !== undefined && fields.includes(object.owner);
  return sql`
    with x as (
      select * from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb)
        as x("$id" uuid, "$v" int, "$b" jsonb, "$set" uuid, "$at" timestamptz, "$by" text, "$from" text${
          mixed ? sql`, "$sets" jsonb` : empty
        }${types.length ? sql`, ${join(types, ', ')}` : empty})
    ), u as (
      update ${tableOf(workspace, object.name)} t
      set ${join(assignments.length ? assignments : [empty], ' ')} version = t.version + 1${stamp}
      from x where t.id = x."$id" and t.version = x."$v" and t.deleted_at is null
      returning t.id, t.version, x."$b" as before, x."$set" as change_set, x."$at" as at, x."$by" as actor, x."$from" as source
    ), d as (
      insert into ${tableOf(workspace, 'delta')} (record, version, object, change_set, at, actor, source, kind, before)
      select u.id, u.version, ${object.id}::int, u.change_set, u.at, u.actor, u.source, ${kind}, u.before from u
    )${
      heads.length
        ? sql`, c as (${insertChangeSets(workspace, heads, sql`where exists (select from u where u.change_set = h.id)`)})`
        : empty
    }${
      freshness.length
        ? sql`, f as (${upsertFreshness(workspace, freshness, sql`where exists (select from u where u.id = y.record)`)})`
        : empty
    }${moved ? sql`, o as (${moveBundle(workspace, object)})` : empty}${
      entries.length
        ? sql`, s as (${upsertEntries(workspace, entries, sql`where exists (select from u where u.id = e.record)`)})`
        : empty
    }
    select id from u`;
}

/** What is verified with the record (its contacts) follows its new owner. */
function moveBundle(workspace: string, object: ObjectDef): Sql {
  return sql`update ${tableOf(workspace, 'freshness')} b set owner = x.${ident(object.owner ?? 'owner')}
    from x join u on u.id = x."$id" where b.bundle = u.id and b.record <> u.id`;
}

/** Search entries as they are now, whatever was there; `where` may look at alias `e`. */
export function upsertEntries(workspace: string, entries: SearchEntry[], where: Sql): Sql {
  return sql`insert into ${tableOf(workspace, 'search_entry')} (record, object, doc, grams)
    select e.record, e.object, e.doc, e.grams
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e(record uuid, object int, doc text, grams int[]) ${where}
    on conflict (record) do update set doc = excluded.doc, grams = excluded.grams`;
}

export function columnOf(object: ObjectDef, name: string): string {
  const field = fieldOf(object, name);
  if (!field) throw new Error(`no field ${name}`);
  return fieldType(field.type).column;
}
