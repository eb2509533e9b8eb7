import sql, { type Sql } from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { subjectIssue } from '../../../domain/filter/validate.ts';
import { type Journey, journeyOf, type Replaced } from '../../../domain/sales/index.ts';
import { type Stage, stageField, stagesOf, sumFields } from '../../../domain/schema/stages.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';

export interface SalesDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
}

/** Deals counted at once; of more, the newest. */
const MOST = 200_000;

/** What of an object makes a process: its stage, what is won, and when that is expected. */
export interface Process {
  object: ObjectDef;
  stage: FieldDef;
  stages: Stage[];
  /** null: there is none, or it may not be read in every row. */
  amount: FieldDef | null;
  expected: FieldDef | null;
}

export interface Deal {
  id: string;
  stage: string | null;
  amount: number;
  /** ms since 1970. */
  expected: number | null;
}

/** The process of an object as the actor may read it. Throws `object-unknown`, or `invalid-input` where the stage itself is hidden from him. */
export async function processOf({ catalog }: SalesDeps, ctx: Ctx, name = 'opportunity'): Promise<Process> {
  const all = await catalog.get(ctx.workspace);
  const object = all.objects.find((one) => one.name === name && !one.retired);
  const stage = object && stageField(object);
  if (!object || !stage || !ctx.access.objects[name]?.actions.includes('read'))
    throw new AppError('object-unknown', { object: name });
  const issue = problem(ctx, object, stage);
  if (issue) throw new AppError('invalid-input', { count: 1 }, { issues: [issue] });
  const readable = (field: FieldDef | undefined) => (field && !problem(ctx, object, field) ? field : null);
  const dates = object.fields.filter((field) => field.type === 'date' && field.occasion && !field.retired);
  return {
    object,
    stage,
    stages: stagesOf(stage),
    amount: readable(sumFields(object).find((field) => field.type === 'money')),
    expected: readable(dates[0]),
  };
}

const problem = (ctx: Ctx, object: ObjectDef, field: FieldDef) =>
  subjectIssue({ is: 'field', object, field, kind: 'text' }, ctx.access, field.name);

interface DealRow extends Record<string, unknown> {
  id: string;
  /** ms since 1970: cheaper by the hundred thousand than dates. */
  created: number;
  stage: string | null;
  amount: string | null;
  expected: string | null;
}

interface DeltaRow extends Record<string, unknown> {
  record: string;
  at: number;
  has_stage: boolean;
  stage: string | null;
  has_amount: boolean;
  amount: string | null;
}

/**
 * Deals in sight with their ways through the stages, from the history that every record has: two statements, whatever their number. A record
 * that an import brought begins on the day of the import.
 */
export async function readJourneys(
  deps: SalesDeps,
  ctx: Ctx,
  process: Process,
  filter: Filter | undefined,
): Promise<{ journeys: Journey[]; deals: Deal[]; clipped: boolean }> {
  const { object, stage, amount, expected } = process;
  const { table, where } = await deps.read.select(ctx, { object: object.name, ...(filter && { filter }) });
  const column = (field: FieldDef | null): Sql => (field ? sql`t.${ident(field.name)}` : sql`null`);
  const newest = sql`from ${table} t where ${where} order by t.created_at desc limit ${MOST + 1}`;
  const rows = await deps.db.query<DealRow>(sql`
    select t.id, ${millis(sql`t.created_at`)} as created, ${column(stage)} as stage, ${column(amount)}::text as amount,
      ${column(expected)}::text as expected ${newest}`);
  const names = [stage.name, ...(amount ? [amount.name] : [])];
  const deltas = await deps.db.query<DeltaRow>(sql`
    select d.record, ${millis(sql`d.at`)} as at, d.before ? ${stage.name} as has_stage, d.before->>${stage.name} as stage,
      d.before ? ${amount?.name ?? ''} as has_amount, d.before->>${amount?.name ?? ''} as amount
    from (select t.id ${newest}) deal
    join ${tableOf(ctx.workspace, 'delta')} d on d.record = deal.id
    where d.kind = 'u' and d.before ?| ${names}::text[] order by d.record, d.version`);
  const replaced = new Map<string, Replaced[]>();
  for (const delta of deltas) {
    const one: Replaced = { at: delta.at };
    if (delta.has_stage) one.stage = delta.stage;
    if (delta.has_amount) one.amount = numberOf(delta.amount);
    const known = replaced.get(delta.record);
    if (known) known.push(one);
    else replaced.set(delta.record, [one]);
  }
  const shown = rows.slice(0, MOST);
  return {
    journeys: shown.map((row) =>
      journeyOf(
        { id: row.id, created: row.created, stage: row.stage, amount: numberOf(row.amount) },
        replaced.get(row.id) ?? [],
      ),
    ),
    deals: shown.map((row) => ({
      id: row.id,
      stage: row.stage,
      amount: numberOf(row.amount) ?? 0,
      expected: row.expected === null ? null : Date.parse(row.expected),
    })),
    clipped: rows.length > MOST,
  };
}

const millis = (column: Sql): Sql => sql`(extract(epoch from ${column}) * 1000)::float8`;

function numberOf(text: string | null): number | null {
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
