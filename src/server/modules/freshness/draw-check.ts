import sql, { join, type Sql } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { checks } from '../../../contract/checks.ts';
import { AppError } from '../../../contract/errors.ts';
import { localDay, momentOf } from '../../../domain/fields/calendar.ts';
import { nextDraw, type Rhythm } from '../../../domain/freshness/check-rhythm.ts';
import { sampleSize } from '../../../domain/freshness/spot-check.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable, Tx } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';

/** What a check is made of, from a person or from the one it repeats. */
export type WantedCheck = z.output<NonNullable<typeof checks.create.body>>;
type Drawn = z.output<NonNullable<typeof checks.preview.body>>;

/** Who draws, when, and by which clock days begin. */
export interface Drawing {
  workspace: string;
  author: string;
  at: Date;
  timeZone: string;
}

const RECHECK_DAYS = 30;
const PER_PERSON = 20;
/** Who verified within so many days may be asked to look again. */
const ACTIVE_DAYS = 90;
const PRECISION = 0.05;

/** How many records it would draw, of how many. */
export async function previewCheck(on: Queryable, workspace: string, catalog: Catalog, wanted: Drawn, at: Date) {
  const plan = planOf(workspace, catalog, wanted, at);
  const [count] = await on.query<{ n: number; taken: number }>(
    sql`select count(*)::int as n, (count(*) filter (where taken))::int as taken from (${plan.candidates}) everything`,
  );
  const population = count?.n ?? 0;
  return { population, records: plan.precision > 0 ? sampleSize(plan.precision, population) : (count?.taken ?? 0) };
}

/** Draws the records of a new check and says whom they fall to. Returns its id. */
export async function drawCheck(tx: Tx, drawing: Drawing, catalog: Catalog, wanted: WantedCheck): Promise<string> {
  const { workspace, at, author } = drawing;
  const plan = planOf(workspace, catalog, wanted, at);
  const { population, records } = await previewCheck(tx, workspace, catalog, wanted, at);
  const id = uuidv7();
  // A second look at one person is done once: it is a question, not a habit.
  const repeats = wanted.of === undefined ? wanted.repeats : undefined;
  await tx.query(sql`
    insert into ${tableOf(workspace, 'check_campaign')}
      (id, name, object, fields, kind, precision, population, at, author, records, days, repeats, next_at, per_person)
    values (${id}, ${wanted.name}, ${plan.object.name}, ${wanted.fields}, ${wanted.kind}, ${plan.precision}, ${population}, ${at}, ${author}, ${records},
      ${wanted.lasts ?? null}, ${repeats ?? null}, ${nextAt(repeats, drawing)}, ${wanted.perPerson ?? null})`);
  const drawn = plan.precision > 0 ? sql`order by random() limit ${records}` : sql`where taken`;
  await tx.query(sql`
    insert into ${tableOf(workspace, 'check_item')} (campaign, record, before, person)
    select ${id}::uuid, record, before, person from (${plan.candidates}) everything ${drawn}`);
  if (wanted.kind === 'recheck') await askOthers(tx, drawing, id);
  return id;
}

/**
 * A second look falls to the owner if he was not the first to look, else to somebody who verifies these weeks, each a share by chance. Of a team
 * of one it falls to nobody.
 */
async function askOthers(tx: Tx, { workspace, at }: Drawing, campaign: string): Promise<void> {
  await tx.query(sql`
    with active as (
      select distinct regexp_replace(actor, '^user:', '') as person from ${tableOf(workspace, 'observation')}
      where how = 'v' and actor like 'user:%' and at > ${at}::timestamptz - make_interval(days => ${ACTIVE_DAYS}::int)
    )
    update ${tableOf(workspace, 'check_item')} i set person = coalesce(
      (select f.owner from ${tableOf(workspace, 'freshness')} f where f.record = i.record and 'user:' || f.owner <> i.before),
      (select a.person from active a where 'user:' || a.person <> i.before order by md5(a.person || i.record::text) limit 1), '')
    where i.campaign = ${campaign}::uuid`);
}

/** The beginning of the day of the next draw. */
function nextAt(repeats: Rhythm | undefined, { at, timeZone }: Drawing): Date | null {
  if (!repeats) return null;
  const [year = 1, month = 1, day = 1] = nextDraw(repeats, localDay(at, timeZone)).split('-').map(Number);
  return momentOf({ year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 }, timeZone);
}

interface Plan {
  object: ObjectDef;
  /** 0: nothing is estimated, `taken` says which. */
  precision: number;
  /** record, before, person, taken. */
  candidates: Sql;
}

function planOf(workspace: string, catalog: Catalog, wanted: Drawn, at: Date): Plan {
  const object = objectOf(catalog, wanted.object);
  const fields = wanted.fields.map((name) => trackedField(fieldOf(object, name), name));
  const table = tableOf(workspace, object.name);
  const freshness = tableOf(workspace, 'freshness');
  const filled = join(
    fields.map((field) => sql`t.${ident(field.name)} is not null`),
    ' or ',
  );
  const living = sql`from ${table} t join ${freshness} f on f.record = t.id where t.deleted_at is null and (${filled})`;
  const precision = wanted.precision ?? PRECISION;
  switch (wanted.kind) {
    case 'random':
      return {
        object,
        precision,
        candidates: sql`select t.id as record, null::text as before, coalesce(f.owner, '') as person, true as taken ${living}`,
      };
    case 'census':
      return {
        object,
        precision: 0,
        candidates: sql`select t.id as record, null::text as before, coalesce(f.owner, '') as person, true as taken ${living}`,
      };
    case 'stocktake':
      return {
        object,
        precision: 0,
        candidates: sql`
          select t.id as record, null::text as before, coalesce(f.owner, '') as person,
            row_number() over (partition by f.owner order by f.due_value desc, t.id) <= ${wanted.perPerson ?? PER_PERSON}::int as taken
          ${living} and f.due_at <= ${at}`,
      };
    case 'recheck':
      return {
        object,
        precision,
        candidates: sql`
          select distinct on (o.record) o.record, o.actor as before, '' as person, true as taken from ${tableOf(workspace, 'observation')} o
          join ${table} t on t.id = o.record and t.deleted_at is null
          where o.how = 'v' and o.outcome = 'r' and o.weight = 1 and o.field = any(${fields.map((field) => field.id)}::int[])
            and o.at > ${at}::timestamptz - make_interval(days => ${wanted.days ?? RECHECK_DAYS}::int)
            and (${wanted.of ?? null}::text is null or o.actor = ${wanted.of ?? null}::text)
          order by o.record, o.at desc`,
      };
  }
}

function trackedField(field: FieldDef | undefined, name: string): FieldDef {
  if (field?.tracked && !field.retired) return field;
  throw new AppError(
    'invalid-input',
    { count: 1 },
    { issues: [{ code: 'field-unknown', field: name, params: { name } }] },
  );
}

/** The day after which it is late, as a moment. */
export const endOf = (at: Date, days: number | null): Date | null =>
  days === null ? null : new Date(at.getTime() + days * 86_400_000);
