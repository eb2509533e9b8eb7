import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';
import type { evaluation, reportSchema } from '../../../contract/evaluation.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';

type Said = z.output<NonNullable<typeof evaluation.feedback.body>>;
type Feedback = z.input<typeof reportSchema>['feedback'];

/** Newest notes shown of a quarter. */
const NOTES = 50;

/** Keeps what somebody says of how often a field is verified. Who says it again has changed his mind: his last word of a field in a quarter counts. */
export async function keepFeedback(db: Db, ctx: Ctx, catalog: Catalog, said: Said): Promise<void> {
  const object = objectOf(catalog, said.object);
  const field = fieldOf(object, said.field);
  if (!field?.tracked || field.retired)
    throw new AppError(
      'invalid-input',
      { count: 1 },
      { issues: [{ code: 'field-unknown', field: said.field, params: { name: said.field } }] },
    );
  await db.query(sql`
    insert into ${tableOf(ctx.workspace, 'frequency_feedback')} (id, at, account, object, field, verdict, note)
    values (${uuidv7()}, ${ctx.at}, ${ctx.actor}, ${object.name}, ${field.name}, ${said.verdict}, ${said.note ?? null})`);
}

/** What was said between two moments: votes per field, most of one mind first, and the notes. */
export async function readFeedback(
  deps: { db: Db; names: (workspace: string, ids: string[]) => Promise<Record<string, string>> },
  workspace: string,
  from: Date,
  to: Date,
): Promise<Feedback> {
  const last = sql`
    select distinct on (account, object, field) * from ${tableOf(workspace, 'frequency_feedback')}
    where at >= ${from} and at < ${to} order by account, object, field, at desc, id desc`;
  const votes = await deps.db.query<Feedback['votes'][number] & Record<string, unknown>>(sql`
    select object, field, (count(*) filter (where verdict = 'too-often'))::int as "tooOften",
      (count(*) filter (where verdict = 'right'))::int as "right", (count(*) filter (where verdict = 'too-seldom'))::int as "tooSeldom"
    from (${last}) said group by object, field
    order by abs(count(*) filter (where verdict = 'too-often') - count(*) filter (where verdict = 'too-seldom')) desc, object, field`);
  const notes = await deps.db.query<{ at: Date; account: string; object: string; field: string; note: string }>(sql`
    select at, account, object, field, note from (${last}) said where note is not null order by at desc limit ${NOTES}`);
  const names = await deps.names(workspace, [...new Set(notes.map((one) => one.account))]);
  return {
    votes,
    notes: notes.map(({ at, account, object, field, note }) => ({
      at: at.toISOString(),
      name: names[account] ?? account,
      object,
      field,
      note,
    })),
  };
}
