import sql, { type Sql } from 'sql-template-tag';
import type { Rule } from '../../../domain/automation/index.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { ident } from '../../records/catalog/names.ts';
import { ctxOfRule } from './deps.ts';
import type { Firing, Judging } from './find-firings.ts';
import { changeOf, type Touched } from './touched.ts';

const DAY_MS = 86_400_000;

/** Moment that a record of `object` tells of itself, over alias `t`; when it was entered where it tells none. */
export function momentSql(object: ObjectDef, name: string | undefined, timeZone: string): Sql {
  const field = name === undefined ? undefined : findField(object, name);
  if (!field) return sql`t.created_at`;
  const column = sql`t.${ident(field.name)}`;
  const told = field.type === 'date' ? sql`(${column}::timestamp at time zone ${timeZone})` : column;
  return sql`coalesce(${told}, t.created_at)`;
}

/** Of changes to records that count, those with which so many came together within the days, once per record that they point at and per such time. */
export async function countCrossings(
  judging: Judging,
  rule: Rule,
  touches: readonly Touched[],
): Promise<{ touch: Touched; firing: Firing }[]> {
  const { when } = rule;
  const { deps, workspace, catalog, at } = judging;
  const object = when.on === 'count' ? findObject(catalog, when.object) : undefined;
  const ctx = await ctxOfRule(deps, workspace, rule, at);
  if (when.on !== 'count' || !object || !ctx) return [];
  const target = findField(object, when.of)?.target ?? '';
  const wanted = touches.flatMap((touch, place) => {
    const parent = touch.after[when.of];
    return typeof parent === 'string' ? [{ place, id: touch.id, parent, touch }] : [];
  });
  if (wanted.length === 0) return [];
  const { timeZone } = deps.env({ at });
  const moment = momentSql(object, when.at, timeZone);
  const { table, where } = await deps.read.select(ctx, {
    object: object.name,
    ...(when.filter && { filter: when.filter }),
  });
  const asked = JSON.stringify(wanted.map(({ place, id, parent }) => ({ place, id, parent })));
  const rows = await deps.db.query<{ place: number; n: number }>(sql`
    with c as (select c.place, c.parent, ${moment} as at from jsonb_to_recordset(${asked}::jsonb) as c(place int, id uuid, parent uuid)
      join ${table} t on t.id = c.id)
    select c.place, count(*)::int as n from c join ${table} t on t.${ident(when.of)} = c.parent
    where ${where} and ${moment} <= c.at and ${moment} > c.at - make_interval(days => ${when.days}::int) group by c.place`);
  const counts = new Map(rows.map(({ place, n }) => [place, n]));
  const reached = wanted.filter(({ place }) => (counts.get(place) ?? 0) >= when.atLeast);
  const last = await judging.lastFired(rule.id, [...new Set(reached.map(({ parent }) => parent))]);
  return reached.flatMap(({ touch, parent, id, place }) => {
    const before = last.get(parent);
    if (before && touch.set.at.getTime() - before.getTime() < when.days * DAY_MS) return [];
    last.set(parent, touch.set.at);
    const cause = `${parent}:${id}:${touch.version}`;
    const facts = { count: counts.get(place) ?? 0 };
    return [{ touch, firing: { rule, cause, object: target, record: parent, change: changeOf(touch), facts } }];
  });
}
